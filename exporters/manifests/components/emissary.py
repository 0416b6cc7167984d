"""Emissary-ingress: copies, the Service before them, the ports it listens on and its class."""

from __future__ import annotations

from typing import Any

from exporters.manifests.families import entrances
from exporters.manifests.references import Entry, Obj
from exporters.manifests.view import View

_CLASS = "ambassador"
_PODS = {"app.kubernetes.io/name": "emissary-ingress"}


def values(view: View) -> dict[str, Any]:
    """Values of the chart; the one of its kinds needs none."""
    assert view.chart is not None
    if view.chart.release == "emissary-crds":
        return {}
    copies = view.replicas()
    return {
        "replicaCount": copies,
        "podDisruptionBudget": {"maxUnavailable": 1} if copies > 1 else {},
        "service": {"type": entrances.service_type(view), "annotations": entrances.service_annotations(view)},
    }


def objects(view: View) -> list[Obj]:
    """Nothing listens until a Listener says so (https://emissary-ingress.dev/docs/3.10/topics/running/listener/)."""
    found: list[Obj] = [
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "IngressClass",
            "metadata": {"name": _CLASS},
            "spec": {"controller": "getambassador.io/ingress-controller"},
        }
    ]
    for name, port, protocol in (("http", 8080, "HTTP"), ("https", 8443, "HTTPS")):
        spec = {
            "port": port,
            "protocol": protocol,
            "securityModel": "XFP",
            "hostBinding": {"namespace": {"from": "ALL"}},
        }
        metadata = {"name": name, "namespace": view.namespace}
        found.append({"apiVersion": "getambassador.io/v3alpha1", "kind": "Listener", "metadata": metadata, "spec": spec})
    return found


def entry(view: View) -> Entry:
    """Its pods are gateway and controller in one."""
    return Entry(ingress_class=_CLASS, namespace=view.namespace, pods=_PODS)
