"""A dialogue: one session, lines in, lines out, and the file that keeps every answer. Knows no questions.

What a person types is an answer or a command. Commands are listed by `walk`; what is asked may have commands of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from catalog.catalog import Catalog
from catalog.errors import WizardError
from catalog.words import Words
from wizard.changes import Change
from wizard.drafts import replace_text
from wizard.effects import LARGE, differences, shaken
from wizard.session import Session
from wizard.solver import Engine, Space
from wizard.solver.changing import Unchangeable
from wizard.tui.thinking import Thoughts
from wizard.tui.view import View


class Place(NamedTuple):
    """Something that is asked."""

    what: str
    """question, decision, setting or part."""
    id: str


class Enough(Exception):
    """Somebody has had enough."""


class Back(Exception):
    """Back to what was asked before."""


class Again(Exception):
    """What is asked has to be asked anew."""


class Go(Exception):
    """Somebody wants to go elsewhere."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.place = place


Does = Callable[[str], None]
"""Carries out a command; given what was typed after its word."""


class Dialogue:
    """See the module. `read` asks for a line and raises EOFError at the end; `say` prints one."""

    def __init__(
        self, catalog: Catalog, session: Session, read: Callable[[str], str] = input, say: Callable[[str], None] = print,
    ) -> None:
        self.catalog = catalog
        self.session = session
        self.read = read
        self.say = say
        self.engine = Engine(catalog)
        self.kind: str | None = None
        """The kind of cluster that answers go to; None for all."""
        self.alone = ""
        """The cluster that is answered alone."""
        self.here: Place | None = None
        """What is asked now."""
        self.commands: Mapping[str, Does] = {}
        self.unkept = False
        """Whether the file does not say what was answered."""
        self._space: Space | None = None
        self._made_at: list[tuple[Place | None, str | None]] = []
        """Where each change of this dialogue was made, for undo."""
        self._written = _text(session.path)
        """What the file said when it was read or written last."""

    @property
    def space(self) -> Space:
        """The space of the answers now."""
        self.session = self.session.apart(self.alone)
        if self._space is None or self._space.answers is not self.session.answers:
            self._space = self.engine.space(self.session.answers)
            if self.kind not in self._space.kind_names:
                self.kind = None
        return self._space

    @property
    def view(self) -> View:
        """What the wizard's pages are made from, here with the whole design thought through."""
        space = self.space
        made = space.complete() if space.stands else None
        return View(self.session, space, Thoughts(space.answers, made=made, done=True, about=space.answers), self.kind)

    @property
    def words(self) -> Words:
        """Words that name clusters where there are several kinds."""
        return Words(self.catalog, {kind.name: kind.clusters for kind in self.space.kinds})

    # Lines in

    def line(self, text: str, own: Mapping[str, Does] | None = None) -> str:
        """What was typed that is no command; commands are carried out, those of what is asked before the general ones."""
        known = {**self.commands, **(own or {})}
        known |= {f":{word}": does for word, does in known.items()}
        while True:
            typed = self.read(text).strip()
            word, rest = _parted(typed)
            if word not in known:
                return typed
            known[word](rest)

    def text(self, text: str, own: Mapping[str, Does] | None = None) -> str:
        """A text that was typed, which may say anything: here a command stands after a colon, but for those of what is
        asked."""
        known = {**{f":{word}": does for word, does in self.commands.items()}, **(own or {})}
        while True:
            typed = self.read(text).strip()
            word, rest = (typed, "") if typed in known else _parted(typed)
            if word not in known or (rest and not word.startswith(":")):
                return typed
            known[word](rest)

    def numbers(
        self, names: Sequence[Sequence[str]], own: Mapping[str, Does] | None = None, *, several: bool = False,
        text: str = "Answer: ",
    ) -> list[int]:
        """What was picked of a list, from 0, by number or by one of its names; [] to go on."""
        known = {name.lower(): at for at, each in enumerate(names) for name in (*each, str(at + 1))}
        while True:
            parts = [part.strip().lower() for part in self.line(text, own).split(",") if part.strip()]
            if all(part in known for part in parts) and (several or len(parts) < 2):
                return [known[part] for part in parts]
            self.say(f"A number from 1 to {len(names)}, or a name{'; several with commas' if several else ''}. "
                     "h lists what else can be typed.")

    def agreed(self, question: str) -> bool:
        """Whether somebody says yes."""
        while True:
            typed = self.read(f"{question} (yes or no) ").strip().lower()
            if typed in ("y", "yes", "n", "no", ""):
                return typed in ("y", "yes")

    # Changes

    def consider(self, change: Change, about: str = "") -> bool:
        """Make a change; where much else would change with it, say that first. Whether it was made."""
        try:
            session = self.session.apply(change)
        except Unchangeable as error:
            self.say(f"{error}.")
            return False
        space = self.engine.space(session.answers)
        if self.space.stands and space.stands:
            made = self.space.complete()
            if len([each for each in shaken(made, space) if each != about]) >= LARGE:
                self.say(f"{change.name}. With it would change:")
                for told in differences(made, space.complete(), self.words):
                    self.say(f"  {told}")
                if not self.agreed("Do it?"):
                    return False
        return self.keep(change)

    def keep(self, change: Change) -> bool:
        """Make a change and write the file. Whether something changed."""
        try:
            made = self.session.apply(change)
        except Unchangeable as error:
            self.say(f"{error}.")
            return False
        if made is self.session:
            return False
        self.session = made
        self._made_at.append((self.here, self.kind))
        self.write()
        self.say(f"{change.name}.")
        conflict = self.space.conflict()
        if conflict is not None:
            self.say(self.words.conflict(conflict))
            self.say("u takes the last answer back.")
        return True

    def undo(self, _: str = "") -> None:
        """Take the last change back, and ask again where it was made."""
        if not self.session.past:
            self.say("There is nothing to undo.")
            return
        self.say(f"Undone: {self.session.current.name}.")
        self.session = self.session.undo()
        self.write()
        if self._made_at:
            place, self.kind = self._made_at.pop()
            if place is not None:
                raise Go(place)
        raise Again

    def redo(self, _: str = "") -> None:
        """Make again what was undone."""
        session = self.session.redo()
        if session is self.session:
            self.say("There is nothing to redo.")
            return
        self.session = session
        self._made_at.append((self.here, self.kind))
        self.write()
        self.say(f"Redone: {session.current.name}.")
        raise Again

    # The file

    def write(self) -> None:
        """Write the answers, comments kept; what cannot be written is said, and nothing is lost of the dialogue. What
        somebody else wrote meanwhile is left alone."""
        path = self.session.path
        assert path is not None
        if _text(path) != self._written:
            if not self.unkept:
                self.say(f"{path} was changed by somebody else meanwhile, and is left alone. "
                         "s overwrites it, s and a name saves under that.")
            self.unkept = True
            return
        self._put(path)

    def save(self, name: str) -> None:
        """Say where everything is kept; with a name, keep it there from now on."""
        path = Path(name).expanduser() if name else self.session.path
        assert path is not None
        if name and path != self.session.path and path.exists() and not self.agreed(f"{path} is there already. Overwrite it?"):
            return
        if not name and _text(path) not in (self._written, None) and not self.agreed(
                f"{path} was changed by somebody else. Overwrite it?"):
            return
        if self._put(path):
            self.say(f"Kept in {path}.")

    def _put(self, path: Path) -> bool:
        from wizard.answers_dump import dump

        try:
            text = dump(self.session.answers, _text(path) or "")
            replace_text(path, text)
        except (WizardError, OSError) as error:
            if not self.unkept:
                self.say(f"Not kept: {error}. Your answers are still here; s and a name saves them elsewhere.")
            self.unkept = True
            return False
        self.session = self.session.filed(path)
        self._written, self.unkept = text, False
        return True


def _text(path: Path | None) -> str | None:
    """What a file says; None where there is none."""
    try:
        return path.read_text("utf-8") if path is not None and path.exists() else None
    except (OSError, UnicodeDecodeError):
        return None


def _parted(typed: str) -> tuple[str, str]:
    """The word of a command and what follows it; `/x`, `?x` and `-x` need no blank."""
    if typed[:1] in ("/", "?", "-"):
        return typed[:1], typed[1:].strip()
    word, _, rest = typed.partition(" ")
    return word.lower(), rest.strip()
