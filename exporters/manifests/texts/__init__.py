"""Configurations that stand as a text in a value: each is read into plain mappings, and what leads nowhere in it is told.

Readers raise ValueError for what is not of their language. They know its form alone; which names it has is said by the
files in `passed/`. A block that may come several times is a list, one with a label of its own stands under its label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from exporters.manifests.texts import alloy, collector, fluent_bit, fluentd, vector


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


def _toml(text: str) -> Any:
    import tomllib

    return tomllib.loads(text)


def _yaml(text: str) -> Any:
    return yaml.load(text, yaml.CSafeLoader)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "TOML": _toml, "YAML": _yaml, "Fluent Bit": fluent_bit.read, "Fluentd": fluentd.read, "Alloy": alloy.read,
}
_LEADS: Mapping[str, Callable[[Sequence[Any], Mapping[str, Sequence[str]]], Iterator[str]]] = {
    "Fluent Bit": fluent_bit.leads, "Fluentd": fluentd.leads, "Alloy": alloy.leads, "Collector": collector.leads,
    "Vector": vector.leads,
}
