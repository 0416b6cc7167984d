"""Where a cluster runs and how much of a part it gets: cloud, region, zones, copies and how they are spread.

The second part of a view (exporters/manifests/view.py): it follows from the answers about the cluster and the target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exporters.manifests.decided import Decided
from exporters.manifests.references import Obj

_REPLICAS = (("99.95", 3), ("99.5", 2), ("0", 1))
"""Availability target (at least) to copies of a stateless part."""


@dataclass(frozen=True)
class Placed(Decided):
    """What was decided, with the place and the measure that follow from it."""

    # ---- where it runs

    @property
    def cloud(self) -> str:
        """Value of the context question `cloud`: gcp, aws, azure, on-premises, other-cloud."""
        return str(self.context("cloud"))

    @property
    def region(self) -> str:
        """The cluster's region, or the visible placeholder `REGION`."""
        return self.cluster.region or "REGION"

    @property
    def environment(self) -> str:
        """prod, staging, dev ..."""
        return self.cluster.environment

    @property
    def environments(self) -> tuple[str, ...]:
        """Every environment of the design, in the order of its clusters."""
        return tuple(dict.fromkeys(cluster.environment for cluster in self.design.clusters))

    @property
    def production(self) -> bool:
        """False for clusters that are not held to the availability target."""
        return self.environment == "prod"

    @property
    def zones(self) -> int:
        """Over how many zones nodes are spread (1 when nobody said and the target does not need more)."""
        stated = self.fact("zones")
        if isinstance(stated, int) and not isinstance(stated, bool):
            return stated
        return 3 if self.at_least("99.9") else 1

    @property
    def nodes(self) -> int:
        """The least number of nodes; 3 when nobody said."""
        stated = self.fact("nodes")
        return stated if isinstance(stated, int) and not isinstance(stated, bool) else 3

    @property
    def kubernetes_minor(self) -> str:
        """The Kubernetes minor of this cluster, such as `1.36`; LookupError where neither a setting nor a release says one."""
        return self.design.kubernetes_minor(self.kind.name)

    def at_least(self, availability: str) -> bool:
        """True when the availability target is at least this (percent)."""
        return float(self.context("availability")) >= float(availability)

    # ---- how much of it

    @property
    def highly_available(self) -> bool:
        """More than one copy is worth it: a production cluster of several nodes held to 99.5 % or more."""
        return self.replicas() > 1

    def replicas(self, least: int = 1) -> int:
        """Copies of a stateless part: 1, 2 (from 99.5 %) or 3 (from 99.95 %); 1 outside production or on one node."""
        wanted = next(count for bound, count in _REPLICAS if self.at_least(bound)) if self.production else 1
        return max(least, min(wanted, self.nodes))

    def quorum(self) -> int:
        """Members of a part that votes: 3 where more than one copy is worth it, else 1."""
        return 3 if self.highly_available and self.nodes >= 3 else 1

    def spread(self, labels: Mapping[str, str]) -> list[Obj]:
        """Topology spread over zones (where there are several) and nodes for pods with these labels."""
        keys = ["kubernetes.io/hostname"] if self.zones < 2 else ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
        return [
            {
                "maxSkew": 1,
                "topologyKey": key,
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": dict(labels)},
            }
            for key in keys
        ]
