"""EFK: Elasticsearch by the Elastic operator, written to by Fluentd."""

from __future__ import annotations

from typing import Any

from exporters.manifests import elasticsearch
from exporters.manifests.view import View

address = elasticsearch.address
datasource = elasticsearch.datasource
objects = elasticsearch.objects
pipeline = elasticsearch.pipeline
sink = elasticsearch.sink


def values(view: View) -> dict[str, Any]:
    """The operator alone: it watches its own namespace and is watched where monitors are acted on."""
    return {
        "replicaCount": 2 if view.highly_available else 1,
        "managedNamespaces": [view.namespace],
        "config": {"metrics": {"port": "8080" if view.monitors else "0"}, "validateStorageClass": True},
        "podMonitor": {"enabled": view.monitors},
    }


def datasource_secret(view: View) -> Any:
    """A function of a namespace: what dashboards there sign in with."""
    return lambda where: elasticsearch.login(view, where)
