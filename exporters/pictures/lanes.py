"""Finds arrows a way between frames on a page: along the free lanes, at right angles, with few bends.

Works on a grid of a fixed pitch, so that what stands below each other can be joined by a straight line. What one arrow
has taken, another does not run along; crossing it costs, and costs less than a long way round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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

_ON = tuple((turn,) for turn in range(4))
_ONWARDS = tuple((turn, (turn + 3) % 4, (turn + 1) % 4) for turn in range(4))
"""How one can go on from a spot: all ways but back."""

Spot = tuple[int, int]

_ACROSS, _DOWN = 1, 2
"""Directions of lanes, as they are noted at a spot."""


class Lanes:
    """A page with frames on it, and the arrows that already have their way. Sizes in pixels.

    The grid is kept row by row in flat arrays, since searching a way looks at thousands of its spots."""

    def __init__(self, frames: Mapping[str, Rect], width: float, height: float) -> None:
        self.frames = frames
        self._row = _down(width) + 2 * _OUTER + 3
        """Spots in a row of the grid, its border included."""
        tall = _down(height) + 5
        border = b"\1" + bytes(self._row - 2) + b"\1"
        self._blocked = bytearray(b"\1" * self._row + border * (tall - 2) + b"\1" * self._row)
        self._taken = bytearray(len(self._blocked))
        """The directions of the arrows that run through a spot."""
        self._beside = bytearray(len(self._blocked))
        """The same for the spots next to those."""
        self._ends: set[int] = set()
        self._near: set[int] = set()
        """Spots where another end would leave no room for a label."""
        for area in frames.values():
            left, right = max(_up(area.x - 5), -_OUTER - 1), min(_down(area.x + area.w + 5), self._row - _OUTER - 2)
            for y in range(max(_up(area.y - 5), -1), min(_down(area.y + area.h + 5), tall - 2) + 1):
                at = self._at(left, y)
                self._blocked[at:at + right - left + 1] = b"\1" * (right - left + 1)

    def _at(self, x: int, y: int) -> int:
        """Where a spot is in the arrays."""
        return (y + 1) * self._row + x + _OUTER + 1

    def _spot(self, at: int) -> Spot:
        y, x = divmod(at, self._row)
        return x - _OUTER - 1, y - 1

    def way(self, source: str, target: str, label: tuple[float, float], aside: float = 0.0) -> Line | None:
        """The way of an arrow with a label of that size; None when there is none. It is taken from then on.

        `aside` is how far from the middle of both ends it would best stand, in pixels."""
        starts = dict(self._doors(self.frames[source]))
        goals = {spot: (turn + 2) % 4 for spot, turn in self._doors(self.frames[target])}
        found = self._straight(starts, goals, aside / PITCH) or self._search(starts, goals, aside / PITCH)
        if found is None:
            return None
        self._take(found, int((label[0] + 6) / PITCH))
        return _line(found, self.frames[source], self.frames[target], label)

    def _take(self, found: Sequence[Spot], wide: int) -> None:
        for (x0, y0), (x1, y1) in pairwise(found):
            along, step, by = (_ACROSS, 1, self._row) if y0 == y1 else (_DOWN, self._row, 1)
            first, last = sorted((self._at(x0, y0), self._at(x1, y1)))
            for at in range(first, last + 1, step):
                self._taken[at] |= along
                self._beside[at - by] |= along
                self._beside[at + by] |= along
        for spot in (found[0], found[-1]):
            at = self._at(*spot)
            self._ends.update((at - 1, at, at + 1))
            self._near.update(range(at - wide, at + wide + 1))

    def _doors(self, area: Rect) -> Iterator[tuple[Spot, int]]:
        """Where an arrow may leave or enter a frame, and which way it then goes outwards."""
        low, high = _up(area.x + 18), _down(area.x + area.w - 18)
        if low > high:
            low = high = round((area.x + area.w / 2) / PITCH)
        low, high = max(low, -_OUTER), min(high, self._row - _OUTER - 3)
        above, below = _down(area.y - 5.01), _up(area.y + area.h + 5.01)
        for x in range(low, high + 1):
            yield (x, above), 3
            yield (x, below), 1
        left, right = _down(area.x - 5.01), _up(area.x + area.w + 5.01)
        for y in range(_up(area.y + 30), _down(area.y + area.h - 14) + 1):
            yield (left, y), 2
            yield (right, y), 0

    def _straight(self, starts: Mapping[Spot, int], goals: Mapping[Spot, int], aside: float) -> list[Spot] | None:
        """The way straight down or up, nearest to the middle of both, where nothing stands between: what the search
        would find, without a search."""
        below = {spot[0]: spot[1] for spot, turn in starts.items() if turn == 1}
        above = {spot[0]: spot[1] for spot, turn in starts.items() if turn == 3}
        middle = sum(x for x, _ in starts) / len(starts) + sum(x for x, _ in goals) / len(goals) + 2 * aside
        for x, y, turn in sorted(((x, y, turn) for (x, y), turn in goals.items() if turn in (1, 3)),
                                 key=lambda goal: (abs(2 * goal[0] - middle), goal)):
            start = (below if turn == 1 else above).get(x)
            if start is None or (start > y if turn == 1 else start < y):
                continue
            first, last = self._at(x, min(start, y)), self._at(x, max(start, y))
            way = slice(first, last + 1, self._row)
            if any(self._blocked[way]) or any(self._taken[way]) or any(side & _DOWN for side in self._beside[way]):
                continue
            if not self._near.isdisjoint((first, last)):
                continue
            return [(x, start), (x, y)] if start != y else [(x, y)]
        return None

    def _search(self, starts: Mapping[Spot, int], goals: Mapping[Spot, int], aside: float) -> list[Spot] | None:
        """The cheapest way (A*); of equally cheap ones that which was followed furthest."""
        blocked, taken, beside, ends = self._blocked, self._taken, self._beside, self._ends
        steps = (1, self._row, -1, -self._row)
        inner = sum(x for x, _ in goals) / len(goals) + aside
        free = {spot: turn for spot, turn in goals.items() if self._at(*spot) not in ends}
        if not free:
            return None
        inside = {4 * self._at(*spot) + turn: self._end(spot, turn, inner) for spot, turn in free.items()}
        away = self._away(free, min(inside.values()))
        middle = sum(x for x, _ in starts) / len(starts) + aside
        queue: list[tuple[float, int, int, float]] = []
        best: dict[int, float] = {}
        came: dict[int, int] = {}
        order = 0
        for spot, turn in starts.items():
            at = self._at(*spot)
            if not blocked[at] and at not in ends:
                order -= 1
                best[4 * at + turn] = cost = self._end(spot, turn, middle)
                heappush(queue, (cost + away(at, turn), order, 4 * at + turn, cost))
        while queue:
            _, _, state, cost = heappop(queue)
            if cost > best[state]:
                continue
            at, turn = state >> 2, state & 3
            if state in inside:
                return self._corners(state, came)
            for after in _ON[turn] if taken[at] else _ONWARDS[turn]:
                then = at + steps[after]
                along = _DOWN if after & 1 else _ACROSS
                used = taken[then]
                if blocked[then] or used & along:
                    continue
                price = cost + 1 if after == turn else cost + 1 + _BEND
                if used:
                    price += _CROSS
                if beside[then] & along:
                    price += _CLOSE
                new = 4 * then + after
                if new in inside:
                    price += inside[new]
                if price < best.get(new, 1e9):
                    best[new] = price
                    came[new] = state
                    order -= 1
                    heappush(queue, (price if new in inside else price + away(then, after), order, new, price))
        return None

    def _away(self, goals: Iterable[Spot], least: float) -> Callable[[int, int], float]:
        """What it costs at least from a spot, going one way, to the nearest goal: the steps, the bends that nothing can
        spare, and the end."""
        xs, ys = zip(*goals, strict=True)
        row = self._row
        rights = [_off(x - _OUTER - 1, min(xs), max(xs)) for x in range(row)]
        downs = [_off(y - 1, min(ys), max(ys)) for y in range(len(self._blocked) // row)]
        across, down = [abs(off) for off in rights], [abs(off) for off in downs]
        to_side, to_end = [(off > 0) - (off < 0) for off in rights], [3 * ((off > 0) - (off < 0)) for off in downs]

        def away(at: int, turn: int) -> float:
            y, x = divmod(at, row)
            return least + across[x] + down[y] + _BENDS[turn][to_side[x] + to_end[y]]

        return away

    def _end(self, spot: Spot, turn: int, middle: float) -> float:
        """What it costs to start or end here: sides cost more, and so does what lies off the middle."""
        return ((_SIDE if turn in (0, 2) else abs(spot[0] - middle) * 0.05)
                + (_CLOSE if self._at(*spot) in self._near else 0))

    def _corners(self, state: int, came: Mapping[int, int]) -> list[Spot]:
        """The spots at which a way starts, bends and ends."""
        found = [state >> 2]
        while state in came:
            before = came[state]
            if before & 3 != state & 3:
                found.append(before >> 2)
            state = before
        if state >> 2 != found[-1]:
            found.append(state >> 2)
        return [self._spot(at) for at in reversed(found)]


def _bends(turn: int, right: int, down: int) -> int:
    """What the bends cost that it takes at least to come somewhere that lies that way, -1, 0 or 1 in both directions."""
    towards = (right, down, -right, -down)[turn]
    if towards > 0:
        return _BEND if right and down else 0
    return 2 * _BEND if towards < 0 else _BEND if right or down else 0


_BENDS = tuple({right + 3 * down: _bends(turn, right, down) for right in (-1, 0, 1) for down in (-1, 0, 1)}
               for turn in range(4))


def _off(value: int, low: int, high: int) -> int:
    """How far a value is below (positive) or above (negative) a range."""
    return low - value if value < low else high - value if value > high else 0


def _up(value: float) -> int:
    return int(-(-value // PITCH))


def _down(value: float) -> int:
    return int(value // PITCH)


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
