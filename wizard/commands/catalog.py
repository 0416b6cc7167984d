"""`catalog VERB`: list, show, lint, sources, refresh, new and export of what the designs are made of."""

from __future__ import annotations

import argparse
from importlib import import_module

from wizard.commands import Verb

VERBS: tuple[Verb, ...] = (
    Verb("list", "wizard.commands.catalog_list", "list components by layer, capability, status, licence, cloud"),
    Verb("show", "wizard.commands.catalog_show", "print everything that is known about a component"),
    Verb("lint", "wizard.commands.catalog_lint", "find stale facts, dead components and rules that never fire"),
    Verb("sources", "wizard.commands.catalog_sources", "list the facts by age"),
    Verb("refresh", "wizard.commands.catalog_refresh", "compare with local copies of upstream's lists"),
    Verb("new", "wizard.commands.catalog_new", "write a commented component file to start from"),
    Verb("export", "wizard.commands.catalog_export", "print the rules for feature-model tools or SAT solvers"),
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare one parser for each word that may follow."""
    inner = parser.add_subparsers(dest="catalog_verb", metavar="VERB", required=True)
    for verb in VERBS:
        description = verb.summary[0].upper() + verb.summary[1:] + "."
        import_module(verb.module).configure(inner.add_parser(verb.name, help=verb.summary, description=description))


def run(arguments: argparse.Namespace) -> int:
    """Hand over to the word's module."""
    verb = next(each for each in VERBS if each.name == arguments.catalog_verb)
    return int(import_module(verb.module).run(arguments))
