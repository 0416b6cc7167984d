"""A catalog that contradicts itself: a conflict in which no answer takes part is nothing that answers could mend."""

from __future__ import annotations

from catalog.catalog import Catalog
from catalog.errors import CatalogError
from catalog.faults import Fault
from catalog.reasons import Conflict


def blame(conflict: Conflict, catalog: Catalog) -> None:
    """Raises CatalogError, with every rule that takes part, where rules alone leave no design."""
    rules = dict.fromkeys(used.id for used in conflict.reason.rules)
    if conflict.reason.causes or any(catalog.rules[rule].rule.waivable for rule in rules):
        return
    faults = []
    for rule in rules:
        file, _, line = catalog.origins.get(f"rule:{rule}", "").rpartition(":")
        because = catalog.rules[rule].rule.because
        message = f"{because} With the other rules named here it leaves no design at all ({rule})"
        faults.append(Fault(file, int(line or 0), message))
    raise CatalogError(sorted(set(faults)))
