"""Writing into Route 53: by workload identity in AWS, elsewhere by a key of a user that may change one zone only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exporters.manifests.view import View


def dns_writer(view: View) -> Callable[[View], dict[str, Any]]:
    """How a component writes records (https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/)."""

    def answer(asker: View) -> dict[str, Any]:
        region = asker.region if asker.cloud == "aws" else "us-east-1"
        found: dict[str, Any] = {
            "provider": "aws",
            "args": ["--aws-prefer-cname"] if asker.cloud != "aws" else [],
            "env": [{"name": "AWS_DEFAULT_REGION", "value": region}],
            "solver": {"route53": {"region": region}},
        }
        if asker.cloud == "aws" and asker.capability("workload-identity"):
            return found
        secret = asker.secret("route-53", ["access-key", "secret-key"])
        return {
            **found,
            "env": [
                *found["env"],
                {"name": "AWS_ACCESS_KEY_ID", "valueFrom": {"secretKeyRef": {"name": secret.name, "key": "access-key"}}},
                {"name": "AWS_SECRET_ACCESS_KEY", "valueFrom": {"secretKeyRef": {"name": secret.name, "key": "secret-key"}}},
            ],
            "solver": {
                "route53": {
                    "region": region,
                    "accessKeyIDSecretRef": {"name": secret.name, "key": "access-key"},
                    "secretAccessKeySecretRef": {"name": secret.name, "key": "secret-key"},
                }
            },
            "objects": list(secret.objects),
        }

    return answer
