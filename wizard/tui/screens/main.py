"""The desk: map on the left, the page in the middle, details beside or below it. Shows the session; holds no answer."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, ClassVar, cast

from rich.text import Text
from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.widgets import Static

from catalog.layers import Layer
from catalog.words import listed
from wizard.answers import Answers
from wizard.session import begin
from wizard.tui.commands import COMMANDS, JUMPS
from wizard.tui.drawing import Wanted
from wizard.tui.glimpse import Glimpse
from wizard.tui.lines import Reading
from wizard.tui.outline import Outline
from wizard.tui.pages import layer as layer_page
from wizard.tui.pages import review as review_page
from wizard.tui.pages import usecase as usecase_page
from wizard.tui.rows import Cell, Row, Rows
from wizard.tui.screens.deciding import Deciding
from wizard.tui.screens.filing import Filing
from wizard.tui.screens.frame import HUGE, WIDE
from wizard.tui.screens.understanding import Understanding
from wizard.tui.sketch import sketch
from wizard.tui.standing import Standing
from wizard.tui.thinking import Asked, Thoughts
from wizard.tui.view import View, plural

REVIEW = "review"
LEGEND = (("●", "decided"), ("○", "open"), ("△", "warned"), ("!", "in conflict"), ("★", "recommended"), ("=", "follows"),
          ("×", "ruled out"), ("±", "in part"))
"""What the marks of the map and of the page mean, where there is room for it."""


class MainScreen(Deciding, Understanding, Filing):
    """See the module."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(command.keys, command.action, command.short or command.title, show=command.shown,
                  tooltip=command.help) for command in COMMANDS),
        *(Binding({"-": "minus", "+": "plus"}.get(key, key), f"jump({number})", f"Page {number + 1}", show=False)
          for number, key in enumerate(JUMPS)),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.page = "use-case"
        self.kind: str | None = None
        self.marks: frozenset[tuple[str, str]] = frozenset()
        self._others = 0
        self._drawn = b""
        self._sketched: Text | None = None
        self.pictured: object = None
        """What the picture beside the page is of: a drawing, or a design."""
        self._said: Text | None = None
        self._sized: tuple[Size, Size] | None = None
        self._cursors: dict[str, object] = {}
        self._stood: list[Standing] = []
        """How everything stands under the answers that are kept, the newest first."""
        self._sheet: dict[Hashable, Any] = {}

    def on_mount(self) -> None:
        """The first page."""
        self.page = self.pages[0]
        self.query_one("#page", Rows).focus()

    # What is shown

    @property
    def pages(self) -> tuple[str, ...]:
        """Layers in order, then the review."""
        return (*self.wizard.catalog.layers, REVIEW)

    @property
    def view(self) -> View:
        """What pages are made from, now."""
        app = self.wizard
        if self.kind is not None and self.kind not in app.space.kind_names:
            self.kind = None
        if app.session is not self._viewed[0] or app.thoughts is not self._viewed[1] or self._at() != self._viewed[2]:
            stood = next((each for each in self._stood if each.fits(app.space, self.kind)), None)
            view = View(app.session, app.space, app.thoughts, *self._at(), stood, self._sheet)
            self._stood = [view.stand, *(each for each in self._stood if each is not stood and each.space in app.spaces)]
            self._viewed = (app.session, app.thoughts, self._at(), view)
        return self._viewed[3]  # type: ignore[return-value]

    _viewed: tuple[object, object, object, View | None] = (None, None, None, None)

    def _at(self) -> tuple[str | None, frozenset[tuple[str, str]], int]:
        return self.kind, self.marks, max(self.query_one("#page", Rows).size.width - 1, 40)

    def show(self, key: object | None = None) -> None:
        """Show the session as it is now: page and map first; what takes longer follows the frame that has them."""
        if not self.is_mounted:
            return
        view = self.view
        self.query_one("#page", Rows).show(self.rows_of(view), key=key)
        self.query_one("#map", Rows).show(self._map(view))
        if self._said is None:  # the first frame is whole
            self._say(view)
            self.describe()
        after = self.wizard.afterwards
        after.drop("page")
        after.drop("map")
        after.put("think", self._think)  # somebody else goes on with that meanwhile
        after.put("top", lambda: self._say(self.view), drawn=True)
        after.put("details", self.describe, drawn=True)
        after.put("sketch", self._draw, drawn=True)
        after.put("ahead", self._ahead)

    def _ahead(self) -> None:
        """Find out how things stand on the other pages, one page after the other, once what is drawn is there: `known` comes
        back to it."""
        view = self.view
        if view.fresh and (view.thoughts.done or view.thoughts.design is not None) and view.stand.ahead():
            self.wizard.afterwards.put("ahead", self._ahead)

    def _think(self) -> None:
        view = self.view
        targets: tuple[Asked, ...] = ()
        if self._layer:
            targets = self._targets(view)
        decisions = tuple(decision.id for decision in self.wizard.catalog.layers[self.page].decisions) if self._layer else ()
        self.wizard.think(targets, decisions, self._picture())

    def _targets(self, view: View) -> tuple[Asked, ...]:
        """Options with a reason to find: the one under the cursor first, then those that can be seen."""
        under, seen = self.under, {row.key for row in self.query_one("#page", Rows).seen()}
        targets = layer_page.targets(view, self.page)
        keys = {target: ("option", target.decision, target.component) for target in targets}
        return tuple(sorted(targets, key=lambda target: (keys[target] != under, keys[target] not in seen)))

    def known(self) -> None:
        """More is known about the same answers."""
        if self.is_mounted:
            after = self.wizard.afterwards
            after.put("page", lambda: self.query_one("#page", Rows).show(self.rows_of(self.view)), drawn=True)
            after.put("sketch", self._draw, drawn=True, first=self._to_draw)
            after.put("map", lambda: self.query_one("#map", Rows).show(self._map(self.view)), drawn=True)
            after.put("top", lambda: self._say(self.view), drawn=True)
            after.put("details", self.describe, drawn=True)
            after.drop("ahead")
            after.put("ahead", self._ahead)

    @property
    def _to_draw(self) -> bool:
        """Whether there is a picture that is not shown yet."""
        thoughts = self.wizard.thoughts
        return (thoughts.drawn if self.wizard.images else thoughts.design) is not self.pictured

    @property
    def _layer(self) -> bool:
        return self.page in self.wizard.catalog.layers

    def _picture(self) -> Wanted | None:
        """The picture beside the page, where there is room and the terminal shows images."""
        if self.size.width < HUGE or not self.wizard.images:
            return None
        from wizard.tui.graphics import as_sixels, cell_width

        wide = self.query_one("#side").scrollable_content_region.width
        return Wanted(dark="light" not in self.app.theme, width=max(wide, 20) * cell_width(), sixels=as_sixels())

    def _draw(self) -> None:
        """The sketch, where there is room; the image takes its place when it is there, and stays until the next one is."""
        if self.size.width < HUGE:
            return
        view = self.view
        drawn = view.thoughts.drawn if view.fresh else None
        if drawn is not None and drawn.wanted != self._picture():
            drawn = None  # asked for elsewhere
        side = self.query_one("#side")
        if drawn is not None and drawn.png and drawn.png != self._drawn:
            from wizard.tui.graphics import show, shown

            self._drawn = drawn.png
            if before := side.query(".image"):
                show(before.first(), drawn)
            else:
                side.mount(made := shown(drawn))
                made.add_class("image")
        drawing = bool(self._drawn) and view.space.stands and self._picture() is not None
        for other in side.children:
            other.display = drawing
        sketched = self.query_one("#sketch", Static)
        sketched.display = not drawing
        if not drawing and (text := sketch(view)) != self._sketched:
            self._sketched = text
            sketched.update(text)
        self.pictured = drawn if self._picture() is not None else view.thoughts.design

    def rows_of(self, view: View) -> list[Row]:
        """The rows of the page."""
        if self.page == REVIEW:
            return review_page.rows(view, self.page)
        layer = view.catalog.layers[self.page]
        found = usecase_page.rows(view, self.page) if self.page == self.pages[0] else []
        return [*found, *layer_page.rows(view, self.page)] if layer.decisions or not found else found

    def glimpse(self) -> Glimpse:
        """The first page with all that can be read on it, for the next start."""
        before = self.page, self.kind
        self.page, self.kind = self.pages[0], None
        try:
            view = self.view
            rows = tuple(self.rows_of(view))
            sketched = sketch(view) if self.size.width >= HUGE else Text()
            return Glimpse(f"{self._top(view)} · opening …", tuple(self._map(view)), rows, {
                cast("tuple[str, ...]", row.key): self.details(row) for row in rows if row.key is not None}, sketched)
        finally:
            self.page, self.kind = before

    def outline(self) -> Outline | None:
        """The first page of any design, for files that were not seen before; None where it has options."""
        app, first = self.wizard, self.pages[0]
        if app.catalog.layers[first].decisions:
            return None
        answers = Answers(name="")
        view = View(begin(answers), app.engine.space(answers), Thoughts(answers), width=self._at()[2])
        before, self.page = self.page, first
        try:
            return usecase_page.outline(view, first, self._map(view))
        finally:
            self.page = before

    def describe(self) -> None:
        """The details of the row under the cursor."""
        row = self.query_one("#page", Rows).current
        self.query_one("#details", Reading).show(
            self.details(row) if row is not None and row.key is not None else Text())

    def _say(self, view: View) -> None:
        """The line on top, which has its height."""
        text = self._top(view)
        if text != self._said:
            self._said = text
            self.query_one("#top", Static).update(text, layout=False)

    def details(self, row: Row) -> Text:
        """What a row is about."""
        key = cast("tuple[str, ...]", row.key)
        if self.page == REVIEW:
            return review_page.details(self.view, key)
        if key[0] in ("option", "setting"):
            return layer_page.details(self.view, cast("layer_page.Key", key))
        return usecase_page.details(self.view, key)

    def _top(self, view: View) -> Text:
        session = view.session
        file = session.path.name if session.path else "not saved yet"
        state = "read-only" if session.read_only else "saved" if not session.changed else \
            "draft kept" if not self.wizard.unkept else "NOT KEPT"
        name = session.answers.name
        parts = [f"k8s-wizard · {name}" if self.size.width >= WIDE else name, f"{file} ({state})"]
        if len(view.space.kinds) > 1:
            parts.append(f"only {listed(self.looked(view))}" if view.kind else "all clusters")
        if self._others:
            parts.append("! also open elsewhere")
        if not view.space.stands:
            parts.append("! conflict: press !")
        else:
            parts.append(self._next(view))
            if not (view.fresh and view.thoughts.done):
                parts.append("thinking …")
        return Text(" · ".join(parts), no_wrap=True, overflow="ellipsis")

    def _next(self, view: View) -> str:
        """What to do next, for whoever does not know."""
        answers, design = view.session.answers, view.thoughts.design if view.fresh else None
        if not answers.choices and self.page == self.pages[0]:
            return "next: Enter answers, n goes on"
        open_ = sum(map(view.waiting, view.catalog.decisions))
        if open_:
            return f"next: {open_} open, {'C completes' if self.page == REVIEW else 'r reviews'} them"
        if design is not None and design.placeholders:
            return f"next: r lists {plural(len(design.placeholders), 'placeholder')}"
        return "next: e exports"

    def _map(self, view: View) -> list[Row]:
        found = []
        width = 25 if self.size.width >= WIDE else 19
        for number, page in enumerate(self.pages):
            here = page == self.page
            glyph, style, count = self._layer_state(view, page)
            title = "Review" if page == REVIEW else _title(view.catalog.layers[page], width - 7)
            key = "r" if page == REVIEW else JUMPS[number] if number < len(JUMPS) else " "
            found.append(Row(("page", page), (
                Cell(f"{'›' if here else ' '}{key}", 2, "accent" if here else "dim"), Cell(glyph, 2, style),
                Cell(title, width - 7, "head" if here else "plain"), Cell(f"{count:>2}", 2, "dim"))))
        room = self.size.height - len(found) - 3
        if room >= len(LEGEND):
            found.append(Row(None, (Cell(""),)))
            found += [Row(None, (Cell(f"   {glyph} {word}", 0, "dim"),)) for glyph, word in LEGEND]
        return found

    def _layer_state(self, view: View, page: str) -> tuple[str, str, str]:
        """Glyph, style and how many are open."""
        if page == REVIEW:
            return ("!", "bad", "") if not view.space.stands else (" ", "plain", "")
        layer = view.catalog.layers[page]
        standing = [view.standing(decision.id) for decision in layer.decisions]
        questions = list(layer.questions)
        open_ = sum(view.waiting(decision.id) for decision in layer.decisions) + sum(
            1 for question in questions
            if not any(usecase_page.said(view, question, kind) for kind in usecase_page.kinds(view, question)))
        count = str(open_) if open_ else ""
        if "conflict" in standing or any(question.id in view.conflicting for question in questions):
            return "!", "bad", count
        if view.warned(page):
            return "△", "warn", count
        if not open_ and "answered" not in standing and "implied" in standing:
            return "=", "good", count
        return ("○", "accent", count) if open_ else ("●", "good", count)

    # Moving

    def go(self, page: str, key: object | None = None) -> None:
        """Go to a page, and to a row of it."""
        rows = self.query_one("#page", Rows)
        if page != self.page:
            self._cursors[self.page] = rows.current.key if rows.current else None
            self.page = page
            rows.cursor = 0
            rows.scroll_to(y=0, animate=False)
            key = key or self._cursors.get(page)
        self.show(key)
        rows.focus()

    def action_jump(self, number: int) -> None:
        """A page by its key."""
        if number < len(self.pages):
            self.go(self.pages[number])

    def action_next_page(self) -> None:
        """The next page."""
        self.go(self.pages[(self.pages.index(self.page) + 1) % len(self.pages)])

    def action_previous_page(self) -> None:
        """The page before."""
        self.go(self.pages[self.pages.index(self.page) - 1])

    def action_review(self) -> None:
        """The review."""
        self.go(REVIEW)

    def action_focus_map(self) -> None:
        """Page, details, map, in turn."""
        order = [self.query_one("#page"), self.query_one("#details"), self.query_one("#map")]
        at = next((number for number, widget in enumerate(order) if widget.has_focus), 2)
        order[(at + 1) % 3].focus()

    def action_dark(self) -> None:
        """Light or dark."""
        self.app.theme = "textual-light" if self.app.theme == "textual-dark" else "textual-dark"

    @on(Rows.Moved, "#page")
    def moved(self) -> None:
        """Another row is under the cursor; its details follow."""
        self.wizard.afterwards.put("details", self._describe_anew, drawn=True)

    def _describe_anew(self) -> None:
        self.describe()
        self.query_one("#details").scroll_to(y=0, animate=False)

    @on(Rows.Chosen, "#map")
    def layer_chosen(self, event: Rows.Chosen) -> None:
        """A layer of the map."""
        self.go(cast("tuple[str, str]", event.row.key)[1])

    def on_resize(self, event: events.Resize) -> None:
        """Columns follow the width; a window that closes leaves it as it was."""
        self.call_after_refresh(self._resized)

    def _screen_resized(self, size: Size) -> None:
        if size != self._size:  # a window that opens above leaves everything in its place
            super()._screen_resized(size)

    def _resized(self) -> None:
        sizes = self.size, self.query_one("#page").size
        if sizes != self._sized:
            self._sized = sizes
            self.show()

    def notice_others(self, count: int) -> None:
        """Another session has the same file open, or no longer."""
        if count and not self._others:
            self.notify("Another session has this file open: whoever saves last wins. Use Save as (S) to keep both.",
                        severity="warning", timeout=10)
        if count != self._others:
            self._others = count
            self._say(self.view)


def _title(layer: Layer, room: int) -> str:
    """The name of a layer, the short one where there is no room for the other and a gap."""
    return layer.title if len(layer.title) < room or layer.short is None else layer.short
