"""Does one item ask about two things? Who is content with one and not with the other cannot answer it.

Words such as "and" join two judged things (态度和效率), or they do not: inside another word (和谐), in a fixed phrase,
in a name, before examples, or between the two poles of a scale. What is left is taken for joined.
"""

from __future__ import annotations

import re

from .words import HAN, any_of, words

_ASIDE = re.compile(r"（[^）]*）|\([^)]*\)|《[^》]*》|“[^”]*”|「[^」]*」|\"[^\"]*\"")
_NUMBERED = re.compile(r"^\s*(?:[0-9０-９]+|[一二三四五六七八九十]+)\s*[、.．)）]\s*")
_SENTENCE = re.compile(r"[。？！?!；;\n]+")
_JUDGED = re.compile(
    r"满意|评价|认为|觉得|如何|怎么样|怎样|怎么看|是否|吗|程度|好不好|清楚|方便|公开|打分|评分|看法|多大|有没有"
)
_SCALE_TOLD = re.compile(r"代表|表示|分别|[0-9]\s*分")
_ORGAN = "局委部厅"
_NAMED = re.compile(rf"[和与及、](?=[\u3400-\u9fff]{{1,8}}?(?:[{_ORGAN}]|委员会|办公室))")
_COMPARED = re.compile(r"[和与跟同][^，,]{1,12}?(?:相比|相同|一样|一致|有关|无关|相关|之间|的关系|打交道|相处|见面)")
_SPOKEN_TO = re.compile(
    r"[和与跟同](?:您|你|我|居民|群众|市民|邻居|同事|患者|家长|企业|村民|对方)[^，,]{0,4}?"
    r"(?:沟通|联系|交流|合作|配合|接触|互动|交谈|商量|协商)"
)
_LISTED = re.compile(r"等(?![候待级于])")
_EXAMPLES = re.compile(r"例如|比如|诸如|包括|如(?=[^何果])")
_RATED = re.compile(r"满意|评价|评分|打分|认可|质量|水平|效率")
_EITHER = re.compile(r"是否|有没有|有无|是不是|会不会|能否")


def joined(text: str, language: str) -> str | None:
    """The word by which an item joins two things, None where it asks about one; `language` is "zh" or "en"."""
    bare = _ASIDE.sub("", _NUMBERED.sub("", text))
    sentences = [one.strip() for one in _SENTENCE.split(bare) if one.strip()]
    if not sentences:
        return None
    return _joined_chinese(sentences[-1]) if language == "zh" else _joined_english(sentences[-1])


# --- Chinese ---


def _joined_chinese(sentence: str) -> str | None:
    clauses = [one for one in re.split(r"[，,：:]", sentence) if one.strip()]
    judged = [one for one in clauses if _JUDGED.search(one)] or clauses
    for clause in judged:
        if _SCALE_TOLD.search(clause) or "哪" in clause:
            continue
        found = _in_clause(_masked(clause))
        if found is not None:
            return found
    return None


def _masked(clause: str) -> str:
    """The clause with every connector that joins nothing blotted out."""
    for kind in ("fixed", "inside"):
        clause = any_of("zh", kind).sub(lambda found: "某" * len(found[0]), clause)
    for pattern in (_COMPARED, _SPOKEN_TO):
        clause = pattern.sub(lambda found: "□" + found[0][1:], clause)
    beside = "|".join(map(re.escape, words("zh", "beside")))
    clause = re.sub(rf"(您|你)(?:本人)?(?:和|与|及|或|或者)(?={beside})", r"\1□", clause)
    clause = _NAMED.sub(lambda found: found[0] if clause[: found.start()][-1:] in _ORGAN else "□", clause)
    listed = _LISTED.search(clause)
    if listed is not None:
        clause = "□" * listed.start() + clause[listed.start() :]
    examples = _EXAMPLES.search(clause)
    return clause if examples is None else clause[: examples.start()]


def _in_clause(clause: str) -> str | None:
    for found in any_of("zh", "connectors").finditer(clause):
        left, right = clause[: found.start()], clause[found.end() :]
        if found[0] in ("或", "或者") and (_EITHER.search(left) or not _RATED.search(clause)):
            continue
        if found[0] == "还有" and (not HAN.search(left[-1:]) or left.endswith(("您", "你", "是否"))):
            continue
        if HAN.search(left[-1:]) and HAN.search(right[:1]):
            return found[0]
    return None


# --- English ---

_INTRODUCED = re.compile(
    r".*[,:]\s*(?=(?:how|do|did|does|would|are|is|was|were|have|has|to what extent|please|rate|what)\b)", re.IGNORECASE
)
_BETWEEN = re.compile(r"\bbetween\s+[^,.?]{1,50}?\s+and\b", re.IGNORECASE)
_POLES = re.compile(r"\b(\w+)\s+or\s+(?:un|dis|in|im|ir|il|non-?)\1\b", re.IGNORECASE)
_AMOUNTS = re.compile(
    r"\b\d+\s*(?:and|or|to)\s+(?:\d+|over|above|older|under|more|less|below|younger|up)\b|\d+/\d+", re.IGNORECASE
)
_ALTERNATIVES = re.compile(
    r"\b(?:your|this|that|the|an?|any|which|what|each|some|other)(?:\s+[\w-]+){1,2}?\s+or\s+[\w-]+", re.IGNORECASE
)
_CONNECTOR = re.compile(r"\band/or\b|\band\b|\bor\b|\bas well as\b|\s&\s|(?<=[a-z])\s?/\s?(?=[a-z])", re.IGNORECASE)


def _joined_english(sentence: str) -> str | None:
    text = _INTRODUCED.sub("", sentence)
    text = any_of("en", "fixed").sub("□", text)
    examples = any_of("en", "examples").search(text)
    text = text if examples is None else text[: examples.start()]
    for pattern in (_BETWEEN, _POLES, _AMOUNTS, _ALTERNATIVES):
        text = pattern.sub("□", text)
    beside = "|".join(map(re.escape, words("en", "beside")))
    text = re.sub(rf"\b(you|your \w+)\s+(?:and|or)\s+(?={beside})", r"\1 □ ", text, flags=re.IGNORECASE)
    for found in _CONNECTOR.finditer(text):
        left, right = text[: found.start()].rstrip(), text[found.end() :].lstrip()
        if re.search(r"\w\W{0,2}$", left) and re.match(r"\w", right) and not _is_in_name(text, left, right):
            return found[0].strip()
    return None


def _is_in_name(text: str, left: str, right: str) -> bool:
    """Whether the words on both sides are capitals within a text that otherwise is not."""
    all_words = re.findall(r"[A-Za-z][\w'-]*", text)
    small = sum(word[0].islower() for word in all_words)
    last = re.findall(r"[A-Za-z][\w'-]*", left)
    is_first = len(last) < 2
    return 2 * small >= len(all_words) and bool(last) and last[-1][0].isupper() and right[0].isupper() and not is_first
