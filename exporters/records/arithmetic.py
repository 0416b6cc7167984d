"""The availability of a design in words: the path of a request link by link, what breaks the target, what mends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from catalog.availability import Mend, Path, PathLink, mend, paths_of
from catalog.design import Design
from catalog.words import Words, listed
from exporters.records.text import heading, md, prose, source, table

UNDO = {
    "reversible": "It can be exchanged in a running cluster.", "rebuild": "It means rebuilding the cluster.",
    "never": "It cannot be exchanged in a cluster that stands: it means a new one.",
}


def availability(design: Design, words: Words) -> Iterator[str]:
    """The section of the overview; nothing where no request comes in."""
    found = paths_of(design)
    if not found:
        return
    yield heading(2, "Availability")
    target = str(design.answer("availability")) if "availability" in design.context else ""
    asked = f"Asked for: {md(target)} % of a month. " if target else ""
    yield (f"{asked}The links on the path of a request, multiplied, are the most that this design can give. Workloads, "
           "data, and faults that hit all copies at once, such as a bad release, are not counted.")
    for path in found:
        where = f"In {md(listed(list(path.clusters)))} a" if len(found) > 1 else "A"
        yield f"{where} request passes what gives **{path.percent} %** together:"
        yield table(["Link", "Percent", "From where"], [_row(link) for link in path.links])
    if found[0].together:
        yield (f"Users are led to the place that answers, so {md(listed(list(found[0].places)))} stand in for each other "
               f"behind what they share: together **{found[0].together} %**, if their faults are independent and the "
               "data is in each of them.")
    if re.fullmatch(r"\d+(\.\d+)?", target):
        yield from _verdicts(design, words, found, target)


def _row(link: PathLink) -> list[str]:
    where = f"{source(link.source)}: {prose(link.scope)}" if link.source else f"assumed: {prose(link.scope)}"
    return [md(link.title), link.percent, where]


def _verdicts(design: Design, words: Words, found: tuple[Path, ...], target: str) -> Iterator[str]:
    told: dict[str, list[str]] = {}
    for path in found:
        told.setdefault(_verdict(design, words, path, target), []).extend(path.clusters)
    for text, clusters in told.items():
        yield f"{md(listed(clusters))}: {text}" if len(told) > 1 else text


def _verdict(design: Design, words: Words, path: Path, target: str) -> str:
    if Decimal(path.reached) >= Decimal(target):
        return f"**That meets the target** of {md(target)} %."
    weakest = path.weakest
    text = (f"**That misses the target** of {md(target)} %. The link that costs most is {md(weakest.title)} "
            f"with {weakest.percent} %.")
    found = mend(design, path, target)
    if found is None:
        return (f"{text} No single change mends it: take two of them (another part, a second place), or ask for "
                f"no more than {path.reached} %.")
    return f"{text} The cheapest change that mends it: {_mend(words, found)} That gives {found.percent} %."


def _mend(words: Words, found: Mend) -> str:
    if found.way == "place":
        return ("the clusters once more in another region or at another site, with DNS that fails over, and data in "
                "both. It costs a second set of nodes.")
    if found.way == "around":
        return (f"a way around {md(words.component(found.component, found.decision))} for when it fails, such as DNS "
                "that then leads straight to the load balancer; what stands behind must bear the traffic.")
    if found.way == "second":
        return f"a second provider for “{md(words.decision(found.decision))}”, so that either one is enough."
    return (f"{md(words.component(found.component, found.decision))} for “{md(words.decision(found.decision))}”. "
            f"{UNDO[found.undo]}")
