"""Markdown that means only what we mean: every text from people or the catalog goes through here on its way out.

`md` escapes a text so that it shows as it was written; `prose` does the same for sentences of the catalog and leaves
`code` in them code. Nothing here knows what a record is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from catalog.words import plain, sentence

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~!&{}$])")
_NOTABLE = re.compile(r"[\\`*_\[\]<>|#~!&{}$@:]|\A[-+=\d]|[wW]\.")
"""Something that `_mute` might have to escape."""
_FIRST = re.compile(r"^([-+=]|\d+[.)](?=\s|$))")
_SCHEME = re.compile(r"(?i)(https?|ftp|mailto|xmpp):")
_WWW = re.compile(r"(?i)\bwww\.")
_CODE = re.compile(r"`([^`\n]+)`")


def md(text: object) -> str:
    """Somebody's text as one line of Markdown without any meaning: no markup, no links, no HTML."""
    return _mute(plain(text))


@lru_cache(4096)
def prose(text: str) -> str:
    """A sentence of the catalog: escaped, but code between backticks stays code."""
    line = plain(text, 2000)
    if "`" not in line:
        return _escaped(line)
    parts: list[str] = []
    at = 0
    for match in _CODE.finditer(line):
        parts += [_escaped(line[at:match.start()]), code(match[1])]
        at = match.end()
    return "".join([*parts, _escaped(line[at:])])


def _escaped(text: str) -> str:
    """`md` that keeps the spaces at both ends."""
    if not text.strip():
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()):]
    return f"{before}{_mute(text.strip())}{after}"


def _mute(line: str) -> str:
    if not _NOTABLE.search(line):  # Nearly every text: nothing in it could mean anything.
        return line
    escaped = _SPECIAL.sub(r"\\\1", line)
    escaped = _FIRST.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", escaped)
    escaped = _SCHEME.sub(r"\1\\:", escaped)
    return _WWW.sub("www\\\\.", escaped).replace("@", "\\@")


def code(text: object) -> str:
    """Code in a line; backticks in it are fenced by more of them."""
    inner = plain(text, 2000)
    fence = "`"
    while fence in inner:
        fence += "`"
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{fence}{pad}{inner}{pad}{fence}" if inner else ""


def link(label: str, target: str) -> str:
    """A link; `label` is Markdown already, the target is encoded so that it cannot end the link."""
    safe = re.sub(r"[\s<>()\"'\\`|]", lambda match: f"%{ord(match[0]):02X}", target)
    return f"[{label}]({safe})"


def source(url: str, label: str = "source") -> str:
    """A link to a source, named by its host."""
    host = re.sub(r"^https?://(www\.)?", "", url).split("/")[0]
    return link(md(host) if label == "source" else label, url)


def heading(level: int, text: str) -> str:
    """A heading without closing punctuation."""
    return f"{'#' * level} {text.strip().rstrip('.,;:!')}"


def bullets(items: Iterable[str]) -> str:
    """A list; items are Markdown."""
    return "\n".join(f"- {item}" for item in items)


def numbered(items: Iterable[str]) -> str:
    """A numbered list; items are Markdown."""
    return "\n".join(f"{at}. {item}" for at, item in enumerate(items, 1))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    """A cell cannot hold a bare `|`, not even in code."""
    return re.sub(r"(?<!\\)\|", r"\\|", text) or "–"


def fenced(text: str, language: str = "sh") -> str:
    """A block of code; the fence is longer than any in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    kept = "\n".join(_printable(line.rstrip()) for line in text.splitlines())
    return f"{fence}{language}\n{kept}\n{fence}"


def _printable(line: str) -> str:
    """A line of code without control and direction characters; its spaces are part of it."""
    return re.sub(r"[^ ]+", lambda word: plain(word[0], 4000), line)


def page(blocks: Iterable[str]) -> str:
    """Blocks joined by one empty line each, with a newline at the end."""
    return "\n\n".join(block.strip("\n") for block in blocks if block.strip()) + "\n"


def scalar(text: str) -> str:
    """A double-quoted YAML scalar."""
    return json.dumps(plain(text, 2000), ensure_ascii=False)


def said(text: str) -> str:
    """A catalog sentence with capital and full stop."""
    return prose(sentence(text))


def seen(text: str) -> str:
    """What somebody sees after a step; it may begin with a command, which keeps its small letter."""
    return prose(text if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}.")
