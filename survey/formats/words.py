"""Words from strangers' files: texts without markup, and choices that say why there is no answer."""

from __future__ import annotations

import html
import re
import unicodedata

from survey.parts import MissingName
from survey.reading import clean_text

_HIDDEN = re.compile(r"<(script|style|template|noscript)\b.*?(</\1\s*>|\Z)|<!--.*?(-->|\Z)", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<\s*(br|/p|/div|/li|/tr|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" *\n[ \n]*")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_MOST_NESTED = 5
LONGEST_REASON = 80  # characters of a choice that may say why there is no answer
_ENDS = re.compile(r"^[\W_]*\d*[\W_]*(?=\w)|[\W_]+$")
_ASIDE = re.compile(r"\s*[(\[（【][^(\[（【]*[)\]）】]\s*$")
_BETWEEN = re.compile(r"\s*[/,、]\s*|或者?|\s+(?:or|ou|oder|o|или|أو|au)\s+")


def _words(text: str) -> frozenset[str]:
    return frozenset(part for line in text.splitlines() for part in line.strip().split("|"))


MISSING_WORDS: dict[MissingName, frozenset[str]] = {
    "dont_know": _words(
        """不清楚|不知道|说不清|说不清楚|不了解|不确定|难说|很难说|記不清|记不清|不記得|不记得|說不清|不瞭解|不確定
        don't know|dont know|do not know|i don't know|i do not know|doesn't know|does not know|dk
        not sure|i'm not sure|unsure
        don't remember|do not remember|can't remember|cannot remember|can't say|cannot say|unknown
        no idea
        ne sait pas|je ne sais pas|ne sais pas|nsp|sans opinion
        weiß nicht|weiss nicht|ich weiß nicht|ich weiss nicht
        no sabe|no lo sé|no sé|no sabe no contesta|ns|ns nc
        لا أعرف|لا اعرف|لا أعلم|لا اعلم|لا أدري|لا ادري|غير متأكد|غير معروف
        sijui|hajui|sina uhakika|sifahamu
        не знаю|не знает|затрудняюсь ответить|затрудняюсь|не уверен|не уверена|не помню"""
    ),
    "not_applicable": _words(
        """不适用|不適用|无此情况|未使用过|不涉及|没有接触|没用过
        not applicable|does not apply|doesn't apply|n a|n/a|na|n.a|inapplicable|not relevant
        sans objet|non applicable|non concerné|non concernée|pas concerné|ne s'applique pas
        nicht zutreffend|trifft nicht zu|entfällt|nicht anwendbar
        no aplica|no procede|no corresponde|no es aplicable
        لا ينطبق|غير منطبق|لا تنطبق|غير قابل للتطبيق
        haihusiki|haitumiki|si husika|haihusu
        не применимо|неприменимо|не относится"""
    ),
    "refused": _words(
        """拒绝回答|拒絕回答|拒答|不愿回答|不願回答|不便透露|不想回答|不愿透露|不方便回答|未回答|无回答
        refused|refuse|refused to answer|refuse to answer|refuses to answer|prefer not to say
        prefer not to answer|rather not say
        i prefer not to say|i'd rather not say|i would rather not say|don't want to answer
        do not want to answer
        does not want to answer|declined|declined to answer|decline to answer|no answer|no response
        not answered
        refus|refuse de répondre|refus de répondre|ne souhaite pas répondre|je préfère ne pas répondre
        préfère ne pas répondre|pas de réponse|sans réponse|aucune réponse
        keine angabe|k.a|keine antwort|verweigert|antwort verweigert|möchte ich nicht sagen
        no contesta|no responde|prefiero no decirlo|prefiero no responder|prefiere no responder|rehúsa
        se niega|sin respuesta|nc
        رفض|رفض الإجابة|رفض الاجابة|أرفض الإجابة|يرفض الإجابة|أفضل عدم الإجابة|أفضل عدم القول|لا إجابة
        لا اجابة|لا جواب
        amekataa|amekataa kujibu|nakataa|sitaki kusema|sitaki kujibu|hataki kujibu|hakuna jibu
        отказ|отказ от ответа|отказался|отказалась|отказываюсь отвечать|нет ответа|не хочу отвечать
        предпочитаю не отвечать|предпочитаю не говорить"""
    ),
}


def plain(text: str) -> str:
    """Words without the markup that their editor put around them; nothing of it ever runs.

    Line ends of the markup stay line ends, scripts and style sheets go with their contents, entities become letters,
    and neither control characters nor halves of surrogate pairs are left.
    """
    shown = _BREAK.sub("\n", _HIDDEN.sub("", text))
    for _ in range(_MOST_NESTED):  # what is left of one tag may be another
        shown = _TAG.sub("", shown)
    shown = clean_text(_UNSEEN.sub("", html.unescape(shown).replace("\t", " ")))
    return _LINES.sub("\n", _SPACES.sub(" ", shown)).strip()


def missing_kind(text: str) -> MissingName | None:
    """Why a choice with these words is no answer: "don't know", "not applicable", "refused", or None if it is one.

    Knows the usual words of Chinese, English, French, German, Spanish, Arabic, Swahili and Russian. A number in front
    and an aside in brackets behind do not count, and "don't know / not sure" is as good as either.
    """
    if len(text) > LONGEST_REASON:
        return None
    words = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("`", "'")
    for candidate in (words, _ASIDE.sub("", words)):
        kinds = {_kind(part) for part in _BETWEEN.split(candidate)}
        found = _kind(candidate) or (kinds.pop() if len(kinds) == 1 else None)
        if found:
            return found
    return None


def _kind(words: str) -> MissingName | None:
    """What the words mean when nothing else is said with them."""
    bare = _ENDS.sub("", " ".join(words.split()))
    return next((kind for kind, known in MISSING_WORDS.items() if bare in known), None)
