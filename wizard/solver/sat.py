"""The one place that touches the solver library: an incremental SAT solver with assumptions and steered phases.

Owns nothing of the meaning. MinisatGH is the solver because it honours phases set from outside, which is what makes
finding the states of all options cheap (others in the library ignore them).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


class Sat:
    """Clauses over integers (as in DIMACS), solved under assumptions."""

    def __init__(self, clauses: Iterable[Sequence[int]], variables: int) -> None:
        from pysat.solvers import MinisatGH

        self._solver: Any = MinisatGH()
        for clause in clauses:
            self._solver.add_clause(clause)
        # A clause that mentions the last variable makes models cover every variable, used in a clause or not.
        self._solver.add_clause([variables, -variables])
        self._phased: list[int] = []

    def add(self, clause: Sequence[int]) -> None:
        """Add a clause for good."""
        self._solver.add_clause(clause)

    def solve(self, assumptions: Sequence[int] = ()) -> bool:
        """Whether the clauses have a model in which all assumptions hold."""
        return bool(self._solver.solve(assumptions))

    def model(self) -> list[int]:
        """The last model: literal of variable v at index v - 1."""
        found: list[int] = self._solver.get_model()
        return found

    def core(self) -> list[int]:
        """Assumptions that cannot hold together, after a failed `solve`; empty when the clauses alone fail."""
        return self._solver.get_core() or []

    def propagate(self, assumptions: Sequence[int] = ()) -> tuple[bool, list[int]]:
        """Unit propagation only: whether no conflict showed, and all literals that follow."""
        holds, literals = self._solver.propagate(assumptions)
        return holds, literals

    def prefer(self, literals: Sequence[int]) -> None:
        """Polarities to try first from now on."""
        self._solver.set_phases(literals)

    def close(self) -> None:
        """Give the memory back."""
        self._solver.delete()

    def __del__(self) -> None:
        solver = getattr(self, "_solver", None)
        if solver is not None:
            solver.delete()
