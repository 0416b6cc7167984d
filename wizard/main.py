"""The command line's front door: finds the verb, runs it, and turns what went wrong into a line and an exit code."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import NoReturn

from catalog.errors import UsageError
from catalog.faults import did_you_mean
from wizard.commands import VERBS, Verb
from wizard.diagnostics import Exit, report

PROGRAM = "k8s-wizard"

# Looking for plugins of pydantic in every installed package would take a tenth of a second of each start; we have none.
# It also imports all that could look for them before it sees that it need not: this stands in for that.
if os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__") == "__all__":
    _no_plugins = ModuleType("pydantic.plugin._loader")
    vars(_no_plugins)["get_plugins"] = tuple
    sys.modules.setdefault(_no_plugins.__name__, _no_plugins)


class Parser(argparse.ArgumentParser):
    """An argument parser that reports in the house's way: one line, exit code 2."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}; see {self.prog} --help")


def run() -> NoReturn:
    """The console script."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    try:
        return _dispatch(list(arguments))
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else int(Exit.USAGE)
    except BaseException as error:  # the edge: everything a user can be told about ends here
        return report(error)


def _dispatch(arguments: list[str]) -> int:
    if arguments and arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return Exit.DONE
    if arguments and arguments[0] in ("-V", "--version"):
        from importlib.metadata import version

        print(f"{PROGRAM} {version('k8s-wizard')}")
        return Exit.DONE
    if not arguments or arguments[0].startswith("-"):
        return int(_run(Verb("", "wizard.commands.start", "start the wizard"), arguments))
    verb = next((each for each in VERBS if each.name == arguments[0]), None)
    if verb is None:
        names = [each.name for each in VERBS]
        raise UsageError(f"unknown verb {arguments[0]!r}{did_you_mean(arguments[0], names)}; see {PROGRAM} --help")
    return int(_run(verb, arguments[1:]))


def _run(verb: Verb, arguments: list[str]) -> int:
    # Nearly all that is made while one starts is kept to the end, and looked through for nothing.
    gc.set_threshold(50_000)
    module = import_module(verb.module)
    parser = parser_of(verb)
    return int(module.run(parser.parse_args(arguments)))


def parser_of(verb: Verb) -> Parser:
    """The parser of one verb."""
    parser = Parser(prog=f"{PROGRAM} {verb.name}".strip(), description=verb.summary[0].upper() + verb.summary[1:] + ".")
    import_module(verb.module).configure(parser)
    return parser


def usage() -> str:
    """What `--help` prints."""
    width = max(len(verb.name) for verb in VERBS)
    lines = [
        f"usage: {PROGRAM} [VERB] [...]", "",
        "Decide how a Kubernetes infrastructure is built, layer by layer, and export it.", "",
        f"  {'':<{width}}  start the wizard in this terminal",
        *(f"  {verb.name:<{width}}  {verb.summary}" for verb in VERBS), "",
        f"{PROGRAM} VERB --help says more. Exit codes: 0 done; 1 the design is refused, or a check found something;",
        "2 usage or unreadable answers; 3 the catalog is invalid; 4 a needed program is missing; 130 interrupted.",
    ]
    return "\n".join(lines)
