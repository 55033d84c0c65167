"""The words of the results pages: codes of a release and its numbers, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_interval, format_skeleton
from flask_babel import format_date, format_decimal, format_percent, gettext, lazy_gettext, to_user_timezone

from portal.language import locale

POPULATIONS = {
    "service_events": lazy_gettext("service events"),
    "residents": lazy_gettext("residents"),
    "customers": lazy_gettext("customers"),
    "roster": lazy_gettext("persons on a roster"),
}
ASKED = {
    "service_events": lazy_gettext("Each answer judges one service that a unit gave."),
    "residents": lazy_gettext("Each answer is one resident's view of several units."),
    "customers": lazy_gettext("Each answer is one customer's view of the unit that served them."),
    "roster": lazy_gettext("Each answer is the view of one person on a roster."),
}
PARTICIPATION = {
    "open": lazy_gettext("Anybody could take part. This is not a random sample."),
    "links": lazy_gettext("Each transaction gave one link that could be used once."),
    "sample": lazy_gettext("A sample was drawn and invited."),
    "roster": lazy_gettext("Everybody on a roster was invited."),
}
WEIGHTING = {
    "poststratify": lazy_gettext("Answers of each class stand for all events of that class in their unit."),
    "rake": lazy_gettext("Answers were weighted until their shares agree with those of the population."),
    "none": lazy_gettext("Every answer counts the same."),
}
LEDGER = {
    "received": lazy_gettext("Received"),
    "counted": lazy_gettext("Counted"),
    "over_quota": lazy_gettext("Over the quota"),
    "quarantined": lazy_gettext("Set aside for checking"),
    "superseded": lazy_gettext("Replaced by their sender"),
    "withdrawn": lazy_gettext("Withdrawn or erased"),
    "spoiled": lazy_gettext("Opened as a check, so not counted"),
    "canary": lazy_gettext("Planted to test the count"),
    "test": lazy_gettext("Test answers"),
    "excluded": lazy_gettext("Excluded, by reason below"),
}
STATISTICS = {
    "n": lazy_gettext("Answers"),
    "population": lazy_gettext("Population"),
    "response_share": lazy_gettext("Response share"),
    "kish_effect": lazy_gettext("Effect of weighting on the variance"),
    "score": lazy_gettext("Score"),
    "points": lazy_gettext("Points earned"),
    "se": lazy_gettext("Standard error"),
    "low": lazy_gettext("Lower end"),
    "high": lazy_gettext("Upper end"),
    "variance": lazy_gettext("Variance"),
    "grade": lazy_gettext("Grade"),
    "grade_low": lazy_gettext("Grade at the lower end"),
    "grade_high": lazy_gettext("Grade at the upper end"),
    "rank_low": lazy_gettext("Best possible rank"),
    "rank_high": lazy_gettext("Worst possible rank"),
    "mean": lazy_gettext("Mean points"),
    "valid_n": lazy_gettext("Valid answers"),
    "satisfied_share": lazy_gettext("Satisfied"),
    "missing_share": lazy_gettext("No answer"),
    "clustering_effect": lazy_gettext("Effect of clustering on the variance"),
    "df": lazy_gettext("Degrees of freedom"),
    "critical": lazy_gettext("Critical value of the interval"),
    "rank_critical": lazy_gettext("Critical value of the ranks"),
    "largest_raked_weight": lazy_gettext("Largest raked weight"),
    "kish_raked": lazy_gettext("Effect of raking on the variance"),
    "raking_iterations": lazy_gettext("Rounds of raking"),
    "peer_median": lazy_gettext("Middle score of the peer group"),
    "peer_units": lazy_gettext("Scored units in the peer group"),
    "answer_n": lazy_gettext("Answers of this kind"),
    "answer_share": lazy_gettext("Weighted share of this answer"),
}
STATUSES = {
    "public": lazy_gettext("public"),
    "sealed": lazy_gettext("sealed"),
    "derived": lazy_gettext("derived"),
}
OPERATORS = {
    "sum_of_maxima": lazy_gettext("sum of the parts' points"),
    "weighted_mean": lazy_gettext("weighted mean of the parts"),
}
REASONS = {
    "unknown_class": lazy_gettext("Weighting class not known"),
}
CATEGORIES = {
    "window": lazy_gettext("at the counter"),
    "hall": lazy_gettext("in the hall"),
    "online": lazy_gettext("online"),
    "phone": lazy_gettext("by phone"),
}
FILES = {
    "classes.csv": lazy_gettext("Weighting classes of each unit, with weights in thousandths"),
    "counts.csv": lazy_gettext("Answers of each kind in each class"),
    "products.csv": lazy_gettext("Sums of pairs of answers, for the variance"),
    "given.csv": lazy_gettext("Sealed inputs"),
    "margins.csv": lazy_gettext("The population that the answers stand for"),
    "entries.csv": lazy_gettext("Figures entered by staff"),
    "ledger.csv": lazy_gettext("What became of every answer received"),
    "exclusions.csv": lazy_gettext("Excluded answers by reason"),
    "figures.csv": lazy_gettext("Every published figure"),
    "plan.json": lazy_gettext("The plan, frozen before the survey opened"),
    "scheme.json": lazy_gettext("The scoring rule"),
    "questionnaire.json": lazy_gettext("The questions as they were asked"),
    "dataset.json": lazy_gettext("Description of the frozen answers"),
    "log.json": lazy_gettext("Extract of the public log"),
    "methodology.en.md": lazy_gettext("The method in English"),
    "methodology.zh-Hans.md": lazy_gettext("The method in Chinese"),
    "verify.py": lazy_gettext("The verifier; needs only Python"),
}
BREAKS = {
    "scheme": lazy_gettext("The scoring rule changed."),
    "participation": lazy_gettext("The way of taking part changed."),
    "weighting": lazy_gettext("The answers were weighted in another way."),
    "unreviewed": lazy_gettext("Nobody has reviewed whether the two versions of the questionnaire can be compared."),
    "broken": lazy_gettext("Questions changed, so that their answers cannot be compared."),
    "codes": lazy_gettext("Answers stand under other codes, and a published score is not computed again."),
    "absent": lazy_gettext("Questions were asked in one version only."),
}
MARKS = {
    "reworded": lazy_gettext("Reworded since the point before, and reviewed as comparable."),
    "recoded": lazy_gettext("Codes were reviewed: each still means what it meant."),
}
CHANGES = {
    "higher": lazy_gettext("Higher than before: the intervals do not overlap."),
    "lower": lazy_gettext("Lower than before: the intervals do not overlap."),
    "unclear": lazy_gettext("No clear change: the intervals overlap."),
}
PERCENTS = frozenset({"response_share", "satisfied_share", "missing_share", "answer_share"})
PLAIN = frozenset({"grade", "grade_low", "grade_high", "variance"})


def word(words: Mapping[str, object], code: str) -> str:
    """The word for a code, or the code itself where a release brings one that is not known here."""
    return str(words.get(code, code))


def number(text: str) -> str:
    """A printed number in the reader's notation with every digit that was printed; nothing stays nothing."""
    if not text:
        return "–"
    return str(format_decimal(Decimal(text), format=_pattern(text)))


def percent(text: str) -> str:
    """A printed percentage, such as 5.90, in the reader's notation."""
    return str(format_percent(Decimal(text) / 100, format=_pattern(text) + "%")) if text else "–"


def answers(text: str) -> str:
    """A number of answers, or that there were too few to say how many."""
    if text.startswith("<"):
        return str(gettext("fewer than %(number)s", number=number(text[1:])))
    return number(text)


def shown(statistic: str, value: str) -> str:
    """Any figure in the reader's notation."""
    if statistic == "n":
        return answers(value)
    if statistic in PERCENTS:
        return percent(value)
    return value if statistic in PLAIN else number(value)


def day(text: str) -> str:
    return str(format_date(date.fromisoformat(text), "long"))


def period(first: str, last: str) -> str:
    """Two days and what lies between them."""
    return str(format_interval(date.fromisoformat(first), date.fromisoformat(last), "yMMMd", locale=locale()))


def short_days(days: Sequence[str]) -> list[str]:
    """Days as short as they can still be told apart: month and year, else with the day."""
    parsed = [date.fromisoformat(one) for one in days]
    months = [format_skeleton("yMMM", one, locale=locale()) for one in parsed]
    return months if len(set(months)) == len(days) else [str(format_date(one, "short")) for one in parsed]


def moment(at: datetime) -> str:
    """The day of an instant where the portal stands."""
    return str(format_date(to_user_timezone(at), "long"))


def _pattern(text: str) -> str:
    digits = len(text.partition(".")[2])
    return "#,##0" + ("." + "0" * digits if digits else "")
