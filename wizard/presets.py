"""Presets: use cases that come with the product, as answers files that say context and priorities and decide nothing.

A preset's first line, a comment, says what it is for.
"""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wizard.answers import Answers


class Preset(NamedTuple):
    """A use case to begin from."""

    name: str
    about: str
    path: Path


def presets() -> list[Preset]:
    """Every preset that there is, by name."""
    found = importlib.util.find_spec("samples")
    places = list(found.submodule_search_locations or ()) if found else []
    return [Preset(path.stem, path.read_text("utf-8").partition("\n")[0].removeprefix("# "), path)
            for place in places for path in sorted(Path(place).glob("presets/*.yaml"))]


def applied(answers: Answers, preset: Answers) -> Answers:
    """The answers with the use case of a preset: what it says replaces what was said, all else stays. Clusters are
    taken over only where there are none yet; a design that has no name of its own gets the preset's."""
    return replace(
        answers,
        name=preset.name if answers.name == "design" else answers.name,
        context={**answers.context, **preset.context},
        priorities=preset.priorities if preset.priorities.value else answers.priorities,
        clusters=answers.clusters or preset.clusters,
    )
