"""Writing into Cloud DNS: by workload identity in Google Cloud, elsewhere by a key file of a service account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exporters.manifests.view import View

_MOUNT = "/var/run/secrets/cloud-dns"


def dns_writer(view: View) -> Callable[[View], dict[str, Any]]:
    """How a component writes records (https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/gke/)."""

    def answer(asker: View) -> dict[str, Any]:
        project = "PROJECT_ID"
        found: dict[str, Any] = {
            "provider": "google",
            "args": [f"--google-project={project}"],
            "solver": {"cloudDNS": {"project": project}},
        }
        if asker.cloud == "gcp" and asker.capability("workload-identity"):
            return found
        secret = asker.secret("cloud-dns", ["credentials.json"])
        return {
            **found,
            "env": [{"name": "GOOGLE_APPLICATION_CREDENTIALS", "value": f"{_MOUNT}/credentials.json"}],
            "volumes": [{"name": "cloud-dns", "secret": {"secretName": secret.name}}],
            "mounts": [{"name": "cloud-dns", "mountPath": _MOUNT, "readOnly": True}],
            "solver": {
                "cloudDNS": {
                    "project": project,
                    "serviceAccountSecretRef": {"name": secret.name, "key": "credentials.json"},
                }
            },
            "objects": list(secret.objects),
        }

    return answer
