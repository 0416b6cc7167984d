"""What the design decided about the machines of one cluster, in words that no distribution owns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.settings import magnitude
from catalog.workloads import Pool
from exporters.manifests import authority, cluster, sign_on
from exporters.manifests.families.node_pools import POOL_LABEL, SPOT_TAINT
from exporters.manifests.references import ObjectStore
from exporters.manifests.view import View

CONTROL_PLANE = "node-role.kubernetes.io/control-plane"
EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"
"""Label of nodes that load balancers leave out."""
_DEDICATED = 4
"""From how many machines on the control plane has machines of its own."""

UPSTREAM = ("docker.elastic.co", "docker.io", "gcr.io", "ghcr.io", "public.ecr.aws", "quay.io", "registry.k8s.io")
"""Public registries that charts of the catalog take images from."""


@dataclass(frozen=True)
class Snapshots:
    """Copies of etcd that the distribution takes by itself."""

    cron: str
    keep: int
    store: ObjectStore | None
    """Where copies are sent; None where they stay on the servers."""
    folder: str
    private: bool = False
    """True where the company's own authority signs the bucket's address."""


@dataclass(frozen=True)
class Copies:
    """Copies of etcd that a job in the cluster sends away."""

    target: str
    """Where they lie, as rclone names it: the remote `backup` and a path, or a folder of the machine."""
    settings: tuple[str, ...] = ()
    """What rclone is told of the remote, as `NAME=value` of its environment."""


@dataclass(frozen=True)
class SignOn:
    """The issuer whose tokens the API server takes."""

    issuer: str
    client: str = "kubernetes"
    private: bool = False
    """True where the company's own authority signs the issuer's certificate."""


@dataclass(frozen=True)
class Mirror:
    """The registry that nodes pull from instead of public ones: images lie below the name of their registry."""

    host: str
    only: bool
    """True where public registries cannot be reached."""
    within: bool = False
    """True where the registry runs in the clusters themselves, and so after much that it would give images for."""


@dataclass(frozen=True)
class Machines:
    """The machines of one cluster."""

    cluster: str
    endpoint: str
    """Name in front of the API servers."""
    minor: str
    pods: str | None
    services: str | None
    own_network: bool
    """True where the network plugin comes as a chart of the bootstrap and the distribution's own stays away."""
    network: str
    """Id of the chosen network plugin, to be handed on."""
    kube_proxy: bool
    node_encryption: str | None
    """What encrypts traffic between nodes, where the distribution's own network plugin does it."""
    policies: bool
    """True where NetworkPolicy has to be acted on by the distribution."""
    at_rest: str | None
    """`key` of its own, `service` (KMS v2), or None."""
    snapshots: Snapshots | None
    copies: Copies | None
    """Where a job in the cluster puts copies of etcd; None where none does."""
    other_backup: bool
    """True where something else reads etcd to save it."""
    sign_on: SignOn | None
    audit: bool
    mirror: Mirror | None
    private_registry: str | None
    """Host of a registry whose certificate the company's own authority signs, so that containerd has to know that one."""
    servers: int
    dedicated: bool
    """True where servers run nothing but the control plane."""
    pools: tuple[Pool, ...]
    hardened: bool
    """True where supervision asks for a benchmark."""
    keeps: frozenset[str]
    """Packaged parts of the distribution that the design uses: `balancer`, `local-volumes`."""
    shown: frozenset[str]
    """Parts of the control plane whose metrics something fetches: `core` (controller manager and scheduler), `etcd`."""
    copied_by_plan: bool
    """True where an upgrade is a change in Git that a controller carries out."""

    @property
    def path(self) -> str:
        """The folder of this cluster's files."""
        from exporters import paths

        return paths.node(self.cluster, "x").rpartition("/")[0]

    def labels(self, pool: Pool) -> dict[str, str]:
        """Labels of the nodes of a pool."""
        return {POOL_LABEL: pool.name}

    def taints(self, pool: Pool) -> list[dict[str, str]]:
        """Taints of the nodes of a pool, as Kubernetes writes them."""
        found = [_taint(text) for text in pool.taints]
        return [*found, dict(SPOT_TAINT)] if pool.spot else found


def machines(view: View) -> Machines:
    """Asks the view once for everything that a node has to be told."""
    plugin = next(iter(view.providers("cni")), None)
    own = plugin is not None and plugin.support == "installable"
    count = sum(pool.nodes or pool.at_least or 1 for pool in view.cluster.pools)
    dedicated = count >= _DEDICATED or not view.cluster.pools
    kind = next(iter(view.gather("node_encryption", "node-network")), None)
    return Machines(
        cluster=view.cluster.name,
        endpoint=view.api_host,
        minor=view.kubernetes_minor,
        pods=view.cluster.ranges.pods,
        services=view.cluster.ranges.services,
        own_network=own,
        network=plugin.id if plugin is not None else "",
        kube_proxy=not (own and view.capability("ebpf-dataplane")),
        node_encryption=None if own else kind,
        policies=not own and view.capability("bundled-network-policy"),
        at_rest=next(iter(view.gather("at_rest", "etcd-encryption")), None),
        snapshots=next(iter(view.gather("snapshots", "etcd-backup")), None),
        copies=next(iter(view.gather("copies", "etcd-backup")), None),
        other_backup=view.capability("etcd-backup"),
        sign_on=_sign_on(view),
        audit=view.capability("audit-log"),
        mirror=mirror_of(view),
        private_registry=authority.registry(view),
        servers=view.quorum(),
        dedicated=dedicated,
        pools=view.cluster.pools,
        hardened=str(view.context("compliance")) == "regulated",
        keeps=frozenset(name for names in view.gather("packaged", "load-balancer", "block-storage") for name in names),
        shown=frozenset(
            part
            for part, shows in (("core", cluster.shows_control_plane(view)), ("etcd", view.capability("etcd-metrics")))
            if shows and view.monitors
        ),
        copied_by_plan=bool(view.gather("upgrades_by_plan", "cluster-upgrades")),
    )


def _sign_on(view: View) -> SignOn | None:
    issuer = sign_on.issuer(view)
    return SignOn(issuer, private=authority.signs(view, issuer)) if issuer is not None else None


def mirror_of(view: View) -> Mirror | None:
    """The registry that is asked instead of public ones; None where public ones are."""
    host = view.address("registry") or str(view.setting("registry.host", "") or "")
    if not host:
        return None
    if view.yes("air-gap"):
        return Mirror(host, only=True, within=any(entry.install is not None for entry in view.providers("registry")))
    return Mirror(host, only=False) if view.gather("mirrors_public", "image-replication") else None


def _taint(text: str) -> dict[str, str]:
    """`key=value:Effect` or `key:Effect` as Kubernetes writes it."""
    left, _, effect = text.rpartition(":")
    key, _, value = left.partition("=")
    return {"key": key, **({"value": value} if value else {}), "effect": effect}


def cron(interval: Any) -> str:
    """A duration between five minutes and a day as a schedule."""
    minutes = int(magnitude(str(interval), "duration") // 60)
    if minutes < 60:
        return f"*/{minutes} * * * *"
    hours = max(1, minutes // 60)
    return "17 2 * * *" if hours >= 24 else f"17 */{hours} * * *" if hours > 1 else "17 * * * *"


def spelt(taint: Mapping[str, str]) -> str:
    """A taint on one line: `key=value:Effect`."""
    return f"{taint['key']}={taint.get('value', '')}:{taint['effect']}".replace("=:", ":")
