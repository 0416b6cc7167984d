"""The architecture so far as a few lines of box drawing: the way of a request, then every layer."""

from __future__ import annotations

from rich.text import Text

from catalog.layers import NONE
from wizard.tui.view import View


def sketch(view: View, layer: str | None = None) -> Text:
    """What is chosen, follows (=) or is recommended (★), along the request and by layer; `layer` zooms to one."""
    text = Text()
    design = view.thoughts.design if view.fresh else None
    if design is None:
        return Text("The picture follows." if view.space.stands else "No picture: the answers are in conflict.", "dim")
    words, catalog = view.words, view.catalog
    marks = {"answered": "●", "implied": "=", "recommended": "★"}

    def names(decision: str) -> list[str]:
        found: dict[str, None] = {}
        for entry in design.decisions:
            if entry.decision == decision and entry.asked:
                for component in entry.chosen:
                    if component != NONE:
                        found[f"{marks.get(entry.origin, '○')} {words.component(component, decision)}"] = None
        return list(found)

    if layer is None:
        text.append("A request on its way in\n\n", "bold")
        hops = sorted((decision for decision in catalog.decisions.values() if decision.hop), key=lambda each: each.hop or 0)
        stops: list[tuple[str, list[str]]] = [
            ("users", []), *((decision.title, names(decision.id)) for decision in hops if names(decision.id))]
        stops.append(("workloads", [f"  {workload.name}" for workload in design.workloads[:8]]))
        wide = min(max(len(each) for title, members in stops for each in (title, *members)) + 2, 50)
        for number, (title, members) in enumerate(stops):
            text.append(f" ┌{'─' * wide}┐\n │{title:^{wide}.{wide}}│\n")
            for member in members:
                text.append(f" │ {member:<{wide - 1}.{wide - 1}}│\n")
            text.append(f" └{'─' * (wide // 2)}{'┬' if number < len(stops) - 1 else '─'}{'─' * (wide - wide // 2 - 1)}┘\n")
            if number < len(stops) - 1:
                text.append(f" {' ' * (wide // 2 + 1)}▼\n")
        text.append("\n")
    for entry in catalog.layers.values():
        if layer is not None and entry.id != layer:
            continue
        placed = [(decision.title, each) for decision in entry.decisions for each in names(decision.id)]
        if placed:
            text.append(f"╭ {entry.title}\n", "bold")
            for title, each in placed:
                text.append(f"│ {each}")
                text.append(f"  {title}\n", "dim")
            text.append("╰\n")
    text.append("● decided  = follows  ★ recommended", "dim")
    return text
