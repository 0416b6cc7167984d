"""A chart of spans of time, a row for each thing, with a line for a day: which parts are supported until when.

Knows dates, words and statuses; refuses to read a clock or a catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from exporters.pictures import fonts, measure
from exporters.pictures.geometry import Rect
from exporters.pictures.sheet import SPANS, Sheet, Theme, number
from exporters.pictures.text import clean, fitted, wrapped

STATUSES = SPANS
"""Statuses that have a look of their own; any other is drawn as `active`."""
SAID = {"active": "supported", "planned": "a newer release, supported longer", "unsupported": "out of support"}
"""What the legend says of a status, where that is not its own name."""


@dataclass(frozen=True)
class Span:
    """From a day to a day (not included); None on either side means beyond the chart."""

    start: date | None
    end: date | None
    status: str = "active"
    label: str = ""


@dataclass(frozen=True)
class Row:
    """One thing and its spans."""

    title: str
    note: str = ""
    spans: tuple[Span, ...] = ()
    under: bool = False
    """Whether it says more of the row above: only its note is written."""

    @property
    def name(self) -> str:
        """Title and note in one."""
        return clean(f"{self.title} {self.note}".strip())


_LEFT, _ROW, _BAR, _WIDE = 250.0, 30.0, 18.0, 1000.0


def draw(title: str, caption: str, rows: Sequence[Row], start: date, end: date, on: date | None = None,
         theme: Theme = "auto", embed: bool = True) -> str:
    """The chart as an SVG. `on` is the day that the line stands for; ValueError when `end` is not after `start`."""
    if end <= start:
        raise ValueError("the chart ends before it starts")
    sheet = Sheet("lifecycle")
    margin = 24.0
    y = margin + measure.HEADING
    for line in wrapped(clean(title), measure.HEADING, "semibold", _WIDE - 2 * margin, 2):
        sheet.write(margin, y, line, "h", "semibold")
        y += measure.HEADING
    for line in wrapped(clean(caption, 600), measure.CAPTION, "regular", _WIDE - 2 * margin, 3):
        sheet.write(margin, y, line, "c", "regular")
        y += measure.CAPTION * 1.3
    chart = Rect(_LEFT, y + 16, _WIDE - _LEFT - margin, len(rows) * _ROW)
    days = (end - start).days

    def at(day: date) -> float:
        return chart.x + chart.w * min(max((day - start).days / days, 0.0), 1.0)

    _axis(sheet, chart, start, end, at)
    today = at(on) if on is not None and start <= on <= end else None
    for index, row in enumerate(rows):
        _row(sheet, row, chart.y + index * _ROW, chart, start, end, at, today)
    if on is not None and today is not None:
        x = today
        sheet.add(f'<path d="M{number(x)} {number(chart.y - 4)}V{number(chart.y + chart.h + 4)}" class="a day"/>')
        sheet.write(min(x, _WIDE - margin - 36), chart.y + chart.h + 18, on.isoformat(), "lg", "semibold", "middle")
    bottom = _legend(sheet, rows, margin, chart.y + chart.h + 30)
    words = [f"{row.name}: " + ", ".join(said(span) for span in row.spans) for row in rows]
    return sheet.file(title, f"{clean(caption, 600)} {'. '.join(words)}.", _WIDE, bottom + margin, theme, embed)


def _axis(sheet: Sheet, chart: Rect, start: date, end: date, at: Callable[[date], float]) -> None:
    months = (end.year - start.year) * 12 + end.month - start.month
    step = 1 if months <= 10 else 3 if months <= 30 else 12
    year, month = start.year, start.month
    while date(year, month, 1) <= end:
        day = date(year, month, 1)
        if day >= start and (month - 1) % step == 0:
            x = at(day)
            sheet.add(f'<path d="M{number(x)} {number(chart.y - 4)}V{number(chart.y + chart.h)}" class="g grid"/>')
            if x < chart.x + chart.w - 40:
                sheet.write(x + 3, chart.y - 6, f"{year}" if step == 12 else f"{year}-{month:02d}", "lg", "regular")
        month += 1
        if month > 12:
            year, month = year + 1, 1


def _row(sheet: Sheet, row: Row, y: float, chart: Rect, start: date, end: date, at: Callable[[date], float],
         today: float | None) -> None:
    room = _LEFT - 24 - 12
    title = "" if row.under else fitted(clean(row.title), measure.TITLE - 1, "semibold", room)
    sheet.write(24, y + 19, title, "rt", "semibold")
    used = fonts.width(title, measure.TITLE - 1, "semibold") + 8
    note = fitted(clean(row.note), measure.SMALL, "regular", room - used) if room - used > 30 else ""
    if note and row.note:
        sheet.write(24 + used, y + 19, note, "lg", "regular")
    for span in row.spans:
        left, right = at(span.start or start), at(span.end or end)
        if right - left < 1:
            continue
        status = span.status if span.status in STATUSES else "active"
        bar = Rect(left, y + (_ROW - _BAR) / 2, right - left, _BAR)
        sheet.add(f"<g><title>{escape(f'{row.name}: {said(span)}', quote=True)}</title>")
        sheet.rect(bar, f"s s-{status}", 4)
        label = clean(span.label or (f"until {span.end.isoformat()}" if span.end else ""))
        for text in (label, label.removeprefix("until ")) if label else ():
            x = _beside(bar, fonts.width(text, measure.SMALL, "regular"), today)
            if x is not None:
                sheet.write(x, bar.y + 13.2, text, "sl", "regular")
                break
        sheet.add("</g>")


def _beside(bar: Rect, wide: float, today: float | None) -> float | None:
    """Where words of a width start in a bar, beside the line of the day and not under it; None where they do not fit."""
    x = bar.x + 6
    if today is not None and x - 4 < today < x + wide + 4:
        x = today + 6
    return x if x + wide + 4 <= bar.x + bar.w else None


def said(span: Span) -> str:
    """A span in words, with its last day: `supported from 2026-08-01 until 2027-02-01`."""
    word = SAID.get(span.status, span.status)
    days = [f"from {span.start}"] if span.start else []
    days += [f"until {span.end - timedelta(days=1)}"] if span.end else []
    return " ".join([word, *days])


def _legend(sheet: Sheet, rows: Sequence[Row], x: float, y: float) -> float:
    used = {span.status if span.status in STATUSES else "active" for row in rows for span in row.spans}
    for status in STATUSES:
        if status in used:
            sheet.rect(Rect(x, y + 4, 26, 13), f"s s-{status}", 3)
            said = SAID.get(status, status)
            sheet.write(x + 33, y + 15, said, "lg", "regular")
            x += 33 + fonts.width(said, measure.SMALL, "regular") + 20
    return y + 20
