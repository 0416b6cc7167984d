"""The use case: name, priorities, clusters, and every context question on one short form."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from catalog.layers import Question
from catalog.words import PRIORITY_TITLES, listed, plain
from wizard.entries import ADDING, MEANS, SECTIONS
from wizard.kinds import IMPLICIT
from wizard.solver import ContextOption
from wizard.tui.outline import Asked, Outline
from wizard.tui.rows import Cell, Row, line
from wizard.tui.view import View, plural

Key = tuple[str, ...]
"""`("question", id)`, `("name",)`, `("priorities",)`, `("cluster", name)`, `("add-cluster",)`,
`("entry", section, number)`, `("add", section)`."""


def rows(view: View, layer: str) -> list[Row]:
    """The form. `layer` is where the questions stand; any layer may have some."""
    found = [line("The design", "head"), _row(view, ("name",), "●", "Name", plain(view.session.answers.name))]
    order = view.session.answers.priorities.value
    told = listed([PRIORITY_TITLES[priority] for priority in order]) or "not said (operational effort first)"
    found.append(_row(view, ("priorities",), "●" if order else "○", "What matters most", told))
    for title, scope in (("The use case · what you skip stays open (assumed until then)", "design"), (_place(view), "cluster")):
        questions = [question for question in view.catalog.questions.values() if question.scope == scope]
        if questions:
            found += [line(), line(title, "head"), *(_question(view, question) for question in questions)]
    found += _sections(view)
    return found


def _sections(view: View) -> list[Row]:
    """What there are several of: clusters, workloads and so on, each entry a row."""
    answers = view.session.answers
    found = [line(), line(SECTIONS["clusters"], "head")]
    for entry in answers.clusters:
        facts = [entry.cluster.environment, entry.cluster.cloud or "", entry.cluster.region or "",
                 plural(len(entry.cluster.pools), "pool")]
        own = len(entry.choices) + len(entry.settings) + len(entry.rejects)
        told = " · ".join(filter(None, facts)) + (f" · {plural(own, 'answer')} of its own" if own else "")
        found.append(_entry(view, ("cluster", entry.cluster.name), entry.cluster.name, told))
    found.append(_row(view, ("add-cluster",), "+", "Add a cluster", "" if answers.clusters else "one is assumed"))
    for section, entries in (
        ("workloads", [(said.value.name, " · ".join(filter(None, (
            said.value.image, said.value.host or "", f"calls {listed(said.value.calls)}" if said.value.calls else ""))))
            for said in answers.workloads]),
        ("externals", [(said.value.name, f"{said.value.kind} · {said.value.host}:{said.value.port}")
                       for said in answers.externals]),
        ("waivers", [(said.value.rule, f"{said.value.reason} · {said.value.owner} · until {said.value.until}")
                     for said in answers.waivers]),
        ("versions", [(view.words.component(name), said.value) for name, said in answers.versions.items()]),
    ):
        found += [line(), line(SECTIONS[section], "head")]
        found += [_entry(view, ("entry", section, str(number)), title, told) for number, (title, told) in enumerate(entries)]
        found.append(_row(view, ("add", section), "+", ADDING[section], ""))
    found.append(line())
    return found


def _entry(view: View, key: Key, title: str, told: str) -> Row:
    return Row(key, (Cell(" ●", 4, "accent"), Cell(plain(title), min(_wide(view), 30), "plain"), Cell(plain(told), 0, "dim")))


def _place(view: View) -> str:
    if len(view.space.kinds) < 2:
        return "The cluster" if len(view.session.answers.clusters) < 2 else "The clusters"
    named = next((each.clusters for each in view.space.kinds if each.name == view.kind), ())
    return f"Only {listed(named)}" if named else "All clusters (c looks at some of them)"


def _row(view: View, key: Key, glyph: str, title: str, value: str) -> Row:
    return Row(key, (Cell(f" {glyph}", 4, "accent"), Cell(title, _wide(view), "plain"), Cell(value, 0, "mark")))


def kinds(view: View, question: Question) -> tuple[str | None, ...]:
    """Where a question is looked at."""
    if question.scope == "design":
        return (None,)
    return (view.kind,) if view.kind else view.space.kind_names


def said(view: View, question: Question, kind: str | None) -> tuple[str, ...]:
    """What was answered."""
    values = view.session.answers.context if kind is None else view.space.kinds[view.space.scope(kind)].context
    return values[question.id].value if question.id in values else ()


def _question(view: View, question: Question) -> Row:
    told, glyph, style = _answer(view, question)
    wide = _wide(view)
    title = question.title
    if len(title) >= wide and title.endswith(")?"):
        title = f"{title.rpartition(' (')[0]}?"
    return Row(("question", question.id), (
        Cell(f" {glyph}", 4, style), Cell(title, wide, "plain"), Cell(told, 0, style)))


def _wide(view: View) -> int:
    """Columns for what is asked."""
    return max(30, min(50, view.width * 3 // 5))


def _answer(view: View, question: Question) -> tuple[str, str, str]:
    found: dict[str, None] = {}
    for kind in kinds(view, question):
        found[", ".join(view.words.value(question.id, value) for value in said(view, question, kind))] = None
    if question.id in view.conflicting:
        return f"{' / '.join(found)} (in conflict)", "!", "bad"
    if any(found):
        pinned = " · pinned" if question.id in view.session.answers.pinned else ""
        return " / ".join(text or "open" for text in found) + pinned, "●", "mark"
    implied = [value.id for value in question.values if all(
        view.value(ContextOption(question.id, value.id, kind)) == "implied" for kind in kinds(view, question))]
    if implied:
        return f"{listed([view.words.value(question.id, value) for value in implied])} (follows)", "=", "good"
    assume = (question.assume,) if isinstance(question.assume, str) else question.assume
    return f"({listed([view.words.value(question.id, value) for value in assume])})", "○", "dim"


def details(view: View, key: Key) -> Text:
    """All about the row under the cursor."""
    text = Text()
    if key[0] == "question":
        question = view.catalog.questions[key[1]]
        text.append(f"{question.title}\n", "bold")
        text.append(f"{question.why}\n")
        for value in question.values:
            states = [view.value(ContextOption(question.id, value.id, kind)) for kind in kinds(view, question)]
            on = all(value.id in said(view, question, kind) for kind in kinds(view, question))
            mark = "●" if on else "×" if "excluded" in states else "="  if set(states) == {"implied"} else "○"
            text.append(f"\n {mark} {value.title}")
        text.append("\n\nEnter answers it; backspace leaves it open. What stays open is never taken for granted.")
        return text
    told = {
        "name": "A short DNS label; it names the design in every export.",
        "priorities": "What to optimise for, in order, wherever nothing else decides. Enter changes the order.",
        "cluster": "Enter changes its facts: what it is for, cloud, region, node pools, address ranges. Backspace removes it. "
                   "What is decided for it alone is said on the pages of the layers (c looks at some clusters).",
        "add-cluster": f"Without clusters the design has one, named {IMPLICIT}.",
        "entry": "Enter changes it, backspace removes it.",
        "add": MEANS.get(key[-1], ""),
    }
    text.append(told.get(key[0], ""))
    return text


def outline(view: View, layer: str, layers: Sequence[Row]) -> Outline:
    """The form of a design of which nothing is said; `layers` are the rows of the map."""
    page = tuple(rows(view, layer))
    named: list[Key] = [("cluster", ""), *(("entry", section, "0") for section in SECTIONS if section != "clusters")]
    told = {key[:1]: details(view, key).plain for key in named}
    told |= {row.key: details(view, row.key).plain for row in page if isinstance(row.key, tuple) and row.key[0] != "question"}
    return Outline(tuple(layers), page, told, {
        name: Asked(each.title, each.why, {value.id: value.title for value in each.values}, each.scope == "design")
        for name, each in view.catalog.questions.items()}, {str(name): title for name, title in PRIORITY_TITLES.items()})
