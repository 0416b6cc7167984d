"""`catalog sources`: every fact with its source and day, the oldest first."""

from __future__ import annotations

import argparse
from typing import get_args

from catalog.dated import EXPIRY, FactKind, facts_of
from catalog.lint import Places
from catalog.loader import BUILT_IN
from wizard.commands.common import catalog_of, print_json, takes_catalog, takes_json
from wizard.commands.days import day


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--on", type=day, metavar="DATE", help="count ages from this day; default: the catalog's own")
    parser.add_argument("--kind", choices=get_args(FactKind), help="only facts that expire alike")
    parser.add_argument("--unverified", action="store_true", help="only facts that nobody could confirm, each with why")
    takes_catalog(parser)
    takes_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the facts by age."""
    catalog = catalog_of(arguments)
    on = arguments.on or catalog.as_of
    places = Places([BUILT_IN, *arguments.catalog])
    facts = [fact for fact in facts_of(catalog)
             if arguments.kind in (None, fact.kind) and (fact.unverified or not arguments.unverified)]
    facts.sort(key=lambda fact: fact.checked)
    if arguments.json:
        print_json([{
            "of": fact.subject, "what": fact.what, "kind": fact.kind, "source": fact.source,
            "checked": fact.checked.isoformat(), "age": fact.age(on), "expires": fact.expires.isoformat(),
            "expired": fact.expired(on), "unverified": fact.unverified or None, "place": "{}:{}".format(*places.of(fact)),
        } for fact in facts])
        return 0
    for fact in facts:
        mark = "expired" if fact.expired(on) else f"fresh until {fact.expires.isoformat()}"
        print(f"{fact.checked.isoformat()}  {fact.age(on):>4} days  {fact.subject.partition(':')[2]}: {fact.what}  "
              f"({mark})  {fact.source}")
        if fact.unverified:
            print(f"{'':<12}unverified: {fact.unverified}")
    late = sum(fact.expired(on) for fact in facts)
    limits = ", ".join(f"{kind} {days}" for kind, days in EXPIRY.items())
    unsure = sum(bool(fact.unverified) for fact in facts)
    print(f"{len(facts)} facts, {unsure} unverified, {late} expired on {on.isoformat()} (days by kind: {limits})")
    return 0
