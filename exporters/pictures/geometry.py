"""Rectangles, and when two of them get into each other's way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rect:
    """An upright rectangle: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    def moved(self, dx: float, dy: float) -> Rect:
        """The same rectangle elsewhere."""
        return Rect(self.x + dx, self.y + dy, self.w, self.h)

    def overlaps(self, other: Rect, slack: float = 0.5) -> bool:
        """True when the two share more than `slack` pixels in both directions."""
        return (self.y + self.h - other.y > slack and other.y + other.h - self.y > slack  # asked often: the likely no first
                and self.x + self.w - other.x > slack and other.x + other.w - self.x > slack
                and self.w > slack and self.h > slack and other.w > slack and other.h > slack)

    def contains(self, other: Rect, slack: float = 0.5) -> bool:
        """True when the other lies inside of this."""
        return (other.x >= self.x - slack and other.y >= self.y - slack
                and other.x + other.w <= self.x + self.w + slack and other.y + other.h <= self.y + self.h + slack)
