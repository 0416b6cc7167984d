"""Deciding: what a chosen row does to the answers. Each change goes through the application's `apply` or `put`."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import cast

from rich.text import Text
from textual import on, work

from catalog.reasons import Option, Repair
from catalog.rules import PRIORITIES, Priority
from catalog.words import PRIORITY_TITLES, listed
from wizard import changes
from wizard.changes import Change
from wizard.effects import LARGE, shaken
from wizard.session import Session
from wizard.solver import Resolution, Space
from wizard.solver.changing import Unchangeable
from wizard.tui.errands import (
    Completed,
    Differs,
    FindCompletion,
    FindDifferences,
    FindOthers,
    FindWaysOut,
    Others,
    WaysOut,
)
from wizard.tui.rows import Cell, Row, Rows, line, long
from wizard.tui.screens.answering import Answering
from wizard.tui.screens.awaited import Awaited
from wizard.tui.screens.explaining import no_way
from wizard.tui.screens.general import Filled, Pick, agreed
from wizard.tui.screens.shaping import Shaping
from wizard.tui.view import View, plural


class Deciding(Answering, Shaping):
    """A part of the main screen."""

    @on(Rows.Chosen, "#page")
    def row_chosen(self, event: Rows.Chosen) -> None:
        """Enter, space or a second click on a row of the page."""
        key = cast("tuple[str, ...]", event.row.key)
        match key[0]:
            case "option":
                self._option(key[1], key[2])
            case "setting" if self.page == "review":
                self._to_setting(key[1])
            case "setting":
                self.set_setting(key[2])
            case "question" if self.page == "review":
                self.go(next(iter(self.wizard.catalog.layers)), ("question", key[1]))
            case "question":
                self.answer_question(key[1])
            case "name":
                self.name_design()
            case "priorities":
                self.order_priorities()
            case "cluster":
                self.edit_cluster(key[1])
            case "entry" if key[1] != "versions":
                self.edit_entry(key[1], int(key[2]))
            case "entry":
                self.fix_version()
            case "add" if key[1] == "versions":
                self.fix_version()
            case "add":
                self.edit_entry(key[1])
            case "add-cluster":
                self.add_cluster()
            case "repair":
                self._mend(cast(Repair, event.row.about), self.wizard.space, None)
            case "section":
                self._to_section(key[1])
            case "complete":
                self.action_complete()
            case "decision":
                self._to_decision(key[1])
            case "component" | "ageing":
                self._to_decision(next(iter(self.wizard.catalog.components[key[1]].roles)), key[1])

    def _to_decision(self, decision: str, component: str | None = None) -> None:
        options = self.wizard.catalog.options[decision]
        said = [name for name in options if self.view.shown(decision, name) in ("chosen", "implied", "recommended")]
        self.go(self.wizard.catalog.layer_of[decision],
                ("option", decision, component or (said[0] if said else options[0])))

    def _to_section(self, title: str) -> None:
        rows = self.query_one("#page", Rows)
        at = next(number for number, row in enumerate(rows.rows) if row.key is None and row.cells[0].text == title)
        rows.go(len(rows.rows) - 1)  # so that the head of the section comes to the top
        rows.go(at + 1)

    def _to_setting(self, setting: str) -> None:
        decision = self.wizard.catalog.setting_decision[setting]
        self.go(self.wizard.catalog.layer_of[decision], ("setting", decision, setting))

    def change(self, change: Change) -> bool:
        """Make a change and say so; a file that must not be written can still be thought about."""
        app = self.wizard
        try:
            done = app.apply(change)
        except Unchangeable as error:
            self.notify(str(error), severity="warning")
            return False
        if done:
            self._warn_of_conflict()
        return done

    def consider(self, change: Change, about: str = "") -> None:
        """Make a change; where much else would change with it, show that first. Compared is what the screen recommends
        now, so nothing is asked before that is known."""
        app, view = self.wizard, self.view
        try:
            session = app.session.apply(change)
        except Unchangeable as error:
            self.notify(str(error), severity="warning")
            return
        if session is app.session:
            return
        space = app.engine.space(session.answers)
        made = view.thoughts.made if view.certain else None
        if made is not None and space.stands and len([each for each in shaken(made, space) if each != about]) >= LARGE:
            self.show_first(session, space)
        else:
            self._take(session, space)

    @work
    async def show_first(self, session: Session, space: Space) -> None:
        """Say what else would change, and make the change only then."""
        before = self.wizard.session

        def fill(told: Differs) -> Filled:
            return agreed(told.lines, self.window)

        window = Awaited(session.current.name, FindDifferences(session.answers), fill,
                         "Enter does it · Escape leaves all as it is", at="do")
        if await self.app.push_screen_wait(window) and self.wizard.session is before:
            self._take(session, space)

    def _take(self, session: Session, space: Space) -> None:
        self.wizard.put(session, space)
        self._warn_of_conflict()

    def _warn_of_conflict(self) -> None:
        if not self.wizard.space.stands:
            self.notify("These answers cannot stand together now: ! shows the ways out, u takes it back.",
                        severity="warning")

    # Options

    def _option(self, decision: str, component: str) -> None:
        view = self.view
        option = view.option(decision, component)
        shown = view.shown(decision, component)
        if shown in ("chosen", "conflict"):
            self.change(changes.drop(view.words, option, view.space))
        elif shown == "rejected":
            self.notify("Rejected: x allows it again.")
        elif shown == "excluded" or "excluded" in view.states(decision, component):
            blocked = next(each for each in view.options(decision, component)
                           if view.space.state(each) == "excluded")
            self.ways_out(blocked, option)
        else:
            self.consider(changes.choose(view.words, option, view.space), decision)

    @work
    async def ways_out(self, blocked: Option, wanted: Option) -> None:
        """What would have to change for something that is ruled out; applies the way that is picked."""
        view = self.view
        space, words = view.space, view.words
        somewhere = [each for each in view.options(wanted.decision, wanted.component)
                     if space.state(each) != "excluded"] if wanted.kind is None else []
        found: list[WaysOut] = []

        def fill(told: WaysOut) -> Filled:
            found[:] = [told]
            return self._all_ways(view, told, somewhere)

        picked = await self.app.push_screen_wait(Awaited(
            f"Ways out: {words.option(wanted)}", FindWaysOut(blocked, wanted), fill,
            "Enter applies it · Escape leaves all as it is"))
        if isinstance(picked, int) and picked >= 0:
            self._mend(found[0].repairs[picked], space, wanted)
        elif picked == ("only",):
            change = changes.choose(words, somewhere[0], space)
            for where in somewhere[1:]:
                change = _both(change, changes.choose(words, where, space))
            self.consider(change, somewhere[0].decision)
        elif isinstance(picked, tuple):
            waiver = await self.accepted(picked[1])
            if waiver is not None:
                self.consider(_both(changes.waive(waiver), changes.choose(words, wanted, space)), wanted.decision)

    def _all_ways(self, view: View, told: WaysOut, somewhere: Sequence[Option]) -> Filled:
        """What is known by now of the ways out, in rows, and why they are needed; `somewhere` it can be chosen as it is."""
        words, text, rows = view.words, Text(), list[Row]()
        if told.reasons:
            text.append(f"{words.head(told.reasons[0])}\n", "bold")
            text.append(words.line(told.reasons[0]))
        if somewhere:
            clusters = {kind.name: kind.clusters for kind in view.space.kinds}
            places = listed([name for each in somewhere for name in clusters[each.kind or ""]])
            rows += long(("only",), " ●  ", f"Choose it only where it is possible: {places}", self.window)
        for number, repair in enumerate(told.repairs):
            rows += long(number, f" {number + 1}. ", words.repair(repair), self.window)
            for each in told.effects[number] if told.effects else ():
                rows += long(None, "       ", each, self.window, "dim")
        for rule in told.waivable:
            rows += long(("waive", rule), " △  ", f"Accept the risk, on the record: {words.rule(rule).because}", self.window,
                         "warn")
        if not rows:
            rows = [line(f"  {each}", "dim", -1) for each in wrap(no_way(view, told.reasons), self.window - 6)]
        return Filled(rows, text)

    def _mend(self, repair: Repair, space: Space, wanted: Option | None) -> None:
        facts = [change.cause for change in repair.changes if change.cause.kind == "fact"]
        if facts:
            self._to_facts(facts[0].kind_of_cluster)
            return
        if self.change(changes.mend(self.view.words, repair, space, wanted)):
            self.notify(f"Done: {self.view.words.repair(repair)}")

    def _to_facts(self, kind: str | None) -> None:
        """Where only a person can change something: the cluster that it is about, or what runs in it."""
        named = next((each.clusters for each in self.wizard.space.kinds if each.name == kind), ())
        known = [entry.cluster.name for entry in self.wizard.session.answers.clusters]
        name = next((each for each in named if each in known), None)
        self.go(next(iter(self.wizard.catalog.layers)), ("cluster", name) if name else ("add-cluster",))
        self.notify("This follows from clusters and workloads: change them here, then choose again.", timeout=10)

    def action_reject(self) -> None:
        """Say no to the option under the cursor, or allow it again."""
        key, view = self.under, self.view
        if key is None or key[0] != "option":
            return
        option = view.option(key[1], key[2])
        shown = view.shown(key[1], key[2])
        if shown in ("chosen", "conflict"):
            self.notify("Chosen: Enter takes the choice back first.")
        elif shown == "implied":
            self.notify("It follows from the answers: ? says from which. Change those first.")
        else:
            self.consider(changes.reject(view.words, option, view.space, add=shown != "rejected"), key[1])

    def action_unanswer(self) -> None:
        """Take back the answer under the cursor."""
        key, view = self.under, self.view
        if key is None:
            return
        before = self.wizard.session
        said = key[0] == "option" and any(key[2] in view.said(key[1], kind) for kind in view.kinds(key[1]))
        self._take_back(key, view)
        if self.wizard.session is before and not said and key[0] in ("option", "question", "setting", "priorities"):
            self.notify("Said for all clusters: c looks at all of them, then it can be taken back."
                        if self.kind is not None and key[0] == "setting" else "Nothing is answered here.")

    def _take_back(self, key: tuple[str, ...], view: View) -> None:
        if key[0] == "option":
            option = view.option(key[1], key[2])
            if view.rejected(key[1], key[2]):
                self.change(changes.reject(view.words, option, view.space, add=False))
            else:
                self.change(changes.drop(view.words, option, view.space))
        elif key[0] == "question":
            self.change(changes.answer(view.words, key[1], (), self.kind, view.space))
        elif key[0] == "setting" and len(key) == 3:
            self.change(changes.put(view.catalog, key[2], None, self.kind, view.space))
        elif key[0] == "priorities":
            self.change(changes.prioritise(()))
        elif key[0] == "cluster":
            self._remove_cluster(key[1])
        elif key[0] == "entry" and key[1] == "versions":
            self.unfix_version(int(key[2]))
        elif key[0] == "entry":
            self.remove_entry(key[1], int(key[2]))

    def action_pin(self) -> None:
        """Let no way out touch the answer under the cursor."""
        key, view = self.under, self.view
        if key is None or key[0] not in ("option", "question", "setting"):
            return
        subject = key[2] if key[0] == "setting" and len(key) == 3 else key[1]
        title = view.words.decision(subject) if key[0] == "option" else subject
        on = subject not in view.session.answers.pinned
        if self.change(changes.pin(title, subject, on=on)):
            self.notify(f"{title}: {'pinned, no way out will touch it' if on else 'no longer pinned'}")

    @work
    async def action_complete(self) -> None:
        """Choose what is recommended for all that is open, after a preview."""
        view = self.view
        if not view.space.stands:
            self.action_conflict()
            return
        found: list[Resolution] = []

        def fill(told: Completed) -> Filled:
            found[:] = [told.made]
            rows = self._rest(view, told.made)
            assumed = len({name for (name, _), value in told.made.context.items() if value.origin == "assumed"})
            about = f" What nobody said about the use case is assumed ({plural(assumed, 'answer')}): the review lists it." \
                if assumed else ""
            return Filled(rows or [line("  Nothing is open.", "dim", -1)], f"{plural(len(rows), 'choice')}.{about}")

        made = view.thoughts.made if view.certain else None
        now = fill(Completed(made)) if made is not None else None
        if now is not None and now.rows[0].key == -1:
            self.notify("Nothing is open.")
            return
        hint = "Enter takes them all · Escape leaves them open"
        window = Pick("Complete the rest", now.rows, now.text, hint=hint) if now is not None else \
            Awaited("Complete the rest", FindCompletion(), fill, hint)
        picked = await self.app.push_screen_wait(window)
        if picked is not None and picked != -1:
            self.change(changes.complete_rest(view.space, found[0]))

    def _rest(self, view: View, made: Resolution) -> list[Row]:
        """What would be chosen for all that is open."""
        alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for choice in made.choices:
            if choice.origin == "recommended" and choice.asked and choice.chosen:
                alike.setdefault((choice.decision, choice.chosen), []).append(choice.kind or "")
        rows: list[Row] = []
        for (decision, chosen), kinds in alike.items():
            names = ", ".join(view.words.component(name, decision) for name in chosen)
            place = f" ({listed(kinds)})" if kinds[0] and len(kinds) < len(view.space.kinds) else ""
            rows.append(Row((decision, kinds[0]), (
                Cell(" ★", 4, "accent"), Cell(view.words.decision(decision) + place, 38), Cell(names, 0, "mark"))))
        return rows

    @work
    async def action_alternatives(self) -> None:
        """Whole designs that are each the best for one priority; Enter takes what one has otherwise."""
        view, app = self.view, self.wizard
        if not view.space.stands:
            self.action_conflict()
            return
        found: list[Others] = []

        def fill(told: Others) -> Filled:
            found[:] = [told]
            return Filled(_designs(told) or [line(f"  {each}", "dim", -1) for each in wrap(
                "Whatever comes first, the design is the one that is recommended.", self.window - 6)],
                "Beside the recommended design: each is the best for one priority, and does without nothing that that one has.")

        picked = await self.app.push_screen_wait(Awaited(
            "Alternatives", FindOthers(len(PRIORITIES)), fill, "Enter takes it, after a preview · Escape leaves"))
        taken = next((other for told in found for other in told.others if other.first == picked), None)
        if taken is not None and taken.first is not None:
            session = app.session.apply(changes.take(
                f"Take the design for {PRIORITY_TITLES[taken.first]}", view.space, found[0].own, taken.resolution))
            if session is not app.session:
                self.show_first(session, app.engine.space(session.answers))

    def action_conflict(self) -> None:
        """Why the answers cannot stand."""
        if self.view.space.stands:
            self.notify("The answers can stand together.")
        else:
            self.go("review")


def _designs(told: Others) -> list[Row]:
    """Each design with what it has otherwise."""
    rows: list[Row] = []
    for other, lines in zip(told.others, told.lines, strict=True):
        first = cast(Priority, other.first)
        rows.append(Row(first, (Cell(" ★", 4, "accent"), Cell(f"{PRIORITY_TITLES[first]} first", 32),
                                Cell(plural(len(lines), "difference"), 0, "mark"))))
        rows += [line(f"      {each}", "dim") for each in lines[:5]]
        rows += [line(f"      … and {len(lines) - 5} more", "dim")] if len(lines) > 5 else []
    return rows


def _both(one: Change, other: Change) -> Change:
    return Change(f"{one.name}; {other.name}", lambda answers: other.make(one.make(answers)))
