"""Vector: https://vector.dev/docs/reference/configuration/ and its language, https://vector.dev/docs/reference/vrl/"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from exporters.manifests.texts.fields import fields

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


def leads(held: Sequence[Any], exports: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Inputs that are no part of the configuration, and programs that do not hold together."""
    for config in held:
        parts = {**fields(config, "sources"), **fields(config, "transforms")}
        for name, part in {**fields(config, "transforms"), **fields(config, "sinks")}.items():
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
