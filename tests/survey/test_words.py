"""Words from strangers' files: no markup is left, and reasons for no answer are known in many languages."""

import time

import pytest

from survey.formats.words import MISSING_WORDS, missing_kind, plain


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("<p>满意度</p>", "满意度"),
        ("one<br/>two<p>three</p>four", "one\ntwothree\nfour"),
        ("a &lt; b &amp; c&nbsp;d", "a < b & c d"),
        ("age < 5 and income > 3", "age < 5 and income > 3"),
        ("x<script>alert(1)</script>y", "xy"),
        ("x<style>p {}</style><!-- note -->y", "xy"),
        ("x<script>never ends", "x"),
        ("<scr<b>ipt>alert(1)</scr</b>ipt>", "alert(1)"),
        ('<img src=x onerror="alert(1)">', ""),
        (" two  spaces \t and\r\nlines ", "two spaces and\nlines"),
        ("zero\u200bwidth\x00", "zerowidth"),
        ("نعم\u200cها", "نعم\u200cها"),
    ],
)
def test_markup_goes_and_words_stay(marked: str, words: str) -> None:
    """Tags, scripts, comments and unseen characters go; entities, line ends and joiners of letters stay."""
    assert plain(marked) == words


@pytest.mark.parametrize(
    "evil", ["<" * 200_000, "<a" * 100_000, "<script" * 30_000, "e\u0301" * 100_000, "<!--" * 50_000]
)
def test_hostile_texts_are_read_in_no_time(evil: str) -> None:
    """Time grows with the length, not with its square."""
    started = time.process_time()
    plain(evil)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Don’t know", "dont_know"),
        ("98. Don't know", "dont_know"),
        ("Don't know / not sure", "dont_know"),
        ("Don't know (DO NOT READ)", "dont_know"),
        ("不清楚。", "dont_know"),
        ("不知道或不清楚", "dont_know"),
        ("Ne sait pas", "dont_know"),
        ("Weiß nicht", "dont_know"),
        ("No sabe", "dont_know"),
        ("لا أعرف", "dont_know"),
        ("Sijui", "dont_know"),
        ("Затрудняюсь ответить", "dont_know"),
        ("N/A", "not_applicable"),
        ("不适用", "not_applicable"),
        ("Non concerné", "not_applicable"),
        ("[Refused]", "refused"),
        ("-99 No response", "refused"),
        ("拒绝回答", "refused"),
        ("K.A.", "refused"),
        ("Yes", None),
        ("99", None),
        ("", None),
        ("/", None),
        ("Not sure / refused", None),
        ("I do not know the rules", None),
        ("Unknown animals", None),
        ("不清楚的指引", None),
    ],
)
def test_choices_that_are_no_answer_are_known(text: str, kind: str | None) -> None:
    """A number in front, brackets and an aside do not matter; two reasons at once are none."""
    assert missing_kind(text) == kind


def test_no_word_stands_for_two_reasons() -> None:
    """The lists do not overlap."""
    words = [word for known in MISSING_WORDS.values() for word in known]
    assert len(words) == len(set(words))
