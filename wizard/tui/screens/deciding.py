"""Deciding: what a chosen row does to the answers. Each change goes through the application's `apply`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from rich.text import Text
from textual import on, work

from catalog.catalog import Catalog
from catalog.components import PRIORITIES, Priority
from catalog.conditions import Scalar
from catalog.layers import Question
from catalog.model import DnsLabel
from catalog.reasons import Option, Repair
from catalog.words import PRIORITY_TITLES, plain
from catalog.workloads import Cluster
from wizard import changes
from wizard.answers import Answers, ClusterAnswers
from wizard.changes import Change
from wizard.solver import ContextOption, Infeasible, SettingOption, Space, Target
from wizard.solver.changing import Unchangeable
from wizard.tui.effects import effects
from wizard.tui.pages import usecase as usecase_page
from wizard.tui.rows import Cell, Row, Rows, line
from wizard.tui.screens.desk import Desk
from wizard.tui.screens.general import Ask, Edit, Pick
from wizard.tui.view import View


class Deciding(Desk):
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
            case "cluster" | "text":
                self.edit_section("clusters" if key[0] == "cluster" else key[1])
            case "add-cluster":
                self.add_cluster()
            case "repair":
                self._mend(cast(Repair, event.row.about), self.wizard.space, None)
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
        if done and not app.space.stands:
            self.notify("These answers cannot stand together now: ! shows the ways out, u takes it back.",
                        severity="warning")
        return done

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
            self.change(changes.choose(view.words, option, view.space))

    @work
    async def ways_out(self, blocked: Target, wanted: Option | None) -> None:
        """What would have to change for something that is ruled out; applies the way that is picked."""
        view = self.view
        space, words = view.space, view.words
        found = space.why(blocked)
        repairs = space.repairs(blocked)
        text = Text()
        if found:
            text.append(f"{words.head(found[0])}\n" if isinstance(blocked, Option) else "", "bold")
            text.append(words.line(found[0]))
        rows: list[Row] = []
        for number, repair in enumerate(repairs):
            rows.append(Row(number, (Cell(f" {number + 1}.", 5, "accent"), Cell(words.repair(repair), 0, "plain"))))
            rows += [line(f"       {each}", "dim") for each in self._effects(
                changes.mend(words, repair, space, wanted), space)]
        if not rows:
            rows = [line("Nothing that is not pinned would help: the catalog rules it out by itself.", "dim", -1)]
        title = f"Ways out: {words.option(wanted)}" if wanted is not None else "Ways out"
        picked = await self.app.push_screen_wait(Pick(title, rows, text, "Enter applies it · Escape leaves all as it is"))
        if isinstance(picked, int) and picked >= 0:
            self._mend(repairs[picked], space, wanted)

    def _mend(self, repair: Repair, space: Space, wanted: Option | None) -> None:
        if self.change(changes.mend(self.view.words, repair, space, wanted)):
            self.notify(f"Done: {self.view.words.repair(repair)}")

    def _effects(self, change: Change, space: Space, most: int = 4) -> list[str]:
        """What else a change would change, in lines."""
        try:
            return effects(self.wizard.engine, space, change, self.view.words, most)
        except (Unchangeable, Infeasible) as error:
            return [str(error)]

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
            self.change(changes.reject(view.words, option, view.space, add=shown != "rejected"))

    def action_unanswer(self) -> None:
        """Take back the answer under the cursor."""
        key, view = self.under, self.view
        if key is None:
            return
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

    # Questions and settings

    @work
    async def answer_question(self, question: str) -> None:
        """Pick a value; one that is ruled out shows the ways out."""
        view = self.view
        found = view.catalog.questions[question]
        picked = await self.app.push_screen_wait(self._values(view, found))
        if picked is None:
            return
        if picked == "":
            self.change(changes.answer(view.words, question, (), self.kind, view.space))
            return
        said = usecase_page.said(view, found, usecase_page.kinds(view, found)[0])
        values: Sequence[str] = (str(picked),)
        if found.several:
            order = [value.id for value in found.values]
            kept = set(said) ^ {str(picked)}
            values = [value for value in order if value in kept]
        blocked = [ContextOption(question, value, kind) for kind in usecase_page.kinds(view, found) for value in values
                   if view.context[ContextOption(question, value, kind)] == "excluded"]
        if blocked and picked not in said:
            self.ways_out_context(blocked[0], values)
        else:
            self.change(changes.answer(view.words, question, values, self.kind, view.space))

    @work
    async def ways_out_context(self, blocked: ContextOption, values: Sequence[str]) -> None:
        """A value that the other answers rule out: mend those, or leave it."""
        view = self.view
        repairs = view.space.repairs(blocked)
        reason = view.space.why(blocked)
        rows = [Row(number, (Cell(f" {number + 1}.", 5, "accent"), Cell(view.words.repair(repair), 0)))
                for number, repair in enumerate(repairs)]
        rows.append(Row(-1, (Cell(" !", 5, "warn"), Cell("Say it nevertheless, and see the conflict", 0, "warn"))))
        title = f"“{view.words.value(blocked.question, blocked.value)}” does not fit the other answers"
        picked = await self.app.push_screen_wait(Pick(title, rows, view.words.line(reason[0]) if reason else ""))
        if not isinstance(picked, int):
            return
        said = changes.answer(view.words, blocked.question, values, self.kind, view.space)
        if picked < 0:
            self.change(said)
            return
        mended = changes.mend(view.words, repairs[picked], view.space)
        self.change(Change(f"{said.name}; {mended.name}", lambda answers: said.make(mended.make(answers))))

    def _values(self, view: View, question: Question) -> Pick:
        kinds = usecase_page.kinds(view, question)
        said = [usecase_page.said(view, question, kind) for kind in kinds]
        rows = []
        at = None
        for value in question.values:
            on = all(value.id in each for each in said)
            states = {view.context[ContextOption(question.id, value.id, kind)] for kind in kinds}
            note, style = "", "plain"
            if on:
                note, style, at = "answered", "good", value.id
            elif "excluded" in states:
                found = next((why[0] for kind in kinds if (why := view.space.why(
                    ContextOption(question.id, value.id, kind)))), None)
                note, style = f"ruled out: {view.words.line(found)}" if found else "ruled out", "dim"
            elif states == {"implied"}:
                note, style = "follows from the answers", "good"
            mark = "(●)" if on else " × " if style == "dim" else "( )"
            mark = mark.replace("(", "[").replace(")", "]").replace("●", "x") if question.several else mark
            wide = min(max(len(each.title) for each in question.values) + 2, 46)
            rows.append(Row(value.id, (Cell(f"{mark} ", 4, style), Cell(value.title, wide, style), Cell(note, 0, "dim"))))
        rows.append(Row("", (Cell(" ○ ", 4, "dim"), Cell("Leave it open", 0, "dim"))))
        return Pick(question.title, rows, question.why, at=at)

    @work
    async def set_setting(self, setting: str) -> None:
        """Offer steps and choices, and a line for another value."""
        view = self.view
        found = view.catalog.settings[setting]
        rows = []
        offered: Sequence[Scalar] = found.choices or found.steps or ((True, False) if found.type == "boolean" else ())
        kind = view.kinds(view.catalog.setting_decision[setting])[0]
        for value in offered:
            out = view.space.state(SettingOption(setting, value, kind)) == "excluded"
            rows.append(Row(("value", value), (
                Cell(" × " if out else "( ) ", 5, "dim" if out else "plain"),
                Cell(("yes" if value else "no") if isinstance(value, bool) else str(value), 20, "dim" if out else "plain"),
                Cell("ruled out by the other answers" if out else "", 0, "dim"))))
        if found.type not in ("boolean", "choice"):
            rows.append(Row(("other",), (Cell(" ✎", 5, "accent"), Cell("Another value", 0))))
        rows.append(Row(("default",), (Cell(" ○", 5, "dim"), Cell("Leave it at its default", 0, "dim"))))
        picked = cast("tuple[object, ...] | None", ("other",) if not offered else await self.app.push_screen_wait(
            Pick(found.title, rows, found.why)))
        if picked is None:
            return
        if picked[0] == "default":
            self.change(changes.put(view.catalog, setting, None, self.kind, view.space))
        elif picked[0] == "value":
            self._put(setting, cast(Scalar, picked[1]))
        else:
            said = view.space.setting_said(setting, view.space.scope(kind))
            now = str(said.value) if said is not None else found.placeholder or ""
            text = await self.app.push_screen_wait(Ask(
                found.title, now, found.why, lambda text: _problem(view.catalog, setting, text)))
            if text is not None:
                self._put(setting, _scalar(view.catalog, setting, text))

    def _put(self, setting: str, value: Scalar) -> None:
        view = self.view
        for kind in view.kinds(view.catalog.setting_decision[setting]):
            target = SettingOption(setting, value, kind)
            if view.space.stands and view.space.state(target) == "excluded":
                self.ways_out_setting(target, value)
                return
        self.change(changes.put(view.catalog, setting, value, self.kind, view.space))

    @work
    async def ways_out_setting(self, target: SettingOption, value: Scalar) -> None:
        """A value that the other answers rule out: mend those, or leave it."""
        view = self.view
        repairs, reason = view.space.repairs(target), view.space.why(target)
        rows = [Row(number, (Cell(f" {number + 1}.", 5, "accent"), Cell(view.words.repair(repair), 0)))
                for number, repair in enumerate(repairs)] or [line("Nothing that is not pinned would help.", "dim", -1)]
        picked = await self.app.push_screen_wait(Pick(
            f"{view.words.setting(target.setting)} cannot be {plain(value)}", rows,
            view.words.line(reason[0]) if reason else ""))
        if isinstance(picked, int) and picked >= 0:
            said = changes.put(view.catalog, target.setting, value, self.kind, view.space)
            mended = changes.mend(view.words, repairs[picked], view.space)
            self.change(Change(f"{said.name}; {mended.name}", lambda answers: said.make(mended.make(answers))))

    # The design itself

    @work
    async def name_design(self) -> None:
        """Name the design."""
        text = await self.app.push_screen_wait(Ask(
            "What is this design called?", self.view.session.answers.name,
            "Lower-case letters, digits and hyphens; a letter first.", _label_problem))
        if text is not None:
            self.change(changes.rename(text))

    @work
    async def order_priorities(self) -> None:
        """Pick priorities one after the other, the first matters most."""
        order: list[Priority] = []
        while True:
            rows = [Row(priority, (Cell(f" {len(order) + 1}.", 5, "accent"), Cell(PRIORITY_TITLES[priority], 0)))
                    for priority in PRIORITIES if priority not in order]
            rows.append(Row("", (Cell(" ●", 5, "good"), Cell("That is all; the rest as usual", 0))))
            told = ", ".join(PRIORITY_TITLES[priority] for priority in order)
            picked = await self.app.push_screen_wait(Pick("What matters most?" if not order else "And then?", rows, told))
            if picked is None:
                return
            if picked == "":
                break
            order.append(cast(Priority, picked))
            if len(order) == len(PRIORITIES):
                break
        self.change(changes.prioritise(order))

    @work
    async def add_cluster(self) -> None:
        """Add a cluster by name; its facts are questions like any other."""
        answers = self.view.session.answers
        names = [entry.cluster.name for entry in answers.clusters]

        def check(text: str) -> str:
            return f"There is a cluster {text} already." if text in names else _label_problem(text)

        text = await self.app.push_screen_wait(Ask("What is the cluster called?", "" if names else "prod", "", check))
        if text is not None:
            made = ClusterAnswers(Cluster(name=text), changes.ORIGIN)
            self.change(Change(f"Add the cluster {text}", lambda before: _with_clusters(
                before, (*before.clusters, made))))

    def _remove_cluster(self, name: str) -> None:
        self.change(Change(f"Remove the cluster {name}", lambda before: _with_clusters(
            before, tuple(entry for entry in before.clusters if entry.cluster.name != name))))

    @work
    async def edit_section(self, section: str) -> None:
        """Edit one part of the answers as text."""
        from wizard.tui.sections import merged, section_text

        app = self.wizard
        answers = app.session.answers
        text = await self.app.push_screen_wait(Edit(
            usecase_page.SECTIONS[section], section_text(answers, section),
            lambda text: merged(answers, section, text, app.catalog)[1]))
        if text is not None:
            made, _ = merged(answers, section, text, app.catalog)
            if made is not None:
                self.change(changes.replaced(f"Edit {usecase_page.SECTIONS[section].lower()}", made))

    @work
    async def action_edit_text(self) -> None:
        """All answers as text."""
        from wizard.answers_dump import dump
        from wizard.tui.sections import whole

        app = self.wizard
        text = await self.app.push_screen_wait(Edit(
            "All answers", dump(app.session.answers), lambda text: whole(text, app.catalog)[1]))
        if text is not None:
            made, _ = whole(text, app.catalog)
            if made is not None:
                self.change(changes.replaced("Edit the answers as text", made))

    @work
    async def action_complete(self) -> None:
        """Choose what is recommended for all that is open, after a preview."""
        view = self.view
        if not view.space.stands:
            self.action_conflict()
            return
        made = view.space.complete()
        rows: list[Row] = []
        for choice in made.choices:
            if choice.origin == "recommended" and choice.asked and choice.chosen:
                names = ", ".join(view.words.component(name, choice.decision) for name in choice.chosen)
                place = f" ({choice.kind})" if choice.kind and len(view.space.kinds) > 1 else ""
                rows.append(Row((choice.decision, choice.kind), (
                    Cell(" ★", 4, "accent"), Cell(view.words.decision(choice.decision) + place, 34), Cell(names, 0, "mark"))))
        if not rows:
            self.notify("Nothing is open.")
            return
        picked = await self.app.push_screen_wait(Pick(
            f"Complete the rest: {len(rows)} choices", rows, hint="Enter takes them all · Escape leaves them open"))
        if picked is not None:
            self.change(changes.complete_rest(view.space, made))

    def action_conflict(self) -> None:
        """Why the answers cannot stand."""
        if self.view.space.stands:
            self.notify("The answers can stand together.")
        else:
            self.go("review")


def _with_clusters(answers: Answers, clusters: tuple[ClusterAnswers, ...]) -> Answers:
    from dataclasses import replace

    return replace(answers, clusters=clusters)


def _label_problem(text: str) -> str:
    from pydantic import TypeAdapter, ValidationError

    try:
        TypeAdapter(DnsLabel).validate_python(text)
    except ValidationError:
        return "Lower-case letters, digits and hyphens, a letter first, 63 at most."
    return ""


def _scalar(catalog: Catalog, setting: str, text: str) -> Scalar:
    type_ = catalog.settings[setting].type
    return int(text) if type_ in ("integer", "percent") and text.strip().lstrip("-").isdigit() else text.strip()


def _problem(catalog: Catalog, setting: str, text: str) -> str:
    try:
        catalog.settings[setting].check(_scalar(catalog, setting, text))
    except ValueError as error:
        return str(error)
    return ""


