"""Export from inside: targets, folder, a preview of what would be written, progress with cancel, then the tree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import get_current_worker

from catalog.catalog import Catalog
from catalog.errors import WizardError
from exporters.base import Stamp
from exporters.paths import OVERVIEW
from wizard.answers import Answers
from wizard.output import Plan
from wizard.session import Session
from wizard.tui.foot import Foot
from wizard.tui.rows import Cell, Row, Rows, line
from wizard.tui.screens.general import Ask
from wizard.tui.view import plural

if TYPE_CHECKING:
    from wizard.tui.app import WizardApp


class Cancelled(Exception):
    """Somebody changed their mind."""


class ExportScreen(Screen[None]):
    """See the module."""

    DEFAULT_CSS = """
    ExportScreen #caption { height: 1; background: $primary-background; color: $text; padding: 0 1; text-style: bold; }
    ExportScreen #state { height: auto; max-height: 6; padding: 0 1; border-top: solid $panel; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Back"), Binding("p", "preview", "Preview"), Binding("w", "write", "Write"),
        Binding("x", "cancel", "Cancel"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.only: tuple[str, ...] = ()
        self.folder = ""
        self.author = ""
        self.date = ""
        self.answers = True
        """Whether the answers are saved too."""
        self.progress: dict[str, str] = {}
        """Target to what it is at."""
        self.planned: Plan | None = None
        self.running = False
        self._stop = False

    @property
    def wizard(self) -> WizardApp:
        """The application."""
        return cast("WizardApp", self.app)

    def compose(self) -> ComposeResult:
        """Caption, rows, state."""
        yield Static("Export", id="caption")
        yield Rows(id="export")
        yield Static(id="state")
        yield Foot()

    def on_mount(self) -> None:
        """Everything is exported unless somebody chooses less."""
        from exporters.registry import names

        self.only = names()
        path = self.wizard.session.path
        self.folder = str(path.parent / "design") if path else "design"
        self._list()
        self._say("p shows what would be written; nothing is written before w.")
        self.query_one(Rows).focus()

    def _list(self) -> None:
        from exporters.registry import exporters

        rows: list[Row] = [line("Targets", "head")]
        for exporter in exporters():
            on = exporter.name in self.only
            rows.append(Row(("target", exporter.name), (
                Cell(" [x]" if on else " [ ]", 5, "good" if on else "plain"), Cell(exporter.title, 32),
                Cell(self.progress.get(exporter.name, ""), 0, "dim"))))
        rows.append(Row(("answers",), (
            Cell(" [x]" if self.answers else " [ ]", 5, "good" if self.answers else "plain"),
            Cell("The answers themselves", 32), Cell(str(self._answers_path()), 0, "dim"))))
        rows += [line(), line("Where and by whom", "head")]
        for key, title, value in (("folder", "Folder", self.folder), ("author", "Decision makers", self.author or "not named"),
                                  ("date", "Day of new records", self.date or "not named")):
            rows.append(Row((key,), (Cell("  ✎", 5, "accent"), Cell(title, 22), Cell(value, 0, "mark"))))
        rows += [line(), Row(("preview",), (Cell("  ▤", 5, "accent"), Cell("Preview", 0))),
                 Row(("write",), (Cell("  ●", 5, "good"), Cell("Write", 0)))]
        if self.planned is not None:
            rows += [line(), line(f"In {self.folder}", "head"), *tree(self.planned)]
        self.query_one(Rows).show(rows)

    def _look(self) -> None:
        """What there is to see of an export comes into sight, where there is no room for all of it."""
        rows = self.query_one(Rows)
        first = next((number for number, row in enumerate(rows.rows) if isinstance(row.key, tuple) and row.key[0] == "in"), 0)
        if first and len(rows.rows) > rows.size.height:
            rows.go(len(rows.rows) - 1)  # so that its head comes to the top
            rows.go(first)

    def _answers_path(self) -> Path:
        """Where the answers are saved: in their own file, else beside what is exported."""
        session = self.wizard.session
        if session.path is not None and not session.read_only:
            return session.path
        return Path(self.folder).expanduser() / "answers.yaml"

    def _at(self, name: str) -> None:
        """A target is being made: those before it are."""
        self.progress = dict.fromkeys(self.progress, "made") | {name: "being made …"}
        self._list()

    def _say(self, text: str, style: str = "") -> None:
        self.query_one("#state", Static).update(Text(text, style))

    @on(Rows.Chosen)
    def chosen(self, event: Rows.Chosen) -> None:
        """A target, a line, or a verb."""
        event.stop()
        key = cast("tuple[str, ...]", event.row.key)
        if key[0] == "target":
            from exporters.registry import names

            kept = set(self.only) ^ {key[1]}
            self.only = tuple(name for name in names() if name in kept)
            self.planned = None
            self._list()
        elif key[0] == "answers":
            self.answers = not self.answers
            self._list()
        elif key[0] in ("folder", "author", "date"):
            self.ask(key[0])
        elif key[0] == "preview":
            self.action_preview()
        elif key[0] == "write":
            self.action_write()

    @work
    async def ask(self, what: str) -> None:
        """One line."""
        titles = {"folder": "Export into which folder?", "author": "Who decides?", "date": "Which day? (2026-11-23)"}
        text = await self.app.push_screen_wait(Ask(titles[what], str(getattr(self, what)), check=_CHECKS.get(what, _fine)))
        if text is not None:
            setattr(self, what, text.strip())
            self.planned = None
            self._list()

    def action_preview(self) -> None:
        """What would be written, changed and left alone."""
        self._start(False)

    def action_write(self) -> None:
        """Write it."""
        self._start(True)

    def _start(self, writing: bool) -> None:
        if self.running:
            self.notify("Still at it; x cancels.")
        elif not self.only:
            self._say("Choose at least one target.")
        else:
            self.running, self._stop = True, False
            self.progress = {}
            self._export(writing)

    def action_cancel(self) -> None:
        """Stop before the next step; nothing is left half written."""
        if self.running:
            self._stop = True
            self._say("Stopping …")

    def action_back(self) -> None:
        """Back to the desk."""
        if self.running:
            self.action_cancel()
        else:
            self.app.pop_screen()

    @work(thread=True, group="export", exclusive=True)
    def _export(self, writing: bool) -> None:
        from exporters.registry import names
        from wizard.tui.making import Order, make, make_apart

        def step(what: str) -> None:
            if self._stop or get_current_worker().is_cancelled:
                raise Cancelled
            if "/" not in what:
                self.app.call_from_thread(self._at, what)
            self.app.call_from_thread(self._say, f"{'Writing' if '/' in what else 'Making'} {what} …  (x cancels)")

        app = self.wizard
        only = () if self.only == names() else self.only
        try:
            order = Order(as_filed(app.session, app.catalog), Path(self.folder).expanduser(), only,
                          Stamp(self.author, self.date), writing)
            source = app.source
            made = make_apart(source, order, step) if source is not None else make(app.catalog, order, step)
            planned = made.planned
        except Cancelled:
            app.call_from_thread(self._ended, None, "Cancelled; the folder is as it was.")
        except WizardError as error:
            app.call_from_thread(self._ended, None, str(error))
        except Exception as error:  # one exporter's fault must not end the session
            app.call_from_thread(self._ended, None, f"This export failed: {type(error).__name__}: {error}")
        else:
            counts = ", ".join(f"{planned.count(fate)} {fate}" for fate in ("new", "changed", "unchanged", "removed")
                               if planned.count(fate))
            missing = "".join(f"\n{each.path}: not made: {each.why}" for each in made.missing[:4])
            first = f" Begin with {Path(self.folder) / OVERVIEW}." if OVERVIEW in planned.fates else ""
            head, tail = ("Written", first) if writing else ("Would be", " w writes it.")
            told = f"{head}: {counts or 'nothing'}.{tail}{missing}"
            app.call_from_thread(self._ended, planned, told, writing)

    def _ended(self, planned: Plan | None, told: str, written: bool = False) -> None:
        self.running = False
        if written and self.answers and self.wizard.desk is not None:
            self.wizard.desk.keep_answers(self._answers_path())
        if self.is_mounted:
            self.planned = planned
            self.progress = {} if planned is None else dict.fromkeys(self.progress, "made")
            self._list()
            self._say(told)
            if planned is not None:
                self.call_after_refresh(self._look)


def as_filed(session: Session, catalog: Catalog) -> Answers:
    """The answers as the saved file will say them, line by line: records name lines, whoever exports."""
    from wizard.answers_dump import dump
    from wizard.answers_file import loads

    path = session.path
    before = path.read_text("utf-8") if path is not None and path.is_file() and not session.faults else ""
    return loads(dump(session.answers, before), catalog, path.name if path is not None else "answers.yaml")


def tree(planned: Plan) -> list[Row]:
    """Folders with their files, and what happens to each."""
    marks = {"new": ("+", "good"), "changed": ("~", "warn"), "unchanged": ("=", "dim"), "removed": ("-", "bad")}
    found: list[Row] = []
    folder = ""
    for path, fate in sorted(planned.fates.items()):
        place, _, name = path.rpartition("/")
        if place != folder:
            folder = place
            inside = [each for each in planned.fates if each.rpartition("/")[0] == place]
            found.append(Row(("in", place), (Cell("", 2), Cell(f"{place}/", 0, "head"),
                                                 Cell(plural(len(inside), "file"), 12, "dim"))))
        mark, style = marks[fate]
        found.append(Row(("file", path), (Cell(f"   {mark}", 6, style), Cell(name, 0, style), Cell(fate, 12, "dim"))))
    return found


def _fine(text: str) -> str:
    return ""


def _day(text: str) -> str:
    from datetime import date

    try:
        if text.strip():
            date.fromisoformat(text.strip())
    except ValueError:
        return "A day such as 2026-11-23, or nothing."
    return ""


def _folder(text: str) -> str:
    return "A folder has a name." if not text.strip() else "That is a file." if Path(text).expanduser().is_file() else ""


_CHECKS = {"date": _day, "folder": _folder}
