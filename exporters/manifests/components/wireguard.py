"""Traffic between nodes goes through WireGuard tunnels that the network plugin makes."""

from __future__ import annotations

from exporters.manifests.view import View


def node_encryption(view: View) -> str:
    """What the network plugin switches on."""
    return "wireguard"
