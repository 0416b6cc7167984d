"""Fields of a form: what a model of the answers takes, one field each; values to text and back. No widgets.

What a field may hold is the model's business: here only its kind is read, so that a new field of a model needs nothing.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

Kind = Literal["text", "number", "switch", "choice", "words", "pairs", "part", "parts"]

HINTS = {"words": "Words with a blank between; quote a word that has blanks.", "pairs": "NAME=value, with a blank between.",
         "number": "A whole number."}
"""How values of a kind are typed."""


@dataclass(frozen=True)
class Field:
    """One field."""

    name: str
    """As it is written in files."""
    kind: Kind
    required: bool
    default: Any = None
    choices: tuple[str, ...] = ()
    parts: tuple[Field, ...] = ()
    """The fields of a part, or of each of several."""
    means: str = ""


def fields(model: type[BaseModel]) -> tuple[Field, ...]:
    """The fields of a model, in its order."""
    schema = model.model_json_schema(by_alias=True)
    return _fields(schema, schema.get("$defs", {}))


def _fields(schema: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[Field, ...]:
    required = schema.get("required", ())
    return tuple(_field(name, found, name in required, known) for name, found in schema["properties"].items())


def _field(name: str, said: Mapping[str, Any], required: bool, known: Mapping[str, Any]) -> Field:
    default = said.get("default")
    found = next((each for each in said.get("anyOf", ()) if each.get("type") != "null"), said)
    if "$ref" in found:
        found = known[found["$ref"].rpartition("/")[2]]
        return Field(name, "part", required, None, (), _fields(found, known), found.get("description", ""))
    if found.get("type") == "array":
        items = found["items"]
        if "$ref" in items:
            items = known[items["$ref"].rpartition("/")[2]]
            return Field(name, "parts", required, None, (), _fields(items, known), items.get("description", ""))
        return Field(name, "words", required)
    if "enum" in found:
        return Field(name, "choice", required, default, tuple(found["enum"]))
    kinds: dict[str, Kind] = {"integer": "number", "boolean": "switch", "object": "pairs"}
    return Field(name, kinds.get(found.get("type", ""), "text"), required, default or None)


def shown(field: Field, value: Any) -> str:
    """A value in a line."""
    if value is None:
        return ""
    match field.kind:
        case "switch":
            return "yes" if value else "no"
        case "words":
            return shlex.join(map(str, value))
        case "pairs":
            return shlex.join(f"{key}={each}" for key, each in value.items())
        case "part":
            return ", ".join(f"{part.name} {shown(part, value[part.name])}" for part in field.parts if part.name in value)
        case "parts":
            return ", ".join(titled(each) for each in value)
    return str(value)


def titled(entry: Mapping[str, Any]) -> str:
    """What an entry of a list is called: its name, or whatever stands first."""
    return str(entry.get("name") or next(iter(entry.values()), "new"))


def understood(field: Field, text: str) -> Any:
    """What was typed, as a value; None for nothing. Raises ValueError with a sentence."""
    text = text.strip()
    if not text:
        return None
    if field.kind == "number":
        if not text.lstrip("-").isdigit():
            raise ValueError(f"{text!r} is not a whole number")
        return int(text)
    if field.kind not in ("words", "pairs"):
        return text
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ValueError(f"{error}".lower()) from None
    if field.kind == "words":
        return words
    pairs = dict(word.split("=", 1) for word in words if "=" in word)
    if len(pairs) != len(words):
        raise ValueError("pairs such as NAME=value, with a blank between")
    return pairs
