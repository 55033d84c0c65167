"""The codebook of a questionnaire: what each column of its datasets means, in every language.

It is the one source of the printed page, of DDI and of anything else that explains data. Where a plan weights by a
variable, its column holds the plan's categories in place of the codes told here; columns that a plan adds (channel,
month, unit, day) belong to the dataset's own description.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from .cells import ANSWERED, BESIDE, ORDER, Absence, Category, absences, codes, groups, how_often, known
from .columns import columns_of, type_of
from .order import ORDERS
from .parts import BaseQuestion, Check, ChosenQuestion, TextIn
from .questionnaire import Questionnaire, Section
from .questions import MatrixQuestion, ScaleQuestion, StatementQuestion
from .universe import Universe, in_all_languages, universes

Counts = Mapping[str, Mapping[str, int]]

BOUNDS = (
    "minimum",
    "maximum",
    "decimals",
    "earliest",
    "latest",
    "precision",
    "at_least",
    "at_most",
    "max_length",
    "format",
)


@dataclass(frozen=True)
class Variable:
    """One column, or an answer that stays out of datasets (`column` is None then).

    Attributes
    ----------
    question : str
        The question as it is listed; for a row its matrix.
    section : int
        Counted from 1; 0 for the column `order`, which stands last and belongs to no question.
    type, role : str
        Of the question; "reasons" and "missing" are the types of the columns that stand beside one.
    column : str or None
        The type of the column: int8, float64 or string.
    stem : texts or None
        For a row, the words of its matrix.
    groups : tuple of Category
        Places that only group others.
    bounds : Mapping
        Limits of an answer, by the names that the document has for them.
    beside : str or None
        Of a column of reasons or of missing codes: the variable beside which it stands.
    """

    name: str
    question: str
    section: int
    type: str
    role: str
    column: str | None
    text: TextIn
    stem: TextIn | None
    hint: TextIn | None
    codes: tuple[Category, ...]
    missing: tuple[Absence, ...]
    universe: Universe
    universe_words: TextIn
    is_required: bool = False
    groups: tuple[Category, ...] = ()
    unit: TextIn | None = None
    bounds: Mapping[str, str] | None = None
    checks: tuple[Check, ...] = ()
    beside: str | None = None


@dataclass(frozen=True)
class Group:
    """What stands around variables: a matrix, or a statement, which has none."""

    name: str
    text: TextIn
    hint: TextIn | None
    variables: tuple[str, ...]
    universe: Universe
    universe_words: TextIn


@dataclass(frozen=True)
class CodebookSection:
    """A section with the variables, matrices and statements in it."""

    number: int
    title: TextIn | None
    introduction: TextIn | None
    variables: tuple[str, ...]
    matrices: tuple[Group, ...]
    statements: tuple[Group, ...]
    universe: Universe
    universe_words: TextIn


@dataclass(frozen=True)
class Codebook:
    """Everything, in the order of the dataset's columns."""

    name: str
    title: TextIn
    languages: tuple[str, ...]
    introduction: TextIn | None
    closing: TextIn | None
    sections: tuple[CodebookSection, ...]
    variables: tuple[Variable, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        found = asdict(replace(self, variables=()))
        return found | {"variables": [_variable_json(one) for one in self.variables]}


def _variable_json(variable: Variable) -> dict[str, Any]:
    checks = [check.model_dump(mode="json") for check in variable.checks]
    return asdict(replace(variable, checks=())) | {"checks": checks}


def codebook(questionnaire: Questionnaire, counts: Counts | None = None) -> Codebook:
    """The codebook; `counts` gives by column how often each cell text occurs, and must be fit to be published."""
    asked = universes(questionnaire)
    sections, variables = [], []
    for number, section in enumerate(questionnaire.sections, 1):
        mine = [
            one
            for question in section.questions
            for leaf in question.leaves()
            for one in _variables(questionnaire, question, leaf, number, asked[leaf.variable], counts or {})
        ]
        variables += mine
        sections.append(_section(questionnaire, section, number, asked, tuple(one.name for one in mine)))
    if questionnaire.is_shuffled:
        variables.append(_order(questionnaire))
    return Codebook(
        questionnaire.name,
        questionnaire.title,
        questionnaire.languages,
        questionnaire.introduction,
        questionnaire.closing,
        tuple(sections),
        tuple(variables),
    )


def _section(
    questionnaire: Questionnaire, section: Section, number: int, asked: Mapping[str, Universe], names: tuple[str, ...]
) -> CodebookSection:
    universe = Universe((section.show_if,) if section.show_if is not None else ())

    def around(kind: type[BaseQuestion]) -> tuple[Group, ...]:
        return tuple(
            Group(
                one.variable,
                one.text,
                one.hint,
                tuple(leaf.variable for leaf in one.leaves()),
                asked[one.variable],
                in_all_languages(asked[one.variable], questionnaire),
            )
            for one in section.questions
            if isinstance(one, kind)
        )

    return CodebookSection(
        number,
        section.title,
        section.introduction,
        names,
        around(MatrixQuestion),
        around(StatementQuestion),
        universe,
        in_all_languages(universe, questionnaire),
    )


def _variables(
    questionnaire: Questionnaire,
    listed: BaseQuestion,
    leaf: BaseQuestion,
    section: int,
    universe: Universe,
    counts: Counts,
) -> Iterator[Variable]:
    """The question's own variable and the columns beside it."""
    columns = {column.name: column.role for column in columns_of(leaf)}
    name, role = leaf.variable, columns.get(leaf.variable)
    own = Variable(
        name=name,
        question=listed.variable,
        section=section,
        type=_type(leaf),
        role=leaf.role,
        column=type_of(role) if role else None,
        text=_own_text(listed, leaf),
        stem=listed.text if leaf is not listed else None,
        hint=listed.hint,
        codes=codes(leaf, counts.get(name)),
        missing=absences(questionnaire.languages, leaf, role, universe.is_everybody, counts.get(name)),
        universe=universe,
        universe_words=in_all_languages(universe, questionnaire),
        is_required=leaf.required,
        groups=groups(leaf),
        unit=getattr(leaf, "unit", None),
        bounds=_bounds(leaf),
        checks=leaf.checks,
    )
    yield own
    for beside, kind in columns.items():
        if beside != name:
            yield _beside(questionnaire, own, leaf, beside, kind, counts.get(beside))


def _beside(
    questionnaire: Questionnaire,
    own: Variable,
    leaf: BaseQuestion,
    name: str,
    kind: str,
    counts: Mapping[str, int] | None,
) -> Variable:
    """The column of reason tags, or that which says why a number is not there."""
    meant: tuple[Category, ...]
    lacking: tuple[Absence, ...] = ()
    if kind == "reasons" and isinstance(leaf, ChosenQuestion):
        meant = tuple(
            Category(code, text, how_often(counts, str(code))) for code, text in sorted(leaf.reason_texts().items())
        )
    else:
        meant = (Category(0, known(ANSWERED, questionnaire.languages), how_often(counts, "0")),)
        lacking = absences(questionnaire.languages, leaf, "item", own.universe.is_everybody, counts)
    added = known(BESIDE[kind], questionnaire.languages)
    return replace(
        own,
        name=name,
        beside=own.name,
        text={tag: f"{words} – {added[tag]}" if tag in added else words for tag, words in own.text.items()},
        type=kind,
        role="other",
        column=type_of(kind),
        codes=meant,
        missing=lacking,
        is_required=False,
        groups=(),
        unit=None,
        bounds=None,
        checks=(),
    )


def _order(questionnaire: Questionnaire) -> Variable:
    """The column that tells in which order a shuffled questionnaire was met."""
    everybody = Universe()
    return Variable(
        name="order",
        question="",
        section=0,
        type="order",
        role="other",
        column=type_of("text"),
        text=known(ORDER, questionnaire.languages),
        stem=None,
        hint=None,
        codes=tuple(Category(str(number), {}) for number in range(ORDERS)),
        missing=(),
        universe=everybody,
        universe_words=in_all_languages(everybody, questionnaire),
    )


def _type(leaf: BaseQuestion) -> str:
    kind: str = getattr(leaf, "type", "")
    return kind


def _own_text(listed: BaseQuestion, leaf: BaseQuestion) -> TextIn:
    if isinstance(listed, MatrixQuestion):
        return next(row.text for row in listed.rows if row.variable == leaf.variable)
    return leaf.text


def _bounds(leaf: BaseQuestion) -> dict[str, str] | None:
    found = {name: str(value) for name in BOUNDS if (value := getattr(leaf, name, None)) not in (None, "any")}
    if isinstance(leaf, ScaleQuestion):
        found["best"] = leaf.best
    return found or None
