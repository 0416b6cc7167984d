"""A picture as a Mermaid flowchart, which code hosts show inside of Markdown.

Mermaid reads some words and characters in labels as its own, so every text is quoted and everything but letters,
digits and harmless marks is written as an entity code (#35; syntax: https://mermaid.js.org/syntax/flowchart.html).
"""

from __future__ import annotations

from exporters.pictures import palette
from exporters.pictures.graph import BoxKind, Picture
from exporters.pictures.text import clean

_PLAIN = frozenset(" .,:-_()/+'")

_SHAPES: dict[BoxKind, tuple[str, str]] = {
    "component": ("[", "]"), "workload": ("(", ")"), "external": ("[(", ")]"), "actor": ("([", "])"),
    "platform": ("[[", "]]"), "summary": ("[[", "]]"),
}


_NOTHING = "#160;"
"""A space that does not break: Mermaid refuses an empty text."""


def _safe(text: str) -> str:
    cleaned = clean(text, 300)
    return "".join(char if char.isalnum() or char in _PLAIN else f"#{ord(char)};" for char in cleaned) or _NOTHING


def write(picture: Picture) -> str:
    """The flowchart."""
    names = {group.id: f"g{index}" for index, group in enumerate(picture.groups)}
    names |= {box.id: f"n{index}" for index, box in enumerate(picture.boxes)}
    title = clean(picture.title, 300).replace("\\", "\\\\").replace('"', '\\"')
    lines = ["---", f'title: "{title}"', "---", f"flowchart {picture.direction}"]
    lines += _body(picture, None, names, "  ")
    for arrow in picture.arrows:
        label = f'|"{_safe(arrow.label)}"|' if clean(arrow.label) else ""
        line = "-->" if not palette.ARROWS[arrow.kind].dash else "-.->"
        lines.append(f"  {names[arrow.source]} {line}{label} {names[arrow.target]}")
    for index, arrow in enumerate(picture.arrows):
        lines.append(f"  linkStyle {index} stroke:{palette.ARROWS[arrow.kind].light}")
    return "\n".join(lines) + "\n"


def _body(picture: Picture, parent: str | None, names: dict[str, str], margin: str) -> list[str]:
    lines = []
    for box in picture.boxes:
        if box.group == parent:
            opening, closing = _SHAPES[box.kind]
            text = _safe(box.title) + (f"<br/>{_safe(box.subtitle)}" if box.subtitle else "")
            lines.append(f'{margin}{names[box.id]}{opening}"{text}"{closing}')
    for index, group in enumerate(picture.groups):
        if group.parent == parent:
            title = f"{group.title} ({group.note})" if group.note else group.title
            lines.append(f'{margin}subgraph g{index}["{_safe(title)}"]')
            lines += _body(picture, group.id, names, margin + "  ")
            lines.append(f"{margin}end")
    return lines
