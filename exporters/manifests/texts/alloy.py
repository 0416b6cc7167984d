"""Alloy: https://grafana.com/docs/alloy/latest/get-started/syntax/"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Read = dict[str, Any]

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


def read(text: str) -> Read:
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


def leads(texts: Sequence[str], exports: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What expressions read of components that are nowhere, or that have nothing of that name to be read."""
    held = [read(text) for text in texts]
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
