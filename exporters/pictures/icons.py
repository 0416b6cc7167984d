"""Official icons from the diagrams package, by dotted class, without rendering anything; and the neutral glyph.

An icon that the installed package does not have is no error: the glyph takes its place.
"""

from __future__ import annotations

import base64
import io
import re
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

_DOTTED = re.compile(r"^[a-z0-9_]+(\.[a-z0-9_]+)*\.[A-Za-z0-9_]+$")

ACTORS = {
    "users": "onprem.client.Users",
    "operators": "onprem.client.User",
    "developers": "onprem.client.Client",
    "internet": "onprem.network.Internet",
}
"""Icons of the actors that every design has, by name."""

PLATFORM = {"kubernetes-api": "k8s.controlplane.APIServer", "nodes": "k8s.infra.Node"}
"""Icons of what every cluster has, by name."""

WORKLOADS = {
    "deployment": "k8s.compute.Deploy",
    "statefulset": "k8s.compute.STS",
    "job": "k8s.compute.Job",
    "cronjob": "k8s.compute.Cronjob",
}

EXTERNALS = {
    "postgresql": "onprem.database.PostgreSQL",
    "mysql": "onprem.database.MySQL",
    "redis": "onprem.inmemory.Redis",
    "kafka": "onprem.queue.Kafka",
    "mongodb": "onprem.database.MongoDB",
    "object-storage": "generic.storage.Storage",
    "ldap": "generic.os.LinuxGeneral",
}
"""Icons of systems outside, by their kind in the answers."""


@lru_cache(maxsize=1024)
def path(dotted: str) -> Path | None:
    """The PNG of an icon class (`onprem.monitoring.Prometheus`); None where there is none."""
    if not _DOTTED.match(dotted):
        return None
    module, name = dotted.rsplit(".", 1)
    try:
        found = getattr(import_module(f"diagrams.{module}"), name, None)
    except ImportError:
        return None
    folder, icon = getattr(found, "_icon_dir", None), getattr(found, "_icon", None)
    spec = find_spec("diagrams")
    if not isinstance(folder, str) or not isinstance(icon, str) or spec is None or spec.origin is None:
        return None
    result = Path(spec.origin).parent.parent / folder / icon
    return result if result.is_file() else None


@lru_cache(maxsize=1024)
def data_uri(dotted: str) -> str | None:
    """The icon as a `data:` address, so that a picture points at no disk."""
    found = path(dotted)
    return None if found is None else "data:image/png;base64," + base64.b64encode(found.read_bytes()).decode("ascii")


_DATA = re.compile(r"(?<=data:image/png;base64,)[A-Za-z0-9+/=]+")
_SEEN = 64
"""Pixels of an icon that are seen on a screen; what is drawn once and thrown away needs no more."""


def coarse(svg: str) -> str:
    """A drawing with its icons no finer than a screen shows them: it is painted in a tenth to a quarter less time."""
    return _DATA.sub(lambda found: _shrunk(found.group()), svg)


@lru_cache(maxsize=256)
def _shrunk(data: str) -> str:
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(data))) as icon:
        icon.thumbnail((_SEEN, _SEEN))
        icon.save(out, "png")
    return base64.b64encode(out.getvalue()).decode("ascii")


@lru_cache(maxsize=4096)
def initials(title: str) -> str:
    """Up to three letters for the neutral glyph: of the words, or of the capitals, or of the beginning."""
    words: list[str] = re.findall(r"\w+", title)
    if not words:
        return "?"
    if any(ord(char) > 0x2E80 for char in words[0][:1]):
        return words[0][:1]
    if len(words) >= 2:
        return "".join(word[0] for word in words[:3]).upper()
    capitals: list[str] = re.findall(r"[A-Z0-9]", words[0])
    return "".join(capitals[:3]) if len(capitals) > 1 else words[0][:2].capitalize()
