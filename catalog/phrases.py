"""How clauses become sentences and lists, and somebody's text one printable line. Knows nothing of what is said."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_SMALL_WORDS = frozenset({
    "A", "All", "An", "Any", "As", "At", "Both", "By", "Clusters", "Each", "Either", "Every", "For", "From", "If",
    "Images", "In", "It", "Its", "No", "Nobody", "Nodes", "Not", "Nothing", "Of", "On", "One", "Only", "People", "Pods",
    "Requests", "Services", "Several", "Some", "Somebody", "That", "The", "There", "These", "They", "This", "Those",
    "Three", "To", "Traffic", "Two", "Users", "What", "Whatever", "When", "Where", "While", "Whoever", "With",
    "Without",
})
"""First words of a sentence that lose their capital after a semicolon; names keep theirs."""


def plain(text: object, most: int = 300) -> str:
    """Somebody's text as one printable line: no control or direction characters, single spaces, cut at `most`."""
    kept = str(text)
    if not kept.isprintable():  # Printable text, which is nearly all, holds nothing that has to go.
        kept = "".join(
            " " if char.isspace() or unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
            for char in kept if unicodedata.category(char) not in ("Cf", "Cs") or char == "\u200d"
        )
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}" if parts else ""


def sentence(text: str) -> str:
    """Capital first, full stop last."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")


def clause(text: str) -> str:
    """A sentence made fit to stand in the middle of another: no full stop, small first word unless it is a name."""
    text = text.strip().rstrip(".")
    first = text.split(" ", 1)[0].rstrip(",")
    return text[:1].lower() + text[1:] if first in _SMALL_WORDS else text
