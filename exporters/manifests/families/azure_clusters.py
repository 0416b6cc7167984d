"""What every cluster of AKS has in common: how a person reaches it, and what calls pods for its API server."""

from __future__ import annotations

from exporters.manifests.view import View


def reach(view: View) -> tuple[str, ...]:
    """Signed in as the Azure CLI is (https://learn.microsoft.com/en-us/azure/aks/control-kubeconfig-access)."""
    name = view.cluster.name
    return (
        # Asked again after the sign-in was changed, it would stop and ask.
        f"az aks get-credentials --resource-group <GROUP> --name {name} --context {name} --overwrite-existing",
        "kubelogin convert-kubeconfig --login azurecli",
    )


def api_agents(view: View) -> tuple[dict[str, str], ...]:
    """Calls of the API server to pods come out of pods here (https://github.com/tigera/operator/pull/5212)."""
    return ({"app": "konnectivity-agent"},)
