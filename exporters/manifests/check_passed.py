"""Values that a chart only passes on: they are fields of somebody else, and are held to what that one knows.

Two sources say whose fields they are: files in `passed/`, one a chart, and names that mean the same in every chart
because charts write them into pods as they are (`resources`, `tolerations`). A value that belongs to a kind is put where
it would stand in an object of that kind, and the object is validated; the rest of the object is not looked at. A value
that belongs to a program's own configuration is of a type that the chart's file describes, or a file in
`passed/programs/` where several charts bring the program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from exporters.manifests import check_kinds, texts

FOLDER = Path(__file__).parent / "passed"
PROGRAMS = FOLDER / "programs"

Validator = Callable[[str, str], Any]
"""API version and kind to a validator, None where no schema is at hand."""


@dataclass(frozen=True)
class Passed:
    """Values below one path and whose they are: fields of a kind, or a type that the same file describes."""

    values: str
    """Dotted path (a key's own dot is written `\\.`); `*` stands for any key or any entry of a list."""
    kind: str = ""
    """API version and kind: `apps/v1 Deployment`."""
    field: str = ""
    """Where in an object of that kind; empty for the object itself."""
    type: str = ""
    text: str = ""
    """The language of a value that is a text and holds the fields: one that `texts` reads."""
    besides: Sequence[str] = ()
    """Keys of the chart itself among them."""
    own: bool = False
    """The chart's own keys and no others, though what they are called is elsewhere its user's matter."""


@dataclass(frozen=True)
class Whole:
    """Texts that are one configuration together, so that what one names another may have: their language and paths."""

    text: str
    values: Sequence[str]


@dataclass(frozen=True)
class Charted:
    """What one chart passes on."""

    passes: tuple[Passed, ...] = ()
    types: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    """Type to its fields by what they are: `string`, `scalar`, `any`, `unknown` where nobody looked, another type,
    `A|B` for words, `...[]` for a list of them, `...{}` for a mapping to them. A `*` in a field's name stands for anything;
    `name/*` also for the name alone; in a name that begins with `~` underscores do not matter. `embeds` lists types whose
    fields the type has too. `kinds` names a field whose value says more: a `Sink` whose `type` is `loki` is what `Sink.loki`
    says, where that is described."""

    wholes: tuple[Whole, ...] = ()
    exports: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For Alloy: what others can read of a component, to the components that have it. For Vector: its functions."""

    def at(self, path: Sequence[str]) -> Passed | None:
        """What is passed on at exactly this path of the values."""
        return next((entry for entry in self.passes if _meets(keys(entry.values), path)), None)


def keys(values: str) -> list[str]:
    """The keys of a dotted path; a dot after a backslash is a key's own."""
    return [key.replace("\\.", ".") for key in re.split(r"(?<!\\)\.", values)]


def _meets(pattern: Sequence[str], path: Sequence[str]) -> bool:
    return len(pattern) == len(path) and all(part in ("*", key) for part, key in zip(pattern, path, strict=True))


@cache
def of_chart(name: str) -> Charted:
    """What the chart passes on; nothing where no file is called like it."""
    path = FOLDER / f"{name}.yaml"
    if not re.fullmatch(r"[\w.-]+", name) or not path.is_file():
        return Charted()
    said = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    types: dict[str, Any] = {}
    exports: dict[str, Any] = {}
    for program in said.get("programs") or ():
        known = yaml.load((PROGRAMS / f"{program}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
        types |= known["types"]
        exports |= known.get("exports") or {}
    types |= said.get("types") or {}
    wholes = tuple(Whole(**entry) for entry in said.get("wholes") or ())
    return Charted(tuple(Passed(**entry) for entry in said["passes"]), types, wholes, exports)


_POD = "v1 Pod"
NAMED: tuple[tuple[str, type, tuple[Passed, ...]], ...] = (
    (r"resources", dict, (Passed("", _POD, "spec.containers.0.resources"),)),
    (r"affinity", dict, (Passed("", _POD, "spec.affinity"),)),
    (r"tolerations", list, (Passed("", _POD, "spec.tolerations"),)),
    (r"topologySpreadConstraints", list, (Passed("", _POD, "spec.topologySpreadConstraints"),)),
    (
        r"\w*securityContext\w*",
        dict,
        (Passed("", _POD, "spec.containers.0.securityContext"), Passed("", _POD, "spec.securityContext")),
    ),
    (r"(extra)?env(vars?|s)?", list, (Passed("", _POD, "spec.containers.0.env"),)),
    (r"(extra)?envFrom", list, (Passed("", _POD, "spec.containers.0.envFrom"),)),
    (r"\w*volumes", list, (Passed("", _POD, "spec.volumes"),)),
    (r"\w*volumeMounts", list, (Passed("", _POD, "spec.containers.0.volumeMounts"),)),
    (r"\w*containers", list, (Passed("", _POD, "spec.containers"),)),
    (
        r"updateStrategy",
        dict,
        (
            Passed("", "apps/v1 DaemonSet", "spec.updateStrategy"),
            Passed("", "apps/v1 StatefulSet", "spec.updateStrategy"),
            Passed("", "apps/v1 Deployment", "spec.strategy"),
        ),
    ),
)
"""Names (in any case) of values that charts write into their pods, the shape in which they do, and where to. A chart that
takes a value of that name in another shape has a use of its own for it."""


def complaints(
    values: Mapping[str, Any], chart: str, defaults: Mapping[str, Any], validator: Validator
) -> tuple[list[str], list[str]]:
    """(what is wrong with what the values pass on, kinds without a schema at hand).

    `defaults` are the chart's own values: keys that it has itself beside those of Kubernetes are its own.
    """
    told = of_chart(chart)
    found: list[str] = []
    unverified: list[str] = []
    for path, value, own in _walk(values, defaults, ()):
        passed = told.at(path)
        if passed is not None and passed.own:
            continue  # the chart itself knows them
        if passed is not None and passed.besides and isinstance(value, Mapping):
            value = {key: below for key, below in value.items() if key not in passed.besides}
        if passed is not None and passed.text:
            value, wrong = texts.read(passed.text, value)
            found.extend(f"value {'.'.join(path)}: {message}" for message in wrong)
        if passed is not None and passed.type:
            found.extend(_told(path, error) for error in _typed(chart, passed.type).iter_errors(value))
            inside = _unknown(value, passed.type, told.types)
            unverified.extend(f"chart {chart}: {'.'.join((*path, *key))} unverified, {_NOBODY}" for key in inside)
        elif passed is not None:
            errors = _errors(passed, value, validator, whole=False)
            if errors is None:
                unverified.append(f"chart {chart}: {'.'.join(path)} unverified, no schema of {passed.kind} is at hand")
            found.extend(_told(path, *error) for error in errors or ())
        else:
            found.extend(_named(path, value, own, validator))
    for whole in told.wholes:
        parts = [text for path in whole.values for text in _meant(values, defaults, keys(path)) if text is not None]
        where = ", ".join(whole.values)
        found.extend(f"value {where}: {message}" for message in texts.leads(whole.text, parts, told.exports))
    return list(dict.fromkeys(found)), list(dict.fromkeys(unverified))


def _meant(values: Any, defaults: Any, path: Sequence[str]) -> Iterator[Any]:
    """Values at a path, and what the chart has there where nothing is said."""
    if not path:
        yield _merged(values, defaults)
        return
    own = values if isinstance(values, Mapping) else {}
    other = defaults if isinstance(defaults, Mapping) else {}
    for key in {**other, **own} if path[0] == "*" else (path[0],):
        if key in own or key in other:
            yield from _meant(own.get(key), other.get(key), path[1:])


def _merged(values: Any, defaults: Any) -> Any:
    """As Helm does it: mappings are laid over each other, a null takes away."""
    if values is None or not (isinstance(values, Mapping) and isinstance(defaults, Mapping)):
        return defaults if values is None else values
    both = {key: _merged(values.get(key), defaults.get(key)) for key in {**defaults, **values}}
    return {key: value for key, value in both.items() if not (key in values and values[key] is None)}


def _walk(value: Any, own: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Every value with its path and what the chart has there."""
    entries = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, below in entries:
        default = own.get(key) if isinstance(own, Mapping) else None
        yield (*path, str(key)), below, default
        yield from _walk(below, default, (*path, str(key)))


def _named(path: tuple[str, ...], value: Any, own: Any, validator: Validator) -> list[str]:
    for name, shape, places in NAMED:
        if not isinstance(value, shape) or not re.fullmatch(name, path[-1], re.IGNORECASE):
            continue
        if isinstance(value, dict):
            value = {key: below for key, below in value.items() if not (isinstance(own, Mapping) and key in own)}
        tried = [_errors(place, value, validator, whole=isinstance(value, list)) or [] for place in places]
        return [_told(path, *error) for error in min(tried, key=len)]
    return []


def _errors(passed: Passed, value: Any, validator: Validator, *, whole: bool) -> list[tuple[Any, int]] | None:
    """Errors in the value with how deep it stands, None without a schema. Where it is only a part of what will be
    there (not `whole`), nothing counts as missing."""
    api, _, kind = passed.kind.partition(" ")
    schema = validator(api, kind)
    if schema is None:
        return None
    at = [int(part) if part.isdigit() else part for part in passed.field.split(".") if part]
    body: Any = value
    for part in reversed(at):
        body = [body] if isinstance(part, int) else {part: body}
    body = {"apiVersion": api, "kind": kind, "metadata": {"name": "x"}, **body}
    return [
        (error, len(at))
        for error in schema.iter_errors(body)
        if list(error.absolute_path)[: len(at)] == at
        and (error.validator != "required" or (whole and len(error.absolute_path) > len(at)))
    ]


def _told(path: Sequence[str], error: Any, depth: int = 0) -> str:
    deepest = check_kinds.deepest(error)
    where = ".".join((*path, *(str(part) for part in list(deepest.absolute_path)[depth:])))
    return f"value {where}: {deepest.message[:200]}"


@cache
def _typed(chart: str, name: str) -> Any:
    from jsonschema import Draft202012Validator

    types = of_chart(chart).types
    definitions = {entry: _described(entry, types) for entry in types}
    return Draft202012Validator({**_schema(name, types), "$defs": definitions})


_NOBODY = "nothing here says what it may have"


def _unknown(value: Any, what: str, types: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Where a value has something of which only the name is known, or not even that: fields that are `unknown`."""
    if what == "unknown":
        yield ()
    elif what.endswith("[]"):
        entries: Any = enumerate(value) if isinstance(value, list) else ()
        yield from ((str(key), *path) for key, below in entries for path in _unknown(below, what.removesuffix("[]"), types))
    elif what.endswith("{}"):
        entries = value.items() if isinstance(value, Mapping) else ()
        yield from ((str(key), *path) for key, below in entries for path in _unknown(below, what.removesuffix("{}"), types))
    elif what in types and isinstance(value, Mapping):
        by = _by(what, types)
        if by is not None and f"{what}.{value.get(by)}" in types:
            what = f"{what}.{value[by]}"
        fields = _fields(what, types)
        wide = [(re.compile(_pattern(name)), inner) for name, inner in fields.items() if _WIDE.search(name)]
        for key, below in value.items():
            inner = fields.get(key) or next((inner for name, inner in wide if name.match(str(key))), "any")
            yield from ((str(key), *path) for path in _unknown(below, inner, types))


EMBEDS, KINDS = "embeds", "kinds"


def _by(name: str, types: Mapping[str, Any]) -> str | None:
    """The field whose value says which type it is."""
    return next(iter(types[name].get(KINDS, ())), None)


def _fields(name: str, types: Mapping[str, Any]) -> dict[str, str]:
    """Fields of a type to what they are, those of the types that it embeds among them."""
    said = types[name]
    found = {key: what for entry in said.get(EMBEDS, ()) for key, what in _fields(entry, types).items()}
    return found | {key: what for what, keys in said.items() if what not in (EMBEDS, KINDS) for key in keys}


def _described(name: str, types: Mapping[str, Any]) -> dict[str, Any]:
    fields, by = _fields(name, types), _by(name, types)
    plain = {
        "type": ["object", "null"],  # Helm takes a null as: without the chart's default
        "additionalProperties": False,
        "properties": {key: _schema(what, types) for key, what in fields.items() if not _WIDE.search(key)},
        "patternProperties": {_pattern(key): _schema(what, types) for key, what in fields.items() if _WIDE.search(key)},
    }
    if by is None:
        return plain
    kinds = [entry.removeprefix(f"{name}.") for entry in types if entry.startswith(f"{name}.")]

    def of(*values: str) -> dict[str, Any]:
        return {"properties": {by: {"enum": values}}, "required": [by]}

    told = [{"if": of(kind), "then": {"$ref": f"#/$defs/{name}.{kind}"}} for kind in kinds]
    return {"type": ["object", "null"], "allOf": [*told, {"if": of(*kinds), "else": plain}]}


_WIDE = re.compile(r"\*|^~")


def _pattern(name: str) -> str:
    plain = name.removeprefix("~").removesuffix("/*")
    pattern = "_?".join(plain) if name.startswith("~") else re.escape(plain).replace(re.escape("*"), ".+")
    return f"^{pattern}(/.+)?$" if name.endswith("/*") else f"^{pattern}$"


def _schema(what: str, types: Mapping[str, Any]) -> dict[str, Any]:
    if what.endswith("[]"):
        return {"type": ["array", "null"], "items": _schema(what.removesuffix("[]"), types)}
    if what.endswith("{}"):
        return {"type": ["object", "null"], "additionalProperties": _schema(what.removesuffix("{}"), types)}
    if what in ("any", "unknown"):
        return {}
    if what in types:
        return {"$ref": f"#/$defs/{what}"}
    if what == "scalar":
        return {"type": ["string", "boolean", "number", "null"]}
    if what in ("string", "boolean", "integer", "number"):
        return {"type": what}
    return {"enum": what.split("|")}
