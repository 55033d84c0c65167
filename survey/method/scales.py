"""Scales as people read them: which labels are good, which bad, how strongly, and in what order they stand.

A label scores from -3 to 3; words are known in Chinese and English. A scale is recognised only where every label is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from survey.parts import BaseQuestion, Choice, ChosenQuestion

from .words import family

OFFICIAL = {"zh": ("非常满意", "满意", "基本满意", "不满意", "非常不满意")}  # fixed by the State Council, 2019, no. 51

_ZH_GOOD = (
    "满意|同意|赞成|赞同|认同|符合|支持|信任|相信|清楚|了解|熟悉|方便|便利|便捷|容易|公平|公正|公开|透明|安全|重要|"
    "愿意|可能|及时|合理|有效|有用|好转|变好|提高|改善|幸福|顺利|舒适|干净|整洁|耐心|热情|规范|快|好|优|高|强|多"
)
_ZH_BAD = "困难|难|差|糟|变差|恶化|下降|慢|低|弱|少|危险|麻烦|混乱|反对|坏|劣"
_ZH_MIDDLE = re.compile(
    r"^(一般|普通|中等?|中立|尚可|还行|还可以|适中|说不上.*|不好说|差不多|没有?变化|无变化|无所谓|既不.*也不.*|"
    r"(难以)?(不)?确定|一半一半|合格|及格|没有意见|无意见|与?(预期|以前|去年)(相符|一样|相同|一致)|符合预期)(般)?$"
)
_ZH_STRONG = "非常|十分|特别|极其?|极度|完全|绝对|强烈|明显|远|最|太|超"
_ZH_SOME = "比较|较为?|有些|有点|有所|基本|部分|大致|大体|尚|还算|略|稍"
_ZH_LABEL = re.compile(
    rf"^(?P<first>不太|不大|不怎么|不够|不是很|没那么|不|没有?|未)?(?P<strong>{_ZH_STRONG}|很|挺|相当)?(?P<some>{_ZH_SOME})?"
    rf"(?P<then>不太|不大|不够|不)?(?:(?P<good>{_ZH_GOOD})|(?P<bad>{_ZH_BAD}))了?$"
)
_ZH_FIXED = {"卓越": 3, "优秀": 3, "优": 3, "良好": 2, "良": 2, "中": 0, "不合格": -2, "不及格": -2}
_ZH_THAN = (  # than before, than expected
    (re.compile(r"^(.*?)(?:好|高|优|多)于.*$|^(.*?)超出.*$"), "好"),
    (re.compile(r"^(.*?)(?:差|低|劣|少)于.*$|^(.*?)不如.*$"), "差"),
)
_WEAK_NOT = ("不太", "不大", "不怎么", "不够", "不是很", "没那么")

_EN_GOOD = (
    "satisfied|happy|agree|approve|support|favou?r|good|excellent|outstanding|likely|easy|clear|fair|safe|confident|"
    "trust|helpful|useful|convenient|important|friendly|reliable|quick|fast|timely|clean|comfortable|better|improved|"
    "well|positive|high|willing|reasonable|transparent|effective|familiar|informed|true"
)
_EN_BAD = (
    "dissatisfied|unsatisfied|unhappy|disagree|disapprove|oppose|against|poor|bad|terrible|awful|unlikely|difficult|hard|"
    "unclear|unfair|unsafe|unhelpful|useless|inconvenient|unimportant|unfriendly|unreliable|slow|late|dirty|"
    "uncomfortable|worse|badly|negative|low|unwilling|unreasonable|ineffective|distrust|false|untrue"
)
_EN_MIDDLE = re.compile(
    r"^(neutral|neither\b.*|average|ok(ay)?|acceptable|moderate|medium|fair|about (the )?same|no change|unchanged|"
    r"undecided|unsure|adequate|mixed|so-so|as expected)$"
)
_EN_LABEL = re.compile(
    r"^(?P<strong>very|extremely|completely|totally|strongly|highly|fully|entirely|much|definitely|a lot)?\s*"
    r"(?P<some>somewhat|fairly|quite|rather|slightly|mostly|tend to|a little|partly|reasonably|basically|generally|"
    r"moderately|probably|below|above)?\s*"
    rf"(?:(?P<bad>{_EN_BAD})|(?P<good>{_EN_GOOD}))$"
)
_EN_NOT = re.compile(rf"^not (?P<all>at all )?(?P<very>very |so |particularly |that )?(?:{_EN_GOOD})(?P<end> at all)?$")
_EN_FIXED = {"excellent": 3, "outstanding": 3, "terrible": -3, "awful": -3, "below average": -1, "above average": 1}
_UNIPOLAR = re.compile(r"^(not at all|slightly|moderately|a little|extremely)\b", re.IGNORECASE)
_OFTEN = re.compile(
    r"^(从不|从未|没有过|很少|偶尔|较少|有时|有时候|经常|常常|总是|一直|每次都|几乎没有|几乎从不|"
    r"never|rarely|seldom|hardly ever|occasionally|sometimes|often|frequently|usually|most of the time|always)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Scale:
    """The labels of a question's valid codes as they stand, and what each scores."""

    labels: tuple[str, ...]
    codes: tuple[int, ...]
    scores: tuple[int, ...]

    @property
    def n_good(self) -> int:
        return sum(score > 0 for score in self.scores)

    @property
    def n_bad(self) -> int:
        return sum(score < 0 for score in self.scores)

    @property
    def has_middle(self) -> bool:
        return 0 in self.scores

    @property
    def is_ordered(self) -> bool:
        """Whether the labels only rise or only fall as they stand."""
        scores = list(self.scores)
        return scores in (sorted(scores), sorted(scores, reverse=True))

    @property
    def rises_with_code(self) -> bool | None:
        """Whether higher codes mean better; None where neither higher nor lower ones do throughout."""
        by_code = [score for _, score in sorted(zip(self.codes, self.scores, strict=True))]
        if by_code == sorted(by_code):
            return True
        return False if by_code == sorted(by_code, reverse=True) else None


def plain(text: str) -> str:
    """A label without what makes no difference to its meaning: case, width, brackets, leading numbers, stops."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", text)
    text = re.sub(r"^\s*(?:\d+\s*(?:分|=|:|\.|-|–)\s*)", "", text)
    return re.sub(r"\s+", " ", text).strip(" .。,，;；:：!！?？")


def score(label: str, language: str) -> int | None:
    """How good a label is, from -3 to 3; None where its words are not known. `language` is "zh" or "en"."""
    return _score_chinese(plain(label).replace(" ", "")) if language == "zh" else _score_english(plain(label))


def _score_chinese(label: str) -> int | None:
    for pattern, word in _ZH_THAN:
        than = pattern.match(label)
        label = label if than is None else (than[1] or than[2] or "") + word
    if label in _ZH_FIXED or _ZH_MIDDLE.match(label):
        return _ZH_FIXED.get(label, 0)
    found = _ZH_LABEL.match(label)
    if found is None:
        return None
    nots = [one for one in (found["first"], found["then"]) if one]
    strength = 3 if found["strong"] else 1 if found["some"] or any(one in _WEAK_NOT for one in nots) else 2
    is_good = bool(found["good"]) is (len(nots) % 2 == 0)
    return strength if is_good else -strength


def _score_english(label: str) -> int | None:
    label = re.sub(r" than .*$", "", label)
    if label in _EN_FIXED:
        return _EN_FIXED[label]
    if _EN_MIDDLE.match(label):
        return 0
    negated = _EN_NOT.match(label)
    if negated is not None:
        return -3 if negated["all"] or negated["end"] else -1 if negated["very"] else -2
    found = _EN_LABEL.match(label)
    if found is None:
        return None
    strength = 3 if found["strong"] else 1 if found["some"] else 2
    return strength if found["good"] else -strength


def valid_choices(question: BaseQuestion) -> Sequence[Choice]:
    """The choices that are an answer, "none of these" left out."""
    if not isinstance(question, ChosenQuestion):
        return ()
    return [choice for choice in question.choices if choice.missing is None and not choice.exclusive]


def scale_of(question: BaseQuestion, tag: str) -> Scale | None:
    """The two-sided scale that a question offers in one language; None where it offers none that is known."""
    language = family(tag)
    choices = valid_choices(question)
    if language is None or len(choices) < 2:
        return None
    labels = [choice.text.get(tag, "") for choice in choices]
    scores = [score(label, language) for label in labels]
    known = [one for one in scores if one is not None]
    is_unipolar = language == "en" and sum(bool(_UNIPOLAR.match(plain(one))) for one in labels) > 1
    if len(known) < len(scores) or is_unipolar or not (min(known) < 0 < max(known)):
        return None
    return Scale(tuple(labels), tuple(choice.code for choice in choices), tuple(known))


def is_frequency(question: BaseQuestion, tag: str) -> bool:
    """Whether the choices say how often something is."""
    labels = [plain(choice.text.get(tag, "")) for choice in valid_choices(question)]
    return len(labels) > 2 and sum(bool(_OFTEN.match(label)) for label in labels) >= len(labels) - 1


def is_official(scale: Scale) -> bool:
    """Whether these are the five levels of the national service rating, three good and two bad."""
    return [plain(label) for label in scale.labels] in (list(OFFICIAL["zh"]), list(reversed(OFFICIAL["zh"])))
