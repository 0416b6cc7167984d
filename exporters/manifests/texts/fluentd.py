"""Fluentd: https://docs.fluentd.org/configuration/config-file"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Read = dict[str, Any]


def read(text: str) -> Read:
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


def leads(texts: Sequence[str], exports: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Labels that events are sent to and that nothing has."""
    held = [read(text) for text in texts]
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
