"""A session: the answers now, every state before and after, bookmarks, and the file they belong to.

Frozen: whatever a person does is `apply(change) -> Session`. Holds nothing derived and knows no screens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from wizard.answers import Answers
from wizard.changes import Change


@dataclass(frozen=True)
class Step:
    """The answers after a change, and its name."""

    name: str
    answers: Answers

    @property
    def plain(self) -> dict[str, object]:
        """The answers as the data of a file. Not kept: a long session has thousands of steps."""
        from wizard.answers_dump import plain

        return plain(self.answers)


@dataclass(frozen=True)
class Session:
    """See the module."""

    current: Step
    past: tuple[Step, ...] = ()
    """Oldest first."""
    future: tuple[Step, ...] = ()
    """What was undone, the next to redo first."""
    bookmarks: tuple[Step, ...] = ()
    path: Path | None = None
    saved: Answers | None = None
    """What the file says, as far as this session knows; None before the first save."""
    faults: tuple[str, ...] = ()
    """What could not be understood of the file: writing it would lose these entries."""
    read_only: str = ""
    """Why the file must not be written."""

    @property
    def answers(self) -> Answers:
        """The answers now."""
        return self.current.answers

    @property
    def changed(self) -> bool:
        """Whether there is something that the file does not say."""
        return self.saved is None or self.current.plain != Step("", self.saved).plain

    def apply(self, change: Change) -> Session:
        """The session after a change; the same session when nothing changes by it."""
        made = Step(change.name, change.make(self.answers))
        if made.plain == self.current.plain:
            return self
        return replace(self, current=made, past=(*self.past, self.current), future=())

    def undo(self) -> Session:
        """One change back; the same session at the first state."""
        if not self.past:
            return self
        return replace(self, current=self.past[-1], past=self.past[:-1], future=(self.current, *self.future))

    def redo(self) -> Session:
        """What was undone again; the same session when nothing was."""
        if not self.future:
            return self
        return replace(self, current=self.future[0], past=(*self.past, self.current), future=self.future[1:])

    @property
    def history(self) -> tuple[Step, ...]:
        """Every state, oldest first, undone ones last."""
        return (*self.past, self.current, *self.future)

    def travel(self, place: int) -> Session:
        """The session at another place of its history."""
        steps = self.history
        return replace(self, current=steps[place], past=steps[:place], future=steps[place + 1:])

    def apart(self, cluster: str) -> Session:
        """The session with a cluster looked at alone (with nothing: none). No change: nothing is said by it."""
        if self.answers.apart == cluster:
            return self
        return replace(self, current=replace(self.current, answers=replace(self.answers, apart=cluster)))

    def bookmark(self, name: str) -> Session:
        """Remember the state now under a name; a bookmark of that name is replaced."""
        kept = tuple(entry for entry in self.bookmarks if entry.name != name)
        return replace(self, bookmarks=(*kept, Step(name, self.answers)))

    def filed(self, path: Path) -> Session:
        """The session after its answers were written."""
        return replace(self, path=path, saved=self.answers, faults=())


def begin(answers: Answers, name: str = "Begin", path: Path | None = None, *, saved: bool = False) -> Session:
    """A session that starts with these answers."""
    return Session(Step(name, answers), path=path, saved=answers if saved else None)
