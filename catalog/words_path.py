"""Words for the availability of a design: what the path of a request gives, what breaks the target, what mends it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from catalog.availability import Mend, Path, mend
from catalog.design import Design
from catalog.words import Words

UNDO = {
    "reversible": "It can be exchanged in a running cluster.", "rebuild": "It means rebuilding the cluster.",
    "never": "It cannot be exchanged in a cluster that stands: it means a new one.",
}


@dataclass(frozen=True)
class Verdict:
    """How a path stands to the target that was asked for."""

    met: bool
    target: str
    breaks: str = ""
    """The link that costs most, as a sentence; empty where the target is met."""
    mends: str = ""
    """The cheapest change that mends it, or that no single one does, as sentences."""


def target_of(design: Design) -> str:
    """The availability asked for in percent; empty where none was."""
    said = str(design.answer("availability")) if "availability" in design.context else ""
    return said if re.fullmatch(r"\d+(\.\d+)?", said) else ""


def verdict(design: Design, words: Words, path: Path, target: str) -> Verdict:
    """How a path stands to a target in percent."""
    if Decimal(path.reached) >= Decimal(target):
        return Verdict(True, target)
    weakest = path.weakest
    breaks = f"The link that costs most is {weakest.title} with {weakest.percent} %."
    found = mend(design, path, target)
    if found is None:
        return Verdict(False, target, breaks, "No single change mends it: take two of them (another part, a second place), "
                       f"or ask for no more than {path.reached} %.")
    return Verdict(False, target, breaks,
                   f"The cheapest change that mends it: {_mend(words, found)} That gives {found.percent} %.")


def _mend(words: Words, found: Mend) -> str:
    if found.way == "place":
        return ("the clusters once more in another region or at another site, with DNS that fails over, and data in "
                "both. It costs a second set of nodes.")
    if found.way == "around":
        return (f"a way around {words.component(found.component, found.decision)} for when it fails, such as DNS "
                "that then leads straight to the load balancer; what stands behind must bear the traffic.")
    if found.way == "second":
        return f"a second provider for “{words.decision(found.decision)}”, so that either one is enough."
    return (f"{words.component(found.component, found.decision)} for “{words.decision(found.decision)}”. "
            f"{UNDO[found.undo]}")
