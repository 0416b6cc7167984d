"""A catalog as variables and structure, for a number of kinds of clusters.

Owns what decisions and releases mean as clauses, over the variables of `variables` and the conditions of `literals`.
Rules are added by `rules`, what completion minimises by `objective`; both ask `literal` here for what a condition means.

    encode(catalog, kinds=1).choice[DESIGN, "cdn", "cloudflare"]      the variable for "Cloudflare is the CDN"
"""

from __future__ import annotations

from catalog.catalog import Catalog
from wizard.solver.formula import Meaning
from wizard.solver.literals import Literals
from wizard.solver.thresholds import Extra, Thresholds, thresholds


class Encoded(Literals):
    """The variables of a catalog, by what they mean, with structure. Scopes are DESIGN or the index of a kind."""

    def __init__(self, catalog: Catalog, kinds: int, found: Thresholds, extra: Extra) -> None:
        super().__init__(catalog, kinds, found, extra)
        self._decisions()
        self._release_structure()

    def _decisions(self) -> None:
        for scope, decision_id in self.slots:
            decision = self.catalog.decisions[decision_id]
            literals = [self.choice[scope, decision_id, option] for option in self.catalog.options[decision_id]]
            asked = self.both([self.literal(condition, scope) for condition in decision.asked_when])
            if not literals:
                # A decision that nothing answers (while a catalog is being written) is never asked.
                asked = -self.true
            elif abs(asked) != self.true:
                gate = self.new(Meaning("asked", decision_id, "", scope))
                self.add(-gate, asked)
                self.add(gate, -asked)
                asked = gate
            self.asked[scope, decision_id] = asked
            for literal in literals:
                self.add(-literal, asked)
            if decision.many != "several" and literals:
                self.add(-asked, *literals)
                self.at_most_one(literals)

    def _release_structure(self) -> None:
        for component in dict.fromkeys(component for _, component in self.release):
            for scope in self.release_scopes(component):
                selected = self.selected(component, scope)
                literals = list(self.release[max(scope, 0), component].values())
                self.add(-selected, *literals)
                self.at_most_one(literals)
                for literal in literals:
                    self.add(-literal, selected)


def version_key(version: str) -> tuple[tuple[int, int | str], ...]:
    """Versions in their order: numbers by size, anything else by text and below numbers."""
    parts = version.removeprefix("v").replace("-", ".").replace("+", ".").split(".")
    return tuple((1, int(part)) if part.isdigit() else (0, part) for part in parts)


def encode(catalog: Catalog, kinds: int, found: Thresholds | None = None, extra: Extra = frozenset()) -> Encoded:
    """Variables, structure and rules for that many kinds of clusters."""
    from wizard.solver.rules import add_rules

    encoded = Encoded(catalog, kinds, found or thresholds(catalog), extra)
    add_rules(encoded)
    return encoded
