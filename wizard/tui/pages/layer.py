"""The one page for every layer: its decisions, their options as a table, their settings."""

from __future__ import annotations

from functools import lru_cache
from operator import is_
from textwrap import wrap

from rich.text import Text

from catalog.layers import NONE, Decision
from catalog.reasons import Option
from catalog.words import listed, plain
from wizard.tui.about import about_option, about_setting, setting_value, strengths, where
from wizard.tui.rows import Cell, Row, line
from wizard.tui.view import COST, EFFORT, GLYPHS, STYLE, WORDS, Shown, View

Key = tuple[str, str, str]
"""`("option", decision, component)` or `("setting", decision, setting)`."""


WITH_REASON = ("excluded", "implied", "partly", "conflict")
"""How options are shown that have their reason beside them."""


def rows(view: View, layer: str) -> list[Row]:
    """Every decision of a layer with its options and settings."""
    found: list[Row] = []
    for decision in view.catalog.layers[layer].decisions:
        if found:
            found.append(line())
        found += _kept(view, decision)
    return found or [line("This layer has no decisions.", "dim")]


def _kept(view: View, decision: Decision) -> list[Row]:
    """The rows of a decision: those made before, while answers and place are the same and no news were about it."""
    options = view.catalog.options[decision.id]
    place = view.width, view.fresh, [component for component in options if (decision.id, component) in view.marks]
    news = [view.thoughts.made, *(view.reason(decision.id, component) for component in options),
            *(view.margin(decision.id, component) for component in options)]
    kept = view.stand.kept.get(decision.id)
    if kept is None or kept[0] != place or not all(map(is_, kept[1], news)):
        kept = view.stand.kept[decision.id] = place, news, _decision(view, decision)
    return kept[2]


def targets(view: View, layer: str) -> list[Option]:
    """Every option whose reason is shown on the page."""
    return [
        option for decision in view.catalog.layers[layer].decisions for component in view.catalog.options[decision.id]
        for option in view.options(decision.id, component)
        if view.shown(decision.id, component) in WITH_REASON
    ]


ROOMY = 84
"""From this width on there is a column with the state in words; below it the mark says it, and the details."""


def _columns(view: View) -> list[tuple[str, int]]:
    """Columns after the name: the door stands first, as it is what cannot be taken back."""
    columns = [("undo", 6), ("effort", 7), ("cost", 7), ("until", 11)]
    if view.width >= 72:
        columns.insert(3, ("maturity", 11))
    return columns


def _state(view: View) -> int:
    return 12 if view.width >= ROOMY else 0


def _title_width(view: View) -> int:
    fixed = 1 + MARK + _state(view) + sum(width for _, width in _columns(view))
    room = view.width - fixed
    return max(18, room if view.width < 110 else min(34, room - 30))


NAME = 18
"""Columns for the name of an option that has a reason beside it, at least."""

MARK = 6
"""Columns for the comparison mark and the state's mark."""

DOORS = {"reversible": "", "rebuild": "hard", "never": "never"}
"""How hard a choice is to undo, in a word for its column."""


def _decision(view: View, decision: Decision) -> list[Row]:
    title = _title_width(view)
    where = ""
    if view.kind and len(view.space.kinds) > 1:
        where = f" · {view.kind}" if decision.scope == "cluster" else " · whole design"
    many = {"one": "", "optional": " · optional", "several": " · several"}[decision.many]
    note = "good at" if view.width >= 110 else ""
    head = Row(None, (
        Cell(f"{decision.title}{many}{where}", MARK + title, "head"),
        *((Cell("state", _state(view), "dim"),) if _state(view) else ()),
        *(Cell(name, width, "dim") for name, width in _columns(view)), Cell(note, 0, "dim"),
    ))
    standing = view.standing(decision.id)
    style = {"open": "accent", "conflict": "bad"}.get(standing, "dim")
    found = [head, *(line(f"  {text}", style) for text in _wrapped(_standing(view, decision), view.width - 4))]
    found += [_option(view, decision, component, title) for component in view.catalog.options[decision.id]]
    for setting in decision.settings if view.asked(decision.id) else ():
        value, origin = setting_value(view, setting.id)
        origin += " · pinned" if setting.id in view.session.answers.pinned else ""
        room = 22 if view.width >= ROOMY else min(22, max(8, view.width - MARK - title - len(origin) - 1))
        found.append(Row(("setting", decision.id, setting.id), (
            Cell("  =", MARK, "dim"), Cell(setting.title, title, "plain"), Cell(plain(value), room, "mark"),
            Cell(origin, 0, "dim"),
        )))
    return found


@lru_cache(500)
def _wrapped(text: str, width: int) -> tuple[str, ...]:
    """A sentence on two lines at most."""
    return tuple(wrap(text, max(width, 20), subsequent_indent="  ", max_lines=2, placeholder=" …"))


def _standing(view: View, decision: Decision) -> str:
    standing = view.standing(decision.id)
    if standing == "conflict":
        return "! in conflict: press ! for the ways out"
    if standing == "unasked":
        return "– not asked: nothing in this design raises the question"
    if standing == "answered":
        return f"● {_chosen(view, decision)}{' · pinned' if decision.id in view.session.answers.pinned else ''}"
    if standing == "implied":
        names = [view.words.component(component, decision.id) for component in view.catalog.options[decision.id]
                 if view.shown(decision.id, component) == "implied"]
        return f"= {listed(names) or 'settled'} follows from the answers"
    best = [component for component in view.catalog.options[decision.id] if view.recommended(decision.id, component)]
    if len(best) > 1 and decision.many != "several" and len(view.kinds(decision.id)) > 1:
        alike: dict[tuple[str, ...], list[str]] = {}
        for kind in view.kinds(decision.id):
            if taken := _made(view, decision.id, kind):
                alike.setdefault(taken, []).append(kind or "")
        told = [f"{listed([view.words.component(each, decision.id) for each in taken])} in {listed(kinds)}"
                for taken, kinds in alike.items()]
        return f"★ {'; '.join(told)}"
    if not best:
        return "○ open" if not view.fresh or view.thoughts.made is None else "○ open: nothing is needed here"
    margin = view.margin(decision.id, best[0])
    if len(best) == 1 and margin is not None:
        return f"★ {view.words.margin(decision.id, best[0], margin)}"
    return f"★ {listed([view.words.component(component, decision.id) for component in best])}"


def _made(view: View, decision: str, kind: str | None) -> tuple[str, ...]:
    """What the completed design takes in one kind of cluster."""
    return view.thoughts.made.chosen(decision, kind) if view.thoughts.made is not None and view.fresh else ()


def _chosen(view: View, decision: Decision) -> str:
    told: dict[str, list[str]] = {}
    for kind in view.kinds(decision.id):
        names = [view.words.component(component, decision.id) for component in view.said(decision.id, kind)]
        told.setdefault(listed(names), []).append(kind or "")
    if len(told) == 1:
        return next(iter(told))
    return "; ".join(f"{', '.join(kinds)}: {names}" for names, kinds in told.items())


MOST = 3000
"""Rows of options that are kept: every option in a few of the ways it can be shown."""


def _option(view: View, decision: Decision, component: str, title: int) -> Row:
    """The row of an option; the one that was made before, where it says the same."""
    shown = view.shown(decision.id, component)
    marked = (decision.id, component) in view.marks
    told = ""
    if shown in WITH_REASON:
        reason = view.reason(decision.id, component)
        told = view.words.short(reason) if reason is not None else "…"
        if shown == "partly":
            told = f"{where(view, decision.id, component)}: {told}"
    key = decision.id, component, shown, marked, told, view.width
    if key not in view.sheet:
        if len(view.sheet) >= MOST:
            view.sheet.clear()
        view.sheet[key] = _made_option(view, decision, component, title, shown, "+" if marked else " ", told)
    found: Row = view.sheet[key]
    return found


def _made_option(view: View, decision: Decision, component: str, title: int, shown: Shown, mark: str, told: str) -> Row:
    """Says nothing of the answers but how the option is shown, and why."""
    style = STYLE[shown]
    name = view.words.component(component, decision.id)
    name = name[:1].upper() + name[1:] if component == NONE else name
    glyph = GLYPHS[shown].replace("(●)", "[x]").replace("( )", "[ ]").replace("(=)", "[=]") \
        if decision.many == "several" else GLYPHS[shown]
    head = (Cell(f"{mark}{glyph}", MARK, "mark" if mark == "+" else style), Cell(name, title, style))
    state = (Cell(WORDS[shown], _state(view), style),) if _state(view) else ()
    about = (decision.id, component)
    key: Key = ("option", decision.id, component)
    if shown in WITH_REASON:
        # The reason needs the room more than the columns need to stand below each other.
        wide = title if view.width >= 110 else min(title, max(len(name) + 2, NAME))
        return Row(key, (head[0], Cell(name, wide, style), *state, Cell(told, 0, "dim")), about)
    effort, cost = view.score(decision.id, component, "operations"), view.score(decision.id, component, "cost")
    undo = "" if component == NONE else DOORS[view.catalog.components[component].undo.how]
    words = {
        "undo": undo, "effort": EFFORT[effort] if effort is not None else "–",
        "cost": COST[cost] if cost is not None else "–",
        "maturity": view.ripeness(decision.id, component), "until": view.until(component),
    }
    good = strengths(view, decision.id, component)[0]
    quiet = "plain" if shown != "rejected" else "dim"
    return Row(key, (
        *head, *state,
        *(Cell(words[name], width, "warn" if name == "undo" else quiet) for name, width in _columns(view)),
        Cell(good[0] if good and view.width >= 110 else "", 0, "dim"),
    ), about)


def details(view: View, key: Key) -> Text:
    """All about the row under the cursor."""
    kind, decision, name = key
    if kind == "setting":
        return about_setting(view, name).append("\n\nEnter sets it.")
    return about_option(view, decision, name)
