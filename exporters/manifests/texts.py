"""Configurations that stand as a text in a value: each is read into plain mappings, and what leads nowhere in it is told.

Readers raise ValueError for what is not of their language. They know its form alone; which names it has is said by the
files in `passed/`. A block that may come several times is a list, one with a label of its own stands under its label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

import yaml

Read = dict[str, Any]


def read(language: str, text: Any) -> tuple[Any, list[str]]:
    """(what the text holds, why it cannot be read)."""
    import tomllib

    try:
        return _READERS[language](text), []
    except (tomllib.TOMLDecodeError, yaml.YAMLError, ValueError, TypeError, AttributeError) as error:
        return {}, [f"is no {language} ({error})".replace("\n", " ")[:200]]


def leads(language: str, texts: Sequence[Any], exports: Mapping[str, Sequence[str]]) -> list[str]:
    """What one configuration, in one text or several, refers to and does not have; nothing where it cannot be read.
    That of the Collector is no text, but fields already.

    `exports`: for Alloy, what others can read of a component to the components that have it; for Vector, its functions.
    """
    if language in _READERS and any(read(language, text)[1] for text in texts):
        return []
    return list(dict.fromkeys(_LEADS[language](texts, exports)))


# ---- TOML and YAML are others' to read


def _toml(text: str) -> Any:
    import tomllib

    return tomllib.loads(text)


def _yaml(text: str) -> Any:
    return yaml.load(text, yaml.CSafeLoader)


# ---- Fluent Bit: https://docs.fluentbit.io/manual/administration/configuring-fluent-bit/classic-mode/format-schema


def _sections(text: str) -> dict[str, dict[str, dict[str, str]]]:
    """Kind of a section to the plugin that it names to its properties, in lower case."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for kind, properties in _parts(text):
        found.setdefault(kind, {}).setdefault(properties.get("name", "?"), {}).update(properties)
    return found


def _parts(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    kind, *rest = re.split(r"(?m)^\[(\w+)\]\s*$", text)
    if kind.strip():
        raise ValueError(f"{kind.strip().splitlines()[0]} stands before any section")
    for kind, body in zip(rest[::2], rest[1::2], strict=True):
        pairs = [line.strip().partition(" ") for line in body.splitlines() if line.strip() and not line.strip().startswith("#")]
        properties = {key.lower(): value.strip() for key, _, value in pairs}
        for key, value in properties.items():
            if not value:
                raise ValueError(f"{key} of [{kind}] has no value")
        yield kind, properties


def _tags(texts: Sequence[str], exports: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Filters and outputs that meet no tag of an input. A tag with a star is filled in by the input's own names."""
    parts = [part for text in texts for part in _parts(text)]
    tags = [plugin.get("tag", "").replace("*", "x") for kind, plugin in parts if kind == "INPUT"]
    for kind, plugin in parts:
        match = plugin.get("match")
        if kind in ("FILTER", "OUTPUT") and match and tags and not any(fnmatchcase(tag, match) for tag in tags):
            yield f"[{kind}] {plugin.get('name')} matches {match}, and no input has such a tag"


# ---- Fluentd: https://docs.fluentd.org/configuration/config-file


def _fluentd(text: str) -> Read:
    """Directive to its plugin to the parameters of each such; a label stands under its name, what has no plugin under `-`,
    and the pattern of a match or filter under an empty name."""
    found: Read = {}
    stack: list[tuple[str, str, Read]] = [("", "", found)]
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith(("#", "@include")):
            continue
        if match := re.fullmatch(r"</(\w+)>", line):
            name, argument, body = stack.pop()
            if not stack or name != match[1]:
                raise ValueError(f"line {number} ends {match[1]}, which is not open")
            under = argument if name == "label" else str(body.get("@type", "-"))
            pattern = {"": argument} if name in ("match", "filter") else {}
            stack[-1][2].setdefault(name, {}).setdefault(under, []).append({**body, **pattern})
        elif match := re.fullmatch(r"<(\w+)(?:\s+([^>]*))?>", line):
            stack.append((match[1], (match[2] or "").strip(), {}))
        elif len(stack) == 1:
            raise ValueError(f"line {number} stands outside of everything")
        else:
            key, _, value = line.partition(" ")
            stack[-1][2][key] = value.strip()
    if len(stack) > 1:
        raise ValueError(f"{stack[-1][0]} is not ended")
    return found


def _labels(texts: Sequence[str], exports: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Labels that events are sent to and that nothing has."""
    held = [_fluentd(text) for text in texts]
    # The chart's own main file, which includes the others, has the last of these for what Fluentd says of itself.
    there = {name for text in held for name in text.get("label", {})} | {"@ERROR", "@ROOT", "@FLUENT_LOG"}
    for text in held:
        for name in _sent(text):
            if name not in there:
                yield f"it sends to the label {name}, which is nowhere"


def _sent(value: Any) -> Iterator[str]:
    for inner in value if isinstance(value, list) else ():
        yield from _sent(inner)
    for key, inner in value.items() if isinstance(value, Mapping) else ():
        if key == "@label":
            yield inner
        else:
            yield from _sent(inner)


# ---- Alloy: https://grafana.com/docs/alloy/latest/get-started/syntax/

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)"""
    r"""|(?P<name>[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)|(?P<number>\d[\w.]*)|(?P<sign>[{}()\[\]]|[=!<>]=|&&|\|\||[-=,:+*/%^!<>.])""",
    re.DOTALL,
)
_OPEN, _CLOSE = "{[(", "}])"


class Names(str):
    """An expression that is no literal: what it names, as text, told from a literal by its type."""


def _tokens(text: str) -> list[tuple[str, str, bool]]:
    """Kind and text of each token, and whether a line begins with it."""
    found, at, fresh = [], 0, True
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ValueError(f"{text[at : at + 20].splitlines()[0]!r} is none of its words")
        if match.lastgroup == "space":
            fresh = fresh or "\n" in match[0]
        else:
            found.append((match.lastgroup, match[0], fresh))
            fresh = False
        at = match.end()
    return found


def _alloy(text: str) -> Read:
    """Block to its bodies (a list), or to its labels where it has one; an attribute to its text or its expression."""
    tokens = _tokens(text)
    found, at = _body(tokens, 0)
    if at != len(tokens):
        raise ValueError(f"{tokens[at][1]} closes nothing")
    return found


def _body(tokens: Sequence[tuple[str, str, bool]], at: int) -> tuple[Read, int]:
    found: Read = {}
    while at < len(tokens) and tokens[at][1] != "}":
        kind, name, _ = tokens[at]
        if kind != "name" or at + 1 >= len(tokens):
            raise ValueError(f"{name} begins neither a block nor an attribute")
        if tokens[at + 1][1] == "=":
            found[name], at = _expression(tokens, at + 2)
            continue
        label = tokens[at + 1][1].strip('"') if tokens[at + 1][0] == "text" else None
        at += 1 if label is None else 2
        if at >= len(tokens) or tokens[at][1] != "{":
            raise ValueError(f"{name} has no body")
        inner, at = _body(tokens, at + 1)
        if at >= len(tokens):
            raise ValueError(f"{name} is not closed")
        at += 1
        if label is None:
            found.setdefault(name, []).append(inner)
        elif label in found.setdefault(name, {}):
            raise ValueError(f'{name} "{label}" is there twice')
        else:
            found[name][label] = inner
    return found, at


def _expression(tokens: Sequence[tuple[str, str, bool]], at: int) -> tuple[str, int]:
    """The words of an expression, which ends with its line; brackets hold it open."""
    depth = 0
    words: list[str] = []
    names: list[str] = []
    while at < len(tokens):
        kind, word, fresh = tokens[at]
        if depth == 0 and (fresh or word in _CLOSE) and words:
            break
        depth += (word in _OPEN) - (word in _CLOSE)
        key = depth and at + 1 < len(tokens) and tokens[at + 1][1] == "="
        if kind == "name" and not key:
            names.append(word)
        words.append(word)
        at += 1
    if depth or not words:
        raise ValueError("an expression is not whole")
    return (Names(" ".join(names)) if names else " ".join(words)), at


_LITERALS = {"true", "false", "null"}
_LIBRARY = re.compile(r"(array|constants|convert|encoding|file|json_path|string|sys)(\.|$)|(coalesce|module_path)$|argument\.")
"""https://grafana.com/docs/alloy/latest/reference/stdlib/"""


def _components(texts: Sequence[str], exports: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What expressions read of components that are nowhere, or that have nothing of that name to be read."""
    held = [_alloy(text) for text in texts]
    labelled = [(name, inner) for text in held for name, inner in text.items() if isinstance(inner, dict)]
    there = {f"{name}.{label}": name for name, inner in labelled for label in inner}
    for named in (word for text in held for names in _named(text) for word in names.split()):
        if named in _LITERALS or _LIBRARY.match(named):
            continue
        component = next((entry for entry in there if named.startswith(f"{entry}.")), None)
        if component is None:
            yield f"it reads {named}, which is nowhere"
            continue
        field = named.removeprefix(f"{component}.").partition(".")[0]
        if there[component] not in exports.get(field, ()):
            yield f"it reads {named}, and {there[component]} has no {field} that others could read"


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, Names):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _named(inner)


# ---- the OpenTelemetry Collector: https://opentelemetry.io/docs/collector/configuration/#service


def _pipelines(held: Sequence[Any], exports: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Parts of pipelines, and extensions, that nothing describes. What joins pipelines ends one and begins another."""
    for config in held:
        service = _fields(config, "service")
        joins = set(_fields(config, "connectors"))
        for name in service.get("extensions") or ():
            if name not in _fields(config, "extensions"):
                yield f"its extension {name} is described nowhere"
        for pipeline, parts in _fields(service, "pipelines").items():
            for kind in ("receivers", "processors", "exporters"):
                known = set(_fields(config, kind)) | (joins if kind != "processors" else set())
                for name in (parts or {}).get(kind) or ():
                    if name not in known:
                        yield f"its pipeline {pipeline} names {name}, which is none of its {kind}"


def _fields(value: Any, name: str) -> Mapping[str, Any]:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


# ---- Vector: https://vector.dev/docs/reference/configuration/ and its language, https://vector.dev/docs/reference/vrl/

_QUOTED = re.compile(r"""[rst]?'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\#[^\n]*""")
_PAIRS = {")": "(", "]": "[", "}": "{"}


def _vrl(text: str) -> str:
    """The program without its texts and comments, its brackets closed."""
    bare = _QUOTED.sub('""', text)
    open_: list[str] = []
    for sign in bare:
        if sign in _PAIRS.values():
            open_.append(sign)
        elif sign in _PAIRS and (not open_ or open_.pop() != _PAIRS[sign]):
            raise ValueError(f"{sign} closes nothing")
    if open_ or bare.count('"') % 2:
        raise ValueError(f"{open_[-1] if open_ else 'a text'} is not closed")
    return bare


def _inputs(held: Sequence[Any], exports: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Inputs that are no part of the configuration, and programs that do not hold together."""
    for config in held:
        parts = {**_fields(config, "sources"), **_fields(config, "transforms")}
        for name, part in {**_fields(config, "transforms"), **_fields(config, "sinks")}.items():
            for wanted in part.get("inputs") or ():
                # A part with several ways out names them behind a dot.
                if not any(fnmatchcase(known, wanted) or wanted.startswith(f"{known}.") for known in parts):
                    yield f"{name} reads from {wanted}, which is no source and no transform"
            if part.get("type") == "remap" and isinstance(part.get("source"), str):
                try:
                    called = re.findall(r"\b([a-z_]\w*)!?\(", _vrl(part["source"]))
                except ValueError as error:
                    yield f"the program of {name} is not whole: {error}"
                    continue
                for function in called:
                    if function not in exports.get("function", ()) and function not in ("if", "else"):
                        yield f"the program of {name} calls {function}, which is none of its functions"


_READERS: Mapping[str, Callable[[str], Any]] = {
    "TOML": _toml, "YAML": _yaml, "Fluent Bit": _sections, "Fluentd": _fluentd, "Alloy": _alloy,
}
_LEADS: Mapping[str, Callable[[Sequence[Any], Mapping[str, Sequence[str]]], Iterator[str]]] = {
    "Fluent Bit": _tags, "Fluentd": _labels, "Alloy": _components, "Collector": _pipelines,
    "Vector": _inputs,
}
