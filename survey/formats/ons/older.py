"""Rules as ONS schemas wrote them before JSON logic: a list of conditions that all must hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.formats.loose import entries

SAME = {
    "equals": "==",
    "not equals": "!=",
    "greater than": ">",
    "less than": "<",
    "greater than or equal to": ">=",
    "less than or equal to": "<=",
    "equals any": "in",
    "contains any": "any-in",
    "contains all": "all-in",
}


def modern(rule: Any) -> Any:
    """The rule as JSON logic; what is none of the older kind stays as it is."""
    if not isinstance(rule, list):
        return rule
    return {"and": [_one(condition) for condition in entries(rule)]}


def _one(condition: Mapping[str, Any]) -> dict[str, Any]:
    source = _source(condition)
    value: Any = condition.get("values", condition.get("value"))
    if "comparison" in condition:
        value = _source(condition["comparison"]) if isinstance(condition["comparison"], dict) else None
    operator = str(condition.get("condition"))
    if operator in ("set", "not set"):
        return {"!=" if operator == "set" else "==": [source, None]}
    if operator in ("contains", "not contains"):
        found: dict[str, Any] = {"in": [value, source]}
        return found if operator == "contains" else {"not": [found]}
    if operator == "not equals any":
        return {"not": [{"in": [source, value]}]}
    return {SAME.get(operator, operator): [source, value]}


def _source(node: Mapping[str, Any]) -> dict[str, Any]:
    for key, source in (("meta", "metadata"), ("list", "list")):
        if key in node:
            return {"source": source, "identifier": node[key]}
    return {"source": str(node.get("source", "answers")), "identifier": node.get("id")}
