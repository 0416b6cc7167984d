"""What a design says of its delivery, as words that need no quoting in a script."""

from __future__ import annotations

import re

from catalog.design import Design
from catalog.words import plain

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@-]*")


def registry(design: Design) -> str:
    """Where images are pushed: host and path."""
    return setting(design, "delivery.registry-path", "registry.example.com/example").rstrip("/")


def platforms(design: Design) -> tuple[str, ...]:
    """What nodes run, so what images are built for."""
    found = {f"linux/{pool.architecture}" for cluster in design.clusters for pool in cluster.pools}
    return tuple(sorted(found)) or ("linux/amd64",)


def air_gap(design: Design) -> bool:
    """Whether nothing leads to the internet."""
    try:
        return str(design.answer("air-gap")).lower() in ("true", "yes")
    except KeyError:
        return False


def mirror(design: Design) -> str:
    """What machines ask instead of public registries (`exporters.nodes.machines`), so that pipelines ask the same."""
    if not air_gap(design):
        return ""
    from exporters.manifests.view import views
    from exporters.nodes.machines import mirror_of

    found = next((found.host for view in views(design) if (found := mirror_of(view)) is not None), "")
    return found if _WORD.fullmatch(found) else ""


def host(address: str) -> str:
    """Of an address; empty where it has none."""
    match = re.match(r"^https://([A-Za-z0-9.-]+)", address)
    return match[1] if match else ""


def setting(design: Design, name: str, otherwise: str) -> str:
    """A setting that becomes part of a script: only what needs no quoting there."""
    try:
        value = plain(design.setting(name))
    except KeyError:
        return otherwise
    return value if _WORD.fullmatch(value) else otherwise
