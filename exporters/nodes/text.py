"""How files for nodes are written: block YAML, keys in the order given, and a comment that says where a file belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exporters.delivery.text import document


def placed(place: str, data: Mapping[str, Any], *more: str) -> str:
    """A file with its place on the node."""
    return document(dict(data), (place, *more))


def documents(place: str, data: Sequence[Mapping[str, Any]], *more: str) -> str:
    """Several documents in one file with its place."""
    return "".join(f"# {line}\n" for line in (place, *more)) + "---\n".join(document(dict(entry)) for entry in data)


def fetched(cluster: str, file: str, *changes: str) -> tuple[str, ...]:
    """Commands that bring a server's kubeconfig, with these changes by sed, to where kubectl finds it beside others."""
    mine = f"~/.kube/{cluster}.yaml"
    edits = " ".join(f"-e '{change}'" for change in changes)
    return (
        "mkdir -p ~/.kube",
        f"(umask 077 && ssh root@<FIRST SERVER> cat {file} | sed {edits} >{mine})",
        f'export KUBECONFIG="${{KUBECONFIG:-$HOME/.kube/config}}:$HOME/.kube/{cluster}.yaml"',
    )
