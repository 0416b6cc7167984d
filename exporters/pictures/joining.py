"""The shapes that letters of the Arabic script take beside each other, so that words are measured as they are drawn.

Knows which letters join and what they look like then, from the presentation forms of Unicode; refuses all other shaping.
https://www.unicode.org/charts/PDF/UFB50.pdf, https://www.unicode.org/charts/PDF/UFE70.pdf
"""

from __future__ import annotations

import unicodedata
from functools import cache

_BLOCKS = (range(0xFB50, 0xFDD0), range(0xFE70, 0xFEFD))
_LAM = "\u0644"


@cache
def _forms() -> dict[str, dict[str, str]]:
    """Letter, or lam with an alef, to its shapes: `isolated`, `initial`, `medial`, `final`."""
    found: dict[str, dict[str, str]] = {}
    for code in (code for block in _BLOCKS for code in block):
        tag, _, parts = unicodedata.decomposition(chr(code)).partition(" ")
        letters = "".join(chr(int(part, 16)) for part in parts.split())
        if tag in ("<isolated>", "<initial>", "<medial>", "<final>") and (
                len(letters) == 1 or (len(letters) == 2 and letters[0] == _LAM and _alef(letters[1]))):
            found.setdefault(letters, {}).setdefault(tag[1:-1], chr(code))
    return found


def _alef(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter)[0] == "\u0627"


def joined(text: str) -> str:
    """The text with each letter of the Arabic script in the shape that its neighbours give it; the rest unchanged."""
    forms = _forms()
    letters: list[str] = []
    for char in text:
        if unicodedata.category(char) in ("Mn", "Me", "Cf"):  # marks stand above and below and part nobody
            continue
        if letters and letters[-1] == _LAM and _LAM + char in forms:
            letters[-1] += char
        else:
            letters.append(char)
    shown = []
    for index, letter in enumerate(letters):
        own = forms.get(letter, {})
        before = index > 0 and "initial" in forms.get(letters[index - 1], {}) and "final" in own
        after = index + 1 < len(letters) and "initial" in own and "final" in forms.get(letters[index + 1], {})
        shape = ("medial" if before and after else "final" if before else "initial" if after else "isolated")
        shown.append(own.get(shape) or letter)
    return "".join(shown)
