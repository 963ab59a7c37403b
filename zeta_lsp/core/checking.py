"""Checking one setting, and saying in plain words what is wrong with it.

A message names what was expected and what kind of thing came; it never repeats the value.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from zeta_lsp.core.settings import Section

_EXPECTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "text",
    "string_unicode": "text without broken characters",
    "dict_type": "a table",
    "tuple_type": "a list",
    "string_pattern_mismatch": "up to 64 letters, digits, '_', '.' or '-'",
}
_LIMITS = {
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_long": "must have at most {max_length} characters",
    "too_long": "must have at most {max_length} entries",
}


class BadSetting(ValueError):
    """A value that a field does not take."""


def checked(model: type[Section], field: str, value: object) -> Any:
    """The value as the field holds it.

    Raises:
        BadSetting: with a message for the person.
    """
    try:
        return getattr(model.model_validate({field: value}), field)
    except ValidationError as error:
        raise BadSetting(_message(error.errors(include_url=False)[0])) from None


def kind_of(value: object) -> str:
    """What a value is, in a person's words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, list | tuple) else "something else"


def _message(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _LIMITS:
        return _LIMITS[kind].format(**context)
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"expected {context['expected']}"
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, got {kind_of(error['input'])}"
    return "not a value that this setting takes"
