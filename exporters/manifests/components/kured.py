"""kured: when nodes may reboot, and what keeps them from it."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import windows
from exporters.manifests.view import View

_DAYS = ("su", "mo", "tu", "we", "th", "fr", "sa")


def values(view: View) -> dict[str, Any]:
    """The maintenance window, and alerts that hold a reboot back."""
    configuration: dict[str, Any] = {}
    window = windows.of(view)
    if window is not None:
        if any(view.gather("upgrades_by_plan", "cluster-upgrades")):
            window, _ = windows.parted(window)
        configuration = {
            "rebootDays": [_DAYS[day] for day in window.days],
            "startTime": windows.clock(window.start),
            "endTime": windows.clock(window.end),
            "timeZone": window.zone,
        }
    store = view.address("metrics-store")
    if store is not None:
        configuration["prometheusUrl"] = store
        # An alert that only might fire holds nothing back, or nodes would hardly ever be patched.
        configuration["alertFiringOnly"] = True
        configuration["alertFilterRegexp"] = "^(Watchdog|InfoInhibitor|KubeNodeNotReady|RebootRequired)$"
    return {"configuration": configuration, "metrics": {"create": view.monitors}}


def reboots(view: View) -> bool:
    """It takes machines away by itself within the maintenance window."""
    return True
