"""One self-contained page of a design: overview, pictures and records in a single HTML file, for print and for a phone.

Markdown becomes HTML without any HTML of its own (raw HTML is shown as text); pictures are put in place; links between
our pages become links within the page. No script, nothing loaded from anywhere.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from catalog.design import Design
from catalog.words import plain
from exporters import paths
from exporters.base import Artifact

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

PAGE = "docs/architecture.html"

STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8881; }
body { font: 16px/1.55 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem 1.2rem 4rem; }
h1, h2, h3, h4 { line-height: 1.25; } h2 { margin-top: 2.2rem; border-bottom: 1px solid var(--line); }
article { border-top: 3px double var(--line); margin-top: 3rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; font-size: .9rem; }
th, td { border: 1px solid var(--line); padding: .3rem .55rem; text-align: left; vertical-align: top; }
pre { background: var(--soft); padding: .7rem; overflow-x: auto; } code { font-size: .88em; overflow-wrap: anywhere; }
blockquote { border-left: 4px solid var(--line); margin-left: 0; padding-left: 1rem; }
img { max-width: 100%; height: auto; } nav ul { columns: 18rem; padding-left: 1.1rem; }
body { overflow-wrap: break-word; } td code { overflow-wrap: break-word; } .day { white-space: nowrap; }
@media screen and (max-width: 44rem) { p:has(> img) { overflow-x: auto; } p > img { max-width: 46rem; }
  p:has(> img)::before { content: "Wider than the screen: swipe \\2192"; display: block; position: sticky; left: 0;
    font-size: .8rem; opacity: .7; }
  ul, ol { padding-left: 1.3rem; } h1 { font-size: 1.6rem; } h2 { font-size: 1.3rem; } }
@media print { table { font-size: .75rem; } th, td { padding: .15rem .3rem; }
  body { max-width: none; font-size: 9.5pt; } article { margin-top: 1.5rem; } table { display: table; }
  img { max-height: 21cm; width: auto; } h1 + p + ul + p > img { max-height: 18cm; }
  h1, h2, h3, h4 { break-after: avoid; } nav { break-before: page; }
  a { color: inherit; text-decoration: none; } pre, tr, img { break-inside: avoid; } pre { white-space: pre-wrap; } }
""".strip()

_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_DAY = re.compile(r"<td>(\d{4}-\d\d-\d\d)</td>")
_STATUS = re.compile(r'(?m)^status: *"?([a-z]+)')


def page(design: Design, made: Iterable[Artifact]) -> Artifact:
    """The page, from the artifacts of the other exporters; what is not among them is left out."""
    texts = {entry.path: entry.data for entry in made}
    wanted = [path for path in texts if path.endswith(".md")
              and path.startswith((f"{paths.DECISIONS}/", f"{paths.RUNBOOKS}/")) and path != paths.records_index()]
    order = [path for path in (paths.OVERVIEW,) if path in texts] + sorted(wanted)
    parser = _parser()
    parts = []
    for path in order:
        text = texts[path].decode().replace("\r\n", "\n")
        status = _STATUS.match(text[4:]) if text.startswith("---\n") else None
        note = f"<p><small>Status: {html.escape(status[1])}</small></p>" if status and status[1] != "accepted" else ""
        body = _render(parser, _FRONT.sub("", text), path, order, texts)
        tag = "section" if path == paths.OVERVIEW else "article"
        parts.append(f'<{tag} id="{anchor(path)}">\n{body}{note}\n</{tag}>')
    title = html.escape(f"Architecture of {plain(design.name)}")
    contents = "\n".join(f'<li><a href="#{anchor(path)}">{html.escape(_title(texts[path].decode(), path))}</a></li>'
                         for path in order)
    return Artifact(PAGE, (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
        f"<style>\n{STYLE}\n</style>\n</head>\n<body>\n" + "\n".join(parts[:1]) +
        f"\n<nav aria-label=\"Contents\">\n<h2>Contents</h2>\n<ul>\n{contents}\n</ul>\n</nav>\n" + "\n".join(parts[1:]) +
        "\n</body>\n</html>\n"
    ).encode())


def anchor(path: str) -> str:
    """The id of a page within the page."""
    return re.sub(r"[^a-z0-9]+", "-", path.removeprefix("docs/").removesuffix(".md").lower()).strip("-")


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _render(parser: MarkdownIt, text: str, path: str, order: list[str], texts: Mapping[str, bytes]) -> str:
    # Comments are ours or an author's; with raw HTML switched off they would be shown.
    tokens = parser.parse(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and path == paths.OVERVIEW and following is not None:
            token.attrs["id"] = re.sub(r"[^\w-]", "", following.content.lower().replace(" ", "-"))
        if token.type in ("heading_open", "heading_close") and path != paths.OVERVIEW:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
        for child in token.children or ():
            _place(child, path, order, texts)
    return _DAY.sub(r'<td class="day">\1</td>', str(parser.renderer.render(tokens, parser.options, {})))


def _place(token: Any, path: str, order: list[str], texts: Mapping[str, bytes]) -> None:
    """Pictures in place, links to other pages of ours within the page, links to other files as they stand."""
    if token.type == "image":
        target = _resolve(path, str(token.attrs.get("src", "")))
        if target.endswith(".svg") and target in texts:
            token.attrs["src"] = f"data:image/svg+xml;base64,{base64.b64encode(texts[target]).decode()}"
    elif token.type == "link_open":
        href = str(token.attrs.get("href", ""))
        if "://" in href or href.startswith("#"):
            return
        target = _resolve(path, href)
        if target == paths.records_index() and order:
            token.attrs["href"] = f"#{anchor(order[0])}"
        elif target in order:
            token.attrs["href"] = f"#{anchor(target)}"
        else:
            token.attrs["href"] = paths.link(PAGE, target)


def _resolve(origin: str, target: str) -> str:
    """The exported path that a relative link means."""
    parts = origin.split("/")[:-1]
    for part in target.split("#")[0].split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _title(text: str, path: str) -> str:
    match = re.search(r"(?m)^# +(.+?) *$", text)
    name = re.sub(r"\\(.)", r"\1", match[1]) if match else path
    number = re.match(r"\d+", path.rsplit("/", 1)[1])
    return f"{number[0]} {name}" if number else name
