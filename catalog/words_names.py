"""How things of a catalog are called in sentences: options, answers, facts, rules, and the places where they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catalog import implicit
from catalog.catalog import Catalog
from catalog.facts import FACTS
from catalog.layers import NONE
from catalog.phrases import clause, listed, plain, sentence
from catalog.reasons import Option, RuleRef


def as_read(checked: date | None, unverified: str = "") -> str:
    """What stands behind an address: the day on which it was read, or that nobody could confirm it there."""
    if unverified:
        return " (unverified)"
    return f" (read {checked})" if checked else ""


@dataclass(frozen=True)
class RuleWords:
    """A rule as it is told: its sentence and where that was read. `source` is empty where the tool itself says so."""

    id: str
    because: str
    source: str = ""
    checked: date | None = None
    waivable: bool = False
    overlay: str = ""
    """File and line of the overlay that says it; empty for what the built-in catalog says."""
    unverified: str = ""
    """Why nobody could confirm it at its source."""


class Names:
    """Names over one catalog.

    kinds: kind of cluster to its clusters. Places are named only where there are several kinds; without `kinds` they
    are named unless the only cluster is the implicit one.
    """

    def __init__(self, catalog: Catalog, kinds: Mapping[str, Sequence[str]] | None = None) -> None:
        self.catalog = catalog
        self.kinds = kinds

    # Names

    def option(self, option: Option | tuple[str, str], *, place: bool = True) -> str:
        """`Istio for “Service mesh”`, with the clusters where that is not all of them."""
        decision, component = option[0], option[1]
        kind = option.kind if isinstance(option, Option) and place else None
        return f"{self.component(component, decision)} for “{self.decision(decision)}”{self._in(kind)}"

    def component(self, component: str, decision: str | None = None) -> str:
        """The name of a component (in its role); `none` by its title where that says more than None."""
        if component == NONE:
            known = self.catalog.decisions.get(decision or "")
            title = known.none.title if known and known.none else "None"
            return "none" if title == "None" else title
        found = self.catalog.components.get(component)
        if found is None:
            return plain(component)
        return found.role_title(decision) if decision else found.title

    def decision(self, decision: str) -> str:
        """The title of a decision."""
        found = self.catalog.decisions.get(decision)
        return found.title if found else plain(decision)

    def value(self, question: str, value: str) -> str:
        """The words of an answer to a context question."""
        found = self.catalog.questions.get(question)
        titles = {entry.id: entry.title for entry in found.values} if found else {}
        return titles.get(value, plain(value))

    def setting(self, setting: str) -> str:
        """The title of a setting with its key."""
        found = self.catalog.settings.get(setting)
        return f"{found.title} ({setting})" if found else plain(setting)

    def capability(self, capability: str) -> str:
        """What a capability means, as a clause."""
        found = self.catalog.capabilities.get(capability)
        return clause(found.means) if found else plain(capability)

    def rule(self, rule: RuleRef | str) -> RuleWords:
        """A rule's sentence and source, implicit rules (lifecycle, clouds, releases) included."""
        id_ = rule.id if isinstance(rule, RuleRef) else rule
        placed = self.catalog.rules.get(id_)
        if placed is not None:
            found = placed.rule
            return RuleWords(id_, sentence(found.because), found.source, found.checked, found.waivable,
                             self.catalog.overlaid(f"rule:{id_}"), found.unverified or "")
        made = implicit.rule(self.catalog, id_)
        if made is not None:
            return RuleWords(id_, sentence(made.because), made.source, made.checked, made.waivable,
                             unverified=made.unverified)
        return RuleWords(id_, f"The rule {plain(id_)} says so.")

    def place(self, kind: str | None) -> str:
        """` in prod and dev`, where that is not everywhere; else nothing."""
        return self._in(kind)

    def _in(self, kind: str | None) -> str:
        if kind is None or (self.kinds is None and kind == "main") or (self.kinds is not None and len(self.kinds) < 2):
            return ""
        names = [plain(name) for name in (self.kinds or {}).get(kind, ())] or [plain(kind)]
        more = len(names) - 3
        return f" in {listed(names)}" if more <= 1 else f" in {', '.join(names[:3])} and {more} more"

    def _question(self, question: str) -> str:
        found = self.catalog.questions.get(question)
        return found.title if found else plain(question)

    def _named_fact(self, name: str, value: str) -> str:
        found = FACTS.get(name)
        means = clause(found.means) if found else plain(name)
        if found is not None and found.number:
            return f"{means} is {plain(bounded(value))}"
        if value in ("false", "False", "no"):
            return found.denied if found and found.denied else f"this does not hold: {means}"
        return means


def bounded(value: str) -> str:
    """`at-least 3`, `at-least:3` and `>=3` as words; anything else unchanged."""
    for mark, words in (("at-least", "at least"), ("at-most", "at most"), (">=", "at least"), ("<=", "at most")):
        if value.startswith(mark):
            return f"{words} {value[len(mark):].lstrip(' :=')}"
    return value
