"""What a document needs before anybody can edit it: sound parts, though they need not hold together yet."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from .canonical import CanonicalError, canonical_json
from .errors import QuestionnaireError
from .questionnaire import Questionnaire


def check_shape(document: Any) -> dict[str, Any]:
    """The document, if each of its parts is sound; raises QuestionnaireError naming the first that are not.

    A section may still be empty, and texts, names and conditions may not fit each other yet.
    """
    try:
        Questionnaire.model_validate_json(canonical_json(document))
    except CanonicalError as error:
        raise QuestionnaireError("This is no questionnaire.", got=str(error)) from error
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc'])) or 'document'}: {fault['msg']}"
            for fault in error.errors()
            if not isinstance(document, dict) or not _is_unfinished(fault, document)
        ]
        if faults:
            raise QuestionnaireError("This is no questionnaire.", got=" | ".join(faults[:5])) from error
    whole: dict[str, Any] = document
    return whole


def _is_unfinished(fault: Any, document: dict[str, Any]) -> bool:
    """Whether a draft may have this fault: parts that do not fit each other, or sections without questions."""
    place = fault["loc"]
    if fault["type"] == "too_short":
        return place[-1] == "questions" or (place == ("sections",) and bool(document["sections"]))
    return bool(place == ())
