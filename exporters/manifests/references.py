"""What a view hands to components and what their hooks hand back: references, never secret values.

Frozen values only; the objects that bring a reference into being travel with it as plain dicts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Obj = dict[str, Any]
"""A Kubernetes object as a plain dict."""


@dataclass(frozen=True)
class SecretRequest:
    """A Secret somebody needs. `keys` maps the key inside the Secret to the entry of the secret store."""

    name: str
    namespace: str
    keys: Mapping[str, str]
    type: str = "Opaque"


@dataclass(frozen=True)
class Secret:
    """A Secret that will exist: refer to it by `name` and `keys`; return its `objects` from your own `objects(view)`.

    `by_hand` is True where no secrets tool was chosen: nothing creates it, and the runbook says so.
    """

    name: str
    namespace: str
    keys: Mapping[str, str]
    objects: tuple[Obj, ...] = ()
    by_hand: bool = False
    type: str = "Opaque"


@dataclass(frozen=True)
class ObjectStore:
    """A bucket. With `identity` pods sign in by their service account; otherwise `secret` holds the keys
    `access-key` and `secret-key` (s3, gcs by HMAC) or `account-key` (azure)."""

    protocol: Literal["s3", "gcs", "azure"]
    bucket: str
    endpoint: str | None = None
    """`https://host[:port]`; None for the cloud's own default."""
    region: str | None = None
    account: str | None = None
    """Azure storage account."""
    identity: bool = False
    secret: Secret | None = None
    path_style: bool = False

    @property
    def host(self) -> str | None:
        """The endpoint without its scheme."""
        return self.endpoint.split("://", 1)[1] if self.endpoint else None

    @property
    def variables(self) -> list[Obj]:
        """Environment of a container that signs in with keys, each named after its key (`ACCESS_KEY`); empty otherwise."""
        if self.identity or self.secret is None:
            return []
        keys = ("account-key",) if self.protocol == "azure" else ("access-key", "secret-key")
        secret = self.secret.name
        return [
            {
                "name": key.upper().replace("-", "_"),
                "valueFrom": {"secretKeyRef": {"name": secret, "key": key}},
            }
            for key in keys
        ]


@dataclass(frozen=True)
class Identity:
    """How a service account gets the platform's identity: annotations on it, labels on its pods."""

    annotations: Mapping[str, str] = field(default_factory=dict)
    pod_labels: Mapping[str, str] = field(default_factory=dict)
    objects: tuple[Obj, ...] = ()


@dataclass(frozen=True)
class Issuer:
    """Who signs certificates for routes: a cert-manager issuer, or a certificate of the cloud (`kind` None)."""

    kind: str | None
    name: str
    group: str = "cert-manager.io"
    gateway_annotations: Mapping[str, str] = field(default_factory=dict)
    """Annotations that make a Gateway or Ingress get its certificate."""


@dataclass(frozen=True)
class Entry:
    """What answers routes from outside: a Gateway class, an Ingress class, and where its proxies stand."""

    gateway_class: str | None = None
    ingress_class: str | None = None
    namespace: str | None = None
    """Namespace of the shared Gateway; None for the framework's own choice."""
    gateway: tuple[Obj, ...] = ()
    """Objects that belong to the shared Gateway (policies, parameters)."""
    annotations: Mapping[str, str] = field(default_factory=dict)
    """Annotations of the shared Gateway, or of every Ingress."""
    addresses: tuple[Mapping[str, str], ...] = ()
    pods: Mapping[str, str] = field(default_factory=dict)
    """Labels of the proxy pods, for network policies; empty where traffic comes from outside the cluster."""
    sources: tuple[str, ...] = ()
    """Address ranges that requests come from, where the proxies stand outside of the cluster and these are known."""
    tls: bool = True
    """False where TLS ends before the Gateway."""
    timeouts: bool = False
    """True where the controller acts on `timeouts` of an HTTPRoute."""
    certificate_options: Mapping[str, str] = field(default_factory=dict)
    """`tls.options` of the listener (for a cloud's own certificates)."""
    takes_secrets: bool = True
    """False where its listeners take no Secret: the load balancer looks for a certificate of its cloud by the host (those of
    Amazon do: https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/guide/gateway/l7gateway.md)."""
    grpc: Mapping[str, str] | None = None
    """Annotations of an Ingress to a workload that speaks gRPC in plain text, with `{service}` for its Service (none, where
    routes are of the entry's own kinds); None where the controller of the class does not carry it."""
    grpc_routes: bool = True
    """False where the Gateway takes gRPC only as an HTTPRoute to a port of HTTP/2."""
    uploads: Mapping[str, str] = field(default_factory=dict)
    """Annotations of an Ingress that takes bodies of any size, where its controller would refuse large ones."""
    joined_by: Mapping[str, str] = field(default_factory=dict)
    """Annotations of a further Ingress of a host, where the controller joins Ingresses only when told to."""
    splits: Literal["nginx", "alb", "mapping", ""] = ""
    """How requests are split at an entry that is not of the Gateway API, in the words of sharing.py."""


@dataclass(frozen=True)
class Crossing:
    """A flow that standard NetworkPolicy may not be able to say: pods of ours and a place that has no pods."""

    name: str
    namespace: str
    pods: Mapping[str, str]
    """Labels of our pods; empty: all pods of the namespace."""
    direction: Literal["ingress", "egress"]
    place: Literal["kubernetes-api", "nodes", "entry", "host", "internet"]
    """`entry`: proxies of the ingress that run on the nodes themselves."""
    ports: tuple[tuple[int | None, str], ...] = ()
    """(port, TCP or UDP); no port means any."""
    host: str | None = None
    """A DNS name, for place `host`."""
