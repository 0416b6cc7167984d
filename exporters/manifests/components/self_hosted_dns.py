"""Writing into PowerDNS: by its API for records, by signed updates (RFC 2136) for challenges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exporters.manifests import authority
from exporters.manifests.view import View


def dns_writer(view: View) -> Callable[[View], dict[str, Any]]:
    """How a component writes records (https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/pdns/)."""

    def answer(asker: View) -> dict[str, Any]:
        secret = asker.secret("powerdns", ["api-key", "tsig"])
        server = f"ns1.{asker.domain}"
        interface = f"https://{server}:8081"
        root = authority.root(asker, asker.namespace, interface)
        return {
            "provider": "pdns",
            "args": [f"--pdns-server={interface}", "--pdns-server-id=localhost"],
            "env": [
                {
                    "name": "EXTERNAL_DNS_PDNS_API_KEY",
                    "valueFrom": {"secretKeyRef": {"name": secret.name, "key": "api-key"}},
                },
                *([authority.variable()] if root is not None else ()),
            ],
            "volumes": [authority.volume(root)] if root is not None else [],
            "mounts": [authority.mount()] if root is not None else [],
            "solver": {
                "rfc2136": {
                    "nameserver": f"{server}:53",
                    "tsigKeyName": "cert-manager",
                    "tsigAlgorithm": "HMACSHA512",
                    "tsigSecretSecretRef": {"name": secret.name, "key": "tsig"},
                }
            },
            "objects": [*secret.objects, *(root.objects if root is not None else ())],
        }

    return answer
