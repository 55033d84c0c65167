"""Who is asked a question: the conditions on the way to it, as they are written and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .labels import labels
from .logic import Ast, parse, variables
from .parts import BaseQuestion
from .piping import fill
from .questionnaire import Questionnaire
from .questions import MatrixQuestion
from .texts import text_in

PHRASES = {
    "en": {
        "all": "Everybody",
        "and": "{0} and {1}",
        "or": "{0} or {1}",
        "not": "not: {0}",
        "group": "({0})",
        "=": "{0} is {1}",
        "!=": "{0} is not {1}",
        "<": "{0} is less than {1}",
        "<=": "{0} is at most {1}",
        ">": "{0} is more than {1}",
        ">=": "{0} is at least {1}",
        "selected": "{0} includes {1}",
        "answered": "{0} was answered",
        "unanswered": "{0} was not answered",
        "count": "the number of choices at {0}",
        "length": "the number of characters at {0}",
        "today": "the day of the answer",
        "+": "{0} plus {1}",
        "-": "{0} minus {1}",
        "quote": "“{0}”",
        "code": "{0} ({1})",
        "ended": "{0}; not where the survey ended earlier because {1}",
    },
    "zh-Hans": {
        "all": "所有受访者",
        "and": "{0}，且{1}",
        "or": "{0}，或{1}",
        "not": "并非{0}",
        "group": "（{0}）",
        "=": "{0}为{1}",
        "!=": "{0}不为{1}",
        "<": "{0}小于{1}",
        "<=": "{0}不大于{1}",
        ">": "{0}大于{1}",
        ">=": "{0}不小于{1}",
        "selected": "{0}包含{1}",
        "answered": "{0}已回答",
        "unanswered": "{0}未回答",
        "count": "{0}的选择个数",
        "length": "{0}的字数",
        "today": "答题当日",
        "+": "{0}加{1}",
        "-": "{0}减{1}",
        "quote": "“{0}”",
        "code": "{0}（{1}）",
        "ended": "{0}；但因{1}已提前结束的除外",
    },
    "zh-Hant": {
        "all": "所有受訪者",
        "and": "{0}，且{1}",
        "or": "{0}，或{1}",
        "not": "並非{0}",
        "group": "（{0}）",
        "=": "{0}為{1}",
        "!=": "{0}不為{1}",
        "<": "{0}小於{1}",
        "<=": "{0}不大於{1}",
        ">": "{0}大於{1}",
        ">=": "{0}不小於{1}",
        "selected": "{0}包含{1}",
        "answered": "{0}已回答",
        "unanswered": "{0}未回答",
        "count": "{0}的選擇個數",
        "length": "{0}的字數",
        "today": "答題當日",
        "+": "{0}加{1}",
        "-": "{0}減{1}",
        "quote": "「{0}」",
        "code": "{0}（{1}）",
        "ended": "{0}；但因{1}已提前結束的除外",
    },
}


@dataclass(frozen=True)
class Universe:
    """Who is asked: those for whom all conditions hold, and for whom no earlier question ended the survey.

    `ends` names each such question with its condition, in which "." is its own answer.
    """

    conditions: tuple[str, ...] = ()
    ends: tuple[tuple[str, str], ...] = ()

    @property
    def expression(self) -> str:
        """The conditions as one text; "" where everybody who comes here is asked."""
        return self.conditions[0] if len(self.conditions) == 1 else " and ".join(f"({one})" for one in self.conditions)

    @property
    def is_everybody(self) -> bool:
        """Whether nothing keeps anybody from being asked."""
        return not self.conditions and not self.ends

    def reads(self) -> set[str]:
        """The variables that decide who is asked."""
        asts = [parse(text) for text in self.conditions] + [parse(text, name) for name, text in self.ends]
        return {name for ast in asts for name in variables(ast)}


def universes(questionnaire: Questionnaire) -> dict[str, Universe]:
    """Who is asked each question as it is listed and each row, by variable.

    Where questions are shuffled, an end counts as earlier for those that are written after it.
    """
    found: dict[str, Universe] = {}
    ends: list[tuple[str, str]] = []
    for section in questionnaire.sections:
        for question in section.questions:
            way = tuple(text for text in (section.show_if, question.show_if) if text is not None)
            found[question.variable] = Universe(way, tuple(ends))
            for row in question.rows if isinstance(question, MatrixQuestion) else ():
                own = (row.show_if,) if row.show_if is not None else ()
                found[row.variable] = Universe(way + own, tuple(ends))
            if question.end_if is not None:
                ends.append((question.variable, question.end_if))
    return found


def words(universe: Universe, questionnaire: Questionnaire, language: str) -> str | None:
    """Who is asked, in words; None in a language that has no phrases here: the expression stands alone then."""
    alike = (tag for tag in PHRASES if tag.split("-")[0] == language.split("-")[0])
    tag = language if language in PHRASES else next(alike, None)
    if tag is None:
        return None
    say = _Words(questionnaire, language, PHRASES[tag])
    conditions: Ast = ["and", *(parse(text) for text in universe.conditions)]
    told = say.truth(conditions) if universe.conditions else say.phrases["all"]
    if not universe.ends:
        return told
    ends: Ast = ["or", *(parse(text, name) for name, text in universe.ends)]
    return say.phrases["ended"].format(told, say.truth(ends))


@dataclass(frozen=True)
class _Words:
    """Conditions of one questionnaire in the words of one language."""

    questionnaire: Questionnaire
    language: str
    phrases: dict[str, str]

    def truth(self, ast: Ast) -> str:
        operator = ast[0]
        if operator in ("and", "or"):
            parts = [self._inner(part, operator) for part in ast[1:]]
            while len(parts) > 1:
                parts[:2] = [self.phrases[operator].format(*parts[:2])]
            return parts[0] if len(ast) > 2 else self.truth(ast[1])
        if operator == "not" and ast[1][0] == "answered":
            return self.phrases["unanswered"].format(self.value(ast[1][1]))
        if operator == "not":
            return self.phrases["not"].format(self.phrases["group"].format(self.truth(ast[1])))
        if operator == "answered":
            return self.phrases["answered"].format(self.value(ast[1]))
        about = next((part[1] for part in ast[1:] if part[0] == "var"), None)
        return self.phrases[operator].format(*(self.value(part, about) for part in ast[1:]))

    def _inner(self, ast: Ast, around: str) -> str:
        """A part of a chain, in brackets where it is a chain of the other sort."""
        told = self.truth(ast)
        return self.phrases["group"].format(told) if ast[0] in ("and", "or") and ast[0] != around else told

    def value(self, ast: Ast, about: str | None = None) -> str:
        """A variable by its question's words, a code by its label and itself, where it stands beside a variable."""
        kind = ast[0]
        if kind == "today":
            return self.phrases["today"]
        if kind == "var":
            return self._quoted(self._question_text(ast[1]))
        if kind in ("count", "length"):
            return self.phrases[kind].format(self.value(ast[1]))
        if kind in ("+", "-"):
            return self.phrases[kind].format(*(self.value(part) for part in ast[1:]))
        question = self.questionnaire.by_variable.get(about or "")
        label = labels(question).get(ast[1]) if question is not None else None
        if label is not None:
            return self.phrases["code"].format(self._quoted(text_in(label, self.language)[0]), ast[1])
        return self._quoted(ast[1]) if kind == "value" and isinstance(ast[1], str) else str(ast[1])

    def _question_text(self, variable: str) -> str:
        question: BaseQuestion = self.questionnaire.by_variable[variable]
        return fill(text_in(question.text, self.language)[0], lambda name: None)

    def _quoted(self, text: str) -> str:
        return self.phrases["quote"].format(text)


def in_all_languages(universe: Universe, questionnaire: Questionnaire) -> dict[str, str]:
    """Who is asked, in words, in every language of the questionnaire that has phrases here."""
    return dict(_told(universe, questionnaire))


def _told(universe: Universe, questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    for language in questionnaire.languages:
        told = words(universe, questionnaire, language)
        if told is not None:
            yield language, told


def condition_in_words(text: str, questionnaire: Questionnaire, language: str, own: str | None = None) -> str:
    """One condition in words; in English where the language has no phrases here. "." stands for the variable `own`."""
    alike = (tag for tag in PHRASES if tag.split("-")[0] == language.split("-")[0])
    tag = language if language in PHRASES else next(alike, "en")
    return _Words(questionnaire, language, PHRASES[tag]).truth(parse(text, own))
