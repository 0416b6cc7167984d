"""Finds arrows a way between frames on a page: along the free lanes, at right angles, with few bends.

Works on a grid of a fixed pitch, so that what stands below each other can be joined by a straight line. What one arrow
has taken, another does not run along; crossing it costs, and costs less than a long way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise

from exporters.pictures.geometry import Rect
from exporters.pictures.labels import Line

PITCH = 14
"""Pixels between two lanes of the grid."""

_OUTER = 4
"""Lanes on either side of the page, for what has to go round."""

_BEND, _CROSS, _CLOSE, _SIDE = 9, 6, 25, 10
"""What a bend, a crossing, a lane next to a taken one and an end at the side of a frame cost, in pitches."""

_ROUND = 7.0
_TURNS = ((1, 0), (0, 1), (-1, 0), (0, -1))

Spot = tuple[int, int]


@dataclass
class Lanes:
    """A page with frames on it, and the arrows that already have their way. Sizes in pixels."""

    frames: Mapping[str, Rect]
    width: float
    height: float
    _taken: dict[Spot, int] = field(default_factory=dict)
    """Spot to the directions that run through it: 1 across, 2 down."""
    _beside: dict[Spot, int] = field(default_factory=dict)
    """The same for spots next to those."""
    _ends: set[Spot] = field(default_factory=set)
    _near: set[Spot] = field(default_factory=set)
    """Spots where another end would leave no room for a label."""
    _blocked: set[Spot] = field(default_factory=set)

    def __post_init__(self) -> None:
        right, bottom = _down(self.width) + _OUTER, _down(self.height) + 2
        self._blocked |= {(x, y) for x in (-_OUTER - 1, right + 1) for y in range(-1, bottom + 2)}
        self._blocked |= {(x, y) for x in range(-_OUTER - 1, right + 2) for y in (-1, bottom + 1)}
        for area in self.frames.values():
            for x in range(_up(area.x - 5), _down(area.x + area.w + 5) + 1):
                for y in range(_up(area.y - 5), _down(area.y + area.h + 5) + 1):
                    self._blocked.add((x, y))

    def way(self, source: str, target: str, label: tuple[float, float], aside: float = 0.0) -> Line | None:
        """The way of an arrow with a label of that size; None when there is none. It is taken from then on.

        `aside` is how far from the middle of both ends it would best stand, in pixels."""
        starts = dict(self._doors(self.frames[source]))
        goals = {spot: ((turn + 2) % 4, turn) for spot, turn in self._doors(self.frames[target])}
        found = self._straight(starts, goals, aside / PITCH) or self._search(starts, goals, aside / PITCH)
        if found is None:
            return None
        wide = int((label[0] + 6) / PITCH)
        for (x0, y0), (x1, y1) in pairwise(found):
            across = y0 == y1
            for x in range(min(x0, x1), max(x0, x1) + 1):
                for y in range(min(y0, y1), max(y0, y1) + 1):
                    self._taken[x, y] = self._taken.get((x, y), 0) | (1 if across else 2)
                    for by in (-1, 1):
                        beside = (x, y + by) if across else (x + by, y)
                        self._beside[beside] = self._beside.get(beside, 0) | (1 if across else 2)
        for x, y in (found[0], found[-1]):
            self._ends |= {(x - 1, y), (x, y), (x + 1, y)}
            self._near |= {(x + by, y) for by in range(-wide, wide + 1)}
        return _line(found, self.frames[source], self.frames[target], label)

    def _doors(self, area: Rect) -> Iterator[tuple[Spot, int]]:
        """Where an arrow may leave or enter a frame, and which way it then goes outwards."""
        low, high = _up(area.x + 18), _down(area.x + area.w - 18)
        if low > high:
            low = high = round((area.x + area.w / 2) / PITCH)
        for x in range(low, high + 1):
            yield (x, _down(area.y - 5.01)), 3
            yield (x, _up(area.y + area.h + 5.01)), 1
        for y in range(_up(area.y + 30), _down(area.y + area.h - 14) + 1):
            yield (_down(area.x - 5.01), y), 2
            yield (_up(area.x + area.w + 5.01), y), 0

    def _straight(self, starts: Mapping[Spot, int], goals: Mapping[Spot, tuple[int, int]],
                  aside: float) -> list[Spot] | None:
        """The way straight down or up, nearest to the middle of both, where nothing stands between: what the search
        would find, without a search."""
        below = {spot[0]: spot[1] for spot, turn in starts.items() if turn == 1}
        above = {spot[0]: spot[1] for spot, turn in starts.items() if turn == 3}
        middle = sum(x for x, _ in starts) / len(starts) + sum(x for x, _ in goals) / len(goals) + 2 * aside
        for x, y, turn in sorted(((x, y, turn) for (x, y), (turn, _) in goals.items() if turn in (1, 3)),
                                 key=lambda goal: (abs(2 * goal[0] - middle), goal)):
            start = (below if turn == 1 else above).get(x)
            if start is None or (start > y if turn == 1 else start < y):
                continue
            way = [(x, at) for at in range(min(start, y), max(start, y) + 1)]
            if any(spot in self._blocked or self._taken.get(spot, 0) or self._beside.get(spot, 0) & 2 for spot in way):
                continue
            if not self._near.isdisjoint(((x, start), (x, y))):
                continue
            return [(x, start), (x, y)] if start != y else [(x, y)]
        return None

    def _search(self, starts: Mapping[Spot, int], goals: Mapping[Spot, tuple[int, int]],
                aside: float) -> list[Spot] | None:
        xs, ys = [x for x, _ in goals], [y for _, y in goals]
        low_x, high_x, low_y, high_y = min(xs), max(xs), min(ys), max(ys)
        middle = sum(x for x, _ in starts) / len(starts) + aside
        inner = sum(xs) / len(xs) + aside

        def left(x: int, y: int) -> int:
            """How far it is at least, with one bend where the goal lies neither straight below nor beside."""
            dx = low_x - x if x < low_x else x - high_x if x > high_x else 0
            dy = low_y - y if y < low_y else y - high_y if y > high_y else 0
            return dx + dy + (_BEND if dx and dy else 0)

        queue: list[tuple[float, int, Spot, int]] = []
        best: dict[tuple[Spot, int], float] = {}
        came: dict[tuple[Spot, int], tuple[Spot, int]] = {}
        order = 0
        for spot, turn in starts.items():
            if spot not in self._blocked and spot not in self._ends:
                cost = self._end(spot, turn, middle)
                best[spot, turn] = cost
                heappush(queue, (cost + left(*spot), order, spot, turn))
                order += 1
        while queue:
            _, _, spot, turn = heappop(queue)
            cost = best[spot, turn]
            if spot in goals and goals[spot][0] == turn and spot not in self._ends:
                return _corners(spot, turn, came)
            for after, (dx, dy) in enumerate(_TURNS):
                if (after - turn) % 4 == 2:
                    continue
                then = (spot[0] + dx, spot[1] + dy)
                if then in self._blocked:
                    continue
                along = 1 if dx else 2
                used = self._taken.get(then, 0)
                if used & along or (after != turn and self._taken.get(spot, 0)):
                    continue
                price = cost + 1 + (_BEND if after != turn else 0) + (_CROSS if used else 0)
                if self._beside.get(then, 0) & along:
                    price += _CLOSE
                if then in goals and goals[then][0] == after:
                    price += self._end(then, after, inner)
                if price < best.get((then, after), 1e9):
                    best[then, after] = price
                    came[then, after] = (spot, turn)
                    order += 1
                    heappush(queue, (price + left(*then), order, then, after))
        return None

    def _end(self, spot: Spot, turn: int, middle: float) -> float:
        """What it costs to start or end here: sides cost more, and so does what lies off the middle."""
        return ((_SIDE if turn in (0, 2) else abs(spot[0] - middle) * 0.05) + (_CLOSE if spot in self._near else 0))



def _up(value: float) -> int:
    return int(-(-value // PITCH))


def _down(value: float) -> int:
    return int(value // PITCH)


def _corners(spot: Spot, turn: int, came: Mapping[tuple[Spot, int], tuple[Spot, int]]) -> list[Spot]:
    """The spots at which a way starts, bends and ends."""
    found, at = [spot], (spot, turn)
    while at in came:
        before = came[at]
        if before[1] != at[1]:
            found.append(before[0])
        at = before
    if at[0] != found[-1]:
        found.append(at[0])
    return found[::-1]


def _line(found: Sequence[Spot], source: Rect, target: Rect, label: tuple[float, float]) -> Line:
    """A way in pixels, from frame to frame, with rounded corners and a place for the label."""
    spots = [(float(x * PITCH), float(y * PITCH)) for x, y in found]
    points = [_edge(spots[0], source)]
    for spot in (*spots, _edge(spots[-1], target)):
        if len(points) > 1 and (points[-2][0] == points[-1][0] == spot[0] or points[-2][1] == points[-1][1] == spot[1]):
            points[-1] = spot
        elif spot != points[-1]:
            points.append(spot)
    curves: list[tuple[float, float]] = [points[0]]
    for index in range(1, len(points)):
        end = _short(points[index - 1], points[index], _ROUND if index < len(points) - 1 else 7.5)
        start = curves[-1]
        curves += [_part(start, end, 1 / 3), _part(start, end, 2 / 3), end]
        if index < len(points) - 1:
            after = _short(points[index + 1], points[index], _ROUND)
            curves += [_part(end, points[index], 0.6), _part(after, points[index], 0.6), after]
    return Line(tuple(curves), points[-1], _label(points, label))


def _edge(spot: tuple[float, float], area: Rect) -> tuple[float, float]:
    """Where a way meets the edge of a frame."""
    x, y = spot
    if area.x <= x <= area.x + area.w:
        return (x, area.y if y < area.y else area.y + area.h)
    return (area.x if x < area.x else area.x + area.w, y)


def _part(start: tuple[float, float], end: tuple[float, float], share: float) -> tuple[float, float]:
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def _short(start: tuple[float, float], end: tuple[float, float], by: float) -> tuple[float, float]:
    """The point on the way to `end` that lies `by` pixels before it."""
    long = abs(end[0] - start[0]) + abs(end[1] - start[1])
    return _part(start, end, max(0.0, 1 - by / long) if long else 1.0)


def _label(points: Sequence[tuple[float, float]], size: tuple[float, float]) -> Rect | None:
    """Beside the middle of the longest part that runs down; above the longest part where none does."""
    wide, high = size
    if not wide:
        return None
    parts = list(pairwise(points))
    down = [part for part in parts if part[0][0] == part[1][0] and abs(part[0][1] - part[1][1]) >= high + 8]
    if down:
        (x, y0), (_, y1) = max(down, key=lambda part: abs(part[0][1] - part[1][1]))
        return Rect(x + 5, (y0 + y1) / 2 - high / 2 - (3 if y1 > y0 else -3), wide, high)
    (x0, y), (x1, y1) = max(parts, key=lambda part: abs(part[0][0] - part[1][0]))
    return Rect((x0 + x1) / 2 - wide / 2, (y + y1) / 2 - high - 1, wide, high)


def strips(line: Line) -> Iterator[Rect]:
    """The straight parts of a way, as thin areas."""
    for (x0, y0), (x1, y1) in zip(line.points[::3], (*line.points[3::3], line.tip), strict=False):
        yield Rect(min(x0, x1) - 1, min(y0, y1) - 1, abs(x1 - x0) + 2, abs(y1 - y0) + 2)
