"""Filing: opening, saving, exporting, leaving. Nothing is overwritten unasked, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from catalog.errors import WizardError
from wizard.drafts import forget, left, recover, replace_text, sweep
from wizard.opening import open_file, understood, unreadable
from wizard.session import Session
from wizard.tui.glimpse import Glimpse, Seen
from wizard.tui.rows import Cell, Row, line, long
from wizard.tui.screens.desk import Desk
from wizard.tui.screens.editing import Edit
from wizard.tui.screens.exporting import ExportScreen
from wizard.tui.screens.general import Ask, Pick
from wizard.tui.view import plural

if TYPE_CHECKING:
    from wizard.tui.outline import Outline


class Filing(Desk):
    """A part of the main screen."""

    # Opening

    def opened(self) -> None:
        """A file was named: look at its faults, and for what an earlier session left of it."""
        path = self.wizard.session.path
        if path is not None and not self.wizard.draft.others():
            sweep(path)
        if self.wizard.session.read_only:
            self.notify(f"{self.wizard.session.read_only}. Nothing will be written to it.", severity="warning", timeout=10)
        if self.wizard.session.faults:
            self.look_at_faults()
        else:
            self._offer_draft()

    @work
    async def _offer_draft(self) -> None:
        app = self.wizard
        path = app.session.path
        mine = [entry for entry in left(app.state)
                if entry.changed and entry.path is not None and path is not None and entry.path == path.resolve()]
        if not mine:
            return
        rows = [
            Row("draft", (Cell(" ●", 4, "good"), Cell(f"Continue where it stopped, after: {mine[0].change}", 0))),
            Row("file", (Cell(" ▤", 4, "accent"), Cell("Take the file as it is (the draft is kept)", 0))),
            Row("drop", (Cell(" ×", 4, "dim"), Cell("Take the file as it is and drop the draft", 0))),
        ]
        picked = await self.app.push_screen_wait(Pick("An earlier session on this file was not saved", rows))
        if picked == "draft":
            try:
                app.put(recover(mine[0], app.catalog))
                forget(mine[0])
            except (WizardError, OSError, ValueError) as error:
                self.notify(f"The draft cannot be read any more: {error}", severity="error")
        elif picked == "drop":
            forget(mine[0])

    @work
    async def look_at_faults(self) -> None:
        """Faults of the file at their lines: fix each in the text, discard its entry, or go on without all of them."""
        app = self.wizard
        path = app.session.path
        assert path is not None
        text: str | None = None
        dropped: set[str] = set()
        while faults := app.session.faults:
            rows = [row for number, fault in enumerate(faults) for row in long(number, " ! ", fault, self.window, "bad")]
            rows += [line(), Row("all", (Cell(" ×", 3, "warn"), Cell("Go on without all of these entries", 0)))]
            told = f"{plural(len(faults), 'fault')} in {path.name}; the file stays as it is until you save."
            picked = await self.app.push_screen_wait(Pick(
                "This file cannot be understood as a whole", rows, told,
                "Enter on a fault fixes or discards it · Escape goes on"))
            if not isinstance(picked, int):
                return
            rows = [Row("fix", (Cell(" ✎", 4, "accent"), Cell("Fix it in the text", 0))),
                    Row("drop", (Cell(" ×", 4, "warn"), Cell("Discard this entry", 0)))]
            way = await self.app.push_screen_wait(Pick(faults[picked], rows))
            if way == "fix":
                text = await self._fix(path, faults[picked], text) or text
                if text is not None:
                    fixed = understood(text, path, app.catalog).session
                    left = tuple(each for each in fixed.faults if _what(each, path) not in dropped)
                    app.put(Session(fixed.current, path=path, faults=left))
            elif way == "drop":
                dropped.add(_what(faults[picked], path))
                app.put(replace(app.session, faults=(*faults[:picked], *faults[picked + 1:])))

    async def _fix(self, path: Path, fault: str, text: str | None) -> str | None:
        """The text of the file with something mended; what is still wrong with it is listed again."""
        try:
            now = text if text is not None else path.read_text("utf-8", errors="replace")
        except OSError as error:
            self.notify(f"{path.name}: {error.strerror}", severity="error")
            return None
        place = fault.removeprefix(f"{path.name}:").partition(":")[0]
        return await self.app.push_screen_wait(Edit(
            f"{path.name} (nothing is written before you save)", now, lambda text: unreadable(text, path),
            self.wizard.session.faults, int(place) if place.isdigit() else 1))

    def keep_glimpse(self, kept: Callable[[Path], Seen]) -> None:
        """Keep the first page for the next start, where the session says what its file says; and once that of any design,
        for files that were not seen before."""
        session, size = self.wizard.session, self.app.size
        with suppress(OSError):
            seen = kept(session.path or Path("answers.yaml"))
            if not seen.knows(size) and (outline := self.outline()) is not None:
                seen.keep_outline(outline, size)
        if session.path is None or session.changed or session.faults or session.read_only:
            return
        with suppress(OSError):
            seen = kept(session.path)
            about = seen.about(size)
            if seen.recall(size) is None and not self.foreign(session):
                seen.keep(self.glimpse(), size, about)

    def glimpse(self) -> Glimpse:
        """The first page with all that can be read on it."""
        raise NotImplementedError

    def outline(self) -> Outline | None:
        """The first page of a design of which nothing is said; None where it needs more than a form."""
        raise NotImplementedError

    # Saving

    def action_save(self) -> None:
        """Write answers.yaml."""
        session = self.wizard.session
        if session.read_only or session.path is None:
            self.action_save_as()
        elif session.faults or self.foreign(session):
            self.confirm_save()
        else:
            self._write(session.path)

    def foreign(self, session: Session) -> bool:
        """Whether somebody changed the file since this session read or wrote it."""
        assert session.path is not None
        if not session.path.exists() or session.saved is None:
            return session.path.exists() and session.saved is None
        now = open_file(session.path, self.wizard.catalog).session
        from wizard.answers_dump import plain

        return plain(now.answers) != plain(session.saved)

    def keep_answers(self, path: Path) -> None:
        """Save the answers beside what was exported; what somebody else wrote there is left alone, and that is said."""
        session = self.wizard.session
        if not session.changed and session.path == path:
            return
        if session.faults or (self.foreign(session) if session.path == path else path.exists()):
            self.notify(f"{path} says something else and was left as it is; s saves the answers.", severity="warning")
        else:
            self._write(path)

    @work
    async def confirm_save(self) -> None:
        """The file says something that this session does not know."""
        session = self.wizard.session
        assert session.path is not None
        why = "Saving drops the entries with faults." if session.faults else \
            "The file was changed by somebody else, or was there before this design."
        rows = [Row("over", (Cell(" !", 4, "warn"), Cell(f"Overwrite {session.path.name}", 0))),
                Row("as", (Cell(" ▤", 4, "accent"), Cell("Save under another name", 0)))]
        picked = await self.app.push_screen_wait(Pick("Overwrite?", rows, why, at="as"))
        if picked == "over":
            self._write(session.path)
        elif picked == "as":
            self.action_save_as()

    @work
    async def action_save_as(self) -> None:
        """Write the answers to a file that is named."""
        session = self.wizard.session
        before = str(session.path) if session.path and not session.read_only else _free()
        text = await self.app.push_screen_wait(Ask(
            "Save under which name?", before, session.read_only,
            lambda text: "A file has a name." if not text.strip() or Path(text).is_dir() else
            "That file is read-only." if session.read_only and session.path and Path(text) == session.path else ""))
        if text is None:
            return
        path = Path(text).expanduser()
        if path.exists() and path != session.path:
            rows = [Row("over", (Cell(" !", 4, "warn"), Cell(f"Overwrite {path.name}", 0))),
                    Row("leave", (Cell(" ×", 4, "dim"), Cell("Leave it", 0)))]
            if await self.app.push_screen_wait(Pick(f"{path.name} is there already", rows, at="leave")) != "over":
                return
        self._write(path)

    def _write(self, path: Path) -> bool:
        from wizard.answers_dump import dump

        app = self.wizard
        try:
            before = path.read_text("utf-8") if path.exists() and not app.session.faults else ""
            replace_text(path, dump(app.session.answers, before))
        except (WizardError, OSError, UnicodeDecodeError) as error:
            self.notify(f"Not saved: {error}", severity="error", timeout=10)
            return False
        app.put(app.session.filed(path))
        self.notify(f"Saved {path.name}")
        return True

    # Exporting and leaving

    def action_export(self) -> None:
        """Write the design into a folder."""
        if not self.view.space.stands:
            self.notify("A design in conflict cannot be exported: ! shows the ways out.", severity="warning")
            return
        self.app.push_screen(ExportScreen())

    def action_quit(self) -> None:
        """Leave; what was not saved is kept."""
        session = self.wizard.session
        if session.changed and session.past:
            self.ask_leaving()
        else:
            self.wizard.leave(discard=True)

    @work
    async def ask_leaving(self) -> None:
        """Save, keep as a draft, or drop."""
        rows = [Row("save", (Cell(" ▤", 4, "accent"), Cell("Save and leave", 0))),
                Row("keep", (Cell(" ●", 4, "good"), Cell("Leave; the next start offers to continue", 0))),
                Row("drop", (Cell(" ×", 4, "warn"), Cell("Leave and forget what was not saved", 0)))]
        picked = await self.app.push_screen_wait(Pick("Not saved yet", rows, at="keep"))
        app = self.wizard
        if picked == "save":
            if app.session.path is None or app.session.read_only:
                self.action_save_as()
            elif self._write(app.session.path):
                app.leave(discard=True)
        elif picked in ("keep", "drop"):
            app.leave(discard=picked == "drop")


def _free() -> str:
    """A name for a file that is not there yet: sessions in one folder do not take each other's."""
    names = ("answers.yaml", *(f"answers-{number}.yaml" for number in range(2, 100)))
    return next((name for name in names if not Path(name).exists()), "answers.yaml")


def _what(fault: str, path: Path) -> str:
    """A fault without its line, which moves as the text is mended."""
    return fault.removeprefix(f"{path.name}:").partition(": ")[2]
