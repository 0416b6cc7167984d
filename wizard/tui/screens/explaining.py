"""Explaining: why something stands as it does, and what if. What has to be found out comes while it can be read already."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from rich.console import RenderableType

from catalog.layers import NONE
from catalog.reasons import Reason
from catalog.rules import PRIORITIES
from catalog.words import PRIORITY_TITLES, STATES, Words, as_read
from wizard import changes
from wizard.solver import ContextOption, SettingOption, Target
from wizard.solver.changing import Unchangeable
from wizard.tui.about import UNDOING, origins
from wizard.tui.errands import FindWhys, Whys
from wizard.tui.pages import usecase as usecase_page
from wizard.tui.prose import Prose
from wizard.tui.rows import Rows
from wizard.tui.screens.awaited import AwaitedText
from wizard.tui.screens.desk import Desk
from wizard.tui.screens.general import Read
from wizard.tui.view import View


class Explaining(Desk):
    """A part of the main screen."""

    def action_why(self) -> None:
        """The chain of reasons of what is under the cursor, and what choosing it would change."""
        key, view = self.under, self.view
        if key is None:
            return
        if key[0] == "option":
            self._why_options(view, view.words.option((key[1], key[2])), key[1], [key[2]])
        elif key[0] == "setting":
            self._why_setting(view, key[-1])
        elif key[0] == "question":
            self._why_question(view, key[1])
        elif key[0] == "decision":
            self._why_options(view, view.words.decision(key[1]), key[1], [
                component for component in view.catalog.options[key[1]]
                if view.shown(key[1], component) in ("chosen", "implied", "recommended")])
        elif key[0] in ("component", "ageing"):
            role = next(iter(view.catalog.components[key[1]].roles))
            self._why_options(view, view.words.option((role, key[1])), role, [key[1]])
        else:
            told = Prose()
            if key[0] == "rule":
                rule = view.words.rule(key[1])
                told.line(rule.because)
                told.line(f"{rule.id}\n{rule.source}{as_read(rule.checked, rule.unverified)}", "dim")
            else:
                found = self.query_one("#page", Rows).current
                told.line(self.details(found).plain if found is not None else "")
            self.app.push_screen(Read("Why", told.drawn))

    def _why_options(self, view: View, title: str, decision: str, components: Sequence[str]) -> None:
        targets: list[Target] = []
        chosen = []
        way = None
        for component in components:
            options = view.options(decision, component)
            targets += options
            shown = view.shown(decision, component)
            if shown in ("available", "recommended", "partly") and view.space.stands:
                option = view.option(decision, component)
                try:
                    chosen.append((option, changes.choose(view.words, option, view.space).make(view.session.answers)))
                except Unchangeable:
                    continue
            elif shown == "excluded":
                way = options[0]

        def fill(known: Whys | None) -> RenderableType:
            told = Prose()
            for component in components:
                _option(view, decision, component, told, known)
            return told.drawn

        self.app.push_screen(AwaitedText(title, FindWhys(tuple(targets), way, tuple(chosen)), fill))

    def _why_question(self, view: View, question: str) -> None:
        found = view.catalog.questions[question]
        targets: dict[Target, str] = {
            ContextOption(question, value.id, kind): value.title
            for kind in usecase_page.kinds(view, found) for value in found.values}
        self.app.push_screen(AwaitedText(found.title, FindWhys(tuple(targets)), partial(_values, view, found.why, targets)))

    def _why_setting(self, view: View, setting: str) -> None:
        found = view.catalog.settings[setting]
        kind = view.kinds(view.catalog.setting_decision[setting])[0]
        values = found.choices or found.steps or ((True, False) if found.type == "boolean" else ())
        targets: dict[Target, str] = {SettingOption(setting, value, kind): f"{value}" for value in values if view.space.stands}
        self.app.push_screen(AwaitedText(
            view.words.setting(setting), FindWhys(tuple(targets)), partial(_values, view, found.why, targets)))


def _values(view: View, why: str, targets: dict[Target, str], known: Whys | None) -> RenderableType:
    """Why something is asked, and what rules its values out or makes them follow."""
    told = Prose()
    told.line(f"{why}\n")
    if known is None:
        _coming(told)
        return told.drawn
    for target, title in targets.items():
        for reason in known.reasons.get(target, ()):
            told.head(f"{title}: {STATES[reason.state]}")
            _steps(view.words, reason, told)
    if not any(known.reasons.values()):
        told.line("Nothing rules any of its values out.")
    return told.drawn


def _option(view: View, decision: str, component: str, told: Prose, known: Whys | None) -> None:
    """All that is known by now of why an option stands as it does."""
    option = view.option(decision, component)
    shown = view.shown(decision, component)
    reasons = [reason for each in view.options(decision, component) for reason in known.reasons.get(each, ())] \
        if known is not None else []
    for reason in reasons:
        tell(view.words, reason, told)
    if known is None:
        _coming(told)
    margin = view.margin(decision, component)
    if margin is not None:
        told.head("Recommended")
        told.item("", view.words.margin(decision, component, margin), wide=2)
        told.line()
        if margin.reason is not None:
            tell(view.words, margin.reason, told)
    if known is not None and not reasons:
        said = {"chosen": "You chose it.", "rejected": "You rejected it."}.get(
            shown, "Nothing rules it out, and nothing makes it follow.")
        won = next((found for each in view.options(decision, component)
                    if (found := known.advantages.get(each)) is not None), None)
        if shown == "chosen" and won is not None:
            said += f" Beside the other answers it would be recommended as well. {view.words.margin(decision, component, won)}"
        elif shown == "chosen" and known.done:
            said += " Nothing but that speaks for it here: by itself, another would be recommended, or as well."
        told.line(f"{said}\n")
    if component != NONE:
        undo = view.catalog.components[component].undo
        told.head("How hard it is to undo")
        told.item("", f"{UNDOING[undo.how].capitalize()}. {undo.because}", wide=2)
        told.line()
    if shown in ("available", "recommended", "partly") and view.space.stands:
        told.head("If you choose it")
        if known is None or not known.done:
            _coming(told)
        else:
            for each in known.effects.get(option, ()) or ("nothing else changes",):
                told.item("", each, wide=2)
            told.line()
    if shown == "excluded":
        told.head("Ways out (Enter on the option applies one)")
        if known is None or not known.done:
            _coming(told)
        else:
            for number, repair in enumerate(known.repairs, 1):
                told.item(f"  {number}.", view.words.repair(repair))
            if not known.repairs:
                told.item("", no_way(view, known.reasons.get(view.options(decision, component)[0], ())), wide=2)
            told.line()
    if component != NONE:
        _about(view, decision, component, told)


def _about(view: View, decision: str, component: str, told: Prose) -> None:
    """What the catalog says of a component, and where that was read."""
    found = view.catalog.components[component]
    told.head("Ratings")
    for priority in PRIORITIES:
        rating = found.roles[decision].ratings.get(priority) or found.ratings.get(priority)
        if rating is not None:
            told.item(f"  {PRIORITY_TITLES[priority]:<20} {rating.score} of 4", rating.because, wide=32)
    told.line()
    told.line(f"{found.read_at}{as_read(found.checked, found.unverified or '')}", "dim")
    for origin in origins(view.catalog, component):
        told.line(f"Said in {origin}", "dim")


def _coming(told: Prose) -> None:
    told.line("…\n", "dim")


def tell(words: Words, reason: Reason, told: Prose) -> None:
    """A whole chain with its sources."""
    told.head(words.head(reason))
    _steps(words, reason, told)


def _steps(words: Words, reason: Reason, told: Prose) -> None:
    for number, step in enumerate(words.steps(reason), 1):
        place = f"{step.origin or step.source}{as_read(step.checked, step.unverified)}"
        told.item(f"  {number}.", step.text, *([(place, "dim")] if step.origin or step.source else []))
    told.line()


def no_way(view: View, reasons: Sequence[Reason]) -> str:
    """Why there is no way out of what rules something out, and what to try."""
    pinned = view.session.answers.pinned
    unpin = " b on a pinned one unpins it." if pinned and any(reason.causes for reason in reasons) else ""
    return view.words.no_way(reasons, pinned) + unpin
