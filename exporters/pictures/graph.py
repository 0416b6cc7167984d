"""The neutral model of a picture: boxes in nested groups, joined by arrows that mean one thing each.

Knows nothing of designs, layout or file formats: views make it, layout and the formats read it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from catalog.components import FlowKind

Direction = Literal["TB", "LR"]
"""Where arrows mostly point: to the bottom or to the right."""

Form = Literal["flow", "blocks", "panels"]

Mark = Literal["", "added", "removed", "changed"]
"""What a box or arrow is in the difference of two designs."""

GroupKind = Literal["zone", "cluster", "layer", "plain"]
BoxKind = Literal["component", "workload", "external", "actor", "platform", "summary"]


@dataclass(frozen=True)
class Group:
    """A frame around boxes: a zone, a cluster, a layer. `parent` is the id of the frame around it."""

    id: str
    title: str
    kind: GroupKind = "zone"
    parent: str | None = None
    note: str = ""
    """Small words after the title: a region, an address range."""
    row: int = 1
    """In pictures of blocks: how far down it stands; boxes outside of frames are in row 0."""
    mark: Mark = ""


@dataclass(frozen=True)
class Box:
    """One thing in the picture."""

    id: str
    title: str
    subtitle: str = ""
    kind: BoxKind = "component"
    group: str | None = None
    icon: str | None = None
    """Dotted class of the diagrams package."""
    glyph: str = ""
    """Up to three letters for a neutral tile, where there is no icon."""
    link: str | None = None
    """Relative path from the picture to what explains it."""
    members: tuple[str, ...] = ()
    """Titles of what a summary stands for."""
    mark: Mark = ""


@dataclass(frozen=True)
class Arrow:
    """A connection: the source opens it. Its ends are boxes; in pictures of blocks frames, or boxes outside of any."""

    source: str
    target: str
    kind: FlowKind
    label: str = ""
    mark: Mark = ""
    back: bool = False
    """Its source stands behind its target: the way of what is pulled, not of who asks."""


@dataclass(frozen=True)
class Picture:
    """One view of a design, ready to be laid out. Every id is unique; every arrow's ends are there."""

    view: str
    title: str
    caption: str
    groups: tuple[Group, ...] = ()
    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    direction: Direction = "TB"
    form: Form = "flow"
    """flow: boxes joined by arrows. blocks: frames joined by arrows. panels: no arrows; cards on a page."""
    rows: tuple[tuple[str, ...], ...] = field(default=())
    """Boxes that belong side by side, where the view knows better than the arrows."""
    low: tuple[str, ...] = ()
    """Boxes that stand a row lower than their arrows ask for: a wide row becomes two."""

    def group(self, id_: str) -> Group:
        """The group with that id; KeyError when there is none."""
        for group in self.groups:
            if group.id == id_:
                return group
        raise KeyError(id_)
