"""How long the parts of a design are supported: which spans of time its chart shows, and until when it looks.

A row for each release that has dates, and for each component that retires; below a release the newer ones that are
supported longer. The line stands for the catalog's day, so the same catalog gives the same picture on any day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from catalog.ageing import last_day
from catalog.components import Component
from catalog.design import Design
from catalog.lifecycle import Release
from exporters.pictures import gantt
from exporters.pictures.sheet import Theme
from exporters.pictures.text import clean

NAME = "lifecycle"
TITLE = "How long the parts are supported"

_MOST = 40
"""Rows of a chart that somebody reads."""
_NEXT = 2
"""Newer releases beside one."""
_BEFORE, _AFTER = timedelta(days=275), timedelta(days=915)
"""How far the chart looks back and at most ahead."""


def draw(design: Design, on: date | None = None, theme: Theme = "auto", embed: bool = True) -> str | None:
    """The chart as an SVG for a day, the catalog's when not named; None when nothing in the design has dates."""
    day = on or design.catalog.as_of
    groups = _groups(design, day)
    if not groups:
        return None
    shown: list[gantt.Row] = []
    for _, rows in groups:
        if len(shown) + len(rows) > _MOST:
            break
        shown.extend(rows)
    ends = [span.end for row in shown for span in row.spans if span.end is not None]
    first, last = day - _BEFORE, min(max([day, *ends]) + timedelta(days=45), day + _AFTER)
    return gantt.draw(f"{design.name}: {TITLE[0].lower()}{TITLE[1:]}", _caption(design, groups, day), shown,
                      _month(first), last, day, theme, embed)


def lines(design: Design) -> Iterator[str]:
    """The same in words, a line for each row, for the catalog's day."""
    groups = _groups(design, design.catalog.as_of)
    yield f"{clean(design.name)}: {TITLE[0].lower()}{TITLE[1:]}"
    yield clean(_caption(design, groups, design.catalog.as_of), 600)
    yield ""
    for _, rows in groups:
        yield from (f"{'  ' * row.under}{row.name}: {'; '.join(map(gantt.said, row.spans))}" for row in rows)


def _groups(design: Design, day: date) -> list[tuple[date, list[gantt.Row]]]:
    """Rows of each component that has any, what ends first on top."""
    found = [entry for component in design.selected() for entry in _component(design, component, day)]
    return sorted(found, key=lambda entry: entry[0])


def dated(design: Design) -> bool:
    """Whether there is anything to draw."""
    return any(True for component in design.selected() for _ in _component(design, component, design.catalog.as_of))


def _component(design: Design, component: Component, on: date) -> Iterator[tuple[date, list[gantt.Row]]]:
    """The rows of one component with the day by which they are sorted; nothing where no day is known."""
    release = _dated(design, component, design.release(component.id))
    events = sorted((event for event in component.lifecycle.events if event.becomes != "active"),
                    key=lambda event: event.on)
    rows: list[gantt.Row] = []
    if release is not None and release.end_of_support is not None:
        rows.append(gantt.Row(component.title, release.version, _spans(release)))
        for later in _later(design, component, release, on):
            until = f"until {later.end_of_support.isoformat()}" if later.end_of_support else "no end named"
            rows.append(gantt.Row(component.title, later.version, (
                gantt.Span(later.released, _over(later), "planned", until),), under=True))
        end = release.end_of_support
    if events:
        heir = design.catalog.components.get(component.lifecycle.successor or "")
        spans = [gantt.Span(None, events[0].on, "active")]
        for event, after in zip(events, [*events[1:], None], strict=True):
            then = f", then {heir.title}" if heir is not None else ""
            spans.append(gantt.Span(event.on, after.on if after else None, event.becomes, f"{event.becomes}{then}"))
        rows.append(gantt.Row(component.title, "as a product", tuple(spans), under=bool(rows)))
        end = min(events[0].on, end) if len(rows) > 1 else events[0].on
    if rows:
        yield end, rows


def _spans(release: Release) -> tuple[gantt.Span, ...]:
    assert release.end_of_support is not None
    over = _over(release)
    return (gantt.Span(release.released, over, "active", f"until {release.end_of_support.isoformat()}"),
            gantt.Span(over, None, "unsupported", "out of support"))


def _over(release: Release) -> date | None:
    """The first day without support: it lasts through its last day, and a span ends before its end."""
    return release.end_of_support + timedelta(days=1) if release.end_of_support is not None else None


def _dated(design: Design, component: Component, release: Release | None) -> Release | None:
    """A release with the last day that holds for it, be it that of what it packages."""
    if release is None:
        return None
    return release.model_copy(update={"end_of_support": last_day(component, release, design.catalog.components)})


def _later(design: Design, component: Component, chosen: Release, on: date) -> list[Release]:
    """Newer releases of the same component that are supported longer than the chosen one; the next ones first."""
    def end(release: Release) -> date:
        return release.end_of_support or date.max

    dated = [entry for release in component.releases if (entry := _dated(design, component, release)) is not None]
    newer = [release for release in dated
             if release.supported(on) and end(release) > end(chosen)
             and release.released is not None and chosen.released is not None and release.released > chosen.released]
    return sorted(newer, key=lambda release: (release.released or date.max, release.version))[:_NEXT]


def _caption(design: Design, groups: list[tuple[date, list[gantt.Row]]], on: date) -> str:
    whole = len(design.selected())
    past = [rows[0].title for end, rows in groups if end < on]
    soon = [rows[0].title for end, rows in groups if on <= end <= on + timedelta(days=180)]
    told = f"As known on {on.isoformat()}; {len(groups)} of {whole} parts have a published end of support."
    if past:
        told += f" Past its end: {', '.join(past)}."
    if soon:
        told += f" Ends within half a year: {', '.join(soon)}."
    return told


def _month(day: date) -> date:
    return day.replace(day=1)
