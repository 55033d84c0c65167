"""Comparisons that cannot hold because of what a question is: codes it does not have, texts in place of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from survey.findings import Finding, Severity
from survey.logic import TODAY, Ast, Value
from survey.questions import MatrixQuestion

from .domains import Days, Domain, Listed
from .model import Stage
from .open import Sets, Words
from .routes import nearest
from .search import UndecidedError
from .sums import COMPARISONS, constant_of, turning_points
from .truth import FALSE, TRUE, Atom, Formula, read_formula
from .walks import Form, Walks

Problem = tuple[str, dict[str, str]]  # a rule and its details


def conditions(walks: Walks) -> Iterator[Finding]:
    """Every comparison that makes no sense, once for each place where it stands."""
    told: set[tuple[str, str, str]] = set()
    for stage in walks.stages:
        for place, condition in _of_stage(walks, stage):
            for rule, details in (problem for atom in condition.atoms() for problem in _problems(walks, atom)):
                key = (place, rule, str(details))
                if key not in told:
                    told.add(key)
                    yield Finding(rule, Severity.FAULT, place, details, towards(walks, stage))


def towards(walks: Walks, stage: Stage) -> Form:
    """A walk that reaches a question, or comes as near to it as can be."""
    try:
        found = walks.solve(stage.shown, stage.place)
        return nearest(walks, stage.shown, stage.place) if found is None else walks.form(found, stage.place)
    except UndecidedError:
        return {}


def _of_stage(walks: Walks, stage: Stage) -> Iterator[tuple[str, Formula]]:
    """Every condition that is looked at with a question, and where it stands."""
    question, name = stage.question, stage.question.variable
    is_first = stage.place == 0 or walks.stages[stage.place - 1].section != stage.section
    if is_first and stage.section_shown is not None:
        yield f"section {stage.section + 1}", stage.section_shown
    if stage.own_shown is not None:
        yield name, stage.own_shown
    for row in question.rows if isinstance(question, MatrixQuestion) else ():
        if row.show_if is not None:
            yield row.variable, read_formula(row.show_if)
    for one in (*(rule for _, rule in stage.checks), stage.end):
        if one is not None:
            yield name, one


def _problems(walks: Walks, atom: Atom) -> Iterator[Problem]:
    """What is wrong with one comparison."""
    domains = {name: walks.model.variables[name].domain for name in atom.names}
    found = list(_misused(atom.ast, domains))
    yield from found
    if not found and atom.ast[0] != "answered":
        yield from _never(walks, atom, domains)


def _misused(ast: Ast, domains: dict[str, Domain]) -> Iterator[Problem]:
    """Functions and signs that answers of this kind do not have."""
    kind = ast[0]
    if kind in ("selected", "count", "length"):
        name, domain = ast[1][1], domains[ast[1][1]]
        fits = {"selected": (Listed, Sets), "count": (Sets,), "length": (Words,)}[kind]
        if not isinstance(domain, fits):
            function = {"selected": "selected()", "count": "count-selected()", "length": "string-length()"}[kind]
            yield "wrong_function", {"variable": name, "function": function}
        return
    for part in (part for part in ast[1:] if isinstance(part, list) and kind != "answered"):
        if part[0] == "var" and isinstance(domains[part[1]], Sets):
            yield "use_selected", {"variable": part[1]}
        elif part[0] == "var" and kind in ("+", "-") and _is_text(domains[part[1]]):
            yield "wrong_function", {"variable": part[1], "function": kind}
        else:
            yield from _misused(part, domains)


def _is_text(domain: Domain) -> bool:
    return isinstance(domain, (Words, Days)) or (isinstance(domain, Listed) and isinstance(domain.values[0], str))


def _never(walks: Walks, atom: Atom, domains: dict[str, Domain]) -> Iterator[Problem]:
    """Comparisons that no answer makes true, or false where something must differ."""
    operator, left, right = atom.ast
    names = sorted(atom.names)
    if not names:
        return
    name = next((part[1] for part in (left, right) if part[0] == "var"), names[0])
    others = [one for one in names if one != name]
    sides = [domains[part[1]] for part in (left, right) if part[0] == "var"]
    has_no_order = any(isinstance(domain, Words) or _is_places(domain) for domain in sides)
    is_bad = operator in COMPARISONS - {"=", "!="} and has_no_order
    is_bad = is_bad or (len(names) > 1 and _kinds_differ(atom, domains))
    if not is_bad:
        ranges = {one: walks.model.range(one, [atom]) for one in names}
        is_bad = not atom.mask({}, ranges) & (FALSE if operator == "!=" else TRUE)
    if is_bad:
        value = _said(atom, name) if not others else "${" + others[0] + "}"
        yield "impossible_value", {"variable": _called(name), "value": value}


def _is_places(domain: Domain) -> bool:
    return isinstance(domain, Listed) and _is_text(domain)


def _kinds_differ(atom: Atom, domains: dict[str, Domain]) -> bool:
    sides = [] if atom.ast[0] not in COMPARISONS else [part for part in atom.ast[1:] if part[0] in ("var", "today")]
    kinds = {_is_text(domains[part[1] if part[0] == "var" else TODAY]) for part in sides}
    return len(sides) == 2 and len(kinds) == 2


def _said(atom: Atom, name: str) -> str:
    """The value that an answer is compared with, as it stands there."""
    points = [point for kind in ("var", "count", "length") for point in turning_points(atom.ast, name, kind)]
    constants: list[Value] = [constant_of(part) for part in atom.ast[1:]]
    value = next((one for one in (*points, *constants) if one is not None), "")
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _called(name: str) -> str:
    return "today()" if name == TODAY else name
