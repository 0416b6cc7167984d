"""The one YAML reader: safe, YAML 1.2 scalars, duplicate keys and aliases refused, sizes bounded, lines remembered.

`no`, `on` and `yes` are words here, as YAML 1.2 says; dates stay text until a model asks for a date. Aliases are
refused altogether: nothing this product reads needs them, and they are how small files become large ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from catalog.errors import FaultsError
from catalog.faults import Fault, did_you_mean

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000

_PLAIN = "tag:yaml.org,2002:"
_KINDS = frozenset({"str", "int", "float", "bool", "null", "map", "seq"})
_KNOWN = frozenset(_PLAIN + kind for kind in _KINDS)
_TEXT = _PLAIN + "str"

_REFERENCE = re.compile(r"(?:^|[\s\[{,:])[&*]", re.MULTILINE)
"""Where an anchor or alias may begin; `Q&A` is none. Finding one only means a closer look."""

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


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """Resolves scalars as YAML 1.2's core schema does."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$", "-+.0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", "~nN\0"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), [*_first.replace("\0", ""), ""]
                                  if _tag == "null" else list(_first))


def _integer(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


_Loader.add_constructor("tag:yaml.org,2002:int", _integer)


def read(path: Path, shown: str | None = None) -> Document:
    """Read a YAML file. Raises FaultsError when it cannot be read or is not one plain YAML document."""
    name = shown if shown is not None else path.name
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise FaultsError([Fault(name, 0, f"is {size:,} bytes; at most {MAX_BYTES:,} are read")])
        data = path.read_bytes()
    except OSError as error:
        raise FaultsError([Fault(name, 0, f"cannot be read: {error.strerror or error}")]) from None
    return parse(data, name)


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
    loader = _Loader(text)
    try:
        try:
            _refuse_tricks(text, name)
            node = loader.get_single_node()
        except yaml.YAMLError as error:
            raise FaultsError([_syntax_fault(name, error)]) from None
        except RecursionError:
            raise FaultsError([Fault(name, 0, f"is nested more than {MAX_DEPTH} levels deep")]) from None
        if node is None:
            return Document(name, None, {(): 1})
        document = Document(name, None, {})
        faults: list[Fault] = []
        count = _Count()
        value = _value(loader, node, (), document, faults, count)
        if faults:
            raise FaultsError(faults)
        return Document(name, value, document.lines)
    finally:
        loader.dispose()


class _Count:
    nodes = 0


def _refuse_tricks(text: str, name: str) -> None:
    """The parser nests natively, so depth is bounded on the stream of events before a tree is built."""
    flat = text.count("[") + text.count("{") < MAX_DEPTH and " " * MAX_DEPTH not in text and "- - - -" not in text
    if flat and not _REFERENCE.search(text) and "? ?" not in text:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            line = _line(event)
            raise FaultsError([Fault(name, line, "anchors and aliases are not read here; write the value out")])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise FaultsError([Fault(name, _line(event), f"is nested more than {MAX_DEPTH} levels deep")])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _syntax_fault(name: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Fault(name, mark.line + 1 if mark else 0, f"is not YAML: {problem}")


def _value(
    loader: yaml.SafeLoader, node: yaml.Node, where: Where, document: Document, faults: list[Fault], count: _Count
) -> Any:
    count.nodes += 1
    line = node.start_mark.line + 1
    document.lines.setdefault(where, line)
    if count.nodes > MAX_NODES or len(where) > MAX_DEPTH:
        raise FaultsError([Fault(document.file, line, "is too large or nested too deep")])
    if node.tag not in _KNOWN:
        faults.append(Fault(document.file, line, f"the tag {node.tag!r} is not read here"))
        return None
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                faults.append(Fault(document.file, key_line, "a key must be a plain word"))
                continue
            key = str(key_node.value)
            if key in found:
                faults.append(Fault(document.file, key_line, f"{key!r} is said twice; first on line "
                                    f"{document.lines[(*where, key)]}"))
                continue
            document.lines[(*where, key)] = key_line
            found[key] = _value(loader, value_node, (*where, key), document, faults, count)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, (*where, at), document, faults, count) for at, item in enumerate(node.value)]
    if node.tag == _TEXT:
        return str(node.value)
    try:
        value = loader.construct_object(node)
    except (yaml.YAMLError, ValueError):
        faults.append(Fault(document.file, line, f"{node.value!r} cannot be read as {node.tag.rsplit(':', 1)[1]}"))
        return None
    if isinstance(value, float):
        # A number with a point is kept as it was written: 99.90 is not 99.9 where it names a value.
        return str(node.value)
    return value


def faults_of(error: ValidationError, document: Document, where: Where = (), known: Any = None) -> Iterator[Fault]:
    """A model's complaints as faults with lines, with the nearest known key for one that is unknown.

    `known` maps the type of complaint to names: a callable from the location of an unknown key to the keys
    that are known there, or None."""
    seen: set[tuple[Where, str]] = set()
    for complaint in told(error):
        place = tuple(part for part in complaint["loc"] if isinstance(part, str | int))
        path = _existing(document, (*where, *place))
        message = _message(complaint, place, known)
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


def _message(complaint: Any, place: Where, known: Any) -> str:
    name = ".".join(str(part) for part in place) or "the file"
    kind = complaint["type"]
    if kind == "extra_forbidden":
        key = str(place[-1])
        guess = did_you_mean(key, known(place[:-1]) or ()) if callable(known) else ""
        return f"unknown key {key!r}{guess}"
    if kind == "missing":
        return f"{place[-1]!r} is missing"
    given = complaint.get("input")
    shown = f" (given: {given!r})" if isinstance(given, str | int | float) and len(repr(given)) < 80 else ""
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
    text = text[0].lower() + text[1:] if text[:1].isupper() and text[1:2].islower() else text
    return f"{name}: {text}{shown}" if place else text


def _short(given: Any) -> str:
    return repr(given) if len(repr(given)) < 80 else "what is given"


def _meant(pattern: str) -> str:
    """A pattern in words, for those that many fields share."""
    if pattern.startswith("^https://"):
        return "an address begins with https://"
    if pattern.startswith("^[a-z0-9]+(["):
        return "lower-case words and numbers, joined by hyphens"
    return f"pattern {pattern}"


def known_keys(model: type[BaseModel]) -> set[str]:
    """Every key that a model and the models inside it take, as written in files."""
    seen: set[type[BaseModel]] = set()
    keys: set[str] = set()

    def visit(annotation: Any) -> None:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            if annotation in seen:
                return
            seen.add(annotation)
            for name, info in annotation.model_fields.items():
                keys.add(info.alias or name)
                visit(info.annotation)
        for inner in getattr(annotation, "__args__", ()):
            visit(inner)

    visit(model)
    return keys
