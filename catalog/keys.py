"""What an unknown key of a file was most likely meant to be, told from the models that the file is read into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from catalog.faults import did_you_mean
from catalog.phrases import listed

Place = tuple[str | int, ...]


def meant(key: str, model: type[BaseModel], place: Place, extra: Sequence[str]) -> str:
    """A clause to append to a message about `key`, found at `place` in what should be a `model`: ' (did you mean X?)' for
    a key known there, else ' (it belongs under X)', else the keys that are known there. `extra` are keys that the file may
    hold beside it."""
    here = _models_at(model, place)
    own = dict.fromkeys([*(name for each in here for name in _fields(each)), *(extra if not place else ())])
    guess = did_you_mean(key, own)
    if guess:
        return guess
    ways = sorted((len(way), ".".join(way)) for each in here for way in _ways_to(key, each))
    return f" (it belongs under {ways[0][1]!r})" if ways else _takes(own)


def takes(model: type[BaseModel], place: Place) -> str:
    """A clause with the keys that the mapping at `place` in a `model` takes: '; it takes the keys at-least and at-most'."""
    here = [each for each in _models_at(model, place) if each is not model or not place]
    return _takes(name for each in here for name in _fields(each))


_FEW = 12
"""More keys than these are for the reference, not for a line."""


def _takes(keys: Iterable[str]) -> str:
    names = list(dict.fromkeys(keys))
    return f"; it takes the key{'s' * (len(names) > 1)} {listed(names)}" if 0 < len(names) <= _FEW else ""


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {info.alias or name: info.annotation for name, info in model.model_fields.items()}


def _within(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation holds (`tuple[Pool, ...]`, `Ranges | None`)."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _within(part)


def _models_at(model: type[BaseModel], place: Place) -> list[type[BaseModel]]:
    """The models whose keys may stand at a place; numbers of list entries and branches of unions lead nowhere else."""
    here = [model]
    for part in place:
        below = [each for held in here for each in _within(_fields(held).get(str(part)))]
        here = below or here
    return here


def _ways_to(key: str, model: type[BaseModel], seen: frozenset[type[BaseModel]] = frozenset()) -> Iterator[tuple[str, ...]]:
    """How to get from a model to where a key of this very name is known, by the keys on the way."""
    for name, annotation in _fields(model).items():
        for below in _within(annotation):
            if below not in seen:
                if key in _fields(below):
                    yield (name,)
                yield from ((name, *way) for way in _ways_to(key, below, seen | {model}))
