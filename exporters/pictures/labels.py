"""Finds each arrow's label a place where it is in nothing's way.

The engine keeps room for labels, but not always where frames and arrows meet. A label that finds no place at all is
left out of the drawing: it is still said in the description and in the other formats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from exporters.pictures.geometry import Rect

_STOPS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78, 0.15, 0.85, 0.1, 0.9, 0.05, 0.95)
"""How far along its arrow a label may stand, the best first."""


@dataclass(frozen=True)
class Line:
    """An arrow's way: start, then triples of Bezier points; and the tip it ends at."""

    points: tuple[tuple[float, float], ...]
    tip: tuple[float, float]
    label: Rect | None = None

    def moved(self, dx: float, dy: float) -> Line:
        """The same way elsewhere."""
        return Line(tuple((x + dx, y + dy) for x, y in self.points), (self.tip[0] + dx, self.tip[1] + dy),
                    self.label and self.label.moved(dx, dy))

    def at(self, share: float) -> tuple[float, float]:
        """The point at a share of the way, counted in curves."""
        curves = max(1, (len(self.points) - 1) // 3)
        index = min(int(share * curves), curves - 1)
        t = share * curves - index
        piece = self.points[3 * index : 3 * index + 4]
        if len(piece) < 4:
            return piece[0]
        return _on(piece, t)

    def within(self, area: Rect) -> Iterator[float]:
        """How far right the way is where it is in an area."""
        for start in range(0, len(self.points) - 3, 3):
            piece = self.points[start : start + 4]
            xs, ys = zip(*piece, strict=True)
            if max(ys) < area.y or min(ys) > area.y + area.h or max(xs) < area.x or min(xs) > area.x + area.w:
                continue
            for step in range(17):
                x, y = _on(piece, step / 16)
                if area.y <= y <= area.y + area.h and area.x <= x <= area.x + area.w:
                    yield x


def _on(piece: Sequence[tuple[float, float]], t: float) -> tuple[float, float]:
    """A point on one Bezier curve."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = piece
    s = 1 - t
    a, b, c, d = s * s * s, 3 * t * s * s, 3 * t * t * s, t * t * t
    return a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3


def settled(lines: Sequence[Line | None], taken: Iterable[Rect],
            within: tuple[float, float] | None = None) -> list[Line | None]:
    """The lines with labels that overlap neither what is taken nor each other; between two edges (left, right) where
    there is room for them."""
    fixed = list(taken)
    low, high = within or (float("-inf"), float("inf"))
    free = [line is not None and line.label is not None and _inside(line.label, low, high)
            and not any(line.label.overlaps(area) for area in fixed) for line in lines]
    # labels that already stand well keep their place; the others go around them
    kept: list[Rect] = []
    result = list(lines)
    waiting: list[int] = []
    for index, line in enumerate(lines):
        if line is None or line.label is None:
            continue
        if free[index] and not any(line.label.overlaps(area) for area in kept):
            kept.append(line.label)
        else:
            waiting.append(index)
    for index in waiting:
        line = lines[index]
        assert line is not None
        around = (*fixed, *kept)
        places = sorted(_places(line), key=lambda place: not _inside(place, low, high))
        area = next((area for area in places if not any(area.overlaps(other) for other in around)), None)
        result[index] = replace(line, label=area)
        if area is not None:
            kept.append(area)
    return result


def _inside(area: Rect, low: float, high: float) -> bool:
    return low <= area.x and area.x + area.w <= high


def _places(line: Line) -> Iterator[Rect]:
    assert line.label is not None
    wide, high = line.label.w, line.label.h
    for share in _STOPS:
        x, y = line.at(share)
        for left in (x + 4, x - wide - 4, x - wide / 2):
            yield Rect(left, y - high / 2, wide, high)
