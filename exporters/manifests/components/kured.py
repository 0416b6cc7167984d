"""kured: when nodes may reboot, and what keeps them from it."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families.windows import schedule
from exporters.manifests.view import View

_DAYS = ("su", "mo", "tu", "we", "th", "fr", "sa")


def values(view: View) -> dict[str, Any]:
    """The maintenance window (a text such as `Tue-Thu 02:00-05:00 UTC`), and alerts that hold a reboot back."""
    configuration: dict[str, Any] = {}
    window = schedule(str(view.setting("kubernetes.maintenance-window", "")))
    if window is not None:
        days, start, hours = window
        configuration = {
            "rebootDays": list(_DAYS) if days == "*" else [_DAYS[int(day)] for day in days.split(",")],
            "startTime": f"{start:02d}:00",
            "endTime": f"{(start + hours) % 24:02d}:00",
            "timeZone": "UTC",
        }
    store = view.address("metrics-store")
    if store is not None:
        configuration["prometheusUrl"] = store
        configuration["alertFilterRegexp"] = "^(Watchdog|InfoInhibitor|KubeNodeNotReady|RebootRequired)$"
    return {"configuration": configuration, "metrics": {"create": view.monitors}}
