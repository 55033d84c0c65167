"""Joins the verifier's modules into the one ``verify.py`` of a release folder."""

from __future__ import annotations

import ast
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
HERE = "portal/releases/verifier"
MODULES = (
    "survey/canonical.py",
    "survey/merkle.py",
    f"{HERE}/ed25519.py",
    f"{HERE}/rounding.py",
    f"{HERE}/tables.py",
    f"{HERE}/scheme.py",
    f"{HERE}/sums.py",
    f"{HERE}/estimates.py",
    f"{HERE}/figures.py",
    f"{HERE}/phrases.py",
    f"{HERE}/facts.py",
    f"{HERE}/methodology.py",
    f"{HERE}/findings.py",
    f"{HERE}/checks.py",
    f"{HERE}/consistency.py",
    f"{HERE}/main.py",
)
FIRST_LINES = '''#!/usr/bin/env python3
"""Checks the release in this folder: python3 -I verify.py [FOLDER] [--key HEX|FINGERPRINT] [--json]

It needs Python 3.9 or newer and nothing else, reads the folder and writes nothing, and uses no network. It ends with 0
when the release is verified, 1 when it is not, and 2 when the command is wrong.
"""

from __future__ import annotations
'''
LAST_LINES = """if __name__ == "__main__":
    sys.exit(main())
"""


class BuildError(Exception):
    """The modules cannot be joined: an import has another form, or two modules use one name."""


def build() -> str:
    """Return the text of ``verify.py``; the same modules give the same text."""
    imports: set[str] = set()
    owners: dict[str, str] = {}
    bodies = []
    for module in MODULES:
        source = (PROJECT / module).read_text(encoding="utf-8")
        tree = ast.parse(source)
        for name in _names(tree):
            if owners.setdefault(name, module) != module:
                raise BuildError(f"{module} and {owners[name]} both define {name!r}; rename one")
        bodies.append(f"# {module}\n\n{_body(module, source, tree, imports)}")
    for line in imports:
        if line.split()[-1] in owners:
            raise BuildError(f"{owners[line.split()[-1]]} defines {line.split()[-1]!r}, which another module imports")
    plain = sorted(line for line in imports if line.startswith("import "))
    head = "\n".join([*plain, *sorted(imports - set(plain))])
    return "\n\n".join([f"{FIRST_LINES}\n{head}\n", *bodies, LAST_LINES])


def _body(module: str, source: str, tree: ast.Module, imports: set[str]) -> str:
    """Return a module's text without its docstring and imports; those of the standard library go to ``imports``."""
    lines = source.splitlines()
    for place, node in enumerate(tree.body):
        is_docstring = place == 0 and isinstance(node, ast.Expr)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            _collect(module, node, imports)
        elif not is_docstring:
            continue
        for number in range(node.lineno - 1, node.end_lineno or node.lineno):
            lines[number] = ""
    return "\n".join(lines).strip("\n") + "\n"


def _collect(module: str, node: ast.Import | ast.ImportFrom, imports: set[str]) -> None:
    if any(alias.asname for alias in node.names):
        raise BuildError(f"{module} line {node.lineno}: imports under another name cannot be joined")
    if isinstance(node, ast.Import):
        imports.update(f"import {alias.name}" for alias in node.names)
    elif node.module and node.module.split(".")[0] in ("survey", "portal"):
        source = node.module.replace(".", "/") + ".py"
        if source not in MODULES:
            raise BuildError(f"{module} line {node.lineno}: {source} is not among the joined modules")
    elif node.module != "__future__":
        imports.update(f"from {node.module} import {alias.name}" for alias in node.names)


def _names(tree: ast.Module) -> set[str]:
    """Return the names that a module defines at its top level."""
    found = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found.update(name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
    return found
