"""`diff A B`: what differs between two designs, or between a design and the one after a proposed change."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

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
    from wizard.commands.carrying_out import Change

    change = Change.of(before, after)
    if arguments.picture is not None:
        from exporters.pictures.difference import picture_of_difference

        arguments.picture.write_bytes(picture_of_difference(before, after))
    if arguments.json:
        from catalog import words_json

        words = Words(catalog)
        print_json({**asdict(found), "ruled-out": [
            {"decision": option.decision, "component": option.component, "cluster": option.kind,
             "reason": words_json.reason(words, reason)} for option, reason in gone.items()],
            **change.as_json()})
    elif found.empty and not change.anew:
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
        for line in change.told():
            print(line)
    return int(Exit.DONE if found.empty and not change.anew else Exit.FOUND)


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
