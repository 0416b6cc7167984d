"""The diagrams exporter: every view of a design in every format asked for, each failure confined to its own file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from catalog.design import Design
from catalog.errors import UsageError
from exporters import paths
from exporters.base import Artifact, Earlier, Exporter, Missing, Stamp
from exporters.pictures import engine, layout, lifecycle, measure, raster, svg, views
from exporters.pictures.faults import PictureError
from exporters.pictures.formats import FORMATS, PLACELESS, TEXT
from exporters.pictures.graph import Picture
from exporters.pictures.layout import Placed
from exporters.pictures.sheet import Theme
from exporters.pictures.subject import Subject, subject

T = TypeVar("T")

PIXELS = 3_000_000
"""No view is larger: a larger one is drawn again with more folded together."""
WIDEST, TALLEST = 1500.0, 2200.0
PAGE = 1000.0, 1400.0
"""Width and height that code hosts show at the picture's own size, or nearly; what is larger is tried the other way
round, and the better of both is taken."""

_PARTS = 3
"""So many processes of the engine share the views."""
_FOLLOWED = 20
"""More arrows than this nobody follows in one picture."""
_LONG = 4
"""Boxes of a row that may as well stand in two."""
_MANY = 4
"""A box that leads to so many makes a row that may be wider than a page."""
_BEARABLE, _WIDE = 1.2, 1.1
"""A picture that is larger than a page by more, or wider by more, is drawn with less detail where that makes it
smaller."""

PAINTED = ("overview", "request-path")
"""Views that are also written as PNG, for readers that show no SVG, and dark, for pages that choose by themselves.
Every SVG follows the reader's system; as a repository keeps all of them, the others are dark on request only."""


@dataclass(frozen=True)
class Drawn:
    """A view that was laid out, or what went wrong."""

    view: str
    placed: Placed | None
    problem: str = ""
    picture: Picture | None = None
    """What was to be laid out, where that went wrong: formats without places can still be written."""


Size = tuple[float, float]
"""Width and height in pixels."""


def fits(size: Size) -> bool:
    """True for a picture that somebody can read without scrolling both ways."""
    wide, tall = size
    return wide * tall <= PIXELS and wide <= WIDEST and tall <= TALLEST


def turned(picture: Picture) -> Picture:
    """The same picture with its arrows pointing the other way: down instead of right."""
    return replace(picture, direction="LR" if picture.direction == "TB" else "TB")


def staggered(picture: Picture) -> Picture | None:
    """The same picture where a box leads to many: the widest of them that lead nowhere stand a row lower, up to half of
    the row; None where no box does."""
    wide = {box.id: measure.box(box).width for box in picture.boxes}
    leading = {arrow.source for arrow in picture.arrows}
    low: list[str] = []
    for box in picture.boxes:
        ends = dict.fromkeys(arrow.target for arrow in picture.arrows if arrow.source == box.id and not arrow.back)
        if len(ends) < _MANY:
            continue
        room = sum(wide[end] for end in ends) / 2
        for end in sorted(ends, key=lambda end: -wide[end]):
            if end not in leading and end not in low and wide[end] <= room:
                low.append(end)
                room -= wide[end]
    return replace(picture, low=tuple(low)) if low else None


def halved(picture: Picture) -> Picture | None:
    """The same picture with long rows in two; None where no row is long."""
    rows = [part for row in picture.rows
            for part in ((row[:-(-len(row) // 2)], row[-(-len(row) // 2):]) if len(row) >= _LONG else (row,))]
    return replace(picture, rows=tuple(rows)) if len(rows) > len(picture.rows) else None


def _ways(picture: Picture) -> Iterator[Picture]:
    """A picture as the view made it, and other ways to lay the same out."""
    yield picture
    if picture.form == "flow":
        if (shorter := halved(picture)) is not None:
            yield shorter
        if (lower := staggered(picture)) is not None:
            yield lower
        yield turned(picture)


def draw_view(about: Subject, view: views.View, first: Picture | None = None,
              answer: Mapping[str, Any] | None = None) -> Drawn:
    """Lay out one view, with less and less detail until it fits; without a picture when it has nothing to show.

    `first` is the picture in all its detail, and `answer` what the engine said to it, where they are known."""
    best: Placed | None = None
    large: Size = (0.0, 0.0)
    least = float("inf")
    tried: set[Picture] = set()
    picture = first
    try:
        for most in (view.most, 5, 3, 1):
            picture = first if first is not None and most == view.most else view.make(about, most)
            if picture is None:
                return Drawn(view.name, None)
            for candidate in _ways(picture):
                if candidate in tried:
                    continue
                tried.add(candidate)
                placed = layout.place(candidate, answer if candidate is first else None)
                size = svg.size(placed)
                over = excess(size, len(picture.arrows))
                if over < least:
                    best, least, large = placed, over, size
                if least <= 1:
                    break
            if best is not None and least <= _BEARABLE and fits(large) and _plain(large, len(best.picture.arrows)):
                break
        return Drawn(view.name, best)
    except PictureError as error:
        return Drawn(view.name, None, str(error), picture)


def excess(size: Size, arrows: int) -> float:
    """By how much a picture is larger than a page, or has more arrows than one follows; 1 and less fits."""
    wide, tall = size
    return max(wide / PAGE[0], tall / PAGE[1], arrows / _FOLLOWED)


def _plain(size: Size, arrows: int) -> bool:
    """True for a picture that needs no scrolling to the side, and whose arrows can be followed."""
    return size[0] <= _WIDE * PAGE[0] and arrows <= _FOLLOWED


def place_all(about: Subject, names: Sequence[str] | None = None) -> list[Drawn]:
    """Every view that has something to show (or failed), in the order of the views."""
    return [drawn for drawn, _ in finish_all(about, lambda _: None, names)]


def finish_all(
    about: Subject, finish: Callable[[Drawn], T], names: Sequence[str] | None = None
) -> list[tuple[Drawn, T]]:
    """Every view that has something to show (or failed), with what `finish` makes of it, in the order of the views.

    The engine is a process of its own that lays out several pictures at once: while it works, others are chosen and
    drawn."""
    wanted = [view for view in views.VIEWS if names is None or view.name in names]

    def some(part: Sequence[views.View]) -> list[tuple[Drawn, T]]:
        first: dict[str, Picture | None] = {}
        asked: dict[str, str] = {}
        for view in part:
            with suppress(PictureError):  # drawing it says what is wrong
                picture = first[view.name] = view.make(about, view.most)
                if picture is not None and picture.form == "flow":
                    asked[view.name] = layout.dot(picture)
        answers = dict(zip(asked, engine.run_all(list(asked.values())), strict=True))
        drawn = [draw_view(about, view, first.get(view.name), answers.get(view.name)) for view in part
                 if first.get(view.name, view) is not None]
        return [(entry, finish(entry)) for entry in drawn if entry.placed is not None or entry.problem]

    parts = [part for part in (wanted[at::_PARTS] for at in range(_PARTS)) if part]
    if len(parts) == 1:
        return some(parts[0])
    with ThreadPoolExecutor(_PARTS) as pool:
        together = {drawn.view: (drawn, made) for part in pool.map(some, parts) for drawn, made in part}
    return [together[view.name] for view in wanted if view.name in together]


def chosen_views(names: Iterable[str]) -> tuple[str, ...]:
    """The names unchanged; UsageError with the known ones when one is unknown."""
    wanted = tuple(names)
    known = (*views.names(), lifecycle.NAME)
    for name in wanted:
        if name not in known:
            raise UsageError(f"there is no view {name!r}; the views are {', '.join(known)}")
    return wanted


def chosen_formats(names: Iterable[str]) -> tuple[str, ...]:
    """The formats unchanged; UsageError with the known ones when one is unknown."""
    wanted = tuple(names)
    for name in wanted:
        if name not in FORMATS:
            raise UsageError(f"there is no format {name!r}; the formats are {', '.join(FORMATS)}")
    return wanted


@dataclass
class Diagrams:
    """Pictures of a design. `views` and `formats` narrow or widen what is written; None means the usual."""

    name: str = "diagrams"
    title: str = "Architecture diagrams"
    views: tuple[str, ...] | None = None
    formats: tuple[str, ...] | None = None
    further: tuple[str, ...] = ()
    """Formats beside the usual ones."""
    links: Callable[[Design, Earlier], Mapping[str, str]] | None = None
    """Gives the record's exported path for each decision, so that boxes lead to it; None means the records' own."""

    def export(self, design: Design, earlier: Earlier, stamp: Stamp) -> Iterator[Artifact | Missing]:
        """Every picture; a Missing for each file that could not be made, with the reason."""
        about = subject(design, self._links(design, earlier))
        jobs: list[tuple[str, str, int]] = []
        for _, files in finish_all(about, self._files, self.views):
            for file in files:
                if isinstance(file, tuple):
                    jobs.append(file)
                else:
                    yield file
        for suffix in self._suffixes(lifecycle.NAME) if self.views is None or lifecycle.NAME in self.views else ():
            text = lifecycle.draw(design, theme=_theme(suffix), embed=not suffix.endswith("png"))
            path = paths.diagram(lifecycle.NAME, suffix)
            if text is not None and suffix in ("svg", "dark.svg"):
                yield Artifact(path, text.encode("utf-8"))
            elif text is not None and suffix.endswith("png"):
                jobs.append((path, text, 2 if suffix.startswith("2x") else 1))
        for (path, _, _), result in zip(jobs, raster.all_png([job[1:] for job in jobs]), strict=True):
            yield Missing(path, str(result)) if isinstance(result, PictureError) else Artifact(path, result)

    def _files(self, drawn: Drawn) -> list[Artifact | Missing | tuple[str, str, int]]:
        """The files of one view; of a PNG its path, what to paint, and the scale."""
        found: list[Artifact | Missing | tuple[str, str, int]] = []
        for suffix in self._suffixes(drawn.view):
            path = paths.diagram(drawn.view, suffix)
            if drawn.placed is None and drawn.picture is not None and suffix in PLACELESS:
                found.append(made(path, suffix, Placed(drawn.picture, 0.0, 0.0, {}, {}, ())))
            elif drawn.placed is None:
                found.append(Missing(path, drawn.problem))
            elif suffix.endswith("png"):
                light = svg.draw(drawn.placed, "light", embed=False)
                found.append((path, light, 2 if suffix.startswith("2x") else 1))
            else:
                found.append(made(path, suffix, drawn.placed))
        return found

    def _suffixes(self, view: str) -> tuple[str, ...]:
        if self.formats is not None:
            return self.formats
        usual = ("svg", *(("dark.svg", "png") if view in PAINTED else ()), "dot", "mmd", "drawio")
        return tuple(dict.fromkeys((*usual, *self.further)))

    def _links(self, design: Design, earlier: Earlier) -> dict[str, str]:
        from exporters.records.history import links

        found = (self.links or links)(design, earlier)
        origin = paths.diagram("view", "svg")
        return {decision: paths.link(origin, target) for decision, target in found.items()}


def _theme(suffix: str) -> Theme:
    return "dark" if suffix == "dark.svg" else "auto" if suffix == "svg" else "light"


def made(path: str, suffix: str, placed: Placed) -> Artifact | Missing:
    """One text artifact of a laid out picture."""
    try:
        text = TEXT[suffix](placed)
    except PictureError as error:
        return Missing(path, str(error))
    return Artifact(path, text.encode("utf-8"))


def _records(design: Design, earlier: Earlier) -> Mapping[str, str]:
    from exporters.records.history import links

    return links(design, earlier)


EXPORTER: Exporter = Diagrams(links=_records)
