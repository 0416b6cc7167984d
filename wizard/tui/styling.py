"""Styles that were worked out before: a window that opens again, or a note, has those that it had the last time.

Textual matches every rule of every widget there may be with each widget that is made, which takes longer than all the rest
of a small window. What a widget's styles depend on is what it and those that it stands in are called, and what state they
are in; where all of that is as it was, so are the styles. What depends on the place beside others is left to Textual.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.css.stylesheet import Stylesheet
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode

MOST = 1000
"""Styles that are kept: those of every window there is, in its few states."""


@dataclass
class Kept:
    """What rules say of something."""

    said: Any
    hover: bool
    """Whether the mouse above it matters."""
    within: bool
    """Whether the focus within it matters."""
    understood: Any = None
    """The same as it was understood, for what has no styles yet."""


class Styling(Stylesheet):
    """See the module."""

    def __init__(self, app: App[Any], variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._app = app
        self._of: object = None
        """The rules that the styles were worked out from."""
        self._kept: dict[Hashable, Kept] = {}

    def know(self, *kinds: type[Widget]) -> None:
        """Read the rules of widgets that there will be: what is read later makes all that is kept worthless."""
        for kind in kinds:
            for place, text, order, scope in kind.__new__(kind)._get_default_css():
                self.add_source(text, read_from=place, is_default_css=True, tie_breaker=order, scope=scope)
        self.rules_map  # noqa: B018  (which reads them)

    def copy(self) -> Styling:
        """The same rules, for another theme."""
        copied = Styling(self._app, self._variables.copy())
        copied.source = self.source.copy()
        return copied

    def apply(self, node: DOMNode, *, animate: bool = False, cache: Any = None) -> None:
        """Give something its styles."""
        rules = self.rules_map
        if rules is not self._of or len(self._kept) > MOST:
            self._of, self._kept = rules, {}
        key = self._key(node)
        base = node.styles.base
        fresh = not base.get_rules()
        kept = self._kept.get(key)
        if kept is None:
            found: Any = {}
            super().apply(node, animate=animate, cache=found)
            for said in found.values():  # of what may be kept; there is only one
                self._kept[key] = Kept(said, node._has_hover_style, node._has_focus_within)
                if fresh:
                    self._kept[key].understood = base.get_rules()
            return
        node._has_hover_style, node._has_focus_within = kept.hover, kept.within
        node._has_order_style = node._has_odd_or_even = False
        if fresh and kept.understood is not None:
            base.merge_rules(kept.understood)
            node.notify_style_update()
        else:
            self.replace_rules(node, kept.said, animate=animate)
            if fresh:
                kept.understood = base.get_rules()
        self._process_component_classes(node)

    def _key(self, node: DOMNode) -> Hashable:
        """All that decides which rules are for something, but its place beside others."""
        app = self._app
        state = app.theme, app.app_focus, app.native_ansi_color, app.no_color, app.is_inline
        return state, *(
            (type(each), each._css_type_name, each.id, each.classes, each._pseudo_classes_cache_key,
             isinstance(each, Widget) and each.allow_focus())
            for each in node.css_path_nodes)
