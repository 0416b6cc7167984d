"""Understanding: why and what if, search, comparison, history, bookmarks, pictures, help. Changes nothing by itself."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text
from textual import work

from catalog.components import PRIORITIES
from catalog.layers import NONE
from catalog.reasons import Reason
from catalog.words import PRIORITY_TITLES, Words
from wizard import changes
from wizard.solver import ContextOption
from wizard.tui.commands import COMMANDS, JUMPS
from wizard.tui.effects import differences, effects
from wizard.tui.finding import Entry, entries
from wizard.tui.pages import usecase as usecase_page
from wizard.tui.pages.layer import strengths
from wizard.tui.rows import Cell, Row
from wizard.tui.screens.desk import Desk
from wizard.tui.screens.general import Ask, Pick, Read
from wizard.tui.screens.picture import PictureScreen
from wizard.tui.screens.searching import Search
from wizard.tui.view import View

MOST_MARKS = 3


class Understanding(Desk):
    """A part of the main screen."""

    def action_why(self) -> None:
        """The chain of reasons of what is under the cursor, and what choosing it would change."""
        key, view = self.under, self.view
        if key is None:
            return
        text = Text()
        title = "Why"
        if key[0] == "option":
            title = view.words.option((key[1], key[2]))
            self._why_option(view, key[1], key[2], text)
        elif key[0] == "question":
            title = view.catalog.questions[key[1]].title
            self._why_question(view, key[1], text)
        elif key[0] == "decision":
            title = view.words.decision(key[1])
            for component in view.catalog.options[key[1]]:
                if view.shown(key[1], component) in ("chosen", "implied", "recommended"):
                    self._why_option(view, key[1], component, text)
        elif key[0] == "rule":
            rule = view.words.rule(key[1])
            text.append(f"{rule.because}\n{rule.id}\n{rule.source}")
        else:
            return
        self.app.push_screen(Read(title, text))

    def _why_option(self, view: View, decision: str, component: str, text: Text) -> None:
        option = view.option(decision, component)
        shown = view.shown(decision, component)
        told = False
        for each in view.options(decision, component):
            for reason in view.space.why(each):
                tell(view.words, reason, text)
                told = True
        margin = view.margin(decision, component)
        if margin is not None:
            text.append("Recommended\n", "bold")
            text.append(f"  {view.words.margin(decision, component, margin)}\n\n")
            if margin.reason is not None:
                tell(view.words, margin.reason, text)
        if not told:
            said = {"chosen": "You chose it.", "rejected": "You rejected it."}.get(shown, "Nothing rules it out, and nothing "
                                                                                         "makes it follow.")
            text.append(f"{said}\n\n")
        if shown in ("available", "recommended", "partly") and view.space.stands:
            text.append("If you choose it\n", "bold")
            try:
                lines = effects(self.wizard.engine, view.space, changes.choose(view.words, option, view.space), view.words)
            except Exception as error:  # a preview must not end the session
                lines = [str(error)]
            for told_line in lines or ["nothing else changes"]:
                text.append(f"  {told_line}\n")
            text.append("\n")
        if shown == "excluded":
            text.append("Ways out (Enter on the option applies one)\n", "bold")
            for number, repair in enumerate(view.space.repairs(view.options(decision, component)[0]), 1):
                text.append(f"  {number}. {view.words.repair(repair)}\n")
            text.append("\n")
        if component != NONE:
            found = view.catalog.components[component]
            text.append("Ratings\n", "bold")
            for priority in PRIORITIES:
                rating = found.roles[decision].ratings.get(priority) or found.ratings.get(priority)
                if rating is not None:
                    text.append(f"  {PRIORITY_TITLES[priority]:<20} {rating.score} of 4  {rating.because}\n")
            text.append(f"\nRead in {found.documentation} on {found.checked}\n", "dim")

    def _why_question(self, view: View, question: str, text: Text) -> None:
        found = view.catalog.questions[question]
        text.append(f"{found.why}\n\n")
        for kind in usecase_page.kinds(view, found):
            for value in found.values:
                for reason in view.space.why(ContextOption(question, value.id, kind)):
                    text.append(f"{value.title}\n", "bold")
                    tell(view.words, reason, text)

    _every: Sequence[Entry] = ()
    """What search finds; made when it is first asked for."""

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
        self.app.push_screen(Compare(f"{view.words.decision(decision)}: side by side", comparison(view, decision, marked)))

    # History

    @work
    async def action_history(self) -> None:
        """Every state by the name of its change."""
        session = self.wizard.session
        here = len(session.past)
        rows = [Row(number, (Cell(" ▸ " if number == here else "   ", 4, "accent"), Cell(f"{number}", 5, "dim"),
                             Cell(step.name, 0, "dim" if number > here else "plain")))
                for number, step in enumerate(session.history)]
        picked = await self.app.push_screen_wait(Pick("History", rows, "Undone changes stand below the mark.", at=here))
        if isinstance(picked, int):
            self.wizard.put(session.travel(picked))

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
        engine, view = self.wizard.engine, self.view
        before, after = engine.space(kept[str(first)]), engine.space(kept[str(second)] if second else session.answers)
        text = Text()
        if before.stands and after.stands:
            found = differences(before.complete(), after.complete(), view.words)
            text.append("\n".join(found) if found else "The completed designs are the same.")
        else:
            text.append("One of them is in conflict, so there are no two designs to compare.")
        self.app.push_screen(Read(f"{first} → {second or 'now'}", text))

    # Search, pictures, help

    @work
    async def action_search(self) -> None:
        """Find anything and go there."""
        if not self._every:
            self._every = entries(self.wizard.catalog)
        found = await self.app.push_screen_wait(Search(self.view, self._every))
        if found is not None:
            self.go(*found)

    def action_picture(self) -> None:
        """The architecture so far."""
        layer = self.page if self.page in self.wizard.catalog.layers else None
        self.app.push_screen(PictureScreen(layer))

    def action_help(self) -> None:
        """Every key."""
        self.app.push_screen(Read("Keys", help_text()))


class Compare(Read):
    """Two or three options side by side."""

    def __init__(self, title: str, table: Table) -> None:
        super().__init__(title, Text())
        self._text = table  # type: ignore[assignment]


def tell(words: Words, reason: Reason, text: Text) -> None:
    """A whole chain with its sources."""
    text.append(f"{words.head(reason)}\n", "bold")
    for number, step in enumerate(words.steps(reason), 1):
        text.append(f"  {number}. {step.text}\n")
        if step.origin or step.source:
            read = f" (read {step.checked})" if step.checked else ""
            text.append(f"     {step.origin or step.source}{read}\n", "dim")
    text.append("\n")


def comparison(view: View, decision: str, names: list[str]) -> Table:
    """A table with a column an option."""
    table = Table(expand=True, show_lines=True)
    table.add_column("")
    for name in names:
        table.add_column(Text(view.words.component(name, decision)), ratio=1)

    def row(title: str, cells: list[str]) -> None:
        table.add_row(Text(title, "bold"), *(Text(cell) for cell in cells))

    row("state", [view.shown(decision, name) for name in names])
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
    row("maturity", [view.ripeness(decision, name) for name in names])
    row("licence", [known[name].licence.spdx if name in known else "–" for name in names])
    row("undoing it", [known[name].undo.how if name in known else "–" for name in names])
    row("export", [known[name].support if name in known else "–" for name in names])
    return table


def _because(view: View, decision: str, name: str, priority: str) -> str:
    if name == NONE:
        ratings = view.catalog.absence(decision).ratings
        return next((rating.because for key, rating in ratings.items() if key == priority), "")
    found = view.catalog.components[name]
    ratings = {**found.ratings, **found.roles[decision].ratings}
    return next((rating.because for key, rating in ratings.items() if key == priority), "")


def help_text() -> Text:
    """Every command by group, from the one list."""
    text = Text()
    for group in dict.fromkeys(command.group for command in COMMANDS):
        text.append(f"{group}\n", "bold")
        for command in COMMANDS:
            if command.group == group:
                keys = " ".join(_key(key) for key in command.keys.split(","))
                text.append(f"  {keys:<16}", "bold")
                text.append(f"{command.title}: {command.help}\n")
        text.append("\n")
    text.append("On the page\n", "bold")
    text.append("  Enter, Space     Choose, take back, answer, go there; on something ruled out: the ways out\n")
    text.append(f"  {' '.join(JUMPS)}\n                   The pages of the map, in order\n")
    text.append("  Ctrl+P           All commands by name\n\n")
    text.append("Marks\n", "bold")
    text.append("  (●) chosen  ( )★ recommended  ( ) possible  (=) follows  × ruled out  – rejected  (!) in conflict\n"
                "  (±) possible in some clusters only  ○ open  ● decided  △ warned\n")
    return text


def _key(key: str) -> str:
    names = {"question_mark": "?", "slash": "/", "equals_sign": "=", "exclamation_mark": "!", "backspace": "⌫"}
    return names.get(key, key.replace("ctrl+", "^"))


