"""Errors of the survey layer. Each says what was found, what was expected and what to do."""

from __future__ import annotations


class SurveyError(Exception):
    """Base of every error the survey layer raises on purpose."""

    def __init__(self, message: str, *, got: str = "", expected: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.got = got
        self.expected = expected
        self.hint = hint

    def __str__(self) -> str:
        parts = [self.message]
        parts += [f"{name}: {value}" for name, value in self.details() if value]
        return "; ".join(parts)

    def details(self) -> list[tuple[str, str]]:
        return [("got", self.got), ("expected", self.expected), ("hint", self.hint)]


class QuestionnaireError(SurveyError):
    """A questionnaire document that cannot be published."""


class LogicError(SurveyError):
    """A condition that does not parse, or names something that does not exist."""


class CodeUnknownError(SurveyError):
    """A well-signed point code that no point of this portal has."""


class CodeTamperedError(SurveyError):
    """A point code whose signature does not fit: edited, forged or misread."""


class WaveNotOpenError(SurveyError):
    """The wave has not opened, is closed, or does not exist for this point."""


class TokenError(SurveyError):
    """A form token that is missing, expired, or was not issued here."""


class AnswersChangedError(SurveyError):
    """The same form was sent again with other answers."""


class EditCodeError(SurveyError):
    """No response that can still be changed belongs to this edit code."""


class InvitationSpentError(SurveyError):
    """A one-time link that was used before or was never issued."""


class InvitationMissingError(SurveyError):
    """A wave that takes answers through one-time links alone was answered without one."""


class ImportRefusedError(SurveyError):
    """A file that cannot be imported; nothing of it was written."""

    def __init__(self, message: str, *, problems: list[str] | None = None, **details: str) -> None:
        super().__init__(message, **details)
        self.problems = problems or []


class FieldingError(SurveyError):
    """A change of a wave that its state or its frozen plan forbids."""


class LogError(SurveyError):
    """The log cannot take this step without contradicting itself."""
