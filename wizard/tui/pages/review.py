"""The review: the whole design, what is open, assumed, warned about, ageing, and left to people."""

from __future__ import annotations

from typing import NamedTuple

from rich.text import Text

from catalog.bill import ageing, bill
from catalog.design import Design, Resolved
from catalog.handover import steps
from catalog.words import ORIGINS, as_read, listed, plain
from wizard.tui.about import about_setting
from wizard.tui.rows import Cell, Row, line, long
from wizard.tui.view import View, plural


def rows(view: View, page: str) -> list[Row]:
    """Everything, section by section; rows lead to where they come from."""
    if not view.space.stands:
        return _conflict(view)
    design = view.thoughts.design if view.fresh else None
    if design is None:
        return [line("Putting the design together …", "dim", ("wait",))]
    kept = view.stand.kept.get(_KEPT)
    if kept is None or kept[0] is not design or kept[1] != view.width:
        kept = view.stand.kept[_KEPT] = design, view.width, _rows(view, design)
    return list(kept[2])


_KEPT = "page:review"
"""Where the rows of a design are kept; no decision is called so."""


def _rows(view: View, design: Design) -> list[Row]:
    words, catalog = view.words, view.catalog
    open_ = {entry.decision for entry in design.decisions if entry.asked and entry.origin == "recommended"}
    found = [line(f"{plural(len(open_), 'decision')} open" if open_ else "Nothing is open", "head")]
    if open_:
        found.append(Row(("complete",), (
            Cell(" ★", 4, "accent"), Cell("Complete the rest as recommended", 0, "accent"))))
    sections = _sections(view, design)
    found += [Row(("section", each.title), (Cell(" ↓", 4, each.style), Cell(each.told, 0, each.style)))
              for each in sections]
    layer = ""
    for together in _alike(design):
        entry = together[0]
        place = catalog.layers[catalog.layer_of[entry.decision]]
        if place.id != layer:
            layer = place.id
            found += [line(), line(place.title, "head")]
        kinds = [each.kind or "" for each in together]
        names = listed([words.component(name, entry.decision) for name in entry.chosen]) or "nothing needed"
        glyph = {"answered": "●", "implied": "=", "recommended": "★"}.get(entry.origin, "○")
        style = {"answered": "good", "implied": "good", "recommended": "accent"}.get(entry.origin, "dim")
        title = words.decision(entry.decision)
        title += f" ({listed(kinds)})" if entry.kind and len(kinds) < len(design.kinds) else ""
        wide = min(46, max(24, view.width // 2))
        told = (Cell(ORIGINS[entry.origin], 0, "dim"),) if view.width >= 96 else ()
        found.append(Row(("decision", entry.decision, entry.kind or ""), (
            Cell(f" {glyph}", 4, style), Cell(title, wide, "plain"), Cell(names, view.width - wide - 28 if told else 0, style),
            *told)))
    for each in sections:
        found += [line(), line(each.title, "head"), *each.rows]
    return found


class Section(NamedTuple):
    """A part of the review, and how much of it there is."""

    title: str
    told: str
    rows: list[Row]
    style: str = "plain"


def _sections(view: View, design: Design) -> list[Section]:
    """What there is to know besides the decisions, where there is any."""
    words, catalog = view.words, view.catalog
    warnings = [
        Row(("rule", warning.rule, str(number)), (Cell(" △", 4, "warn"), Cell(words.warning(warning), 0, "warn")), warning)
        for number, warning in enumerate(design.warnings)]
    wide = min(48, view.width // 2)
    assumed = [
        Row(("question", name), (Cell(" ○", 4, "dim"), Cell(catalog.questions[name].title, wide, "plain"),
                                 Cell(told, 0, "dim")))
        for name, told in _assumed(view, design).items()]
    placeholders = [
        Row(("setting", name), (Cell(" ?", 4, "warn"), Cell(catalog.settings[name].title, wide, "plain"),
                                Cell(str(catalog.settings[name].placeholder), 0, "warn")))
        for name in design.placeholders]
    aged = [
        Row(("ageing", each.component, str(each.on), each.what), (
            Cell(" ◷", 4, "warn"), Cell(str(each.on), 12, "plain"), Cell(each.text, 0, "warn")))
        for each in ageing(design, catalog.as_of) if each.what != "relicensed" and (each.on - catalog.as_of).days < 366]
    materials = [
        Row(("component", entry.component), (
            Cell("", 4), Cell(entry.title, min(32, wide), "plain"), Cell(entry.version, 14, "mark"),
            Cell(entry.licence, 18, "dim"), Cell(entry.support, 12, "dim"),
            Cell(f"until {entry.support_until}" if entry.support_until else "", 0, "dim")))
        for entry in bill(design)]
    handed = [
        Row(("component", component.id, str(number)), (
            Cell(f" {number + 1}.", 5, "plain"), Cell(component.title, 28, "plain"), Cell(step.do, 0, "dim")))
        for component in design.selected() if component.support == "hand-over"
        for number, step in enumerate(steps(design, component))]
    risks = [
        line(f"    {plain(waiver.rule)}: {plain(waiver.reason)} ({plain(waiver.owner)}, until {waiver.until})", "warn",
             ("rule", waiver.rule, "waiver")) for waiver in design.waivers]
    every = [
        Section(f"Warnings ({len(warnings)})", plural(len(warnings), "warning"), warnings, "warn"),
        Section("Assumed, because nobody said", plural(len(assumed), "assumption"), assumed),
        Section("Placeholders: say yours before anything is built", plural(len(placeholders), "placeholder"), placeholders,
                "warn"),
        Section("Ageing within a year", f"{plural(len(aged), 'thing')} ageing within a year", aged, "warn"),
        Section("Bill of materials", f"{plural(len(materials), 'part')} in the bill of materials", materials),
        Section("Handed over to people", f"{plural(len(handed), 'step')} handed over to people", handed),
        Section("Accepted risks", plural(len(risks), "accepted risk"), risks, "warn"),
    ]
    return [section for section in every if section.rows]


def _alike(design: Design) -> list[list[Resolved]]:
    """Decisions that come up; what several kinds of clusters decide alike is together."""
    found: dict[tuple[str, tuple[str, ...], str], list[Resolved]] = {}
    for entry in design.decisions:
        if entry.asked:
            found.setdefault((entry.decision, entry.chosen, entry.origin), []).append(entry)
    order = {entry.decision: number for number, entry in reversed(list(enumerate(design.decisions)))}
    return sorted(found.values(), key=lambda together: order[together[0].decision])


def _assumed(view: View, design: Design) -> dict[str, str]:
    """What is assumed, by question; where that differs between kinds of clusters, in which."""
    found: dict[str, dict[str, list[str]]] = {}
    for kind, context in (("", design.context), *((kind.name, kind.context) for kind in design.kinds)):
        for name, value in context.items():
            if value.origin == "assumed":
                found.setdefault(name, {}).setdefault(_values(view, name, value.value), []).append(kind)
    several = len(design.kinds) > 1
    return {name: "; ".join(f"{told} ({listed(kinds)})" if several and len(kinds) < len(design.kinds) and kinds != [""] else told
                            for told, kinds in values.items()) for name, values in found.items()}


def _values(view: View, question: str, value: object) -> str:
    values = value if isinstance(value, tuple) else (str(value),)
    return listed([view.words.value(question, str(each)) for each in values])


def _conflict(view: View) -> list[Row]:
    conflict = view.thoughts.conflict if view.fresh else None
    found = [line("These answers cannot stand together", "bad"), line()]
    if conflict is None:
        return [*found, line("Finding out why, and the ways out …", "dim", ("wait",))]
    for step in view.words.steps(conflict.reason):
        found += long(("step", step.text), "  ", step.text, view.width)
    found += [line(), line("Ways out (Enter applies one)", "head")]
    for number, repair in enumerate(conflict.repairs):
        found += long(("repair", str(number)), f" {number + 1}. ", view.words.repair(repair), view.width, about=repair)
    if not conflict.repairs:
        found.append(line("  Only pinned answers stand in the way: unpin one (b), or edit the answers as text (E).", "dim"))
    return found


def details(view: View, key: tuple[str, ...]) -> Text:
    """What the row under the cursor is about."""
    text = Text()
    if key[0] == "decision":
        text.append(f"{view.words.decision(key[1])}\n", "bold")
        design = view.thoughts.design if view.fresh else None
        for entry in design.decisions if design else ():
            if entry.decision == key[1] and (entry.kind or "") == key[2]:
                names = listed([view.words.component(name, key[1]) for name in entry.chosen]) or "nothing needed"
                text.append(f"{names}: {ORIGINS[entry.origin]}\n\n")
        text.append(f"{view.catalog.decisions[key[1]].problem}\n\nEnter goes there, ? says why.")
    elif key[0] == "rule":
        rule = view.words.rule(key[1])
        text.append(f"{rule.id}\n", "bold")
        text.append(f"{rule.because}\n{rule.source}{as_read(rule.checked, rule.unverified)}")
    elif key[0] == "component" or key[0] == "ageing":
        found = view.catalog.components[key[1]]
        text.append(f"{found.title}\n", "bold")
        text.append(f"{found.summary}\n{found.homepage}\n\n")
        design = view.thoughts.design if view.fresh else None
        for number, step in enumerate(steps(design, found) if design else found.handover, 1):
            text.append(f"{number}. {step.do}\n")
    elif key[0] == "question":
        question = view.catalog.questions[key[1]]
        text.append(f"{question.title}\n", "bold")
        text.append(f"{question.why}\n\nNobody said it, so this is assumed: ")
        design = view.thoughts.design if view.fresh else None
        text.append(f"{_assumed(view, design).get(key[1], '–') if design else '–'}\n\nEnter goes there.")
    elif key[0] == "setting":
        text.append_text(about_setting(view, key[1])).append("\n\nEnter goes there.")
    elif key[0] == "section":
        text.append(f"{key[1]}\n", "bold").append("Enter goes there.")
    elif key[0] == "complete":
        text.append("Chooses what is recommended for every open decision; shows everything first, and one undo takes it back.")
    return text
