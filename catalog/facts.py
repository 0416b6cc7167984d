"""Named facts: the only computed conditions. Small pure functions from structured answers to a boolean or a number.

A fact that the answers do not say is None: the engine leaves it free, and completion lists what it assumed.
Functions are registered by `@fact`; rules name them as `{fact: <name>}`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from catalog.workloads import Cluster, External, Pool, Workload, claimants

FactValue = bool | int | None


@dataclass(frozen=True)
class Surroundings:
    """The structured answers that facts may look at."""

    clusters: tuple[Cluster, ...]
    workloads: tuple[Workload, ...]
    externals: tuple[External, ...]


class NamedFact(NamedTuple):
    """A fact as rules see it."""

    name: str
    scope: Literal["design", "cluster"]
    number: bool
    means: str
    assume: FactValue
    """What completion assumes when the answers do not say."""
    compute: Callable[[Surroundings, Cluster], FactValue]
    denied: str = ""
    """What is so where it does not hold, as a clause; empty for numbers."""


FACTS: dict[str, NamedFact] = {}


def fact(
    name: str, *, scope: Literal["design", "cluster"], assume: FactValue, number: bool = False, denied: str = "",
) -> Callable[[Callable[[Surroundings, Cluster], FactValue]], Callable[[Surroundings, Cluster], FactValue]]:
    """Register a named fact; its docstring is what it means, `denied` what is so where it does not hold. For design
    facts the cluster argument is the first."""

    def register(compute: Callable[[Surroundings, Cluster], FactValue]) -> Callable[[Surroundings, Cluster], FactValue]:
        assert compute.__doc__ is not None
        FACTS[name] = NamedFact(name, scope, number, compute.__doc__.strip().splitlines()[0], assume, compute, denied)
        return compute

    return register


def evaluate(surroundings: Surroundings, cluster: Cluster) -> dict[str, FactValue]:
    """All cluster-scoped facts of one cluster."""
    return {name: entry.compute(surroundings, cluster) for name, entry in FACTS.items() if entry.scope == "cluster"}


def evaluate_design(surroundings: Surroundings) -> dict[str, FactValue]:
    """All design-scoped facts."""
    first = surroundings.clusters[0] if surroundings.clusters else Cluster(name="main")
    return {name: entry.compute(surroundings, first) for name, entry in FACTS.items() if entry.scope == "design"}


def _nodes(pool: Pool) -> int:
    if pool.at_least is not None:
        return pool.at_least
    return pool.nodes if pool.nodes is not None else 1


def _machines(cluster: Cluster) -> tuple[Pool, ...]:
    return tuple(pool for pool in cluster.pools if pool.compute == "machines")


@fact("raw-disks-on-three-nodes", scope="cluster", assume=False, denied="no pool has three nodes with raw disks")
def raw_disks_on_three_nodes(around: Surroundings, cluster: Cluster) -> FactValue:
    """Three nodes of one pool have raw disks."""
    if not cluster.pools:
        return None
    return any(pool.disks.raw > 0 and _nodes(pool) >= 3 for pool in _machines(cluster))


@fact("takes-daemonsets", scope="cluster", assume=True,
      denied="at least one pool takes no DaemonSets (it is Fargate)")
def takes_daemonsets(around: Surroundings, cluster: Cluster) -> FactValue:
    """Every pool takes DaemonSets (none is Fargate)."""
    if not cluster.pools:
        return None
    return all(pool.compute == "machines" for pool in cluster.pools)


@fact("fargate-pools", scope="cluster", assume=False, denied="no pool is Fargate")
def fargate_pools(around: Surroundings, cluster: Cluster) -> FactValue:
    """At least one pool is Fargate."""
    if not cluster.pools:
        return None
    return any(pool.compute == "fargate" for pool in cluster.pools)


@fact("nodes", scope="cluster", number=True, assume=3)
def nodes(around: Surroundings, cluster: Cluster) -> FactValue:
    """The least number of nodes over all pools of the cluster."""
    return sum(_nodes(pool) for pool in _machines(cluster)) if cluster.pools else None


@fact("zones", scope="cluster", number=True, assume=3)
def zones(around: Surroundings, cluster: Cluster) -> FactValue:
    """The number of zones over which the widest pool is spread."""
    stated = [pool.zones for pool in cluster.pools if pool.zones is not None]
    return max(stated) if stated else None


@fact("clusters", scope="design", number=True, assume=1)
def clusters(around: Surroundings, cluster: Cluster) -> FactValue:
    """The number of clusters."""
    return len(around.clusters) if around.clusters else None


@fact("several-clusters", scope="design", assume=False, denied="there is one cluster only")
def several_clusters(around: Surroundings, cluster: Cluster) -> FactValue:
    """There is more than one cluster."""
    return len(around.clusters) > 1 if around.clusters else None


@fact("environments", scope="design", number=True, assume=1)
def environments(around: Surroundings, cluster: Cluster) -> FactValue:
    """The number of environments that have clusters."""
    stated = {entry.environment for entry in around.clusters if entry.environment}
    return len(stated) or None


@fact("several-regions", scope="design", assume=False, denied="the clusters of each environment stand in one region")
def several_regions(around: Surroundings, cluster: Cluster) -> FactValue:
    """Clusters of one environment stand in more than one region."""
    environments = [entry.environment or "prod" for entry in around.clusters]
    if environments and len(set(environments)) == len(environments):
        return False
    stated = {(entry.environment or "prod", entry.cloud, entry.region) for entry in around.clusters if entry.region}
    return len(stated) > len({environment for environment, *_ in stated}) if stated else None


@fact("several-providers", scope="design", assume=False,
      denied="the clusters of each environment stand with one provider")
def several_providers(around: Surroundings, cluster: Cluster) -> FactValue:
    """Clusters of one environment stand with more than one provider."""
    stated = {(entry.environment or "prod", entry.cloud) for entry in around.clusters if entry.cloud}
    return len(stated) > len({environment for environment, _ in stated}) if stated else None


@fact("several-clouds", scope="design", assume=False, denied="all clusters stand with one provider")
def several_clouds(around: Surroundings, cluster: Cluster) -> FactValue:
    """Clusters stand with more than one provider."""
    stated = {entry.cloud for entry in around.clusters if entry.cloud}
    return len(stated) > 1 if stated else None


def _ranges(cluster: Cluster) -> Iterator[tuple[str, ipaddress.IPv4Network]]:
    for name in ("nodes", "pods", "services"):
        value = getattr(cluster.ranges, name)
        if value is not None:
            network = _network(value)
            if isinstance(network, ipaddress.IPv4Network):
                yield name, network


@lru_cache(256)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """Read once: the ranges of a design are looked at anew after each of its answers."""
    return ipaddress.ip_network(text)


@fact("ranges-overlap", scope="cluster", assume=False,
      denied="none of the cluster's own node, pod and service ranges overlap")
def ranges_overlap(around: Surroundings, cluster: Cluster) -> FactValue:
    """Two of the cluster's own node, pod and service ranges overlap."""
    own = list(_ranges(cluster))
    if not own:
        return None
    return any(a.overlaps(b) for at, (_, a) in enumerate(own) for _, b in own[at + 1:])


@fact("ranges-overlap-others", scope="cluster", assume=False,
      denied="no node or pod range overlaps that of another cluster")
def ranges_overlap_others(around: Surroundings, cluster: Cluster) -> FactValue:
    """A node or pod range overlaps that of another cluster."""
    own = [network for name, network in _ranges(cluster) if name != "services"]
    if not own:
        return None
    return any(
        a.overlaps(b)
        for other in around.clusters if other.name != cluster.name
        for name, b in _ranges(other) if name != "services"
        for a in own
    )


@fact("node-ranges-overlap-others", scope="cluster", assume=False,
      denied="the node range overlaps the node range of no other cluster")
def node_ranges_overlap_others(around: Surroundings, cluster: Cluster) -> FactValue:
    """The node range overlaps the node range of another cluster."""
    own = [network for name, network in _ranges(cluster) if name == "nodes"]
    if not own:
        return None
    return any(
        a.overlaps(b)
        for other in around.clusters if other.name != cluster.name
        for name, b in _ranges(other) if name == "nodes"
        for a in own
    )


@fact("nodes-fit-range", scope="cluster", assume=True,
      denied="the node range is too small for every node at the pools' upper limits and the five addresses that providers keep")
def nodes_fit_range(around: Surroundings, cluster: Cluster) -> FactValue:
    """The node range holds every node at the pools' upper limits, and five addresses that providers keep."""
    if cluster.ranges.nodes is None or not cluster.pools:
        return None
    most = sum(pool.at_most or pool.nodes or _nodes(pool) for pool in _machines(cluster))
    return _network(cluster.ranges.nodes).num_addresses - 5 >= most


@fact("pods-fit-range", scope="cluster", assume=True,
      denied="the pod range is too small for a /24 for every node at the pools' upper limits")
def pods_fit_range(around: Surroundings, cluster: Cluster) -> FactValue:
    """The pod range holds a /24 for every node at the pools' upper limits."""
    if cluster.ranges.pods is None or not cluster.pools:
        return None
    most = sum(pool.at_most or pool.nodes or _nodes(pool) for pool in _machines(cluster))
    return _network(cluster.ranges.pods).num_addresses >= 256 * most


@fact("workloads", scope="design", number=True, assume=2)
def workloads(around: Surroundings, cluster: Cluster) -> FactValue:
    """The number of workloads."""
    return len(around.workloads) or None


@fact("grpc-workloads", scope="design", assume=False, denied="no workload speaks gRPC")
def grpc_workloads(around: Surroundings, cluster: Cluster) -> FactValue:
    """A workload speaks gRPC."""
    return any(workload.protocol == "grpc" for workload in around.workloads) if around.workloads else None


@fact("thrift-workloads", scope="design", assume=False, denied="no workload speaks Thrift")
def thrift_workloads(around: Surroundings, cluster: Cluster) -> FactValue:
    """A workload speaks Thrift."""
    return any(workload.protocol == "thrift" for workload in around.workloads) if around.workloads else None


@fact("public-hosts", scope="design", assume=True, denied="no workload has a host name that clients call")
def public_hosts(around: Surroundings, cluster: Cluster) -> FactValue:
    """A workload has a host name that clients call."""
    return any(workload.host for workload in around.workloads) if around.workloads else None


@fact("shared-hosts", scope="design", assume=False, denied="no host is served by several clusters of production")
def shared_hosts(around: Surroundings, cluster: Cluster) -> FactValue:
    """Several clusters of production serve the same host."""
    hosts = {workload.host for workload in around.workloads if workload.host}
    return any(len(claimants(host, around.clusters, around.workloads)) > 1 for host in hosts) if around.workloads else None


@fact("stateful-workloads", scope="design", assume=False, denied="no workload keeps volumes")
def stateful_workloads(around: Surroundings, cluster: Cluster) -> FactValue:
    """A workload keeps volumes."""
    return any(workload.volumes for workload in around.workloads) if around.workloads else None


@fact("workload-secrets", scope="design", assume=False, denied="no workload takes secret values")
def workload_secrets(around: Surroundings, cluster: Cluster) -> FactValue:
    """A workload takes secret values."""
    return any(workload.secrets for workload in around.workloads) if around.workloads else None


@fact("objectives-named", scope="design", assume=False, denied="no workload has a service level objective")
def objectives_named(around: Surroundings, cluster: Cluster) -> FactValue:
    """A workload has a service level objective."""
    return any(workload.slo for workload in around.workloads) if around.workloads else None


@fact("objectives-measured", scope="design", assume=True,
      denied="a workload with a service level objective says no port of its metrics")
def objectives_measured(around: Surroundings, cluster: Cluster) -> FactValue:
    """Every workload with a service level objective says where its metrics are."""
    named = [workload for workload in around.workloads if workload.slo]
    return all(workload.metrics_port is not None for workload in named) if around.workloads else None


@fact("canaries", scope="design", assume=False,
      denied="no workload has a second version that takes a share of the traffic")
def canaries(around: Surroundings, cluster: Cluster) -> FactValue:
    """A workload has a second version that takes a share of the traffic."""
    return any(workload.canary for workload in around.workloads) if around.workloads else None


@fact("canaries-inside", scope="design", assume=False,
      denied="no workload without a host has a second version that takes a share of the traffic")
def canaries_inside(around: Surroundings, cluster: Cluster) -> FactValue:
    """A workload that only other workloads call has a second version that takes a share of the traffic."""
    return any(workload.canary and not workload.host for workload in around.workloads) if around.workloads else None


@fact("grpc-hosts", scope="design", assume=False, denied="no workload with a host name speaks gRPC")
def grpc_hosts(around: Surroundings, cluster: Cluster) -> FactValue:
    """A workload with a host name speaks gRPC."""
    return any(workload.host and workload.protocol == "grpc" for workload in around.workloads) if around.workloads else None
