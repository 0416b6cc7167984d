"""Colours, dashes and words of pictures, light and dark. Every arrow kind differs in dash as well as in colour, so that
a print in black and white and a reader who sees colours differently lose nothing."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.components import FlowKind
from exporters.pictures.graph import Mark


@dataclass(frozen=True)
class Stroke:
    """How an arrow kind looks and what it says."""

    words: str
    light: str
    dark: str
    dash: str
    """SVG dash array; empty for a solid line."""


ARROWS: dict[FlowKind, Stroke] = {
    "request": Stroke("request", "#1d4ed8", "#7fb0ff", ""),
    "resolve": Stroke("name look-up", "#0f766e", "#4fd1c5", "2 3.5"),
    "scrape": Stroke("scrape: metrics are pulled", "#c2410c", "#fb9a5b", "7 3"),
    "push": Stroke("push", "#7e22ce", "#cf9bff", "10 3 2 3"),
    "store": Stroke("store: data is written or read", "#854d0e", "#e3b84e", "1.5 2.5"),
    "sync": Stroke("sync: code, images or state", "#15803d", "#6ee7a0", "12 4"),
    "backup": Stroke("backup", "#be185d", "#ff8fc0", "4 2.5 1 2.5"),
    "control": Stroke("control: starts or steers", "#55606f", "#a7b3c4", "4 4"),
}

LIGHT = {
    "paper": "#ffffff", "ink": "#111827", "soft": "#4b5563", "line": "#94a3b8", "box": "#ffffff",
    "zone": "#f4f7fb", "cluster": "#e8f0fe", "layer": "#f8fafc", "plain": "#ffffff",
    "workload": "#eef6ff", "external": "#fff8eb", "actor": "#f1f5f9", "summary": "#fbfcfe", "platform": "#eef2ff",
    "tile": "#e2e8f0", "tile-ink": "#334155", "frame": "#cbd5e1", "frame-cluster": "#8fb0e8", "icon": "#ffffff",
    "added": "#15803d", "removed": "#b91c1c", "changed": "#b45309",
    "active": "#4f9d69", "planned": "#c7d7ef", "deprecated": "#e0a526", "unsupported": "#d26a4a",
    "archived": "#8d96a5", "unobtainable": "#5b6472", "on-bar": "#0b1220", "day": "#b91c1c",
    "added-fill": "#ecfdf3", "removed-fill": "#fef2f2", "changed-fill": "#fffbeb",
}
DARK = {
    "paper": "#0f172a", "ink": "#f1f5f9", "soft": "#b6c2d2", "line": "#64748b", "box": "#1e293b",
    "zone": "#152036", "cluster": "#15294d", "layer": "#16223a", "plain": "#0f172a",
    "workload": "#1b3050", "external": "#33291a", "actor": "#263447", "summary": "#1e293b", "platform": "#232f57",
    "tile": "#42526a", "tile-ink": "#f1f5f9", "frame": "#3b4b63", "frame-cluster": "#4a6fb3", "icon": "#f8fafc",
    "added": "#4ade80", "removed": "#f87171", "changed": "#fbbf24",
    "active": "#4f9d69", "planned": "#86a3cf", "deprecated": "#d09a25", "unsupported": "#c8603f",
    "archived": "#77818f", "unobtainable": "#98a2b0", "on-bar": "#0b1220", "day": "#f87171",
    "added-fill": "#12301f", "removed-fill": "#3a1a1d", "changed-fill": "#33270f",
}
"""The same names in both; see `svg` for what each colours."""

MARKS: dict[Mark, str] = {"added": "added", "removed": "removed", "changed": "changed"}
SIGNS: dict[Mark, str] = {"added": "+", "removed": "\u2013", "changed": "~"}
