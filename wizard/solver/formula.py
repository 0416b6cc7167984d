"""The formula of a catalog for a number of kinds of clusters: variables with their meaning, structure, rules.

Owns clauses and what each variable stands for. Structure (what a decision, a capability, a number is) is never a
cause; every rule clause belongs to a rule and a kind, so that a reason can name it. Refuses to know answers: they
come as assumptions, which is why one formula serves every set of answers with the same number of kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from catalog.reasons import Fact, RuleRef

DESIGN = -1
"""The scope of what the design has once; kinds of clusters are 0, 1, 2 ..."""

About = Literal["context", "choice", "component", "capability", "setting", "fact", "asked", "release"]


class Meaning(NamedTuple):
    """What a variable says when it holds."""

    about: About
    subject: str
    value: str
    scope: int = DESIGN


class RuleKey(NamedTuple):
    """A rule as it was applied: once for the design, or to one kind of cluster."""

    id: str
    scope: int = DESIGN


class Formula:
    """Clauses, meanings, rules. Grows while it is encoded; is only read afterwards."""

    def __init__(self, kinds: int) -> None:
        self.kinds = kinds
        self.meanings: list[Meaning | None] = [None, None]
        """By variable; variable 1 is the constant that always holds."""
        self.true = 1
        self.structure: list[list[int]] = [[1]]
        self.rules: list[RuleKey] = []
        """Rules in catalog order, each kind of cluster for itself."""
        self.clauses: list[tuple[int, list[int]]] = []
        """Rule clauses: index into `rules`, literals."""
        self.waivable: frozenset[str] = frozenset()
        self.observed = 0
        """Variables up to this one are what answers and options are about; the rest are gates."""
        self._rule_index: dict[RuleKey, int] = {}
        self._gates: dict[tuple[Meaning | None, frozenset[int], bool], int] = {}

    @property
    def variables(self) -> int:
        """The number of the last variable."""
        return len(self.meanings) - 1

    def new(self, meaning: Meaning | None = None) -> int:
        """A fresh variable."""
        self.meanings.append(meaning)
        return len(self.meanings) - 1

    def add(self, *literals: int) -> None:
        """A clause of the structure."""
        clause = self._simple(literals)
        if clause is not None:
            self.structure.append(clause)

    def rule(self, key: RuleKey, literals: Iterable[int]) -> None:
        """A clause of a rule."""
        clause = self._simple(literals)
        if clause is None:
            return
        index = self._rule_index.get(key)
        if index is None:
            index = self._rule_index[key] = len(self.rules)
            self.rules.append(key)
        self.clauses.append((index, clause))

    def _simple(self, literals: Iterable[int]) -> list[int] | None:
        """Without constants and repetitions; None when it always holds."""
        kept = dict.fromkeys(literals)
        kept.pop(-self.true, None)
        if self.true in kept or not kept.keys().isdisjoint([-literal for literal in kept]):
            return None
        return list(kept)

    def either(self, literals: Sequence[int], meaning: Meaning | None = None) -> int:
        """A literal that holds when at least one of these does; its own variable where it has a meaning of its own."""
        kept = self._simple(literals)
        if kept is None:
            return self.true
        if meaning is None and len(kept) < 2:
            return kept[0] if kept else -self.true
        key = (meaning, frozenset(kept), True)
        if key not in self._gates:
            gate = self._gates[key] = self.new(meaning)
            self.add(-gate, *kept)
            for literal in kept:
                self.add(gate, -literal)
        return self._gates[key]

    def both(self, literals: Sequence[int], meaning: Meaning | None = None) -> int:
        """A literal that holds when all of these do."""
        kept = self._simple([-literal for literal in literals])
        if kept is None:
            return -self.true
        if meaning is None and len(kept) < 2:
            return -kept[0] if kept else self.true
        key = (meaning, frozenset(kept), False)
        if key not in self._gates:
            gate = self._gates[key] = self.new(meaning)
            self.add(gate, *kept)
            for literal in kept:
                self.add(-gate, -literal)
        return self._gates[key]

    def at_most_one(self, literals: Sequence[int]) -> None:
        """No two of these hold."""
        for place, left in enumerate(literals):
            for right in literals[place + 1:]:
                self.add(-left, -right)

    def fact(self, literal: int, kinds: Sequence[str]) -> Fact | None:
        """A literal as data; None for a gate without a meaning of its own."""
        meaning = self.meanings[abs(literal)]
        if meaning is None:
            return None
        kind = kinds[meaning.scope] if meaning.scope != DESIGN else None
        if meaning.value.startswith("above "):
            # Rules say "at most 5"; the variable says "more than 5".
            return Fact(literal < 0, meaning.about, meaning.subject, f"at-most {meaning.value[6:]}", kind)
        return Fact(literal > 0, meaning.about, meaning.subject, meaning.value, kind)

    def ref(self, index: int, kinds: Sequence[str]) -> RuleRef:
        """A rule as data."""
        key = self.rules[index]
        return RuleRef(key.id, kinds[key.scope] if key.scope != DESIGN else None)
