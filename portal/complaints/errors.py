"""What complaints refuse. Each is a SurveyError, so that an unexpected one still ends in a plain page."""

from __future__ import annotations

from survey.errors import SurveyError


class ComplaintError(SurveyError):
    """Base of every error the complaint channel raises on purpose."""


class ComplaintUnknownError(ComplaintError):
    """No case has this code or number, or it is not this person's to see."""


class StateError(ComplaintError):
    """The case has moved on: what was asked is not possible in its present state."""


class NotYoursError(ComplaintError):
    """The case may be seen by this person and not acted on."""


class ConsentMissingError(ComplaintError):
    """The person who filed the case did not agree to its publication."""


class TextMissingError(ComplaintError):
    """A step that must be explained was given no words."""


class UnitUnknownError(ComplaintError):
    """The unit does not exist on the day of filing."""


class SealError(ComplaintError):
    """A sealed value that does not open: moved to another row, changed, or sealed with another key."""
