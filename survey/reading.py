"""What one form field means for one question: an answer, a reason for none, or a fault."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from .parts import LARGEST_NUMBER, MISSING_VALUES, BaseQuestion, ChosenQuestion, Missing
from .questions import (
    ConsentQuestion,
    DateQuestion,
    FiveLevelQuestion,
    MultipleQuestion,
    NpsQuestion,
    NumberQuestion,
    PlaceQuestion,
    RankingQuestion,
    ScaleQuestion,
    SingleQuestion,
    TextQuestion,
)
from .walk import Fault, Walk

Form = Mapping[str, Sequence[str]]
MOST_MARKS = 30  # on one letter, as in UAX 15's stream-safe text
LONGEST_SPECIFIED = 200
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,9})?", re.ASCII)
_DATES = {
    "day": re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII),
    "month": re.compile(r"(\d{4})[-/.年](\d{1,2})月?", re.ASCII),
    "year": re.compile(r"(\d{4})年?", re.ASCII),
}
_FORMATS = {
    "digits": re.compile(r"\d+", re.ASCII),
    "email": re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+"),
    "phone": re.compile(r"\+?[\d\s()-]{5,24}", re.ASCII),
}


def read(question: BaseQuestion, form: Form, walk: Walk, today: date | None) -> None:
    """Put what the form says about one question into the walk. An answer counts more than a reason for none."""
    values = [value for value in form.get(question.variable, ()) if value.strip() != ""]
    if isinstance(question, RankingQuestion):
        _read_ranking(question, form, walk)
    elif values and not _is_reason(question, values):
        READERS[type(question)](question, values, form, walk, today)
    else:
        walk.missing[question.variable] = _why_not(question, form)


def _is_reason(question: BaseQuestion, values: Sequence[str]) -> bool:
    """Whether a reason was chosen among the points of a scale; a text or a place may read like one and is none."""
    return isinstance(question, ScaleQuestion | NpsQuestion) and set(values) <= _reasons_offered(question).keys()


def _why_not(question: BaseQuestion, form: Form) -> Missing:
    """The reason for no answer that was chosen among those offered, else that there is none."""
    offered = _reasons_offered(question)
    sent = (*form.get(question.variable, ()), *form.get(missing_name(question.variable), ())) if offered else ()
    return next((offered[value] for value in sent if value in offered), Missing.SKIPPED)


def _reasons_offered(question: BaseQuestion) -> dict[str, Missing]:
    return {MISSING_VALUES[Missing(option.kind)]: Missing(option.kind) for option in question.missing_options()}


def _read_text(question: TextQuestion, values: Sequence[str], form: Form, walk: Walk, today: date | None) -> None:
    name, text = question.variable, clean_text(values[-1])
    if len(text) > question.max_length:
        walk.faults[name] = Fault.TOO_LONG
    elif "\ufffd" in text:
        walk.faults[name] = Fault.UNREADABLE
    elif text and question.format != "any" and not _FORMATS[question.format].fullmatch(plain_digits(text)):
        walk.faults[name] = Fault.FORMAT
    if text:
        walk.texts[name] = text
    else:
        walk.missing[name] = Missing.SKIPPED


def _read_point(
    question: ScaleQuestion | NpsQuestion, values: Sequence[str], form: Form, walk: Walk, today: date | None
) -> None:
    code = code_of(values[-1])
    if code is not None and code in question.valid_codes():
        walk.answers[question.variable] = code
    else:
        walk.faults[question.variable] = Fault.NOT_OFFERED


def _read_single(
    question: SingleQuestion | FiveLevelQuestion, values: Sequence[str], form: Form, walk: Walk, today: date | None
) -> None:
    name, code = question.variable, code_of(values[-1])
    if code is None or code not in question.by_code:
        walk.faults[name] = Fault.NOT_OFFERED
        return
    why = question.missing_of(code)
    if why is not None:
        walk.missing[name] = why
        return
    walk.answers[name] = code
    _read_specified(question, (code,), form, walk)
    offered = {reason.code for reason in question.by_code[code].reasons}
    sent = {code_of(tag) for tag in form.get(f"{name}.reasons", ())}
    chosen = tuple(sorted(tag for tag in sent if tag in offered and tag is not None))
    if chosen:
        walk.reasons[name] = chosen


def _read_multiple(
    question: MultipleQuestion, values: Sequence[str], form: Form, walk: Walk, today: date | None
) -> None:
    name = question.variable
    codes = {code_of(value) for value in values}
    if not codes <= set(question.by_code):
        walk.faults[name] = Fault.NOT_OFFERED
        return
    chosen = tuple(sorted(code for code in codes if code is not None))
    valid = tuple(code for code in chosen if question.by_code[code].missing is None)
    if not valid:
        walk.missing[name] = question.missing_of(chosen[0]) or Missing.SKIPPED
        return
    walk.answers[name] = valid
    _read_specified(question, valid, form, walk)
    if len(valid) > 1 and any(question.by_code[code].exclusive for code in valid):
        walk.faults[name] = Fault.NOT_TOGETHER
    elif not any(question.by_code[code].exclusive for code in valid):
        _count(question, len(valid), walk)


def _read_specified(question: ChosenQuestion, codes: Sequence[int], form: Form, walk: Walk) -> None:
    """The words beside "other, please say", kept as a text under the name of their field."""
    for code in codes:
        field = specified_name(question.variable, code)
        text = clean_text((form.get(field) or [""])[-1]) if question.by_code[code].specify else ""
        if len(text) > LONGEST_SPECIFIED:
            walk.faults[question.variable] = Fault.TOO_LONG
        if text:
            walk.texts[field] = text


def missing_name(variable: str) -> str:
    """The form field of a reason for no answer."""
    return f"{variable}.missing"


def specified_name(variable: str, code: int) -> str:
    """The form field of the words beside a choice."""
    return f"{variable}.say.{code}"


def rank_name(variable: str, code: int) -> str:
    """The form field of the rank of a choice."""
    return f"{variable}.rank.{code}"


def _ranks(question: RankingQuestion, form: Form) -> dict[int, str]:
    fields = {code: form.get(rank_name(question.variable, code), ()) for code in question.by_code}
    sent = {code: plain_digits(ranks[-1]) for code, ranks in fields.items() if ranks}
    return {code: rank for code, rank in sent.items() if rank}


def _read_ranking(question: RankingQuestion, form: Form, walk: Walk) -> None:
    """Ranks need not be 1, 2, 3: what counts is their order; the same rank twice is a fault."""
    name, sent = question.variable, _ranks(question, form)
    if not sent:
        walk.missing[name] = _why_not(question, form)
        return
    ranks = {code: code_of(rank) for code, rank in sent.items()}
    numbers = [rank for rank in ranks.values() if rank is not None]
    if len(numbers) < len(ranks) or min(numbers) < 1:
        walk.faults[name] = Fault.NOT_A_NUMBER
    elif len(set(numbers)) < len(numbers):
        walk.faults[name] = Fault.SAME_RANK
    else:
        walk.answers[name] = tuple(sorted(ranks, key=lambda code: ranks[code] or 0))
        _count(question, len(numbers), walk)


def _count(question: MultipleQuestion | RankingQuestion, n: int, walk: Walk) -> None:
    if question.at_least is not None and n < question.at_least:
        walk.faults[question.variable] = Fault.TOO_FEW
    elif question.at_most is not None and n > question.at_most:
        walk.faults[question.variable] = Fault.TOO_MANY


def _read_number(question: NumberQuestion, values: Sequence[str], form: Form, walk: Walk, today: date | None) -> None:
    """A comma as the decimal sign is understood; thousands are not grouped."""
    name = question.variable
    text = plain_digits(values[-1]).replace("−", "-").replace("٫", ".")
    text = text.replace(",", ".") if text.count(",") == 1 and "." not in text and question.decimals else text
    if not _NUMBER.fullmatch(text) or -Decimal(text).as_tuple().exponent > question.decimals:  # type: ignore[operator]
        walk.faults[name] = Fault.NOT_A_NUMBER
        return
    number = Decimal(text)
    lowest = -LARGEST_NUMBER if question.minimum is None else question.minimum
    highest = LARGEST_NUMBER if question.maximum is None else question.maximum
    if not lowest <= number <= highest:
        walk.faults[name] = Fault.OUT_OF_RANGE
    walk.answers[name] = int(number) if number == number.to_integral_value() else number.normalize()


def _read_date(question: DateQuestion, values: Sequence[str], form: Form, walk: Walk, today: date | None) -> None:
    name = question.variable
    found = _DATES[question.precision].fullmatch(plain_digits(values[-1]))
    parts = [int(part) for part in found.groups()] if found else [0]  # no calendar has a year 0
    try:
        first = date(*(parts + [1] * (3 - len(parts))))
    except ValueError:
        walk.faults[name] = Fault.NOT_A_DATE
        return
    size = {"day": 10, "month": 7, "year": 4}[question.precision]
    answer = first.isoformat()[:size]
    bounds = [_bound(text, today) for text in (question.earliest, question.latest)]
    earliest, latest = [bound[:size] if bound else answer for bound in bounds]
    if not earliest <= answer <= latest:
        walk.faults[name] = Fault.OUT_OF_RANGE
    walk.answers[name] = answer


def _bound(text: str | None, today: date | None) -> str | None:
    if text == "today":
        return today.isoformat() if today else None
    return text


def _read_place(question: PlaceQuestion, values: Sequence[str], form: Form, walk: Walk, today: date | None) -> None:
    if values[-1] in {place.code for place in question.offered}:
        walk.answers[question.variable] = values[-1]
    else:
        walk.faults[question.variable] = Fault.NOT_OFFERED


def _read_consent(question: ConsentQuestion, values: Sequence[str], form: Form, walk: Walk, today: date | None) -> None:
    if values[-1] == "1":
        walk.answers[question.variable] = 1
    elif values[-1] == "0":
        walk.has_declined = True
    else:
        walk.faults[question.variable] = Fault.NOT_OFFERED


READERS: dict[type[BaseQuestion], Callable[..., None]] = {
    TextQuestion: _read_text,
    ScaleQuestion: _read_point,
    NpsQuestion: _read_point,
    SingleQuestion: _read_single,
    FiveLevelQuestion: _read_single,
    MultipleQuestion: _read_multiple,
    NumberQuestion: _read_number,
    DateQuestion: _read_date,
    PlaceQuestion: _read_place,
    ConsentQuestion: _read_consent,
}


def code_of(value: str) -> int | None:
    """A small non-negative integer as a form writes it, or None."""
    return int(value) if len(value) <= 4 and value.isascii() and value.isdigit() and str(int(value)) == value else None


def plain_digits(value: str) -> str:
    """Trimmed, with the digits of every script and width as 0 to 9, and without marks of direction between them."""
    text = unicodedata.normalize("NFKC", _stream_safe(value)).strip()
    if text.isascii():
        return text
    seen = (one for one in text if unicodedata.category(one) != "Cf")
    return "".join(str(unicodedata.digit(one)) if one.isdecimal() else one for one in seen)


def clean_text(value: str) -> str:
    """Normalise line ends and Unicode form, drop control and unpaired surrogate characters, trim."""
    text = unicodedata.normalize("NFC", _stream_safe(value.replace("\r\n", "\n").replace("\r", "\n")))
    kept = (char for char in text if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def _stream_safe(text: str) -> str:
    """Drop all but the first marks of a heap: normalising puts each heap in order, in the square of its length."""
    if len(text) <= MOST_MARKS:
        return text
    kept: list[str] = []
    heap = 0
    for char in text:
        heap = heap + 1 if unicodedata.category(char)[0] == "M" else 0
        if heap <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)
