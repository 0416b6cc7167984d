"""The overview page: everything about a design that somebody asks first, on one page, with links to the rest."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from catalog import handover
from catalog.availability import paths_of
from catalog.bill import Line, ageing, bill, one_way_doors
from catalog.components import FlowKind
from catalog.design import Design, Resolved, Value
from catalog.topology import Edge, Topology, derive
from catalog.words import ORIGINS, PRIORITY_TITLES, listed, sentence
from exporters import paths
from exporters.base import Artifact, Earlier, Exporter, Stamp
from exporters.manifests.labels import record_slug
from exporters.records.arithmetic import availability
from exporters.records.history import History, history
from exporters.records.pictures import FIRST, Shown, shown
from exporters.records.story import cited, words_of
from exporters.records.text import bullets, code, heading, link, md, page, prose, said, source, table

MEANS: dict[FlowKind, str] = {
    "request": "requests", "resolve": "name look-ups", "scrape": "metrics pulled", "push": "telemetry pushed",
    "store": "data stored and read", "sync": "desired state and images pulled", "backup": "backups", "control": "control",
}

_MANY = 3
"""So many that open the same connection share a row."""


class Overview:
    """docs/architecture/README.md."""

    name = "overview"
    title = "Overview of the design"

    def export(self, design: Design, earlier: Earlier, stamp: Stamp) -> Iterator[Artifact]:
        """The page."""
        yield Artifact(paths.OVERVIEW, page(_Page(design, history(design, earlier)).blocks()).encode())


EXPORTER: Exporter = Overview()


class _Page:
    def __init__(self, design: Design, told: History) -> None:
        self.design = design
        self.told = told
        self.words = words_of(design)
        self.pictures = shown(design)

    def blocks(self) -> Iterator[str]:
        design = self.design
        yield f"# Architecture of {md(design.name)}"
        yield self._introduction()
        yield bullets(self._glance())
        yield from self._pictures()
        yield from self._answers("What was asked", "", answered=True)
        yield from self._answers("Assumptions", "Nobody said these; a wrong one can change the design.", answered=False)
        yield from self._decisions()
        yield from self._section("Accepted risks", self._waivers())
        yield from self._section("Warnings", self._warnings())
        yield from self._section("Placeholders to fill", [f"{code(name)}: {md(self._setting(name))}"
                                                          for name in design.placeholders],
                                 "These values stand in for what only you know. Set them in the answers and build again.")
        yield from self._more_pictures()
        yield from availability(design, self.words)
        yield from self._doors()
        yield from self._handover()
        yield from self._bill()
        yield from self._flows()
        yield from self._section("What the manifests leave open", self._residue(),
                                 "Where they cannot say what the design wants, or allow more than a flow needs.")

    def _section(self, title: str, lines: list[str], lead: str = "") -> Iterator[str]:
        if lines:
            yield heading(2, title)
            if lead:
                yield lead
            yield bullets(lines)

    # What it is

    def _introduction(self) -> str:
        design = self.design
        clusters = [md(cluster.name) for cluster in design.clusters]
        shown = listed(clusters if len(clusters) <= 6 else [*clusters[:5], f"{len(clusters) - 5} more"])
        what = f"The cluster {shown} runs" if len(clusters) == 1 else f"The clusters {shown} run"
        made = dict.fromkeys(self.words.component(id_, "kubernetes") for kind in design.kinds
                             for id_ in design.chosen("kubernetes", kind.name))
        how = f" {md(listed(list(made)))}" if made else ""
        carries = f" and {'carries' if len(clusters) == 1 else 'carry'} " if design.workloads else ""
        count = f"{len(design.workloads)} workload{'s' * (len(design.workloads) != 1)}" if design.workloads else ""
        return (f"{what}{how}{carries}{count}. What counted most in the choices: "
                f"{listed([PRIORITY_TITLES[name] for name in design.priorities[:3]])}.")

    def _glance(self) -> Iterator[str]:
        """What somebody has to know before reading on, each with the way to where it stands."""
        design = self.design
        found = paths_of(design)
        if found:
            asked = design.answer("availability") if "availability" in design.context else None
            worst = min(found, key=lambda path: Decimal(path.reached))
            yield (f"[Availability](#availability): the path of a request gives {worst.reached} %"
                   + (f"; {md(asked)} % is asked for." if asked else "."))
        doors = one_way_doors(design)
        if doors:
            names = list(dict.fromkeys(md(self.words.component(door.component, door.decision)) for door in doors))
            shown = names if len(names) <= 5 else [*names[:4], f"{len(names) - 4} more"]
            yield f"[One-way doors](#one-way-doors): {listed(shown)}."
        for count, one, title in (
            (len(self._waivers()), "risk is accepted", "Accepted risks"),
            (len(self._warnings()), "warning", "Warnings"),
            (len(design.placeholders), "placeholder has to be filled", "Placeholders to fill"),
        ):
            if count:
                words = one if count == 1 else {"risk is accepted": "risks are accepted", "warning": "warnings"}.get(
                    one, "placeholders have to be filled")
                yield f"[{count} {words}](#{title.lower().replace(' ', '-')})."
        yield f"{link('How it is brought up', paths.link(paths.OVERVIEW, paths.runbook('bootstrap')))}, step by step."

    def _pictures(self) -> Iterator[str]:
        for at, picture in enumerate(entry for entry in self.pictures if entry.view in FIRST):
            if at:
                yield heading(2, md(picture.title))
            yield self._picture(picture)

    def _more_pictures(self) -> Iterator[str]:
        rest = [entry for entry in self.pictures if entry.view not in FIRST]
        if not rest:
            return
        here = paths.link(paths.OVERVIEW, f"{paths.DIAGRAMS}/")
        yield heading(2, "More pictures")
        yield f"The same pictures for editing, in other formats, are among the {link('diagrams', here)}."
        for picture in rest:
            yield self._picture(picture)

    @staticmethod
    def _picture(picture: Shown) -> str:
        return f"!{link(md(picture.title), paths.link(paths.OVERVIEW, picture.path))}"

    def _answers(self, title: str, lead: str, *, answered: bool) -> Iterator[str]:
        rows: dict[str, list[str]] = {}
        for question, value, clusters in self._values():
            if (value.origin == "answered") == answered:
                rows.setdefault(question, []).append(self._answer(question, value, clusters))
        if rows:
            yield heading(2, title)
            yield lead
            yield table(["Question", "Answer"], [
                [md(self.design.catalog.questions[question].title), "; ".join(answers)]
                for question, answers in rows.items()
            ])

    def _values(self) -> Iterator[tuple[str, Value, str]]:
        design = self.design
        for question in design.catalog.questions:
            if question in design.context:
                yield question, design.context[question], ""
            seen: dict[Value, list[str]] = {}
            for kind in design.kinds:
                if question in kind.context:
                    plain_value = Value(kind.context[question].value, kind.context[question].origin)
                    seen.setdefault(plain_value, []).extend(kind.clusters)
            for value, clusters in seen.items():
                yield question, value, listed(clusters) if len(seen) > 1 else ""

    def _answer(self, question: str, value: Value, clusters: str) -> str:
        values = value.value if isinstance(value.value, tuple) else (str(value.value),)
        shown = md(listed([self.words.value(question, str(entry)) for entry in values]))
        note = "" if value.origin in ("answered", "assumed") else f" ({ORIGINS[value.origin]})"
        where = f" ({md(clusters)})" if clusters else ""
        return f"{shown}{where}{note}"

    def _setting(self, name: str) -> str:
        found = self.design.catalog.settings.get(name)
        return found.title if found else name

    # Decisions, risks

    def _decisions(self) -> Iterator[str]:
        design = self.design
        yield heading(2, "Decisions")
        index = link("The records", paths.link(paths.OVERVIEW, paths.records_index()))
        yield (f"Each line leads to its record; what stands in bold has one of its own. {index} say what else was possible, "
               "and why it is not what was chosen.")
        for layer in design.catalog.layers.values():
            lines = [line for decision in layer.decisions for line in self._decision(decision.id)]
            if lines:
                yield heading(3, md(layer.title))
                yield bullets(lines)

    def _decision(self, decision: str) -> Iterator[str]:
        groups: dict[tuple[str, ...], list[Resolved]] = {}
        for entry in self.design.decisions:
            if entry.decision == decision and entry.asked and entry.chosen:
                groups.setdefault(entry.chosen, []).append(entry)
        path = self.told.path_of(self.design, decision)
        if not groups or path is None:
            return
        parts = []
        for chosen, entries in groups.items():
            names = md(listed([self.words.component(component, decision) for component in chosen]))
            clusters = [cluster for entry in entries if entry.kind for kind in self.design.kinds
                        if kind.name == entry.kind for cluster in kind.clusters]
            how = "asked for" if entries[0].origin == "answered" else ORIGINS[entries[0].origin]
            origin = f", {how}" if entries[0].origin != "recommended" else ""
            where = f" in {md(listed(clusters))}" if len(groups) > 1 and clusters else ""
            parts.append(f"{names}{where}{origin}")
        title = link(md(self.words.decision(decision)), paths.link(paths.OVERVIEW, path))
        if record_slug(self.design, decision) == decision:
            title = f"**{title}**"
        yield f"{title}: {'; '.join(parts)}"

    def _waivers(self) -> list[str]:
        return [
            f"{code(waiver.rule)}, accepted by {md(waiver.owner)} until {waiver.until.isoformat()}: "
            f"{md(sentence(waiver.reason))} The rule says: {prose(self.words.rule(waiver.rule).because)}"
            for waiver in self.design.waivers
        ]

    def _warnings(self) -> list[str]:
        found = []
        for warning in self.design.warnings:
            told = self.words.rule(warning.rule)
            found.append(prose(self.words.warning(warning)) + cited(told))
        found += [f"{prose(age.text)} ({source(age.source)})" for age in ageing(self.design, self.design.catalog.as_of)
                  if age.what == "retired"]
        return list(dict.fromkeys(found))

    def _residue(self) -> list[str]:
        """What network policies and routes cannot say; the manifests know."""
        try:
            from exporters.manifests import residue
        except ImportError:
            return []
        found: dict[str, list[str]] = {}
        for cluster, texts in residue(self.design).items():
            for text in texts:
                found.setdefault(text, []).append(cluster)
        # What says the same of several parts is said once: `A, B and C may open port 443 to any address, to reach D`.
        same: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for text, clusters in found.items():
            name, verb, rest = text.partition(" may open ")
            key = (f"{verb}{rest}" if rest else text, tuple(clusters))
            same.setdefault(key, []).append(name if rest else "")
        every = len(self.design.clusters)
        return [
            (f"In {md(listed(list(clusters)))}: " if len(clusters) < every else "")
            + prose(f"{listed(names)}{what}" if names[0] else what)
            for (what, clusters), names in same.items()
        ]

    # Parts and flows

    def _bill(self) -> Iterator[str]:
        from exporters.pictures import lifecycle

        lines = bill(self.design)
        yield heading(2, "Bill of materials")
        yield (f"Versions, licences and support as known on {self.design.catalog.as_of.isoformat()}; where no day stands, "
               "upstream names none.")
        parts = [line for line in lines if line.version or line.charts or line.footprint]
        if parts:
            yield table(["Component", "Version", "Chart", "Licence", "Support until", "Footprint", "Runs in"],
                        [self._row(line) for line in parts])
        if lifecycle.dated(self.design):
            yield f"!{link(lifecycle.TITLE, paths.link(paths.OVERVIEW, paths.diagram(lifecycle.NAME, 'svg')))}"
        services = [line for line in lines if line not in parts and self._service(line)]
        if services:
            names = [f"{md(line.title)} ({md(line.licence)})" if line.licence != "proprietary" else md(line.title)
                     for line in services]
            yield f"Without a version to follow here: {listed(names)}."

    def _service(self, line: Line) -> bool:
        """True for what somebody runs or sells; patterns and habits are no material."""
        component = self.design.catalog.components[line.component]
        return component.draw.where != "none" and line.licence != "NONE"

    def _row(self, line: Line) -> list[str]:
        footprint = line.footprint
        sizes = [f"{name} {low} to {high}" for name, size in (
            ("CPU", footprint.cpu), ("memory", footprint.memory), ("storage", footprint.storage)
        ) if size for low, high in [size]] if footprint else []
        clusters = "all" if len(line.clusters) == len(self.design.clusters) > 1 else ", ".join(line.clusters)
        return [
            md(line.title), code(line.version), ", ".join(code(f"{name} {version}") for name, version in line.charts),
            md(line.licence), line.support_until.isoformat() if line.support_until else "", md(", ".join(sizes)),
            md(clusters),
        ]

    def _flows(self) -> Iterator[str]:
        topology = derive(self.design)
        if not topology.edges:
            return
        yield heading(2, "Flows and ports")
        yield "Who opens which connection to which port. Network policies and firewall rules follow from this list."
        by_kind: dict[FlowKind, list[Edge]] = {}
        for edge in topology.edges:
            by_kind.setdefault(edge.kind, []).append(edge)
        for kind in MEANS:
            if kind in by_kind:
                yield heading(3, MEANS[kind].capitalize())
                yield table(["From", "To", "Clusters"], self._edges(topology, by_kind[kind]))

    def _edges(self, topology: Topology, edges: list[Edge]) -> list[list[str]]:
        """One row for what many open to one place, and one for what is left of each that opens something."""
        nodes = {node.id: node for node in topology.nodes}
        pairs: dict[tuple[str, str], dict[str, None]] = {}
        places: dict[tuple[str, str], dict[str, None]] = {}
        for edge in edges:
            start, end = nodes[edge.source], nodes[edge.target]
            key = (md(start.title), md(end.title))
            pairs.setdefault(key, {})[_port(edge)] = None
            place = start.cluster or end.cluster
            places.setdefault(key, {}).update({place: None} if place else {})
        every = [kind.name for kind in self.design.kinds]
        clusters = {kind.name: kind.clusters for kind in self.design.kinds}
        ends: dict[tuple[str, str], list[str]] = {}
        for (start_, end_), ports in pairs.items():
            shown = ", ".join(filter(None, ports))
            there = list(places[start_, end_])
            where = "all" if there == every else md(", ".join(name for kind in there for name in clusters[kind]))
            ends.setdefault((f"{end_} ({shown})" if shown else end_, where), []).append(start_)
        rows: dict[tuple[str, str], list[str]] = {}
        for (end_, where), starts in ends.items():
            for start_ in starts if len(starts) < _MANY else (", ".join(starts),):
                rows.setdefault((start_, where), []).append(end_)
        return [[start_, ", ".join(there), where] for (start_, where), there in rows.items()]

    # What it can and cannot

    def _doors(self) -> Iterator[str]:
        doors = one_way_doors(self.design)
        if not doors:
            return
        how = {"never": "cannot be undone", "rebuild": "rebuild the cluster"}
        yield heading(2, "One-way doors")
        yield "Choices that a running cluster cannot take back."
        yield table(["Choice", "To undo it", "Why"], [
            [f"{md(self.words.component(door.component, door.decision))} ({md(self.words.decision(door.decision))})",
             how[door.how], said(door.because)] for door in doors
        ])

    def _handover(self) -> Iterator[str]:
        design = self.design
        by_layer: dict[str, list[str]] = {}
        for component in design.selected():
            if handover.steps(design, component):
                layer = design.catalog.layers[design.catalog.layer_of[design.selected_roles(component.id)[0]]].title
                by_layer.setdefault(layer, []).append(md(component.title))
        if by_layer:
            book = link("bootstrap runbook", paths.link(paths.OVERVIEW, paths.runbook("bootstrap")))
            yield heading(2, "Left to people")
            yield f"No manifest does these; the {book} has the steps, with what to see after each."
            yield bullets(f"{md(layer)}: {'; '.join(names)}" for layer, names in by_layer.items())


def _port(edge: Edge) -> str:
    """Port and what is spoken there: `443 https`, `53/UDP dns`."""
    if not edge.port:
        return ""
    protocol = "" if edge.protocol == "TCP" else f"/{edge.protocol}"
    return f"{edge.port}{protocol} {md(edge.application)}" if edge.application else f"{edge.port}{protocol}"
