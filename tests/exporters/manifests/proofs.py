"""What is proven of every generated design, and how many designs it is proven of.

`python -m tests.exporters.manifests.proofs [TIMES]` proves it of all of them against every minor that the catalog knows,
with each installable component in at least TIMES designs and each other one in one at least, prints the counts and
everything that fails or that could not be looked at, and ends with 1 where anything does. `--part 2/4` proves it of every
fourth design, beginning with the second.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from catalog.design import Design
from exporters.manifests import check, check_kinds, cluster, network, plan, units
from exporters.manifests.view import views
from tests.exporters.manifests import generated
from tests.exporters.manifests.simulator import Cluster
from tests.exporters.manifests.test_check import CHARTS, MINORS, SCHEMAS
from tests.exporters.manifests.test_network import connections, strangers, unanswered

PLATFORM_GROUPS = {
    "networking.gke.io",
    "cloud.google.com",
    "karpenter.sh",
    "karpenter.k8s.aws",
    "eks.amazonaws.com",
    "gateway.networking.k8s.io",
    "snapshot.storage.k8s.io",
    "helm.cattle.io",
    "cilium.io",
    "elbv2.k8s.aws",
    "gateway.k8s.aws",
    "iam.cnrm.cloud.google.com",
    "karpenter.azure.com",
    "cns.azure.com",
    "alb.networking.azure.io",
    "networking.azure.com",
    "upgrade.cattle.io",
    "vpcresources.k8s.aws",
}
"""API groups that a managed platform or distribution may bring without a component that installs them."""


@cache
def references() -> dict[str, str]:
    """Charts whose folder is not called like them."""
    catalog = generated.real_catalog()
    assert catalog is not None
    return {
        chart.chart: chart.reference
        for component in catalog.components.values()
        if component.install is not None
        for chart in component.install.charts
        if chart.reference
    }


def report(design: Design, minors: Sequence[str], schemas: Path, charts: Path) -> check.Report:
    """Everything that `verify` finds without a cluster."""
    documents = plan.documents(design)
    files = {document.path: list(document.objects) for document in documents}
    headers = {document.path: check.valued("".join(f"# {line}\n" for line in document.header)) for document in documents}
    named = {path: found for path, found in headers.items() if found is not None}
    return check.check(check.Tree(files, charts=named), minors, schemas=schemas, charts=charts, references=references())


def flows(design: Design) -> Iterator[str]:
    """Flows of the topology that the policies do not let through, and what they let through that is no flow."""
    for view in views(design):
        objects = plan.objects_by_cluster(design)[view.cluster.name]
        kinds = {body["kind"] for body in objects if body["kind"].endswith("NetworkPolicy")}
        assert kinds <= {"NetworkPolicy", "CiliumNetworkPolicy"}, f"the simulator knows no {sorted(kinds)}"
        policies = Cluster(objects)
        for edge, connection in connections(view):
            if not policies.allows(connection):
                yield f"{edge.source} -> {edge.target}:{edge.port} ({edge.because})"
        if not network.enforced(view) or next(iter(view.gather("stance", "network-policy")), "deny") != "deny":
            continue
        yield from unanswered(view, objects)
        # Dataplanes disagree on whether address ranges match pods; nothing may be open on either reading.
        for reading in (policies, Cluster(objects, ranges_match_pods=True)):
            for connection in strangers(view):
                if reading.allows(connection):
                    yield f"{connection.source.name} -> {connection.target.name}:{connection.port} is open, though no flow"


def unbrought(design: Design) -> Iterator[str]:
    """Custom kinds of the objects that nothing in the cluster installs."""
    for view in views(design):
        brought = set(PLATFORM_GROUPS)
        for component in cluster.installed(view):
            brought |= set(component.install.crds) if component.install is not None else set()
        for body in plan.objects_by_cluster(design)[view.cluster.name]:
            if not check_kinds.is_core(body["apiVersion"]) and units.group(body) not in brought:
                yield f"{body['kind']} {body['apiVersion']}"


def versions(design: Design) -> set[tuple[str, str]]:
    """Version and kind of every object."""
    return {(body["apiVersion"], body["kind"]) for bodies in plan.objects_by_cluster(design).values() for body in bodies}


def scarce(designs: Iterable[generated.Generated], times: int) -> list[str]:
    """Installable components in fewer designs than that, roles of theirs and pairs of delivery tool and platform that none
    has."""
    catalog = generated.real_catalog()
    assert catalog is not None
    designs = tuple(designs)
    seen = Counter(component.id for entry in designs for component in entry.design.selected())
    few = [
        f"{component.id}: in {seen[component.id]} designs"
        for component in catalog.components.values()
        if component.support == "installable" and seen[component.id] < times
    ]
    roles = {pair for entry in designs for pair in generated.played(entry.design)}
    few += [
        f"{component.id} as {role}: in no design"
        for component in catalog.components.values()
        for role in (component.roles if component.support == "installable" else ())
        if (component.id, role) not in roles
    ]
    met = {
        (tool, platform)
        for entry in designs
        for tool in entry.design.chosen("deployment")
        for platform in entry.design.chosen("kubernetes")
    }
    return few + [f"{tool} with {platform}: in no design" for tool, platform in generated.pairs() if (tool, platform) not in met]


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="proofs", description="Prove the manifests of many generated designs.")
    parser.add_argument("times", nargs="?", type=int, default=generated.TIMES)
    parser.add_argument("--part", default="1/1", metavar="N/M")
    said = parser.parse_args()
    if not SCHEMAS.is_dir() or not CHARTS.is_dir():
        print(f"{SCHEMAS.parent}: has no schemas and charts, so that nothing can be proven", file=sys.stderr)
        return 2
    first, step = (int(number) for number in said.part.split("/"))
    designs = generated.designs(said.times)
    counts = Counter[str]()
    wrong: dict[str, str] = dict.fromkeys(scarce(designs, said.times), "all designs")
    print("\n".join(wrong), end="\n" * bool(wrong))
    designs += generated.others(said.times)
    unverified: Counter[str] = Counter()
    for entry in designs[first - 1 :: step]:
        found = report(entry.design, MINORS, SCHEMAS, CHARTS)
        counts.update(designs=1, objects=found.objects, clusters=len(views(entry.design)))
        counts["flows"] += sum(1 for view in views(entry.design) for _ in connections(view))
        unverified.update({text.split(": ")[0] if text.startswith("charts not rendered") else text for text in found.unverified})
        for text in (*map(str, found.findings), *flows(entry.design), *unbrought(entry.design)):
            if text not in wrong:
                wrong[text] = entry.name
                print(f"{entry.name}: {text}", flush=True)
    catalog = generated.real_catalog()
    assert catalog is not None
    installable = {component.id for component in catalog.components.values() if component.support == "installable"}
    seen = Counter(component.id for entry in designs for component in entry.design.selected() if component.id in installable)
    for text, number in sorted(unverified.items()):
        print(f"unverified in {number} designs: {text}")
    print(
        f"{len(designs)} designs: {len(installable)} installable components, each in {min(seen.values())} or more and in each "
        f"of its roles; "
        f"{len(generated.pairs())} pairs of delivery tool and platform"
    )
    print(
        f"proven: {counts['designs']} designs on {counts['clusters']} clusters, {counts['objects']} objects against Kubernetes "
        f"{', '.join(MINORS)}, {counts['flows']} flows; {len(wrong)} findings"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
