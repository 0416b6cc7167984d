"""`catalog lint`: stale facts, and what the engine finds when it examines the catalog itself.

Faults (exit 3) are what makes the catalog wrong: facts past their expiry, steps that lead people to another cloud's pages, no
design at all, options that no design has, rules that never fire. Notes are worth a look and harmless: rules that others
already say, decisions with one possible answer, answers to questions that exclude each other.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from catalog.catalog import Catalog
from catalog.errors import UsageError
from catalog.faults import Fault
from catalog.lint import Places, lint, overdue, unbrought, unfilled, unverified
from catalog.loader import BUILT_IN
from catalog.pages import misleading
from catalog.restrict import FORBIDDEN
from wizard.commands.common import catalog_of, print_json, takes_catalog, takes_json
from wizard.commands.days import day
from wizard.diagnostics import Exit

if TYPE_CHECKING:
    from wizard.solver.examine import Examination


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--on", type=day, metavar="DATE",
                        help="count ages from this day; default: the day of the catalog's last refresh")
    parser.add_argument("--due", action="store_true", help="only the facts that have to be read again, with --on")
    parser.add_argument("--notes", action="store_true", help="also print what is harmless but worth a look")
    takes_catalog(parser)
    takes_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print faults as `file:line: message`; exit 3 when there are any."""
    catalog = catalog_of(arguments)
    if arguments.due and arguments.on is None:
        raise UsageError("--due asks what is due on a day, and no clock is read here: add --on DATE")
    on = arguments.on or catalog.refreshed or catalog.as_of
    places = Places([BUILT_IN, *arguments.catalog])
    faults = lint(catalog, places, on)
    if arguments.due and arguments.json:
        print_json({"on": on.isoformat(), "due": [{
            "of": fact.subject, "what": fact.what, "kind": fact.kind, "source": fact.source,
            "checked": fact.checked.isoformat(), "expires": fact.expires.isoformat(),
            "place": "{}:{}".format(*places.of(fact))} for fact in overdue(catalog, on)]})
        return int(Exit.CATALOG if faults else Exit.DONE)
    if arguments.due:
        for fault in faults:
            print(fault)
        kinds = Counter(fact.kind for fact in overdue(catalog, on))
        told = "".join(f", {count} of kind {kind}" for kind, count in sorted(kinds.items()))
        print(f"{len(faults)} facts are due on {on.isoformat()}{told}")
        return int(Exit.CATALOG if faults else Exit.DONE)
    from wizard.solver.examine import examine

    found = examine(catalog)
    # What a company forbids is meant to be in no design: flaws are those of the catalog without its restrictions.
    free = unrestricted(catalog)
    plain = found if free is catalog else examine(free)
    faults = [*faults, *unfilled(catalog, places), *misleading(catalog, places),
              *examination_faults(catalog, replace(plain, void=found.void))]
    notes = [*unverified(catalog, places), *unbrought(catalog, places), *examination_notes(catalog, plain),
             *restriction_notes(catalog, found, plain)]
    if arguments.json:
        print_json({
            "on": on.isoformat(), "faults": [fault._asdict() for fault in faults],
            "notes": [note._asdict() for note in notes],
            "designs": {"all": found.count.designs, "by-layer": dict(found.count.layers)},
        })
        return int(Exit.CATALOG if faults else Exit.DONE)
    for fault in faults:
        print(fault)
    for note in notes if arguments.notes else ():
        print(f"note: {note}")
    print(f"{len(catalog.components)} components, {len(catalog.rules)} rules on {on.isoformat()}: "
          f"{len(faults)} faults, {len(notes)} notes; about {found.count.designs:.1e} designs")
    if arguments.notes:
        for layer, designs in found.count.layers.items():
            print(f"  {layer}: about {designs:,.0f}")
    return int(Exit.CATALOG if faults else Exit.DONE)


def unrestricted(catalog: Catalog) -> Catalog:
    """The catalog without what an overlay forbids; the same object where nothing is forbidden."""
    components = {
        id_: component.model_copy(update={"rules": tuple(
            rule for rule in component.rules if not rule.id.startswith(FORBIDDEN))})
        if any(rule.id.startswith(FORBIDDEN) for rule in component.rules) else component
        for id_, component in catalog.components.items()
    }
    changed = any(component is not catalog.components[id_] for id_, component in components.items())
    return replace(catalog, components=components) if changed else catalog


def restriction_notes(catalog: Catalog, found: Examination, free: Examination) -> Iterator[Fault]:
    """Options that are in no design any more because of what an overlay forbids."""
    for option in found.dead:
        if option not in free.dead:
            yield Fault(*_place(catalog, f"component:{option.component}"),
                        f"{option.decision}={option.component} is in no design under the restrictions of the overlay")


def examination_faults(catalog: Catalog, found: Examination) -> Iterator[Fault]:
    """What the engine finds that cannot be meant."""
    if found.void:
        yield Fault("catalog.yaml", 0, "there is no design at all: the rules contradict each other")
    for option in found.dead:
        place = _place(catalog, f"component:{option.component}")
        yield Fault(*place, f"{option.decision}={option.component} is in no design: rules exclude it whatever is said")
    for id_ in found.silent:
        yield Fault(*_place(catalog, f"rule:{id_}"), f"rule {id_!r} never fires: its conditions never come together")
    for context in found.contexts:
        if len(context) == 1:
            yield Fault("layers", 0, f"no design has {context[0][0]}={context[0][1]}")


def examination_notes(catalog: Catalog, found: Examination) -> Iterator[Fault]:
    """What the engine finds that may be meant."""
    for id_ in found.implied:
        yield Fault(*_place(catalog, f"rule:{id_}"), f"rule {id_!r} changes nothing: other rules already say it")
    for option in found.single:
        yield Fault(*_place(catalog, f"component:{option.component}"),
                    f"{option.decision} can only be answered with {option.component}")
    for context in found.contexts:
        if len(context) > 1:
            pair = " and ".join(f"{question}={value}" for question, value in context)
            yield Fault("layers", 0, f"no design has {pair}")


def _place(catalog: Catalog, key: str) -> tuple[str, int]:
    file, _, line = catalog.origins.get(key, key).rpartition(":")
    return (file, int(line)) if line.isdigit() else (catalog.origins.get(key, key), 0)
