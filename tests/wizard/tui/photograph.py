"""A screen as SVG: small, the same bytes every time, and a line of text a line, so that a change of it can be reviewed."""

from __future__ import annotations

from html import escape

from rich.cells import cell_len
from rich.style import Style
from textual._context import visible_screen_stack
from textual.app import App
from textual.color import Color
from textual.strip import Strip

WIDE, TALL = 8.4, 18
"""A cell in pixels, at 14 pixels a letter."""
Ground = tuple[int, int, int, int, str]
"""Column, line, width, height and colour of something behind the letters."""
FONTS = "'DejaVu Sans Mono', 'Noto Sans Mono', Menlo, Consolas, monospace"


def strips(app: App[object]) -> list[Strip]:
    """The lines of the screen now: what lies behind a window as it is, not as it was when that was painted last."""
    app.screen.refresh()
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def svg(app: App[object]) -> str:
    """What is on the screen now."""
    page = Color.parse(app.theme_variables["background"]).hex.lower()
    classes: dict[str, str] = {}
    grounds: list[Ground] = []
    texts: list[str] = []
    size = app.size
    for at, strip in enumerate(strips(app)):
        spans = []
        column = 0
        for text, style, _ in strip:
            wide = cell_len(text)
            letters, ground = _colours(style or Style())
            if ground and ground != page:
                grounds.append((column, at, wide, 1, ground))
            if text.strip():
                name = classes.setdefault(letters, f"s{len(classes)}")
                lead = len(text) - len(text.lstrip())
                told = escape(text.strip(), quote=False).replace("  ", "\u00a0\u00a0")
                spans.append(f'<tspan class="{name}" x="{(column + lead) * WIDE:.1f}">{told}</tspan>')
            column += wide
        if spans:
            texts.append(f'<text y="{at * TALL + 14}">{"".join(spans)}</text>')
    told = "\n".join(f".{name} {{ {letters} }}" for letters, name in classes.items())
    width, height = round(size.width * WIDE), size.height * TALL
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<style>text {{ font: 14px {FONTS}; white-space: pre; }}\n{told}</style>",
        f'<rect width="{width}" height="{height}" fill="{page}"/>', *_joined(grounds), *texts, "</svg>", ""])


def _colours(style: Style) -> tuple[str, str]:
    """How letters look, and the colour behind them."""
    front = style.color.get_truecolor().hex if style.color else "#808080"
    back = style.bgcolor.get_truecolor().hex if style.bgcolor else ""
    if style.reverse:
        front, back = back or "#000000", front
    told = f"fill: {front};"
    if style.bold:
        told += " font-weight: bold;"
    if style.dim:
        told += " opacity: 0.7;"
    if style.underline:
        told += " text-decoration: underline;"
    return told, back


def _joined(grounds: list[Ground]) -> list[str]:
    """Neighbours of one colour as one, first beside, then below each other."""
    rows: list[Ground] = []
    for x, y, wide, tall, fill in grounds:
        if rows and rows[-1][1] == y and rows[-1][4] == fill and rows[-1][0] + rows[-1][2] == x:
            rows[-1] = (rows[-1][0], y, rows[-1][2] + wide, tall, fill)
        else:
            rows.append((x, y, wide, tall, fill))
    found: dict[tuple[int, int, str, int], Ground] = {}
    for x, y, wide, tall, fill in rows:
        above = found.pop((x, wide, fill, y), None)
        top, high = (above[1], above[3] + tall) if above else (y, tall)
        found[x, wide, fill, y + tall] = (x, top, wide, high, fill)
    return [f'<rect x="{x * WIDE:.1f}" y="{y * TALL}" width="{wide * WIDE:.1f}" height="{tall * TALL}" fill="{fill}"/>'
            for x, y, wide, tall, fill in sorted(found.values(), key=lambda each: (each[1], each[0]))]
