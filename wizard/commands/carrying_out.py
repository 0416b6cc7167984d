"""What people do about a change in clusters that run, in the order in which they do it: what they agree to, what comes before
the new export is merged, what is applied anew, and what is taken away after it. Words and order alone; `exporters` finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from catalog.design import Design
from catalog.phrases import listed
from exporters import nodes, paths
from exporters.manifests import again, gone, handing_on, in_place, parting
from exporters.manifests.again import Handed
from exporters.manifests.bootstrap import BootstrapStep
from exporters.manifests.gone import Gone
from exporters.manifests.in_place import Kept
from exporters.manifests.parting import Hosts, Parting, Turnover


@dataclass(frozen=True)
class Change:
    """All of it, for two designs."""

    turnover: Turnover
    rebuilt: tuple[Parting, ...]
    lost: tuple[Parting, ...]
    raised: tuple[Parting, ...]
    nodes: Mapping[str, Sequence[str]]
    handed: tuple[Handed, ...]
    taken_down: tuple[str, ...]
    anew: tuple[Kept, ...]
    left: tuple[Gone, ...]
    way: tuple[BootstrapStep, ...]
    more: tuple[BootstrapStep, ...]
    starts: frozenset[str]
    """Titles of those of `more` that come after the merge."""
    rejoined: tuple[BootstrapStep, ...]
    hosts: Hosts
    tool: str
    """Title of the delivery tool of the second design."""

    @classmethod
    def of(cls, before: Design, after: Design) -> Change:
        """What the step from the first to the second asks."""
        left = gone.gone(before, after)
        tool = after.chosen("deployment")
        return cls(
            parting.turnover(before, after), parting.anew(before, after), parting.lost(before, after),
            parting.raised(before, after), nodes.changed(before, after), again.handed(before, after),
            parting.left_to_people(before, after), tuple(in_place.kept(before, after)), left,
            handing_on.steps(before, after, left), again.steps(before, after), again.starts(after), again.rejoined(before, after),
            parting.hosts(before, after),
            after.catalog.components[tool[0]].title if tool else "",
        )

    def as_json(self) -> dict[str, Any]:
        """By the names that `diff --json` gives."""
        return {
            "clusters": self.turnover._asdict(),
            "not-in-place": [entry._asdict() for entry in (*self.rebuilt, *self.raised)],
            "lost": [entry._asdict() for entry in self.lost],
            "node-files": dict(self.nodes),
            "handed-over": [entry._asdict() for entry in self.handed],
            "taken-down-by-hand": list(self.taken_down),
            "made-anew": [{**entry._asdict(), "command": entry.command} for entry in self.anew],
            "left-behind": [entry._asdict() for entry in self.left],
            "another-delivery-tool": [asdict(step) for step in self.way],
            "by-hand": [asdict(step) for step in self.more],
            "hosts-by-hand": self.hosts._asdict(),
            "restarted": [asdict(step) for step in self.rejoined],
        }

    def told(self) -> Iterator[str]:
        """Line by line, in order."""
        yield from self._agreed()
        yield from self._first()
        if self.way:
            yield "The delivery tool changes, so in this order, or the old one takes away what runs"
        for number, step in enumerate(self.way, 1):
            yield f"  {number}. {step.cluster}: {step.title}. {step.do}"
            yield from (f"       {line}" for line in step.command.splitlines())
        yield from self._merged()
        yield from self._leave()

    def _agreed(self) -> Iterator[str]:
        if self.turnover.go:
            yield (f"Clusters that go: first take {listed(self.turnover.go)} down by {paths.runbook('removal')} of the old"
                   " export, after a last backup; with the new one nothing says any more what runs there")
        if self.rebuilt:
            yield ("What a running cluster does not become by merging an export: make it anew beside the old one, or move node by"
                   f" node, and try it where nobody is hurt ({paths.runbook('bootstrap')} of the new export,"
                   f" {paths.runbook('removal')} of the old one)")
        yield from (f"  {_said(entry)}" for entry in self.rebuilt)
        if self.lost:
            yield "What is lost with what goes, unless it is saved or moved before"
        for entry in self.lost:
            yield f"  {_said(entry)}"
            yield from (f"    {command}" for command in entry.commands)

    def _first(self) -> Iterator[str]:
        if self.raised:
            yield "Clusters get another Kubernetes, before parts come that need it"
        yield from (f"  {_said(entry)}" for entry in self.raised)
        if self.nodes:
            yield ("Files of nodes that are not what they were: put them in place and restart what reads them, node by node, as"
                   f" {paths.runbook('bootstrap')} of the new export says")
        yield from (f"  {name}: {', '.join(files)}" for name, files in self.nodes.items())
        yield from self._handed("before", "What people set up before the new export is merged")
        yield from self._done_again("before it is merged", [step for step in self.more if step.title not in self.starts])
        first = [entry for entry in self.left if entry.before and not self.way]
        if first:
            yield ("What has to go before the new export is applied, with the delivery tool stopped (the removal runbook of the"
                   " old export says how): what could delete it goes then")
        yield from (f"  {entry.what}: {entry.command}" for entry in first)

    def _done_again(self, when: str, steps: Sequence[BootstrapStep]) -> Iterator[str]:
        if steps and not self.way:
            yield f"What no delivery tool brings: steps of the bootstrap to be done, or done again, from the new export, {when}"
            for step in steps:
                yield f"  {step.cluster}: {step.title}{'' if step.command else f'. {step.do}'}"
                yield from (f"    {line}" for line in step.command.splitlines())

    def _handed(self, comes: str, title: str) -> Iterator[str]:
        steps = [entry for entry in self.handed if entry.comes == comes]
        if steps:
            yield title
        for entry in steps:
            yield f"  {entry.title}: {entry.do} ({entry.link})"
            yield from (f"    {line}" for line in entry.command.splitlines())

    def _merged(self) -> Iterator[str]:
        yield from self._done_again("once it is merged", [step for step in self.more if step.title in self.starts])
        if self.turnover.come:
            yield (f"Clusters that come: once the new export is merged, {listed(self.turnover.come)} by"
                   f" {paths.runbook('bootstrap')}")
        if self.anew:
            yield ("Objects that a cluster does not change in place: they are refused until each is taken away, once the new"
                   " export is merged (a tool that follows Git makes the old one anew before; volumes keep their size and class)")
        for entry in self.anew:
            note = f"; {entry.note}" if entry.note else ""
            yield f"  {entry.kind} {entry.name} ({listed(entry.fields)}{note}): {entry.command}"
            if entry.then:
                yield "    once it is there again, where its class lets volumes grow:"
            yield from (f"    {line}" for line in entry.then)
        if self.rejoined:
            yield "Pods that join or leave the mesh when they start: restart them once the new export is applied"
        yield from (f"  {step.command}" for step in self.rejoined)
        if self.hosts.come or self.hosts.go:
            yield "Names in DNS, where nothing in a cluster writes them: set those that come, and take out those that go"
        yield from (f"  + {host}" for host in self.hosts.come)
        yield from (f"  - {host}" for host in self.hosts.go)
        yield from self._handed("after", "What people set up once the new export is applied")
        yield from self._handed("again", "What people do from then on, again and again")

    def _leave(self) -> Iterator[str]:
        """What stays in a running cluster until somebody takes it away, and what the delivery tool does."""
        by_hand = [entry for entry in self.left if entry.command and not entry.before]
        if by_hand:
            yield ("What clusters keep until it is taken away; in this order, once the new export is applied, and only if nobody"
                   " needs what it stores (a namespace takes its volumes along, unless their class retains them; kinds take along"
                   " every object of theirs)")
        yield from (f"  {entry.what}: {entry.command}" for entry in by_hand)
        for cluster in dict.fromkeys(entry.cluster for entry in self.left if not entry.command):
            mine = [entry for entry in self.left if entry.cluster == cluster and not entry.command]
            charts = [entry.what for entry in mine if not entry.objects]
            objects = [name for entry in mine for name in entry.objects]
            single = [entry.what for entry in mine if entry.objects] if len(objects) == 1 else []
            what = [*charts, *single, *([f"{len(objects)} objects{_places(objects)}"] if len(objects) > 1 else [])]
            yield f"{self.tool} takes away from {cluster} what Git no longer says: {listed(what)}"
        if self.taken_down:
            yield f"What people set up for what goes, and take down themselves: {listed(self.taken_down)}"


def _places(objects: Sequence[str]) -> str:
    spaces = sorted({name.split("/")[0] for name in objects if name.count("/") == 2})
    return f" in {', '.join(spaces)}" if spaces else ""


def _said(entry: Parting) -> str:
    return f"{entry.what} ({listed(entry.clusters)}): {entry.because}"
