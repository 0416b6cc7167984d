"""Answers what an issuer answers."""

from typing import Any

from exporters.manifests.references import Issuer
from exporters.manifests.view import View


def issuer(view: View) -> Issuer:
    return Issuer("ClusterIssuer", "stand-in", gateway_annotations={"cert-manager.io/cluster-issuer": "stand-in"})


def objects(view: View) -> list[dict[str, Any]]:
    return [
        {
            "apiVersion": "cert-manager.io/v1",
            "kind": "ClusterIssuer",
            "metadata": {"name": "stand-in"},
            "spec": {"selfSigned": {}},
        }
    ]
