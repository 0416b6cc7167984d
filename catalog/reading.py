"""The one YAML reader: safe, YAML 1.2 scalars, duplicate keys and aliases refused, sizes bounded, lines remembered.

`no`, `on` and `yes` are words here, as YAML 1.2 says; dates stay text until a model asks for a date. Aliases are
refused altogether: nothing this product reads needs them, and they are how small files become large ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from catalog.errors import FaultsError
from catalog.faults import Fault, did_you_mean

if TYPE_CHECKING:  # a file can be read before there are models
    from pydantic import BaseModel, ValidationError

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000

_TAG = "tag:yaml.org,2002:"
_SCALARS = frozenset({"str", "int", "float", "bool", "null"})

_WORDS: dict[str, bool | None] = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_POINT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NUMERAL = frozenset("-+.0123456789")
"""What numbers begin with. Words and numbers are those of YAML 1.2's core schema."""

_SCALAR: Any = yaml.ScalarEvent
_END_OF_MAPPING, _END_OF_SEQUENCE = yaml.MappingEndEvent, yaml.SequenceEndEvent

Where = tuple[str | int, ...]
"""The way to a node: keys and list positions from the top."""


@dataclass(frozen=True)
class Document:
    """What a file said, and on which line each part stands."""

    file: str
    """As shown in messages."""
    value: Any
    lines: dict[Where, int] = field(default_factory=dict)

    def line(self, where: Where) -> int:
        """The line of a node; for one that is missing, that of the nearest thing around it."""
        for end in range(len(where), -1, -1):
            if where[:end] in self.lines:
                return self.lines[where[:end]]
        return 1

    def fault(self, where: Where, message: str) -> Fault:
        """A fault at a node."""
        return Fault(self.file, self.line(where), message)


class _Parser(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """Only its events are used: what scalars mean, and what is refused, is decided here."""


def read(path: Path, shown: str | None = None) -> Document:
    """Read a YAML file. Raises FaultsError when it cannot be read or is not one plain YAML document."""
    name = shown if shown is not None else path.name
    return parse(content(path, name), name)


def content(path: Path, name: str) -> bytes:
    """What stands in a file. Raises FaultsError when it cannot be read or is too large."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise FaultsError([Fault(name, 0, f"is {size:,} bytes; at most {MAX_BYTES:,} are read")])
        return path.read_bytes()
    except OSError as error:
        raise FaultsError([Fault(name, 0, f"cannot be read: {error.strerror or error}")]) from None


def parse(data: bytes | str, name: str) -> Document:
    """Parse one YAML document. Raises FaultsError with file and line."""
    if len(data) > MAX_BYTES:
        raise FaultsError([Fault(name, 0, f"is {len(data):,} bytes; at most {MAX_BYTES:,} are read")])
    if isinstance(data, bytes):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise FaultsError([Fault(name, line, "is not UTF-8 text; save it as UTF-8")]) from None
    else:
        text = data
    parser = _Parser(text)
    try:
        return _Reading(parser, name).document()
    except yaml.YAMLError as error:
        raise FaultsError([_syntax_fault(name, error)]) from None
    finally:
        parser.dispose()


class _Reading:
    """Builds values straight from the parser's events: one pass, whatever the file holds."""

    def __init__(self, parser: Any, name: str) -> None:
        self.next = parser.get_event
        self.name = name
        self.lines: dict[Where, int] = {}
        self.faults: list[Fault] = []
        self.nodes = 0

    def document(self) -> Document:
        """The one document of the file."""
        self.next()
        event = self.next()
        if isinstance(event, yaml.StreamEndEvent):
            return Document(self.name, None, {(): 1})
        value = self.value(self.next(), (), 1)
        self.next()
        event = self.next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise self.refused(event, "begins another document; a file holds one")
        if self.faults:
            raise FaultsError(self.faults)
        return Document(self.name, value, self.lines)

    def refused(self, event: Any, message: str) -> FaultsError:
        return FaultsError([Fault(self.name, event.start_mark.line + 1, message)])

    def value(self, event: Any, where: Where, depth: int) -> Any:
        """What an event begins, up to its end."""
        kind = type(event)
        line = event.start_mark.line + 1
        self.nodes += 1
        self.bounded(event)
        if kind is yaml.AliasEvent or event.anchor:
            raise self.refused(event, "anchors and aliases are not read here; write the value out")
        self.lines.setdefault(where, line)
        if kind is _SCALAR:
            return self.scalar(event, line)
        if depth > MAX_DEPTH:
            raise self.refused(event, f"is nested more than {MAX_DEPTH} levels deep")
        tag = event.tag
        if kind is yaml.MappingStartEvent:
            found: Any = self.mapping(where, depth)
            known = tag in (None, "!", f"{_TAG}map")
        else:
            found = self.sequence(where, depth)
            known = tag in (None, "!", f"{_TAG}seq")
        if known:
            return found
        self.faults.append(Fault(self.name, line, f"the tag {tag!r} is not read here"))
        return None

    # Most of a file are plain words and numbers in mappings and lists: the two loops below take those themselves, and
    # hand on to `value` only what begins a part or needs a second look.

    def mapping(self, where: Where, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        following, lines = self.next, self.lines
        while type(event := following()) is not _END_OF_MAPPING:
            line = event.start_mark.line + 1
            if type(event) is not _SCALAR:
                self.faults.append(Fault(self.name, line, "a key must be a plain word"))
                self.value(event, (*where, ""), depth + 1)
                self.value(following(), (*where, ""), depth + 1)
                continue
            if event.anchor:
                raise self.refused(event, "anchors and aliases are not read here; write the value out")
            key = event.value
            place = (*where, key)
            if key in found:
                self.faults.append(Fault(
                    self.name, line, f"{key!r} is said twice; first on line {lines[place]}"))
                self.value(following(), place, depth + 1)
                continue
            lines[place] = line
            event = following()
            if type(event) is _SCALAR and event.tag is None and event.anchor is None:
                self.nodes += 1
                text = event.value
                found[key] = _plain(text) if event.implicit[0] else text
            else:
                found[key] = None
                found[key] = self.value(event, place, depth + 1)
        self.bounded(event)
        return found

    def sequence(self, where: Where, depth: int) -> list[Any]:
        found: list[Any] = []
        following, lines = self.next, self.lines
        while type(event := following()) is not _END_OF_SEQUENCE:
            place = (*where, len(found))
            if type(event) is _SCALAR and event.tag is None and event.anchor is None:
                self.nodes += 1
                lines[place] = event.start_mark.line + 1
                text = event.value
                found.append(_plain(text) if event.implicit[0] else text)
            else:
                found.append(self.value(event, place, depth + 1))
        self.bounded(event)
        return found

    def bounded(self, event: Any) -> None:
        """Refuse a file with too many parts."""
        if self.nodes > MAX_NODES:
            raise self.refused(event, "is too large or nested too deep")

    def scalar(self, event: Any, line: int) -> Any:
        text: str = event.value
        tag = event.tag
        if tag is None or tag == "!":
            return _plain(text) if event.implicit[0] and tag is None else text
        kind = tag.removeprefix(_TAG)
        if kind not in _SCALARS or kind == tag:
            self.faults.append(Fault(self.name, line, f"the tag {tag!r} is not read here"))
            return None
        if kind == "str":
            return text
        value = _plain(text)
        fits = {"int": type(value) is int, "bool": type(value) is bool, "null": value is None,
                "float": type(value) is int or _POINT.fullmatch(text)}
        if not fits[kind]:
            self.faults.append(Fault(self.name, line, f"{text!r} cannot be read as {kind}"))
            return None
        return text if kind == "float" else value


def _plain(text: str) -> str | int | bool | None:
    """What a scalar without quotes means. A number with a point is kept as it was written: 99.90 is not 99.9 where it
    names a value."""
    if text[:1] in _NUMERAL and _INTEGER.fullmatch(text):
        try:
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        except ValueError:  # more digits than a number may have
            return text
    return _WORDS.get(text, text)


def _syntax_fault(name: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Fault(name, mark.line + 1 if mark else 0, f"is not YAML: {problem}")


def faults_of(
    error: ValidationError, document: Document, where: Where = (), model: type[BaseModel] | None = None,
    extra: Sequence[str] = (),
) -> Iterator[Fault]:
    """A model's complaints as faults with lines, with the nearest known key for one that is unknown.

    `model` is what was to be read; `extra` are keys beside its own that the file may hold there."""
    seen: set[tuple[Where, str]] = set()
    for complaint in told(error):
        place = tuple(part for part in complaint["loc"] if isinstance(part, str | int))
        path = _existing(document, (*where, *place))
        message = _message(complaint, place, model, extra)
        if (path, message) not in seen:
            seen.add((path, message))
            yield document.fault(path, message)


def told(error: ValidationError) -> list[Any]:
    """What a model complains of, without lists that seem too short only because an entry of theirs is wrong."""
    found = error.errors(include_url=False, include_context=True)
    return [complaint for complaint in found if complaint["type"] != "too_short" or not any(
        other is not complaint and other["loc"][:len(complaint["loc"])] == complaint["loc"] for other in found)]


def _existing(document: Document, path: Where) -> Where:
    """The longest way that leads to something in the file: union branches and field names of models are left out."""
    current: Where = ()
    for part in path:
        step = (*current, part)
        if step in document.lines:
            current = step
    return current


def _message(complaint: Any, place: Where, model: type[BaseModel] | None, extra: Sequence[str]) -> str:
    from catalog.keys import meant, takes

    name = ".".join(str(part) for part in place) or "the file"
    kind = complaint["type"]
    if kind == "extra_forbidden":
        key = str(place[-1])
        return f"unknown key {key!r}{meant(key, model, place[:-1], extra) if model else ''}"
    if kind == "missing":
        return f"{place[-1]!r} is missing"
    given = complaint.get("input")
    shown = f" (given: {given!r})" if isinstance(given, str | int | float) and len(repr(given)) < 80 else ""
    if kind in ("model_type", "dict_type"):
        return f"{name}: must be a mapping of keys to values{shown}{takes(model, place) if model else ''}"
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", complaint["ctx"]["expected"])
        guess = did_you_mean(given, words) if isinstance(given, str) else ""
        return f"{name}: {_short(given)} is not one of {', '.join(words)}{guess}"
    if kind in ("date_from_datetime_parsing", "date_parsing") and isinstance(given, str):
        return f"{name}: {_short(given)} is no day of the calendar; write one like 2026-11-23"
    if kind == "too_short":
        return f"{name}: needs at least {complaint['ctx']['min_length']} entry"
    if kind == "string_pattern_mismatch":
        return f"{name}: {given!r} is not written as it should be: {_meant(complaint['ctx']['pattern'])}"
    text = str(complaint["msg"]).removeprefix("Value error, ")
    if shown and repr(given) in text:
        shown = ""
    text = text[0].lower() + text[1:] if text[:1].isupper() and text[1:2].islower() else text
    return f"{name}: {text}{shown}" if place else text


def _short(given: Any) -> str:
    return repr(given) if len(repr(given)) < 80 else "what is given"


def _meant(pattern: str) -> str:
    """A pattern in words, for those that many fields share."""
    return next((words for beginning, words in _MEANINGS if pattern.startswith(beginning)), f"pattern {pattern}")


_MEANINGS = (
    ("^https://", "an address begins with https://"),
    ("^[a-z0-9]+([", "lower-case words and numbers, joined by hyphens"),
    ("^[a-z]([a-z0-9-]*", "small letters, digits and hyphens, beginning with a letter"),
    ("^([a-z0-9.-]+(:[0-9]+)?/)?", "an image in small letters with a tag or a digest, such as registry.example.com/web:v7"),
    ("^(\\*\\.)?([a-z0-9](", "a host name such as shop.example.com"),
    ("^/[^\\s", "a path begins with / and has no spaces"),
    ("^\\d{2}(", "a percentage such as 99.9"),
    ("^[A-Za-z_][A-Za-z0-9_]*", "letters, digits and underscores, not beginning with a digit"),
    ("^[A-Za-z0-9-]+: ?", "a header and its value, such as X-Canary: yes"),
    ("^[A-Za-z0-9._/-]+$", "letters, digits, dots, hyphens, underscores and slashes"),
)
"""How patterns begin, and what they mean to somebody who writes a file."""
