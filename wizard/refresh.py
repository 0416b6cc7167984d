"""What local copies of upstream's lists say against the catalog: agreements, changes that are sure, and a to-do list.

Sure is only what one copy states plainly and what nothing else hangs on: a maturity, an end of support, a chart of the
same major together with its application. The rest is work for a person. What no copy can confirm is said to be
unverified, never passed in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from catalog.catalog import Catalog
from catalog.components import ChartInstall, Component
from catalog.lifecycle import Release
from catalog.reading import Where
from wizard.upstream import Project, Upstream, cycle_of, normal, numbers

Verdict = Literal["same", "change", "to-do", "unverified"]


@dataclass(frozen=True)
class Edit:
    """One value in a component's file: the way to it and what is to stand there."""

    where: Where
    value: str


@dataclass(frozen=True)
class Finding:
    """What one copy says about one fact. `edits` are made by `--write` for `same` (the day only) and `change`."""

    component: str
    verdict: Verdict
    what: str
    edits: tuple[Edit, ...] = ()


def compare(catalog: Catalog, upstream: Upstream) -> list[Finding]:
    """Every fact that the copies could tell something about, in catalog order."""
    found: list[Finding] = []
    for component in catalog.components.values():
        found += _maturity(component, upstream)
        found += _support(component, upstream)
        found += _charts(component, upstream)
    return found


def _dated(where: Where, checked: date, day: date) -> tuple[Edit, ...]:
    return (Edit((*where, "checked"), day.isoformat()),) if day > checked else ()


def _maturity(component: Component, upstream: Upstream) -> Iterator[Finding]:
    day, stated = upstream.landscape_day, component.maturity
    if day is None:
        return
    project = project_of(component, upstream)
    if project is None:
        if stated.cncf is not None:
            yield Finding(component.id, "unverified", f"maturity {stated.cncf}: the landscape has no row for its repository")
        return
    if (project.maturity or None) == stated.cncf:
        from_there = "landscape" in stated.source
        yield Finding(component.id, "same", f"maturity {stated.cncf or 'none of the CNCF'}",
                      _dated(("maturity",), stated.checked, day) if from_there else ())
    elif day < stated.checked:
        yield Finding(component.id, "to-do", f"maturity: the landscape of {day.isoformat()} says "
                      f"{project.maturity or 'none'}, the catalog {stated.cncf or 'none'} on {stated.checked.isoformat()}")
    elif project.maturity:
        yield Finding(component.id, "change", f"maturity: {stated.cncf or 'none'} -> {project.maturity}", (
            Edit(("maturity", "cncf"), project.maturity), Edit(("maturity", "checked"), day.isoformat())))
    else:
        yield Finding(component.id, "to-do", f"maturity {stated.cncf}: the landscape no longer names any")
    same = project.repository and normal(project.repository) == normal(component.repository)
    if same and project.archived is not None and component.status(project.archived) != "archived":
        yield Finding(component.id, "to-do", f"archived on {project.archived.isoformat()} by the landscape: "
                      "write the event, its successor and what the move takes")


def project_of(component: Component, upstream: Upstream) -> Project | None:
    """The landscape's row for a component: that of its repository, or a project of the same owner that agrees (the
    landscape lists Prometheus once, not each repository of it; that another of them is graduated contradicts nothing)."""
    if component.repository is None:
        return None
    address = normal(component.repository)
    own = upstream.projects.get(address)
    if component.maturity.cncf is None or (own is not None and own.maturity):
        return own
    owner = "/".join(address.split("/")[:2]) + "/"
    family = [project for key, project in upstream.projects.items() if key.startswith(owner)]
    return next((project for project in family if project.maturity == component.maturity.cncf), own)


_RELEASES = re.compile(r"https://([a-z0-9-]+)\.[a-z]+/(?:[^?#]*/)?releases(?:/|$)")
"""A project's own list of releases, on a site that bears its name."""


def product_of(component: Component, upstream: Upstream) -> str | None:
    """The product of endoflife.date that a component is: named by a source, by its id, title or a long name, or by the
    site whose own list of releases is a source (`https://kubernetes.io/releases/`)."""
    sources = [component.lifecycle.source, *(release.source for release in component.releases)]
    for source in sources:
        named = re.fullmatch(r"https://endoflife\.date/([a-z0-9-]+)/?", source)
        if named and named[1] in upstream.cycles:
            return named[1]
    slugs = [re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") for name in (component.title, *component.aliases)]
    # A single word among the other names is too often that of something larger that it is built on.
    names = [component.id, slugs[0], *(slug for slug in slugs[1:] if "-" in slug)]
    sites = [site[1] for source in sources if (site := _RELEASES.match(source))]
    return next((name for name in (*names, *sites) if name in upstream.cycles), None)


def _support(component: Component, upstream: Upstream) -> Iterator[Finding]:
    day = upstream.endoflife_day
    if day is None or not component.releases:
        return
    product = product_of(component, upstream)
    if product is None:
        yield from (Finding(component.id, "unverified", f"support of {release.version} until "
                            f"{release.end_of_support.isoformat()}: endoflife.date has no such product")
                    for release in component.releases if release.end_of_support)
        return
    cycles = upstream.cycles[product]
    for at, release in enumerate(component.releases):
        cycle = cycle_of(release.version, cycles)
        where: Where = ("releases", at)
        if cycle is None:
            yield Finding(component.id, "unverified", f"release {release.version}: endoflife.date has no cycle for it")
            continue
        yield _end(component, release, where, cycle.end, cycle.ended, day)
        if cycle.latest and numbers(cycle.latest) > numbers(release.version) and len(numbers(release.version)) > 2:
            yield Finding(component.id, "to-do", f"release {release.version}: {cycle.latest} is out")
    if not any(cycle_of(release.version, cycles) for release in component.releases):
        return
    newest = max(numbers(release.version) for release in component.releases)
    for cycle in cycles:
        own = numbers(cycle.cycle)
        if own and own > newest[: len(own)] and cycle.ended is not True and (cycle.end is None or cycle.end > day):
            yield Finding(component.id, "to-do", f"{product} {cycle.cycle} is out and no release of it is listed")


def _end(
    component: Component, release: Release, where: Where, end: date | None, ended: bool | None, day: date
) -> Finding:
    stated = release.end_of_support
    if end is None:
        if ended and (stated is None or stated > day):
            return Finding(component.id, "to-do", f"release {release.version}: out of support by endoflife.date, without a day")
        return Finding(component.id, "unverified" if stated else "same",
                       f"release {release.version}: endoflife.date names no last day")
    if stated == end:
        dated = _dated(where, release.checked, day) if "endoflife.date" in release.source else ()
        return Finding(component.id, "same", f"support of {release.version} until {end.isoformat()}", dated)
    text = f"support of {release.version}: {stated.isoformat() if stated else 'no day'} -> {end.isoformat()}"
    if stated is not None and "endoflife.date" not in release.source:
        return Finding(component.id, "to-do", f"{text} by endoflife.date; {release.source} says otherwise")
    if day < release.checked and stated is not None:
        return Finding(component.id, "to-do", f"{text} by a copy that is older than the catalog's fact")
    edits = (Edit((*where, "end-of-support"), end.isoformat()), *_dated(where, release.checked, day))
    return Finding(component.id, "change", text, edits)


def _charts(component: Component, upstream: Upstream) -> Iterator[Finding]:
    if component.install is None or not upstream.charts:
        return
    for at, chart in enumerate(component.install.charts):
        row = upstream.charts.get(chart.reference or chart.chart)
        if row is None or not row.version:
            why = "no copy of it is at hand" if row is None else "its copy does not tell its version"
            yield Finding(component.id, "unverified", f"chart {chart.chart} {chart.version}: {why}")
            continue
        if row.deprecated:
            yield Finding(component.id, "to-do", f"chart {chart.chart}: deprecated upstream; find what succeeds it")
        where: Where = ("install", "charts", at)
        ours, theirs = numbers(chart.version), numbers(row.version)
        if ours == theirs:
            yield Finding(component.id, "same", f"chart {chart.chart} {chart.version}",
                          _dated(where, chart.checked, row.snapshot))
        elif ours > theirs:
            yield Finding(component.id, "unverified", f"chart {chart.chart} {chart.version}: the copy of "
                          f"{row.snapshot.isoformat()} has {row.version}")
        else:
            yield _newer(component, chart, where, row.version, row.app_version, row.snapshot)


def _newer(component: Component, chart: ChartInstall, where: Where, version: str, app: str, day: date) -> Finding:
    text = f"chart {chart.chart}: {chart.version} -> {version}"
    listed = [at for at, release in enumerate(component.releases) if release.charts.get(chart.chart) == chart.version]
    if numbers(version)[:1] != numbers(chart.version)[:1]:
        return Finding(component.id, "to-do", f"{text}; a new major: read its notes and compare its values")
    if not listed or len(component.install.charts if component.install else ()) > 1:
        return Finding(component.id, "to-do", f"{text}; its release and its sister charts move with it")
    release = component.releases[listed[0]]
    plain = app.removeprefix("v")
    if release.supports or release.kubernetes or numbers(plain)[:2] != numbers(release.version)[:2]:
        return Finding(component.id, "to-do", f"{text} with {component.title} {plain}; read what this release supports")
    at: Where = ("releases", listed[0])
    return Finding(component.id, "change", f"{text} with {component.title} {plain}", (
        Edit((*where, "version"), version), *_dated(where, chart.checked, day),
        Edit((*at, "version"), plain), Edit((*at, "charts", chart.chart), version), *_dated(at, release.checked, day)))
