"""What is possible under the answers of the last few changes: found once, also for somebody who goes back and forth."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.answers import Answers
    from wizard.solver import Engine, Space

BACK = 8
"""Answers for which it is kept: undo and redo are pressed some times in a row."""


class Spaces:
    """See the module. Lets go of what belongs to a formula that is not in use any more: it is large."""

    def __init__(self) -> None:
        self._kept: list[Space] = []
        """The newest first."""

    def of(self, engine: Engine, answers: Answers, made: Space | None = None) -> Space:
        """What is possible under answers; `made` where somebody has found it already."""
        space = made or next((each for each in self._kept if each.answers is answers), None) or engine.space(answers)
        others = (each for each in self._kept if each.answers is not answers and each.machine is space.machine)
        self._kept = [space, *others][:BACK]
        return space

    def __contains__(self, space: object) -> bool:
        """Whether it is kept."""
        return any(each is space for each in self._kept)
