"""`k8s-wizard`: the wizard in this terminal."""

from __future__ import annotations

import argparse

from wizard.commands.common import takes_catalog


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""

    takes_catalog(parser)


def run(arguments: argparse.Namespace) -> int:
    """Open the wizard."""
    from wizard.commands.interactive import open_wizard

    return int(open_wizard(None, tuple(arguments.catalog)))
