"""`diff A B`: what differs between two designs, or between a design and the one after a proposed change."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.catalog import Catalog
from catalog.design import Design
from catalog.errors import UsageError
from catalog.phrases import listed
from catalog.reasons import Option, Reason
from catalog.words import Words
from wizard.commands.common import catalog_of, print_json, read, takes_catalog, takes_json
from wizard.compare import Changed, compare
from wizard.complete import resolve
from wizard.diagnostics import Exit
from wizard.solver import Engine, Space

if TYPE_CHECKING:
    from exporters.manifests.bootstrap import BootstrapStep
    from exporters.manifests.gone import Gone


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("before", metavar="A", type=Path, help="an answers file")
    parser.add_argument("after", metavar="B", type=Path, nargs="?", help="another answers file")
    parser.add_argument("--choose", metavar="DECISION=COMPONENT", action="append", default=[],
                        help="instead of B: A with this choice (repeatable)")
    parser.add_argument("--picture", metavar="FILE", type=Path, help="also draw the difference as an SVG")
    takes_catalog(parser)
    takes_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what differs; exit 1 when something does."""
    catalog = catalog_of(arguments)
    engine = Engine(catalog)
    if (arguments.after is None) == (not arguments.choose):
        raise UsageError("diff: name a second answers file, or what to --choose")
    answers = read(arguments.before, catalog)
    before = resolve(answers, catalog, engine, reasons=False)
    if arguments.after is not None:
        answers = read(arguments.after, catalog)
    else:
        from wizard.answers_change import choose
        from wizard.commands.common import option_of

        space = engine.space(answers)
        for text in arguments.choose:
            for option in option_of(text, catalog, space):
                answers = choose(answers, catalog, option, {kind.name: kind.clusters for kind in space.kinds}, "flag")
    after = resolve(answers, catalog, engine, reasons=False)
    found = compare(before, after)
    gone = _gone(found.decisions, engine.space(answers))
    from exporters.manifests import again, handing_on
    from exporters.manifests.gone import gone as leftovers
    from exporters.manifests.in_place import kept

    anew = kept(before, after)
    left = leftovers(before, after)
    way = handing_on.steps(before, after, left)
    more = again.steps(before, after)
    if arguments.picture is not None:
        from exporters.pictures.difference import picture_of_difference

        arguments.picture.write_bytes(picture_of_difference(before, after))
    if arguments.json:
        from catalog import words_json

        words = Words(catalog)
        print_json({**asdict(found), "ruled-out": [
            {"decision": option.decision, "component": option.component, "cluster": option.kind,
             "reason": words_json.reason(words, reason)} for option, reason in gone.items()],
            "made-anew": [{**entry._asdict(), "command": entry.command} for entry in anew],
            "left-behind": [entry._asdict() for entry in left],
            "another-delivery-tool": [asdict(step) for step in way],
            "by-hand": [asdict(step) for step in more]})
    elif found.empty and not anew:
        print("the designs are the same")
    else:
        told = _Told(catalog, gone, before, after)
        for title, changes in (("Context", found.context), ("Decisions", found.decisions), ("Settings", found.settings),
                               ("Versions", found.versions), ("Clusters", found.told["clusters"]),
                               ("Workloads", found.told["workloads"]), ("Externals", found.told["externals"]),
                               ("Accepted risks", found.told["waivers"])):
            told.show(title, changes)
        for sign, names in (("+", found.added), ("-", found.removed)):
            for name in names:
                print(f"  {sign} {catalog.components[name].title}")
        if anew:
            print("Objects that a cluster does not change in place: they are refused until each is taken away, once the new"
                  " export is merged (a tool that follows Git makes the old one anew before; volumes keep their size and class)")
        for entry in anew:
            print(f"  {entry.kind} {entry.name} ({listed(entry.fields)}): {entry.command}")
        if way:
            print("The delivery tool changes, so in this order, or the old one takes away what runs")
        else:
            _ask(more)
        for number, step in enumerate(way, 1):
            print(f"  {number}. {step.cluster}: {step.title}. {step.do}")
            print("".join(f"       {line}\n" for line in step.command.splitlines()), end="")
        tool = after.chosen("deployment")
        told_already = [entry for entry in left if way and entry.before]
        _leave([entry for entry in left if entry not in told_already], catalog.components[tool[0]].title if tool else "")
    return int(Exit.DONE if found.empty and not anew else Exit.FOUND)


def _ask(steps: Sequence[BootstrapStep]) -> None:
    """What a person does in clusters that run, each command once."""
    if steps:
        print("What no delivery tool brings: steps of the bootstrap to be done, or done again")
    for step in steps:
        print(f"  {step.cluster}: {step.title}{'' if step.command else f'. {step.do}'}")
        print("".join(f"    {line}\n" for line in step.command.splitlines()), end="")


def _leave(left: Sequence[Gone], tool: str) -> None:
    """What stays in a running cluster until somebody takes it away, and what the delivery tool does."""
    first = [entry for entry in left if entry.before]
    if first:
        print("What has to go before the new export is applied, with the delivery tool stopped (the removal runbook of the old"
              " export says how): what could delete it goes then")
    for entry in first:
        print(f"  {entry.what}: {entry.command}")
    by_hand = [entry for entry in left if entry.command and not entry.before]
    if by_hand:
        print("What clusters keep until it is taken away; in this order, once the new export is applied, and only if nobody needs"
              " what it stores (a namespace takes its volumes along, unless their class retains them; kinds take along every"
              " object of theirs)")
    for entry in by_hand:
        print(f"  {entry.what}: {entry.command}")
    for cluster in dict.fromkeys(entry.cluster for entry in left if not entry.command):
        gone = [entry.what for entry in left if entry.cluster == cluster and not entry.command]
        print(f"{tool} takes away from {cluster} what Git no longer says: {listed(gone)}")


def _gone(changes: tuple[Changed, ...], after: Space) -> dict[Option, Reason]:
    """What was in the design and cannot be in it any more, with the reason."""
    found = {}
    for change in changes:
        for name in change.before:
            option = Option(change.what, name, change.kind)
            if name not in change.after and (change.kind is None or change.kind in after.kind_names):
                reasons = after.why(option) if after.state(option) == "excluded" else ()
                if reasons:
                    found[option] = reasons[0]
    return found


class _Told:
    """Changes in the words of the catalog; clusters that change alike share a line."""

    def __init__(self, catalog: Catalog, gone: Mapping[Option, Reason], *designs: Design) -> None:
        self.catalog = catalog
        self.gone = gone
        self.words = Words(catalog)
        self.clusters = {kind.name: kind.clusters for design in designs for kind in design.kinds}
        self.kinds = max(len(design.kinds) for design in designs)

    def show(self, title: str, changes: tuple[Changed, ...]) -> None:
        if changes:
            print(title)
        groups: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
        for change in changes:
            groups.setdefault((change.what, change.before, change.after), []).extend(self.clusters.get(change.kind or "", ()))
        several = {what for what, _, _ in groups if len([name for name, _, _ in groups if name == what]) > 1}
        for (what, before, after), clusters in groups.items():
            every = len(clusters) == sum(map(len, self.clusters.values())) or self.kinds == 1
            place = f" ({listed(clusters)})" if clusters and (what in several or not every) else ""
            colon = "" if self._name(what).endswith("?") and not place else ":"
            print(f"  {self._name(what)}{place}{colon} {self._values(what, before)} -> {self._values(what, after)}")
            told = {name: self.words.line(reason) for (decision, name, _), reason in self.gone.items()
                    if decision == what and name in before and name not in after}
            for name, line in told.items():
                print(f"    no more {self.catalog.title(what, name)}: {line}")

    def _name(self, what: str) -> str:
        catalog = self.catalog
        for among in (catalog.decisions, catalog.questions, catalog.settings, catalog.components):
            if what in among:
                return among[what].title
        return what

    def _values(self, what: str, values: tuple[str, ...]) -> str:
        def said(value: str) -> str:
            if what in self.catalog.decisions:
                return self.catalog.title(what, value)
            return self.words.value(what, value) if what in self.catalog.questions else value

        return ", ".join(map(said, values)) or "-"
