"""GKE Standard as workloads see it: nodes that can be taken away carry a label and a taint."""

from __future__ import annotations

from typing import Any

from exporters.manifests.view import View


def spot(view: View) -> dict[str, Any]:
    """https://docs.cloud.google.com/kubernetes-engine/docs/concepts/spot-vms"""
    key = "cloud.google.com/gke-spot"
    term = {"matchExpressions": [{"key": key, "operator": "In", "values": ["true"]}]}
    wish = {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "preference": term}]}
    toleration = {"key": key, "operator": "Equal", "value": "true", "effect": "NoSchedule"}
    return {"tolerations": [toleration], "affinity": {"nodeAffinity": wish}}


def reach(view: View) -> tuple[str, ...]:
    """https://docs.cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl"""
    return (
        f"gcloud container clusters get-credentials {view.cluster.name} --region {view.region} --project <PROJECT>",
        # A name that an earlier turn gave stands in the way of the same name.
        f"! kubectl config get-contexts {view.cluster.name} >/dev/null 2>&1 || kubectl config delete-context {view.cluster.name}",
        f'kubectl config rename-context "$(kubectl config current-context)" {view.cluster.name}',
    )


def api_agents(view: View) -> tuple[dict[str, str], ...]:
    """Calls of the API server to pods come out of pods here (https://github.com/tigera/operator/pull/5212)."""
    return ({"k8s-app": "konnectivity-agent"},)
