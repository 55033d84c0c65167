"""Errors of the package: what was got, what was expected and what to do about it."""

from __future__ import annotations


class AnalysisError(Exception):
    """Base of every error that `analysis` raises on purpose.

    Parameters
    ----------
    message : str
        One sentence naming the condition.
    got, expected, hint : str
        The offending value, what would have been accepted, and the next step.
    """

    def __init__(self, message: str, *, got: str = "", expected: str = "", hint: str = "") -> None:
        self.message = message
        self.got = got
        self.expected = expected
        self.hint = hint
        parts = [message]
        parts += [f"{name}: {text}" for name, text in (("got", got), ("expected", expected), ("hint", hint)) if text]
        super().__init__(" | ".join(parts))


class DatasetError(AnalysisError):
    """A dataset does not agree with its description, or holds a value nobody declared."""


class PlanError(AnalysisError):
    """A plan document is malformed; the message names the path inside it."""


class SchemeError(AnalysisError):
    """A scheme document is malformed or does not fit the dataset; the message names the path inside it."""


class MarginError(AnalysisError):
    """Population targets and respondents do not fit together."""


class WeightError(AnalysisError):
    """Weights cannot be made, or would be wrong without anybody noticing."""


class DesignError(AnalysisError):
    """A sampling design is contradictory, or has a stratum whose variance cannot be estimated."""
