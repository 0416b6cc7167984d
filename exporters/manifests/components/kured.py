"""kured: when nodes may reboot, and what keeps them from it."""

from __future__ import annotations

import re
from typing import Any

from exporters.manifests.view import View

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(
    r"(?P<first>Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:-(?P<last>Mon|Tue|Wed|Thu|Fri|Sat|Sun))? "
    r"(?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d) (?P<zone>\S+)"
)


def values(view: View) -> dict[str, Any]:
    """The maintenance window (a text such as `Tue-Thu 02:00-05:00 UTC`), and alerts that hold a reboot back."""
    configuration: dict[str, Any] = {}
    window = _WINDOW.fullmatch(str(view.setting("kubernetes.maintenance-window", "")).strip())
    if window is not None:
        first = _DAYS.index(window["first"].lower())
        last = _DAYS.index((window["last"] or window["first"]).lower())
        count = (last - first) % 7 + 1
        configuration = {
            "rebootDays": [_DAYS[(first + day) % 7][:2] for day in range(count)],
            "startTime": window["start"],
            "endTime": window["end"],
            "timeZone": window["zone"],
        }
    store = view.address("metrics-store")
    if store is not None:
        configuration["prometheusUrl"] = store
        configuration["alertFilterRegexp"] = "^(Watchdog|InfoInhibitor|KubeNodeNotReady|RebootRequired)$"
    return {"configuration": configuration, "metrics": {"create": view.monitors}}
