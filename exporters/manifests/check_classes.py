"""Classes of entrances that Gateways and Ingresses name: somebody has to bring them, or nobody ever answers.

A class is an object of the tree, or made by a chart that the tree installs, or a platform's own; `classes.yaml` says who
makes which. A platform's is listed as open, because no tree says what its cluster has; so is one that a chart of which
nothing is known may bring. A class that nobody can bring is a finding: the API server takes its Gateway, which then waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from exporters import paths
from exporters.manifests.check import UNSHAPED, Finding, Placed, looked_at
from exporters.manifests.check_charts import Valued

FILE = Path(__file__).parent / "classes.yaml"
_FIELDS = {"Gateway": ("gateway.networking.k8s.io", "GatewayClass", "gatewayClassName"),
           "Ingress": ("networking.k8s.io", "IngressClass", "ingressClassName")}
"""Kinds that name a class: their API group, the kind of the class, and the field."""


@dataclass(frozen=True)
class Known:
    """Who is known to bring classes. `charts` and `platforms` are the entries of the file."""

    charts: tuple[Mapping[str, Any], ...]
    without: frozenset[str]
    platforms: tuple[Mapping[str, Any], ...]

    @property
    def looked_into(self) -> frozenset[str]:
        """Charts of which it is known which classes they bring."""
        return self.without | {entry["chart"] for entry in self.charts}


@cache
def known() -> Known:
    """What the file says."""
    said = yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return Known(tuple(said["charts"]), frozenset(said["without"]), tuple(said["platforms"]))


def of_platform(kind: str, name: str) -> str | None:
    """The platform that alone can bring a class."""
    return next((entry["whose"] for entry in known().platforms if entry["kind"] == kind and name in entry["names"]), None)


def of_chart(chart: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Kind and name of the classes that a chart brings with these values."""
    for entry in known().charts:
        if entry["chart"] != chart:
            continue
        if all(_value(values, path, default) for path, default in (entry.get("when") or {}).items()):
            names = entry.get("names") or [_value(values, entry.get("at", ""), "") or entry["name"]]
            yield from ((entry["kind"], str(name)) for name in names)


def _value(values: Any, path: str, default: Any) -> Any:
    for key in path.split("."):
        if not isinstance(values, Mapping) or key not in values:
            return default
        values = values[key]
    return values


def check(
    objects: Sequence[Placed], before: Sequence[Placed], charts: Sequence[Valued], cluster: str
) -> tuple[list[Finding], list[str]]:
    """(classes that nobody brings, classes that may come from outside of the tree) of one cluster's objects.

    `before` are objects that are there already, `charts` those of the whole tree.
    """
    there = [chart for chart in charts if _meant(chart.path, cluster)]
    brought: set[tuple[str, str]] = set()
    for entry in (*objects, *before):
        with suppress(*UNSHAPED):
            brought.add((entry.body["kind"], entry.body["metadata"]["name"]))
    for chart in there:
        with suppress(*UNSHAPED):
            brought.update(of_chart(chart.chart, chart.values))
    unknown = sorted({chart.chart for chart in there} - known().looked_into)
    open_ends: list[str] = []
    findings = [
        finding
        for entry in objects
        for finding in looked_at(entry, "reference", partial(_of, entry.body, brought, unknown, open_ends))
    ]
    return findings, list(dict.fromkeys(open_ends))


def _meant(path: str, cluster: str) -> bool:
    """True unless a chart's file is another cluster's."""
    prefix = f"{paths.MANIFESTS}/clusters/"
    return not path.startswith(prefix) or path.startswith(f"{prefix}{cluster}/")


def _of(body: Mapping[str, Any], brought: set[tuple[str, str]], unknown: Sequence[str], open_ends: list[str]) -> Iterator[str]:
    group, kind, field = _FIELDS.get(body["kind"], ("", "", ""))
    name = (body.get("spec") or {}).get(field)
    if not group or body["apiVersion"].partition("/")[0] != group or not isinstance(name, str) or (kind, name) in brought:
        return
    own = of_platform(kind, name)
    if own is not None:
        open_ends.append(f"{kind} {name}: not in the tree, it has to come from the platform ({own})")
    elif unknown:
        open_ends.append(f"{kind} {name}: not in the tree, it has to come from a chart ({', '.join(unknown)})")
    else:
        yield f"its {kind} {name} is nowhere, and no chart of the tree brings it"
