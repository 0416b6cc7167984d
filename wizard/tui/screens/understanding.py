"""Understanding: search, comparison, history, bookmarks, pictures, help. Changes nothing by itself."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text
from textual import work
from textual.containers import VerticalScroll
from textual.widgets import Input, Static
from textual.widgets._toast import Toast, ToastHolder

from catalog.layers import NONE
from catalog.rules import PRIORITIES
from catalog.words import PRIORITY_TITLES
from wizard.session import Session
from wizard.tui.about import UNDOING, strengths
from wizard.tui.commands import COMMANDS, JUMPS, key_names
from wizard.tui.errands import Differs, FindDifferences
from wizard.tui.finding import Index, entries
from wizard.tui.prose import Kept, Prose
from wizard.tui.rows import Cell, Row
from wizard.tui.screens.above import Panel
from wizard.tui.screens.awaited import Awaited, AwaitedText
from wizard.tui.screens.explaining import Explaining
from wizard.tui.screens.general import Ask, Filled, Pick, Read, agreed
from wizard.tui.screens.picture import PictureScreen
from wizard.tui.screens.searching import Search
from wizard.tui.view import GLYPHS, WORDS, View

MOST_MARKS = 3

WINDOWS = Search, Awaited, AwaitedText, Ask, Panel, Input, Static, VerticalScroll, Toast, ToastHolder
"""What most windows are made of, so that the styles of all are read before the first opens."""


class Understanding(Explaining):
    """A part of the main screen."""

    _index: Index | None = None
    """What search finds."""

    def index(self) -> Index:
        """Everything that can be found; made while there is time, or when it is first asked for."""
        if self._index is None:
            self._index = Index(entries(self.wizard.catalog))
        return self._index

    # Comparison

    def action_mark(self) -> None:
        """Mark or unmark the option under the cursor."""
        key = self.under
        if key is None or key[0] != "option":
            return
        mark = (key[1], key[2])
        if mark in self.marks:
            self.marks -= {mark}
        else:
            same = {each for each in self.marks if each[0] == key[1]}
            if len(same) >= MOST_MARKS:
                self.notify("Three options at most: unmark one first.")
                return
            self.marks = frozenset({*same, mark})
        self.show()

    def action_compare(self) -> None:
        """The marked options side by side."""
        if len(self.marks) < 2:
            self.notify("Mark two or three options of a decision (m), then compare (=).")
            return
        view = self.view
        decision = next(iter(self.marks))[0]
        marked = [name for name in view.catalog.options[decision] if (decision, name) in self.marks]
        self.app.push_screen(Read(f"{view.words.decision(decision)}: side by side", Kept(comparison(view, decision, marked))))

    # History

    @work
    async def action_history(self) -> None:
        """Every state by the name of its change."""
        session = self.wizard.session
        here = len(session.past)
        rows = [Row(number, (Cell(" ●" if number == here else "", 4, "accent"), Cell(f"{number}", 5, "dim"),
                             Cell(step.name, 0, "dim" if number > here else "plain")))
                for number, step in enumerate(session.history)]
        picked = await self.app.push_screen_wait(Pick("History", rows, "Undone changes stand below the mark.", at=here))
        if isinstance(picked, int) and picked != here and await self._agreed(session, picked):
            self.wizard.put(session.travel(picked))

    async def _agreed(self, session: Session, place: int) -> bool:
        """A step is taken at once; several only after what would change was shown."""
        here = len(session.past)
        if abs(place - here) < 2:
            return True
        steps = session.history
        named = [step.name for step in (steps[place + 1:here + 1] if place < here else steps[here + 1:place + 1])]
        verb = "Undo" if place < here else "Redo"
        title = f"{verb} {len(named)} changes: {'; '.join(named[:6])}{' …' if len(named) > 6 else ''}"

        def fill(told: Differs) -> Filled:
            return agreed(told.lines if told.stand else ["Some of these answers are in conflict."], self.window)

        window = Awaited(title, FindDifferences(steps[place].answers), fill,
                         "Enter does it · Escape leaves all as it is", at="do")
        return await self.app.push_screen_wait(window) is not None

    def action_undo(self) -> None:
        """One change back."""
        session = self.wizard.session
        if session.past:
            self.notify(f"Undone: {session.current.name}")
        self.wizard.put(session.undo())

    def action_redo(self) -> None:
        """What was undone again."""
        session = self.wizard.session.redo()
        if session is not self.wizard.session:
            self.notify(f"Redone: {session.current.name}")
        self.wizard.put(session)

    @work
    async def action_bookmark(self) -> None:
        """Remember this state under a name."""
        name = await self.app.push_screen_wait(Ask(
            "Name this state", f"state {len(self.wizard.session.bookmarks) + 1}",
            check=lambda text: "" if text.strip() else "A name has at least one letter."))
        if name is not None:
            self.wizard.put(self.wizard.session.bookmark(name.strip()[:60]))
            self.notify(f"Bookmarked: {name.strip()[:60]}")

    @work
    async def action_bookmarks(self) -> None:
        """What differs between a bookmark and another, or now."""
        session = self.wizard.session
        if not session.bookmarks:
            self.notify("No bookmarks yet: B makes one.")
            return
        rows = [Row(step.name, (Cell(f" {step.name}", 0),)) for step in session.bookmarks]
        first = await self.app.push_screen_wait(Pick("Compare which bookmark?", rows))
        if first is None:
            return
        others = [Row("", (Cell(" what is decided now", 0),)), *(each for each in rows if each.key != first)]
        second = await self.app.push_screen_wait(Pick(f"Compare {first} with", others))
        if second is None:
            return
        kept = {step.name: step.answers for step in session.bookmarks}

        def fill(told: Differs | None) -> Text:
            if told is None:
                return Text("…", "dim")
            if not told.stand:
                return Text("One of them is in conflict, so there are no two designs to compare.")
            return Text("\n".join(told.lines) or "The completed designs are the same.")

        self.app.push_screen(AwaitedText(f"{first} → {second or 'now'}", FindDifferences(
            kept[str(second)] if second else session.answers, kept[str(first)]), fill))

    # Search, pictures, help

    @work
    async def action_search(self) -> None:
        """Find anything and go there."""
        found = await self.app.push_screen_wait(Search(self.view, self.index()))
        if found is not None:
            self.go(*found)

    def action_picture(self) -> None:
        """The architecture so far."""
        layer = self.page if self.page in self.wizard.catalog.layers else None
        self.app.push_screen(PictureScreen(layer))

    def action_help(self) -> None:
        """Every key."""
        self.app.push_screen(Read("Keys", help_text().drawn))


def comparison(view: View, decision: str, names: list[str]) -> Table:
    """A table with a column an option."""
    table = Table(expand=True, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("")
    for name in names:
        table.add_column(Text(view.words.component(name, decision)), ratio=1)

    def row(title: str, cells: list[str]) -> None:
        table.add_row(Text(title, "bold"), *(Text(cell) for cell in cells))

    row("state", [WORDS[view.shown(decision, name)] for name in names])
    for priority in PRIORITIES:
        cells = []
        for name in names:
            score = view.score(decision, name, priority)
            cells.append("–" if score is None else f"{'■' * score}{'□' * (4 - score)} {_because(view, decision, name, priority)}")
        row(PRIORITY_TITLES[priority], cells)
    row("good at", ["\n".join(f"+ {each}" for each in strengths(view, decision, name)[0]) for name in names])
    row("bad at", ["\n".join(f"- {each}" for each in strengths(view, decision, name)[1]) for name in names])
    known = view.catalog.components
    row("support until", [view.until(name) for name in names])
    row("stage", [view.ripeness(decision, name) for name in names])
    row("licence", [known[name].licence.spdx if name in known else "–" for name in names])
    row("undoing it", [f"{UNDOING[known[name].undo.how]}. {known[name].undo.because}" if name in known else "–"
                       for name in names])
    row("export", [known[name].support if name in known else "–" for name in names])
    return table


def _because(view: View, decision: str, name: str, priority: str) -> str:
    if name == NONE:
        ratings = view.catalog.absence(decision).ratings
        return next((rating.because for key, rating in ratings.items() if key == priority), "")
    found = view.catalog.components[name]
    ratings = {**found.ratings, **found.roles[decision].ratings}
    return next((rating.because for key, rating in ratings.items() if key == priority), "")


def help_text() -> Prose:
    """Every command by group, from the one list."""
    told = Prose()
    for group in dict.fromkeys(command.group for command in COMMANDS):
        told.head(group)
        for command in COMMANDS:
            if command.group == group:
                told.item(f"  {' '.join(key_names(command))}", f"{command.title}: {command.help}", wide=16)
        told.line()
    told.head("On the page")
    told.item("  Enter, Space", "Choose, take back, answer, go there; on something ruled out: the ways out", wide=16)
    told.item(f"  {JUMPS}", "The pages of the map, in order", wide=16)
    told.item("  Ctrl+P", "All commands by name", wide=16)
    told.item("  Mouse", "A click moves there, a second one chooses; keys in the footer can be clicked", wide=16)
    told.line()
    told.head("Marks")
    for shown, glyph in GLYPHS.items():
        told.item(f"  {glyph}", f"{WORDS[shown]}{', '.join(['', MEANS[shown]]) if shown in MEANS else ''}", wide=8)
    for glyph, word in (("○", "open"), ("●", "decided"), ("△", "warned"), ("+", "marked for comparison")):
        told.item(f"   {glyph}", word, wide=8)
    told.line()
    told.head("Columns")
    told.item("  undo", "Nothing where a choice can be undone in a running cluster; hard where the cluster has to be rebuilt; "
              "never", wide=16)
    told.item("  until", "When its support ends, as far as somebody named a day", wide=16)
    return told


MEANS = {"partly": "possible in some kinds of clusters only", "available": "as are all that have no other mark",
         "implied": "from the other answers", "excluded": "Enter shows the ways out"}
