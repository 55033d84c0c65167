"""What one answer page shows: a questionnaire in one order and language, what was sent, and what is at fault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from markupsafe import Markup

from portal.language import language
from survey.parts import MISSING_VALUES, BaseQuestion, Choice, ChosenQuestion, Missing, MissingOption
from survey.questionnaire import Questionnaire, Section
from survey.questions import (
    DateQuestion,
    MatrixQuestion,
    NumberQuestion,
    Place,
    PlaceQuestion,
    Row,
    SingleQuestion,
    TextQuestion,
)
from survey.reading import Form
from survey.walk import Fault, Walk

from .faults import fault_words
from .limits import SHAPES, limits
from .telling import Telling, direction_of, name_of

FIELDS = (NumberQuestion, DateQuestion, TextQuestion, PlaceQuestion)
MOST_COLUMNS = 7  # of a matrix as a table; with more choices it stays a list
INPUT_TYPES = {"day": "date", "month": "month", "year": "text"}


class Sheet(Telling):
    """Asked by the templates. `form` is what was sent; without a walk nothing was."""

    def __init__(self, questionnaire: Questionnaire, form: Form, walk: Walk | None, spoken: str | None = None) -> None:
        super().__init__(questionnaire, walk, spoken)
        self.form = form
        self.is_foreign = self.language.split("-")[0] != language().split("-")[0]
        self.direction = direction_of(self.language)
        self._marked_own = Markup('<bdi lang="{}" dir="{}">{{}}</bdi>').format(language(), direction_of(language()))
        self._shown = frozenset(walk.shown) if walk else frozenset[str]()
        self._sent: dict[str, frozenset[str]] = {}

    def own(self, words: str) -> str | Markup:
        """Words of the portal itself, marked where the page is in a language that it does not speak."""
        return self._marked_own.format(words) if self.is_foreign else words

    def other_languages(self) -> list[tuple[str, str]]:
        return [(tag, name_of(tag)) for tag in self.questionnaire.languages if tag != self.language]

    # --- what is shown -------------------------------------------------------------------------------------------

    def is_deferred(self, question: BaseQuestion) -> bool:
        return question.variable in self.questionnaire.deferred

    def is_shown(self, question: BaseQuestion) -> bool:
        """Whether it stands on the page at once; else it waits for earlier answers."""
        return question.variable in self._shown or not self.is_deferred(question)

    def is_open(self, section: Section) -> bool:
        """Whether anything of the section stands on the page at once."""
        return any(map(self.is_shown, section.questions))

    def rows(self, question: MatrixQuestion) -> Iterator[tuple[Row, BaseQuestion, bool]]:
        """Each row, the question that it is, and whether it is shown with the matrix."""
        missing = self.walk.missing if self.walk else {}
        for row, leaf in zip(question.rows, question.row_questions, strict=True):
            is_asked = question.variable in self._shown and missing.get(row.variable) is not Missing.NOT_ASKED
            yield row, leaf, row.show_if is None or is_asked

    def title_of(self, name: str) -> str:
        """The words of a question or row, for a link to it."""
        return self.plain((self.questionnaire.listed.get(name) or self.questionnaire.by_variable[name]).text)

    # --- how it is shown -----------------------------------------------------------------------------------------

    def is_dropdown(self, question: BaseQuestion) -> bool:
        return isinstance(question, SingleQuestion) and question.dropdown and not question.reason_texts()

    def is_field(self, question: BaseQuestion) -> bool:
        """Whether its answer goes into one field, which the question's words are the label of."""
        return isinstance(question, FIELDS) or self.is_dropdown(question)

    def is_group(self, question: BaseQuestion) -> bool:
        """Whether it has several fields, of which its words are the heading."""
        return not self.is_field(question) or bool(question.missing_options()) or bool(self.specified(question))

    def specified(self, question: BaseQuestion) -> list[Choice]:
        """The choices that ask for words beside them."""
        return [one for one in question.choices if one.specify] if isinstance(question, ChosenQuestion) else []

    def is_table(self, question: MatrixQuestion) -> bool:
        return len(question.choices) <= MOST_COLUMNS

    def stands_apart(self, choice: Choice) -> bool:
        """Whether a choice is none among the others, but stands for all or none of them."""
        return choice.exclusive or choice.missing is not None

    def date_type(self, question: DateQuestion) -> str:
        """The type of its field; a date that a browser's own field would drop is kept as text."""
        sent, size = self.value(question.variable), len(SHAPES[question.precision])
        try:
            is_plain = date.fromisoformat((sent + "-01-01")[:10]).isoformat()[:size] == sent
        except ValueError:
            is_plain = False
        return INPUT_TYPES[question.precision] if is_plain or not sent else "text"

    def shape(self, question: DateQuestion) -> str:
        return SHAPES[question.precision]

    def places(self, question: PlaceQuestion) -> list[tuple[str, list[Place]]]:
        """The places that can be chosen under the words for those above them, '' for the topmost."""
        found: dict[str | None, list[Place]] = {}
        for place in question.offered:
            found.setdefault(place.parent, []).append(place)
        return [(self._above(question, parent), places) for parent, places in found.items()]

    def _above(self, question: PlaceQuestion, code: str | None) -> str:
        names: list[str] = []
        while code is not None:
            place = question.by_code[code]
            names.insert(0, self.plain(place.text))
            code = place.parent
        return " / ".join(names)

    # --- what was sent, and what is said about it ----------------------------------------------------------------

    def sent(self, name: str) -> frozenset[str]:
        """What was chosen under this name."""
        if name not in self._sent:
            self._sent[name] = frozenset(self.form.get(name, ()))
        return self._sent[name]

    def value(self, name: str) -> str:
        """What was typed into a field; of several the last that is not empty, as it is read."""
        return next((value for value in reversed(self.form.get(name, ())) if value.strip()), "")

    def missing_value(self, option: MissingOption) -> str:
        return MISSING_VALUES[Missing(option.kind)]

    def limits(self, question: BaseQuestion) -> list[str]:
        return limits(question, self)

    def is_wrong(self, question: BaseQuestion) -> bool:
        return self.walk is not None and question.variable in self.walk.faults

    def fault(self, question: BaseQuestion) -> str | Markup:
        """Why the answer was not taken; '' where it was."""
        fault = self.walk.faults.get(question.variable) if self.walk else None
        if self.walk is None or fault is None:
            return ""
        if fault is Fault.CHECK:
            return self.told(self.walk.failed[question.variable].text)
        return self.own(fault_words(question, fault, self))

    def doubts(self, question: BaseQuestion) -> list[Markup]:
        """What is asked before an unlikely answer is taken."""
        doubts = self.walk.doubts if self.walk else {}
        return [self.told(check.text) for name, check in doubts.items() if _is_about(name, question)]

    def sure(self, question: BaseQuestion) -> list[str]:
        """The names under which sending the page (again) confirms the answer."""
        named = [*self.walk.confirmed, *self.walk.doubts] if self.walk else []
        return [name for name in named if _is_about(name, question)]

    def doubtful(self) -> list[str]:
        """The questions with an answer that is asked about."""
        return list(dict.fromkeys(name.partition(".")[0] for name in self.walk.doubts)) if self.walk else []


def _is_about(name: str, question: BaseQuestion) -> bool:
    return name.startswith(f"{question.variable}.")
