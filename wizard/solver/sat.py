"""The one place that touches the solver library: an incremental SAT solver with assumptions and steered phases.

Owns nothing of the meaning. MinisatGH is the solver because it honours phases set from outside, which is what makes
finding the states of all options cheap (others in the library ignore them). The library's compiled part is used
directly: what its Python part adds (formula files, cardinality encodings) takes longer to import than a check takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import current_thread, main_thread
from typing import Any


class Sat:
    """Clauses over integers (as in DIMACS), solved under assumptions."""

    def __init__(self, clauses: Iterable[Sequence[int]], variables: int) -> None:
        import pysolvers

        self._library: Any = pysolvers
        self._solver: Any = pysolvers.minisatgh_new()
        # Held here because the library is taken apart before the last solvers when the program ends.
        self._delete: Any = pysolvers.minisatgh_del
        for clause in clauses:
            pysolvers.minisatgh_add_cl(self._solver, clause)
        # A clause that mentions the last variable makes models cover every variable, used in a clause or not.
        self.add([variables, -variables])

    def add(self, clause: Sequence[int]) -> None:
        """Add a clause for good."""
        self._library.minisatgh_add_cl(self._solver, clause)

    def solve(self, assumptions: Sequence[int] = ()) -> bool:
        """Whether the clauses have a model in which all assumptions hold."""
        return bool(self._library.minisatgh_solve(self._solver, assumptions, _interruptible()))

    def model(self) -> list[int]:
        """The last model: literal of variable v at index v - 1."""
        found: list[int] = self._library.minisatgh_model(self._solver)
        return found

    def core(self) -> list[int]:
        """Assumptions that cannot hold together, after a failed `solve`; empty when the clauses alone fail."""
        return self._library.minisatgh_core(self._solver) or []

    def propagate(self, assumptions: Sequence[int] = ()) -> tuple[bool, list[int]]:
        """Unit propagation only: whether no conflict showed, and all literals that follow."""
        holds, literals = self._library.minisatgh_propagate(self._solver, assumptions, 0, _interruptible())
        return bool(holds), literals or []

    def prefer(self, literals: Sequence[int]) -> None:
        """Polarities to try first from now on."""
        self._library.minisatgh_setphases(self._solver, literals)

    def close(self) -> None:
        """Give the memory back."""
        if self._solver is not None:
            self._delete(self._solver)
            self._solver = None

    def __del__(self) -> None:
        if getattr(self, "_solver", None) is not None:
            self.close()


def _interruptible() -> bool:
    """Only in the main thread may the library listen for an interrupt while it searches."""
    return current_thread() is main_thread()
