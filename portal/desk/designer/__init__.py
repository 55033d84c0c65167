"""The designer: questionnaires drafted, translated, tried, reviewed by a second person and published."""

from . import (
    bank,
    conditions,
    draft_settings,
    findings,
    outline,
    paper,
    past,
    preview,
    questions,
    review,
    sections,
    shelf,
    translation,
    trials,
    versions,
)

__all__ = [
    "bank",
    "conditions",
    "draft_settings",
    "findings",
    "outline",
    "paper",
    "past",
    "preview",
    "questions",
    "review",
    "sections",
    "shelf",
    "translation",
    "trials",
    "versions",
]
