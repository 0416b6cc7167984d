"""Chains: how the rules of a reason lead from the answers to the end, step by step.

Unit propagation over the structure and the rules of the reason only, in a fixed order; then backwards from the end to
what was needed. Steps of the structure are passed over: a link is always a rule.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from catalog.reasons import Fact, Link
from wizard.solver.encode import Encoded

Clause = tuple[int, list[int]]
"""A rule (or -1 for the structure) and literals."""


class Chains:
    """Chains over one formula. Keeps where literals occur in the structure."""

    def __init__(self, encoded: Encoded, structure: Sequence[list[int]]) -> None:
        self.encoded = encoded
        self._structure: dict[int, list[Clause]] = {}
        for clause in structure:
            entry = (-1, clause)
            for literal in clause:
                self._structure.setdefault(literal, []).append(entry)
        self._units = [clause[0] for clause in structure if len(clause) == 1]
        self._rules: dict[int, list[Clause]] = {}
        for rule, clause in encoded.clauses:
            self._rules.setdefault(rule, []).append((rule, clause))

    def links(
        self, said: Sequence[int], rules: Sequence[int], end: int | None, kinds: Sequence[str]
    ) -> tuple[Link, ...]:
        """The links from the literals that were said to `end` (or, with None, to a contradiction)."""
        clauses = [clause for rule in rules for clause in self._rules.get(rule, ())]
        run = _Run(self._structure, clauses, [*self._units, *said], stop=end)
        needed = run.trace(end)
        if needed is None and end is not None:
            # Not by going forward alone: suppose the opposite, and see it fail.
            run = _Run(self._structure, clauses, [*self._units, *said, -end], stop=None)
            needed = run.trace(None)
        if needed is None:
            return self._unordered(rules, run, kinds)
        return tuple(
            Link(self._facts([-at for at in clause if at != then], run, kinds), self.encoded.ref(rule, kinds),
                 self._fact(then, kinds))
            for (rule, clause), then in needed if rule >= 0
        )

    def _fact(self, literal: int | None, kinds: Sequence[str]) -> Fact | None:
        return self.encoded.fact(literal, kinds) if literal is not None else None

    def _facts(self, literals: Sequence[int], run: _Run, kinds: Sequence[str]) -> tuple[Fact, ...]:
        """What literals say; those without a meaning of their own by what they follow from."""
        found: dict[Fact, None] = {}
        pending, seen = deque(literals), set(literals)
        while pending:
            literal = pending.popleft()
            fact = self.encoded.fact(literal, kinds)
            if fact is not None:
                found[fact] = None
                continue
            reason = run.because.get(literal)
            for other in reason[1] if reason else ():
                if other != literal and -other not in seen:
                    seen.add(-other)
                    pending.append(-other)
        return tuple(found)

    def _unordered(self, rules: Sequence[int], run: _Run, kinds: Sequence[str]) -> tuple[Link, ...]:
        """Where only trying cases shows the contradiction: each rule with what is known of it."""
        links = []
        for rule in rules:
            known = [-literal for _, clause in self._rules.get(rule, ()) for literal in clause if -literal in run.value]
            links.append(Link(self._facts(known, run, kinds), self.encoded.ref(rule, kinds), None))
        return tuple(links)


class _Run:
    """One propagation: values in the order in which they followed, each with the clause that it followed from."""

    def __init__(
        self, structure: dict[int, list[Clause]], rules: Sequence[Clause], start: Sequence[int], stop: int | None
    ) -> None:
        self.value: dict[int, int] = {}
        """Literals that hold, to their place in the order."""
        self.because: dict[int, Clause] = {}
        self.conflict: Clause | None = None
        occurrences: dict[int, list[Clause]] = {}
        for clause in rules:
            for literal in clause[1]:
                occurrences.setdefault(literal, []).append(clause)
        queue: deque[int] = deque()
        for literal in dict.fromkeys(start):
            if -literal in self.value:
                self.conflict = (-1, [literal, -literal])
                return
            self.value[literal] = len(self.value)
            queue.append(literal)
        for clause in rules:
            # A rule may already be decided by what was said, or demand something by itself.
            if len(clause[1]) < 2 and not self._look(clause, queue):
                return
        while queue:
            literal = queue.popleft()
            for clause in (*structure.get(-literal, ()), *occurrences.get(-literal, ())):
                if not self._look(clause, queue):
                    return
            if stop is not None and stop in self.value:
                return

    def _look(self, clause: Clause, queue: deque[int]) -> bool:
        free = None
        for literal in clause[1]:
            if literal in self.value:
                return True
            if -literal not in self.value:
                if free is not None:
                    return True
                free = literal
        if free is None:
            self.conflict = clause
            return False
        self.value[free] = len(self.value)
        self.because[free] = clause
        queue.append(free)
        return True

    def trace(self, end: int | None) -> list[tuple[Clause, int | None]] | None:
        """The clauses that led to `end` (or to the contradiction) with what each gave, in order; None: not reached."""
        last: list[tuple[Clause, int | None]] = []
        if end is not None:
            if end not in self.value:
                return None
            pending = [end]
        else:
            if self.conflict is None:
                return None
            pending = [-literal for literal in self.conflict[1]]
            last.append((self.conflict, None))
        needed: set[int] = set()
        while pending:
            literal = pending.pop()
            if literal in needed or literal not in self.because:
                continue
            needed.add(literal)
            pending.extend(-other for other in self.because[literal][1] if other != literal)
        ordered = sorted(needed, key=self.value.__getitem__)
        return [*((self.because[literal], literal) for literal in ordered), *last]
