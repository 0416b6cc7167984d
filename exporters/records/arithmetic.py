"""The availability of a design in words: the path of a request link by link, what breaks the target, what mends it."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.availability import Path, PathLink, paths_of
from catalog.design import Design
from catalog.words import Words, listed
from catalog.words_path import Verdict, target_of, verdict
from exporters.records.text import heading, md, prose, source, table


def availability(design: Design, words: Words) -> Iterator[str]:
    """The section of the overview; nothing where no request comes in."""
    found = paths_of(design)
    if not found:
        return
    yield heading(2, "Availability")
    target = target_of(design)
    asked = f"Asked for: {md(target)} % of a month. " if target else ""
    yield (f"{asked}The links on the path of a request, multiplied, are the most that this design can give. Workloads, "
           "data, sites, and faults that hit all copies at once, such as a bad release, are not counted; a published "
           "level is what a provider answers for, not a measurement.")
    for path in found:
        where = f"In {md(listed(list(path.clusters)))} a" if len(found) > 1 else "A"
        yield f"{where} request passes what gives **{path.percent} %** together:"
        yield table(["Link", "Percent", "From where"], [_row(link) for link in path.links])
    if found[0].together:
        yield (f"Users are led to the place that answers, so {md(listed(list(found[0].places)))} stand in for each other "
               f"behind what they share: together **{found[0].together} %**, if their faults are independent and the "
               "data is in each of them.")
    if target:
        yield from _verdicts(design, words, found, target)


def _row(link: PathLink) -> list[str]:
    read = ", ".join(dict.fromkeys(source(entry) for entry in link.sources))
    where = f"{read}: {prose(link.scope)}" if read else f"assumed: {prose(link.scope)}"
    return [md(link.title), link.percent, where]


def _verdicts(design: Design, words: Words, found: tuple[Path, ...], target: str) -> Iterator[str]:
    told: dict[str, list[str]] = {}
    for path in found:
        told.setdefault(_verdict(verdict(design, words, path, target)), []).extend(path.clusters)
    for text, clusters in told.items():
        yield f"{md(listed(clusters))}: {text}" if len(told) > 1 else text


def _verdict(found: Verdict) -> str:
    if found.met:
        return f"**That meets the target** of {md(found.target)} %."
    return f"**That misses the target** of {md(found.target)} %. {prose(found.breaks)} {prose(found.mends)}"
