"""Addresses are announced to neighbours by ARP and NDP."""

from __future__ import annotations

from exporters.manifests.view import View


def announcement(view: View) -> str:
    """How the load balancer makes its addresses known."""
    return "layer-2"
