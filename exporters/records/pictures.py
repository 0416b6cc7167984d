"""Which pictures a design has and which decisions each shows, without laying any of them out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from catalog.design import Design
from exporters import paths

FIRST = ("overview", "request-path")
"""Views that the overview shows at the top."""
_GENERAL = ("overview", "growth", "inside")
"""Views of everything: a record leads to one of them only where no view is about its subject."""
_SHARE = 0.2
"""How much of a picture has to belong to a layer for the picture to be about it."""


@dataclass(frozen=True)
class Shown:
    """A picture that the export has."""

    view: str
    title: str
    caption: str
    decisions: frozenset[str]
    """Decisions whose choices are in it."""

    @property
    def path(self) -> str:
        """Exported path of the picture."""
        return paths.diagram(self.view, "svg")


def shown(design: Design) -> tuple[Shown, ...]:
    """Every picture of a design, in the order of the views."""
    from exporters.pictures import views
    from exporters.pictures.subject import subject

    if not design.kinds:
        return ()
    # A box leads to the record of its decision; here each decision stands for its own record.
    about = subject(design, {entry.decision: entry.decision for entry in design.decisions})
    by_title = {component.title: design.selected_roles(component.id) for component in design.selected()}
    found = []
    for view in views.VIEWS:
        picture = view.make(about, view.most)
        if picture is not None:
            inside = {box.link for box in picture.boxes if box.link}
            for box in picture.boxes:
                inside.update(role for title in (box.title, *box.members) for role in by_title.get(title, ()))
            found.append(Shown(view.name, view.title, picture.caption, frozenset(inside)))
    return tuple(found)


def pictures_of(design: Design, pictures: Sequence[Shown], decisions: Collection[str]) -> list[Shown]:
    """The pictures that show what decisions chose: those about their subject, else one of everything."""
    layers = {design.catalog.layer_of[decision] for decision in decisions}
    there = [picture for picture in pictures if not picture.decisions.isdisjoint(decisions)]
    close = []
    for picture in there:
        # Metrics are pulled from nearly everything; a picture is about the layers that much of it belongs to.
        own = sum(design.catalog.layer_of[decision] in layers for decision in picture.decisions)
        if picture.view not in _GENERAL and own > len(picture.decisions) * _SHARE:
            close.append(picture)
    general = [picture for name in ("inside", "overview") for picture in there if picture.view == name]
    return close[:3] or general[:1] or [picture for picture in pictures if picture.view == "overview"]
