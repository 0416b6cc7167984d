"""Shaping the design itself: its name, priorities, clusters, workloads, systems outside, accepted risks, versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from textual import work

from catalog.design import Waiver
from catalog.rules import PRIORITIES, Priority
from catalog.words import PRIORITY_TITLES, listed
from catalog.workloads import Cluster
from wizard import changes
from wizard.answers import Answers, ClusterAnswers
from wizard.answers_file import WaiverEntry, load
from wizard.changes import Change
from wizard.drafts import said_here
from wizard.entries import LABEL, MEANS, MODELS, ONE, apart, entry_title, held, label_problem, offers, with_entry
from wizard.fields import fields, titled
from wizard.kinds import kinds
from wizard.presets import applied
from wizard.tui.errands import Differs, FindEffects
from wizard.tui.rows import Cell, Row
from wizard.tui.screens.awaited import Awaited
from wizard.tui.screens.beginning import PRESETS, PRESETS_ABOUT, preset_rows
from wizard.tui.screens.desk import Desk
from wizard.tui.screens.editing import Edit
from wizard.tui.screens.forms import Form
from wizard.tui.screens.general import Ask, Filled, Pick, agreed
from wizard.tui.view import View


class Shaping(Desk):
    """A part of the main screen."""

    @work
    async def name_design(self) -> None:
        """Name the design."""
        text = await self.app.push_screen_wait(Ask(
            "What is this design called?", self.view.session.answers.name,
            LABEL, label_problem))
        if text is not None:
            self.change(changes.rename(text))

    @work
    async def order_priorities(self) -> None:
        """Pick priorities one after the other, the first matters most."""
        order: list[Priority] = []
        while True:
            rows = [Row(priority, (Cell(" ○", 5, "accent"), Cell(PRIORITY_TITLES[priority], 0)))
                    for priority in PRIORITIES if priority not in order]
            rest = "The rest as usual" if order else "Nothing in particular: all as usual"
            rows.append(Row("", (Cell(" ●", 5, "good"), Cell(rest, 0))))
            told = "One after the other: this decides wherever nothing else does." if not order else "\n".join(
                f"{number}. {PRIORITY_TITLES[priority]}" for number, priority in enumerate(order, 1))
            picked = await self.app.push_screen_wait(Pick(
                "What matters most?" if not order else "What comes next?", rows, told))
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
            return f"There is a cluster {text} already." if text in names else label_problem(text)

        text = await self.app.push_screen_wait(Ask("What is the cluster called?", "" if names else "prod", "", check))
        if text is not None:
            made = ClusterAnswers(Cluster(name=text), changes.ORIGIN)
            self.change(Change(f"Add the cluster {text}", lambda before: _with_clusters(
                before, (*before.clusters, made))))

    @work
    async def action_cluster(self) -> None:
        """All clusters, one kind, or one cluster alone: what is decided from now on goes to those."""
        app = self.wizard
        answers = app.session.answers
        if len(answers.clusters) < 2:
            self.notify("There is one cluster; add another under Use case.")
            return
        facts = {entry.cluster.name: " · ".join(filter(None, (
            entry.cluster.environment, entry.cluster.cloud or "", entry.cluster.region or ""))) for entry in answers.clusters}
        rows = [Row(("all",), (Cell(" ●", 4, "accent"), Cell("All clusters", 40),
                               Cell("what they share is said once", 0, "dim")))]
        for kind in kinds(replace(answers, apart=""), app.catalog):
            several = len(kind.clusters) > 1
            rows.append(Row(("kind", kind.name), (Cell(" ○", 4, "accent"), Cell(listed(kind.clusters), 40), Cell(
                "alike until now" if several else facts[kind.name], 0, "dim"))))
            rows += [Row(("alone", name), (Cell("", 6), Cell(f"{name} alone", 38), Cell(facts[name], 0, "dim")))
                     for name in kind.clusters if several]
        at = ("all",) if self.kind is None else ("alone", self.kind) if app.alone == self.kind else ("kind", self.kind)
        picked = await self.app.push_screen_wait(Pick(
            "Which clusters?", rows, "What you decide on the pages of the layers goes to those; the rest stays as it is.", at=at))
        if picked is not None:
            self.kind = picked[1] if picked[0] != "all" else None
            app.look_apart(picked[1] if picked[0] == "alone" else "")

    def looked(self, view: View) -> Sequence[str]:
        """The clusters that are looked at, where it is not all."""
        return next((kind.clusters for kind in view.space.kinds if kind.name == view.kind), ())

    def _remove_cluster(self, name: str) -> None:
        self.change(Change(f"Remove the cluster {name}", lambda before: _with_clusters(
            before, tuple(entry for entry in before.clusters if entry.cluster.name != name))))

    @work
    async def action_preset(self) -> None:
        """Answer the use case as a preset does, after a preview."""
        picked = await self.app.push_screen_wait(Pick(PRESETS, preset_rows(self.window), PRESETS_ABOUT))
        if isinstance(picked, Path):
            await self.take_preset(picked)

    @work
    async def open_preset(self, path: Path) -> None:
        """The preset with which a design begins."""
        await self.take_preset(path)

    async def take_preset(self, path: Path) -> None:
        """Show what a preset says and what else would change with it; take it when that is agreed to."""
        app, words = self.wizard, self.view.words
        preset = said_here(load(path, app.catalog))
        change = Change(f"Take the preset {path.stem}", lambda answers: applied(answers, preset))
        told = [f"{app.catalog.questions[name].title} {listed([words.value(name, value) for value in said.value])}"
                for name, said in preset.context.items()]
        if preset.priorities.value:
            told.append(f"What matters most: {listed([PRIORITY_TITLES[each] for each in preset.priorities.value])}")
        told += [f"Cluster {entry.cluster.name}: {', '.join(filter(None, (entry.cluster.environment, entry.cluster.cloud)))}"
                 for entry in preset.clusters if not app.session.answers.clusters]

        def fill(more: Differs) -> Filled:
            return agreed([*told, "", *more.lines], self.window)._replace(text="")

        window = Awaited(change.name, FindEffects(change.make(app.session.answers), 40), fill,
                         "Enter does it · Escape leaves all as it is", at="do")
        if await self.app.push_screen_wait(window) is not None:
            self.change(change)

    # Entries: clusters, workloads, systems outside, accepted risks

    @work
    async def edit_entry(self, section: str, number: int | None = None) -> None:
        """An entry in a form; without a number a new one."""
        app = self.wizard
        entry = held(app.session.answers, section)[number] if number is not None else {}
        facts = {key: value for key, value in entry.items() if key not in apart(entry)}

        def check(value: dict[str, Any]) -> tuple[str, ...]:
            return with_entry(app.session.answers, section, number, value, app.catalog)[1]

        found = await self.app.push_screen_wait(Form(
            entry_title(section, facts), fields(MODELS[section]), facts, check, offers(app.session.answers, app.catalog),
            removable=number is not None, about="" if entry else MEANS[section]))
        if found is None:
            return
        if not found:
            assert number is not None
            self.remove_entry(section, number)
            return
        made, _ = with_entry(app.session.answers, section, number, found, app.catalog)
        if made is not None:
            verb = "Add" if number is None else "Change"
            self.consider(changes.replaced(f"{verb} the {ONE[section]} {titled(found)}", made))

    def remove_entry(self, section: str, number: int) -> None:
        """Take an entry away; what still calls it is said, and nothing changes."""
        answers = self.wizard.session.answers
        made, problems = with_entry(answers, section, number, None, self.wizard.catalog)
        if made is None:
            self.notify("; ".join(problems[:2]), severity="warning")
        else:
            self.consider(changes.replaced(f"Remove the {ONE[section]} {titled(held(answers, section)[number])}", made))

    def edit_cluster(self, name: str) -> None:
        """The facts of a cluster."""
        self.edit_entry("clusters", [entry["name"] for entry in held(self.wizard.session.answers, "clusters")].index(name))

    async def accepted(self, rule: str) -> Waiver | None:
        """Ask for everything that accepting the risk of a rule needs."""
        because = self.view.words.rule(rule).because
        found = await self.app.push_screen_wait(Form(
            f"Accept the risk of {rule}", [field for field in fields(WaiverEntry) if field.name != "rule"], {},
            lambda value: with_entry(self.wizard.session.answers, "waivers", None, {"rule": rule, **value},
                                     self.wizard.catalog)[1], about=because))
        if not found:
            return None
        entry = WaiverEntry.model_validate({"rule": rule, **found})
        return Waiver(entry.rule, entry.reason, entry.owner, entry.until)

    @work
    async def fix_version(self) -> None:
        """Which component, then which of its releases."""
        view = self.view
        design = self.wizard.thoughts.design if view.certain else None
        first = [component.id for component in design.selected()] if design else []
        names = [name for name in dict.fromkeys([*first, *view.catalog.components])
                 if view.catalog.components[name].releases]
        rows = [Row(name, (Cell(" ●" if name in first else " ○", 4, "accent"), Cell(view.words.component(name), 40),
                           Cell("part of the design" if name in first else "", 0, "dim"))) for name in names]
        component = await self.app.push_screen_wait(Pick("Fix the version of what?", rows))
        if component is None:
            return
        releases = view.catalog.components[str(component)].releases
        rows = [Row(release.version, (Cell(" ○", 4), Cell(release.version, 16), Cell(
            f"supported until {release.end_of_support}" if release.end_of_support else "", 0, "dim"))) for release in releases]
        version = await self.app.push_screen_wait(Pick(f"Which release of {view.words.component(str(component))}?", rows))
        if version is not None:
            self.consider(changes.fix_version(view.words, str(component), str(version)))

    def unfix_version(self, number: int) -> None:
        """Let a component have any release again."""
        component = list(self.wizard.session.answers.versions)[number]
        self.consider(changes.fix_version(self.view.words, component, None))

    @work
    async def action_edit_text(self) -> None:
        """All answers as text."""
        from wizard.answers_dump import dump
        from wizard.sections import whole

        app = self.wizard
        text = await self.app.push_screen_wait(Edit(
            "All answers", dump(app.session.answers), lambda text: whole(text, app.catalog)[1]))
        if text is not None:
            made, _ = whole(text, app.catalog)
            if made is not None:
                self.change(changes.replaced("Edit the answers as text", made))


def _with_clusters(answers: Answers, clusters: tuple[ClusterAnswers, ...]) -> Answers:
    return replace(answers, clusters=clusters)
