"""The use case: name, priorities, clusters, and every context question on one short form."""

from __future__ import annotations

from rich.text import Text

from catalog.layers import Question
from catalog.words import PRIORITY_TITLES, listed, plain
from wizard.kinds import IMPLICIT
from wizard.solver import ContextOption
from wizard.tui.rows import Cell, Row, line
from wizard.tui.view import View, plural

Key = tuple[str, ...]
"""`("question", id)`, `("name",)`, `("priorities",)`, `("cluster", name)`, `("text", section)`."""

SECTIONS = {
    "clusters": "Facts of clusters: regions, pools, ranges", "externals": "Systems outside", "workloads": "Workloads",
    "waivers": "Accepted risks", "versions": "Fixed versions",
}
"""Parts of the answers that are edited as text."""


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
    found += [line(), line("Clusters and what runs in them", "head")]
    answers = view.session.answers
    for entry in answers.clusters:
        facts = [entry.cluster.environment, entry.cluster.cloud or "", entry.cluster.region or "",
                 plural(len(entry.cluster.pools), "pool")]
        own = len(entry.choices) + len(entry.settings) + len(entry.rejects)
        told = " · ".join(filter(None, facts)) + (f" · {plural(own, 'answer')} of its own" if own else "")
        found.append(_row(view, ("cluster", entry.cluster.name), "●", entry.cluster.name, told))
    found.append(_row(view, ("add-cluster",), "+", "Add a cluster", "" if answers.clusters else "one is assumed"))
    counts = {"clusters": len(answers.clusters), "workloads": len(answers.workloads),
              "externals": len(answers.externals), "waivers": len(answers.waivers), "versions": len(answers.versions)}
    for section, title in SECTIONS.items():
        found.append(_row(view, ("text", section), "✎", title, str(counts[section]) if counts[section] else "none"))
    return found


def _place(view: View) -> str:
    if len(view.space.kinds) < 2:
        return "The cluster" if len(view.session.answers.clusters) < 2 else "The clusters"
    return f"Clusters: {view.kind}" if view.kind else "All clusters (c looks at one kind)"


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
        return " / ".join(text or "open" for text in found), "●", "mark"
    implied = [value.id for value in question.values if all(
        view.context[ContextOption(question.id, value.id, kind)] == "implied" for kind in kinds(view, question))]
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
            states = [view.context[ContextOption(question.id, value.id, kind)] for kind in kinds(view, question)]
            on = all(value.id in said(view, question, kind) for kind in kinds(view, question))
            mark = "●" if on else "×" if "excluded" in states else "="  if set(states) == {"implied"} else "○"
            text.append(f"\n {mark} {value.title}")
        text.append("\n\nEnter answers it; backspace leaves it open. What stays open is never taken for granted.")
        return text
    told = {
        "name": "A short DNS label; it names the design in every export.",
        "priorities": "What to optimise for, in order, wherever nothing else decides. Enter changes the order.",
        "cluster": "Enter edits its facts as text; delete removes it.",
        "add-cluster": f"Without clusters the design has one, named {IMPLICIT}.",
        "text": "Enter opens this part of the answers as text, as it stands in answers.yaml.",
    }
    text.append(told.get(key[0], ""))
    return text
