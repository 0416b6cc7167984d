"""The few kinds of failure this product has; each carries what its message needs, exit codes are decided at the edge.

Every error can be printed as one plain line: where, what, and what to try.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.faults import Fault


class WizardError(Exception):
    """Root of every failure that a user can be told about in a plain line."""


class FaultsError(WizardError):
    """A file (or several) could not be understood; all faults found, in file and line order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class CatalogError(FaultsError):
    """The catalog itself is invalid (exit code 3)."""


class AnswersError(FaultsError):
    """An answers file is unreadable or means nothing (exit code 2)."""


class UsageError(WizardError):
    """A command line that cannot be carried out: unknown name, impossible combination (exit code 2)."""


class MissingProgram(WizardError):
    """A program that this step needs cannot be found or does not work (exit code 4)."""


class OutputError(WizardError):
    """The output folder cannot take the artifacts; what was there before is still there (exit code 2)."""
