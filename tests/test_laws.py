"""House rules that a machine can check; each failure names its cure."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask

from portal.access import permission_of
from portal.cli.main import minyi
from portal.db import Installation, alembic_config, upgrade
from portal.schema import metadata
from portal.settings import VARIABLES
from survey.storage.engine import Database

ROOT = Path(__file__).parent.parent
PACKAGES = ("portal", "survey", "analysis")
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_VIEW = 400, 50, 25
HEAVY = {"pandas", "numpy", "pyarrow", "scipy", "statsmodels", "matplotlib", "duckdb", "analysis"}
READMES = ("README.md", "README.zh-Hans.md")


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def length(node: ast.FunctionDef) -> int:
    doc = ast.get_docstring(node, clean=False)
    return (node.end_lineno or 0) - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)


def is_view(node: ast.FunctionDef) -> bool:
    decorators = [ast.unparse(one) for one in node.decorator_list]
    return any(re.search(r"\.(get|post|route)\(", text) for text in decorators)


def test_packages_keep_their_direction_of_imports() -> None:
    """survey and analysis know neither each other nor Flask; citizen pages reach no statistics."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_files_functions_and_views_stay_small() -> None:
    """A file of 400 lines, a function of 50 or a view of 25 hides several ideas: split it."""
    too_long = [f"{path}: {n} lines" for path in sources() if (n := len(path.read_text().splitlines())) > LONGEST_FILE]
    for path in sources():
        for node in functions(path):
            most = LONGEST_VIEW if is_view(node) else LONGEST_FUNCTION
            if length(node) > most:
                too_long.append(f"{path}:{node.lineno} {node.name}: {length(node)} lines, at most {most}")
    assert too_long == []


def test_every_route_declares_a_permission(app: Flask) -> None:
    """Put @requires(Permission.…) or @public under the route; library views stand in portal/access.py."""
    lacking = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if permission_of(app, rule.endpoint) is None and not rule.endpoint.startswith("security.")
    ]
    assert lacking == []


def test_library_views_that_declare_nothing_are_refused(app: Flask) -> None:
    """What a library registers and nobody allowed answers 403, whoever asks."""
    refused = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if permission_of(app, rule.endpoint) is None and not rule.arguments and "GET" in (rule.methods or ())
    ]
    assert all(app.test_client().get(rule).status_code == 403 for rule in refused), refused


def test_migrations_equal_models(database_url: str) -> None:
    """Changed a table? Add a migration: what `upgrade` builds must be what the code expects, and go down again."""
    upgrade(database_url)
    database = Database(database_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        difference = compare_metadata(context, metadata)
    assert difference == []
    command.downgrade(alembic_config(database_url), "base")
    with database.engine.connect() as connection:
        left = set(database.engine.dialect.get_table_names(connection)) - {"alembic_version"}
    database.dispose()
    assert left == set()


def extracted() -> set[str]:
    with (ROOT / "translations" / "babel.cfg").open() as stream:
        methods, options = parse_mapping_cfg(stream)
    found: set[str] = set()
    for _, _, message, _, _ in extract_from_dir(str(ROOT), methods, options, keywords=KEYWORDS):
        found.add(message if isinstance(message, str) else message[0])
    return found


KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "lazy_ngettext": (1, 2)}


def catalogue(language: str) -> Catalog:
    path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def test_the_chinese_catalogue_is_complete_and_fresh() -> None:
    """Run `make translations`, translate what is new, drop what is gone; English is the language of the source."""
    wanted = extracted()
    found = {message.id if isinstance(message.id, str) else message.id[0]: message for message in catalogue("zh_Hans")}
    found.pop("")
    assert sorted(wanted - set(found)) == [], "not in the catalogue"
    assert sorted(set(found) - wanted) == [], "in the catalogue and nowhere else"
    empty = [name for name, message in found.items() if not _is_translated(message.string) or message.fuzzy]
    assert empty == [], "untranslated or fuzzy"


def _is_translated(text: str | tuple[str, ...] | list[str]) -> bool:
    return all(text) if isinstance(text, (tuple, list)) else bool(text)


def test_translations_keep_every_placeholder() -> None:
    """A %(name)s of the source stands in the translation too, or the page would lose it."""
    broken = []
    for message in catalogue("zh_Hans"):
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[1]
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        names = set(re.findall(r"%\((\w+)\)", source))
        broken += [source for text in texts if set(re.findall(r"%\((\w+)\)", text)) != names]
    assert broken == []


def test_percent_signs_are_written_twice() -> None:
    """Templates format every text, so that a bare % in source or translation breaks the page it stands on."""
    texts: list[str] = []
    for message in catalogue("zh_Hans"):
        for part in (message.id, message.string):
            texts += [part] if isinstance(part, str) else list(part)
    assert [text for text in texts if re.search(r"%(?!%|\(\w+\)[sd])", text.replace("%%", ""))] == []


@pytest.mark.parametrize("readme", READMES)
def test_readme_names_every_setting_and_command(readme: str) -> None:
    """A setting or command that the README does not name does not exist for its readers."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert [name for name in VARIABLES if name not in text] == []
    commands = [f"minyi {name}" for name in _command_names()]
    assert [name for name in commands if name not in text] == []


def _command_names() -> Iterator[str]:
    for name, found in minyi.commands.items():
        subcommands = getattr(found, "commands", None)
        if subcommands is None:
            yield name
        else:
            yield from (f"{name} {sub}" for sub in subcommands)


def test_every_command_has_help() -> None:
    """`minyi COMMAND --help` says what the command does."""
    assert [name for name, found in minyi.commands.items() if not found.help] == []


def test_the_web_process_loads_no_statistics(place: Installation) -> None:
    """pandas and its like cost a second and 100 MB; pages must not import them, even when every page is asked."""
    script = (
        "import sys\n"
        "from portal.app import create_app\n"
        "client = create_app().test_client()\n"
        "pages = '/ /verify /results /complaints /complaints/new /open-data /login /q/XXXX'\n"
        "for page in pages.split():\n"
        "    assert client.get(page).status_code in (200, 404), page\n"
        f"print(sorted(set(sys.modules) & {HEAVY!r}))\n"
    )
    environ = {"MINYI_DATA_DIR": str(place.settings.data_dir), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_templates_carry_no_inline_style_or_handler() -> None:
    """The content security policy refuses them; use a class, or a script file."""
    pattern = re.compile(r"\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    found = [
        f"{path.name}: {match.group()}"
        for path in sorted((ROOT / "portal" / "templates").rglob("*.html"))
        if (match := pattern.search(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_locks_hold_hashes_and_no_addresses() -> None:
    """A lock with an address of a registry ties everybody to that registry."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--(extra-)?index-url|file:", text), name


@pytest.mark.parametrize("package", [*PACKAGES, "portal/respond", "portal/releases"])
def test_each_package_has_its_readme(package: str) -> None:
    """Purpose, law, map, decisions."""
    text = (ROOT / package / "README.md").read_text(encoding="utf-8")
    assert "## Decisions" in text


def test_public_functions_say_what_they_promise() -> None:
    """Every public function and class of survey and analysis has a docstring."""
    silent: list[str] = []
    for path in [one for one in sources() if one.parts[-2] in ("survey", "analysis", "formats", "storage")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            public = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
            if public and not ast.get_docstring(node) and _lines(node) > SHORT:
                silent.append(f"{path.name}: {node.name}")
    assert silent == []


SHORT = 6  # a function this short says itself what it does


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or 0) - node.lineno + 1
