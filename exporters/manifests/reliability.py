"""Objectives of workloads as burn-rate alerts, and what scrapes them, where Prometheus' kinds are acted on."""

from __future__ import annotations

from catalog.settings import magnitude
from catalog.workloads import Workload
from exporters.manifests import pods
from exporters.manifests.references import Obj
from exporters.manifests.view import View

_API = "monitoring.coreos.com/v1"

WINDOWS = (
    ("critical", "1h", "5m", "14.4", "2m"),
    ("critical", "6h", "30m", "6", "15m"),
    ("warning", "3d", "6h", "1", "1h"),
)
"""Severity, long window, short window, burn rate and how long: the multiwindow alerts of Google's SRE workbook
(https://sre.google/workbook/alerting-on-slos/): 2 % of a month's budget in an hour, 5 % in six, 10 % in three days."""


def monitors(view: View) -> list[Obj]:
    """A ServiceMonitor for each workload that says where its metrics are."""
    if not view.monitors:
        return []
    found: list[Obj] = []
    for workload in view.workloads:
        if workload.metrics_port is None or not workload.serves:
            continue
        port = "metrics" if workload.metrics_port != workload.port else pods.port_name(workload)
        namespace = view.workload_namespace(workload)
        found.append(
            {
                "apiVersion": _API,
                "kind": "ServiceMonitor",
                "metadata": {"name": workload.name, "namespace": namespace},
                "spec": {
                    "selector": {"matchLabels": pods.stable(view, workload)},
                    "endpoints": [{"port": port, "interval": str(view.setting("metrics.scrape-interval", "30s"))}],
                },
            }
        )
    return found


def window(view: View, span: str) -> str:
    """The span, or what four scrapes take: over less than two `rate` knows nothing, and one may be missed."""
    least = 4 * int(magnitude(view.setting("metrics.scrape-interval", "30s"), "duration"))
    return span if _minutes(span) * 60 >= least else f"{-(-least // 60)}m"


def measured(view: View, workload: Workload) -> bool:
    """Whether somebody counts its requests: a mesh, or the workload itself at a port that is scraped."""
    return bool(view.gather("request_metrics", "mesh")) or workload.metrics_port is not None


def requests(view: View, workload: Workload, *, tried: bool = False) -> tuple[str, str]:
    """(rate of failed requests, rate of all requests) as PromQL with `WINDOW` in place of the range; of the version that
    is tried alone where `tried`.

    A mesh measures every call; without one the workload's own OpenTelemetry HTTP or gRPC metrics are used.
    """
    namespace = view.workload_namespace(workload)
    names: tuple[str, ...] = (workload.name,)
    owned = pods.owned(view, workload)
    if "weights" in owned:
        names = (f"{workload.name}-canary",) if tried else (workload.name, f"{workload.name}-canary")
    elif "services" in owned:
        owners = any(view.gather("counts_owners", "mesh"))
        of_tried = workload.name if owners else f"{workload.name}-canary"
        names = (of_tried,) if tried else (workload.name, f"{workload.name}-primary", f"{workload.name}-canary")
    for counted in view.gather("request_metrics", "mesh"):
        found: tuple[str, str] = counted(workload, namespace, names)
        return found
    chosen = f'namespace="{namespace}",{pods.matcher("service", names)}'
    if workload.protocol != "grpc":
        return _counted("http_server_request_duration_seconds_count", chosen, 'http_response_status_code=~"5.."')
    (failed, total), (earlier, all_earlier) = (_counted(series, chosen, codes) for series, codes in _CALLS)
    return f"({failed} or {earlier})", f"({total} or {all_earlier})"


_CALLS = (
    ("rpc_server_call_duration_seconds_count",
     'rpc_response_status_code=~"UNKNOWN|DEADLINE_EXCEEDED|RESOURCE_EXHAUSTED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS"'),
    ("rpc_server_duration_milliseconds_count", 'rpc_grpc_status_code=~"2|4|8|12|13|14|15"'),
)
"""Calls by gRPC as OpenTelemetry counts them since its conventions 1.38, and as libraries do that have not moved
(https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/): series, and the codes that are failures of the server."""


def _counted(series: str, chosen: str, codes: str) -> tuple[str, str]:
    return f"sum(rate({series}{{{chosen},{codes}}}[WINDOW]))", f"sum(rate({series}{{{chosen}}}[WINDOW]))"


def objectives(view: View) -> list[Obj]:
    """A PrometheusRule per measured workload with an objective: error ratios recorded, alerts when the budget burns too
    fast. About what nobody measures it would never fire, and seem to watch."""
    if not view.monitors:
        return []
    found: list[Obj] = []
    for workload in view.workloads:
        if workload.slo is None or not measured(view, workload):
            continue
        failed, total = requests(view, workload)
        windows = [(severity, long, window(view, brief), rate, wait) for severity, long, brief, rate, wait in WINDOWS]
        spans = sorted({span for _, long, brief, _, _ in windows for span in (long, brief)}, key=_minutes)
        recorded = [
            {
                "record": f"workload:request_errors:ratio_rate{span}",
                "labels": {"workload": workload.name},
                "expr": f"({failed.replace('WINDOW', span)} or vector(0)) / {total.replace('WINDOW', span)}",
            }
            for span in spans
        ]
        alerts = []
        for severity, long, brief, rate, wait in windows:
            bound = f"({rate} * (1 - {workload.slo} / 100))"
            ratio = 'workload:request_errors:ratio_rate{}{{workload="' + workload.name + '"}}'
            alerts.append(
                {
                    "alert": "ErrorBudgetBurn",
                    "expr": f"{ratio.format(long)} > {bound}\nand\n{ratio.format(brief)} > {bound}",
                    "for": wait,
                    "labels": {
                        "severity": severity,
                        "workload": workload.name,
                        "long_window": long,
                        **({"team": workload.team} if workload.team else {}),
                    },
                    "annotations": {
                        "summary": f"{workload.name} burns its error budget {rate} times too fast",
                        "description": f"Over {long} and {brief} more fails than {workload.slo} % allow.",
                    },
                }
            )
        found.append(
            {
                "apiVersion": _API,
                "kind": "PrometheusRule",
                "metadata": {"name": f"{workload.name}-objective", "namespace": view.workload_namespace(workload)},
                "spec": {
                    "groups": [
                        {"name": f"{workload.name}.objective.recorded", "rules": recorded},
                        {"name": f"{workload.name}.objective.alerts", "rules": alerts},
                    ]
                },
            }
        )
    return found


def _minutes(span: str) -> int:
    return int(span[:-1]) * {"m": 1, "h": 60, "d": 1440}[span[-1]]


def objects(view: View) -> list[Obj]:
    """Everything of this module for one cluster."""
    return [*monitors(view), *objectives(view)]
