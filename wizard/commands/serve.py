"""`serve`: the same wizard in a browser, on loopback unless told otherwise; one session a visitor, each its own file."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from catalog.errors import UsageError
from wizard.commands.common import takes_catalog
from wizard.diagnostics import Exit, narrate


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
    takes_catalog(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted."""
    return serve(arguments.host, arguments.port, tuple(arguments.catalog))


def serve(host: str, port: int, overlays: tuple[Path, ...]) -> int:
    """Each visitor gets a process, a session and a draft of their own. Raises UsageError for an impossible port."""
    if not 0 < port < 65536:
        raise UsageError(f"--port {port}: is not a port")
    for folder in overlays:
        if not folder.is_dir():
            raise UsageError(f"--catalog {folder}: is not a folder")
    from wizard.serving import LOOPBACK, WizardServer

    command = [sys.executable, "-m", "wizard.commands.serve"]
    for folder in overlays:
        command += ["--catalog", str(folder.resolve())]
    if host not in LOOPBACK:
        narrate(f"{host} is not loopback: whoever reaches this port can write files as you do")
    narrate(f"the wizard is at http://{f'[{host}]' if ':' in host else host}:{port}; Ctrl+C ends it")
    try:
        WizardServer(shlex.join(command), host=host, port=port, title="k8s-wizard").serve()
    except OSError as error:
        raise UsageError(f"{host}:{port}: cannot be listened on: {error.strerror or error}") from None
    return int(Exit.DONE)


def visitor() -> int:
    """The process of one visitor, started by the server."""
    parser = argparse.ArgumentParser()
    takes_catalog(parser)
    from wizard.commands.interactive import open_wizard

    return open_wizard(None, tuple(parser.parse_args().catalog))


if __name__ == "__main__":
    sys.exit(visitor())
