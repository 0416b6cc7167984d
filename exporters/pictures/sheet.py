"""One drawing on paper: collects shapes and text, and becomes a self-contained SVG with its style, icons and fonts.

Owns escaping and styling; refuses to know what is drawn. Viewers and rasterisers differ in what they support, so only
plain shapes, classes and one style block are used.
"""

from __future__ import annotations

import base64
import unicodedata
from functools import cache, lru_cache
from html import escape
from typing import Literal

from exporters.pictures import fonts, icons, measure, palette
from exporters.pictures.geometry import Rect
from exporters.pictures.text import clean

Theme = Literal["auto", "light", "dark"]
"""auto: light, and dark where the reader's system asks for it on a screen."""

SPANS = ("active", "planned", "deprecated", "unsupported", "archived", "unobtainable")
TINTED = ("workload", "external", "actor", "summary", "platform")


def number(value: float) -> str:
    """A coordinate with at most one decimal, the same everywhere."""
    text = format(value, ".1f")
    if text[-1] == "0":
        text = text[:-2]
    return "0" if text == "-0" else text


def numbers(form: str, *values: float) -> str:
    """Coordinates put into the places of a form, `%.1f` each before a quote, as `number` writes them."""
    return (form % values).replace('.0"', '"').replace('"-0"', '"0"')


def safe(text: str) -> str:
    """Text as an SVG may hold it."""
    return escape(clean(text, 400), quote=True)


_SIZES = {"h": measure.HEADING, "c": measure.CAPTION, "bt": measure.TITLE, "bs": measure.SMALL, "gn": measure.SMALL,
          "lg": measure.SMALL, "gt": measure.GROUP, "l": measure.LABEL, "tl": 13.5, "ks": 14.0, "rt": measure.TITLE - 1,
          "sl": measure.SMALL}
"""Font size of each class of text, as the style says it."""


class Sheet:
    """Collects the elements of one drawing and the text that it shows."""

    def __init__(self, view: str, pieces: bool = False) -> None:
        self.view = view
        self.pieces = pieces
        """True for a rasteriser that cannot change faces within a line: each piece of a line becomes one of its own."""
        self.parts: list[str] = []
        self.icons: list[str] = []
        """Icon classes that the drawing uses."""
        self.shown: dict[fonts.Weight, list[str]] = {"regular": [], "semibold": []}

    def add(self, element: str) -> None:
        """Take an element that is safe as it stands."""
        self.parts.append(element)

    def write(self, x: float, y: float, text: str, style: str, weight: fonts.Weight, anchor: str = "") -> None:
        """A line of text; `y` is its baseline."""
        self.shown[weight].append(text)
        middle = f' text-anchor="{anchor}"' if anchor else ""
        if self.pieces and not text.isascii():
            self._pieces(x, y, text, style, weight, anchor)
        else:
            long = ""
            if fonts.shaped(text):  # whatever font the reader has, it takes the room that was measured
                size = _SIZES.get(style.split(" ")[0], measure.SMALL)
                long = f' textLength="{number(fonts.width(text, size, weight))}" lengthAdjust="spacingAndGlyphs"'
            self.add(numbers('<text x="%.1f" y="%.1f" class="', x, y) + f'{style}"{middle}{long}>{safe(text)}</text>')

    def _pieces(self, x: float, y: float, text: str, style: str, weight: fonts.Weight, anchor: str) -> None:
        size = _SIZES.get(style.split(" ")[0], measure.SMALL)
        if anchor == "middle":
            x -= fonts.width(text, size, weight) / 2
        for name, piece in fonts.runs(clean(text, 400)):
            family = f" style=\"font-family:'{fonts.family(name)}'\"" if name else ""
            plain = "".join(char for char in piece if char not in "\u200d\ufe0e\ufe0f")
            self.add(f'<text x="{number(x)}" y="{number(y)}" class="{style}"{family}>{escape(plain, quote=True)}</text>')
            x += fonts.width(piece, size, weight)

    def rect(self, area: Rect, style: str, radius: float = 8) -> None:
        """A rounded rectangle."""
        self.parts.append(numbers('<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="%.1f" class="' + style + '"/>',
                                  area.x, area.y, area.w, area.h, radius))

    def file(self, title: str, description: str, width: float, height: float, theme: Theme, embed: bool = True,
             paper: bool = True) -> str:
        """The whole SVG. `embed=False` leaves the fonts out, for a rasteriser that is handed the files; without `paper`
        nothing is painted between the elements."""
        wide, high, view = number(round(width)), number(round(height)), self.view
        symbols = "".join(
            f'<symbol id="{view}-{icon_name(name)}" viewBox="0 0 32 32"><image width="32" height="32" '
            f'preserveAspectRatio="xMidYMid meet" href="{icons.data_uri(name)}"/></symbol>\n' for name in self.icons)
        body = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" '
            f'role="img" aria-labelledby="{view}-title {view}-desc" class="kw">\n'
            f'<title id="{view}-title">{safe(title)}</title>\n'
            f'<desc id="{view}-desc">{escape(description, quote=True)}</desc>\n'
            f"<style>{_style(theme)}{_faces(self) if embed else ''}</style>\n<defs>\n{symbols}</defs>\n"
            + (f'<rect width="{wide}" height="{high}" class="paper"/>\n' if paper else "") + f"{body}\n</svg>\n"
        )


def icon_name(dotted: str) -> str:
    """An icon class as part of an element's id."""
    return dotted.replace(".", "-")


@lru_cache(maxsize=4)
def _colours(dark: bool) -> str:
    tint = palette.DARK if dark else palette.LIGHT
    rules = [
        f".kw .paper{{fill:{tint['paper']}}}", f".kw .halo{{fill:{tint['paper']};fill-opacity:.86}}",
        f".kw .h,.kw .bt,.kw .gt{{fill:{tint['ink']}}}", f".kw .c,.kw .bs,.kw .gn,.kw .lg{{fill:{tint['soft']}}}",
        f".kw .b{{fill:{tint['box']};stroke:{tint['line']}}}", f".kw .g{{stroke:{tint['frame']}}}",
        f".kw .icon{{fill:{tint['icon']}}}", f".kw .tile{{fill:{tint['tile']}}}", f".kw .tl{{fill:{tint['tile-ink']}}}",
        f".kw .ks{{fill:{tint['paper']}}}", f".kw .g-cluster{{stroke:{tint['frame-cluster']}}}",
    ]
    rules += [f".kw .g-{kind},.kw .u-{kind}{{fill:{tint[kind]}}}" for kind in ("zone", "cluster", "layer", "plain")]
    rules += [f".kw .b-{kind}{{fill:{tint[kind]}}}" for kind in TINTED]
    rules += [f".kw .s-{status}{{fill:{tint[status]}}}" for status in SPANS]
    rules += [f".kw .rt{{fill:{tint['ink']}}}", f".kw .sl{{fill:{tint['on-bar']}}}",
              f".kw .day{{stroke:{tint['day']}}}",
              f".kw .s-deprecated,.kw .s-unsupported,.kw .s-archived{{stroke:{tint['ink']};stroke-opacity:.55}}"]
    for kind, stroke in palette.ARROWS.items():
        colour = stroke.dark if dark else stroke.light
        rules += [f".kw .a-{kind}{{stroke:{colour}}}", f".kw .t-{kind},.kw .l-{kind}{{fill:{colour}}}"]
    for mark in palette.MARKS:
        rules += [f".kw .b.m-{mark},.kw .g.m-{mark}{{stroke:{tint[mark]};fill:{tint[mark + '-fill']}}}",
                  f".kw .a.m-{mark}{{stroke:{tint[mark]}}}", f".kw polygon.m-{mark},.kw .k-{mark}{{fill:{tint[mark]}}}"]
    return "".join(rules)


@lru_cache(maxsize=4)
def _style(theme: Theme) -> str:
    family = f"kw,kwp,kwc,'{fonts.FAMILY}','{fonts.FAMILY_CJK}',sans-serif"
    rules = [
        f".kw text{{font-family:{family};font-kerning:none;white-space:pre}}",
        f".kw .h{{font-size:{measure.HEADING}px;font-weight:600}}", f".kw .c{{font-size:{measure.CAPTION}px}}",
        f".kw .bt{{font-size:{measure.TITLE}px;font-weight:600}}",
        f".kw .bs,.kw .gn,.kw .lg{{font-size:{measure.SMALL}px}}",
        f".kw .gt{{font-size:{measure.GROUP}px;font-weight:600}}", f".kw .l{{font-size:{measure.LABEL}px}}",
        ".kw .tl{font-size:13.5px;font-weight:600}", ".kw .ks{font-size:14px;font-weight:600}",
        ".kw .a{fill:none;stroke-width:1.6}", ".kw .b{stroke-width:1}", ".kw .g{stroke-width:1.2}",
        ".kw .g-zone{stroke-dasharray:5 3}", ".kw .b.m-added,.kw .b.m-changed,.kw .b.m-removed{stroke-width:2.4}",
        ".kw .m-removed{stroke-dasharray:5 4}", ".kw .grid{fill:none}", f".kw .rt{{font-size:{measure.TITLE - 1}px;"
        "font-weight:600}", f".kw .sl{{font-size:{measure.SMALL}px}}", ".kw .s-deprecated{stroke-dasharray:3 2}",
        ".kw .s-unsupported{stroke-dasharray:1 2}",
    ]
    rules += [f".kw .a-{kind}{{stroke-dasharray:{stroke.dash}}}"
              for kind, stroke in palette.ARROWS.items() if stroke.dash]
    rules.append(_colours(theme == "dark"))
    if theme == "auto":
        rules.append(f"@media screen and (prefers-color-scheme:dark){{{_colours(True)}}}")
    return "".join(rules)


def _faces(sheet: Sheet) -> str:
    """Basic Latin and of all else only the characters shown, as embedded fonts: the drawing is as wide in every viewer
    as it was measured, and another word in it changes no font."""
    rules = [_basic()]
    both: set[str] = set()
    for weight, value in _WEIGHTS:
        chars = {char for char in set("".join(sheet.shown[weight])) if not char.isascii()}
        rules.append(_face("kwp", value, weight, fonts.shown_by(weight, chars)))
        both |= chars
    if not both:
        return "".join(rules)
    rules.append(_face("kwc", "100 900", "cjk", fonts.shown_by("cjk", both, but_not="regular")))
    rare = sorted({fonts.home(char) for char in both} & set(fonts.SIMPLE))
    for name in rare:
        chars = {char for char in both if fonts.home(char) == name}
        parts = {part for char in chars for part in unicodedata.normalize("NFKD", char)}  # some viewers compose anew
        rules.append(_face(f"kw-{name}", "100 900", name, "".join(chars | parts)))
    if rare:
        names = ",".join(f"kw-{name}" for name in rare)
        rules.append(f".kw text{{font-family:kw,kwp,kwc,{names},'{fonts.FAMILY}','{fonts.FAMILY_CJK}',sans-serif}}")
    return "".join(rules)


_WEIGHTS: tuple[tuple[fonts.Weight, str], ...] = (("regular", "400"), ("semibold", "600"))


@cache
def _basic() -> str:
    """The faces of what nearly every text is made of; the same in every drawing."""
    latin = "".join(map(chr, range(0x20, 0x7F)))
    return "".join(_face("kw", value, weight, latin) for weight, value in _WEIGHTS)


def _face(family: str, weight: str, name: str, chars: str) -> str:
    if not chars:
        return ""
    data = base64.b64encode(fonts.face(name).subset(chars)).decode("ascii")
    return f"@font-face{{font-family:{family};font-weight:{weight};src:url(data:font/ttf;base64,{data})}}"
