"""The samples: their committed exports are rebuilt byte for byte, and the refused ones are refused in the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.catalog import Catalog
from exporters.base import Artifact, Earlier
from samples import rebuild
from wizard import answers_file
from wizard.building import artifacts
from wizard.complete import resolve
from wizard.solver import Engine

BOLD = """
cloudflare fastly akamai stackpath cloud-cdn cloudfront azure-cdn azure-front-door gcp-load-balancer aws-alb aws-nlb
azure-load-balancer azure-application-gateway hardware-load-balancer regional-ip global-anycast-ip private-nodes
public-nodes shared-vpc hub-and-spoke several-vpcs cloud-nat vpc-firewall bastion vpn identity-aware-proxy terraform
cloud-foundation-fabric crossplane kubefed coredns linkerd istio consul f5-nginx-ingress ingress-nginx
nginx-gateway-fabric emissary kong gloo kgateway default-deny cluster-ip-behind-gateway grpc thrift http
mesh-traffic-splitting gke-standard gke-autopilot eks aks kubeadm rke2 k3s talos etcd-snapshots etcd-secretbox kured
prometheus opentelemetry alertmanager grafana fluentd logstash promtail elk efk loki zipkin jaeger tempo velero rook
ceph edgefs nfs gcr artifact-registry ecr acr docker-hub quay harbor clair notary travis-ci circleci gitlab-ci
github-actions in-cluster-runners outside-runners build-step scan-step test-step push-step preview-environment approval
""".split()  # noqa: SIM905


@pytest.fixture(scope="module")
def exports(catalog: Catalog, engine: Engine) -> dict[str, tuple[Artifact, ...]]:
    """Each sample exported once."""
    return {name: rebuild.export(name, catalog, engine) for name in rebuild.names()}


@pytest.mark.parametrize("name", rebuild.names())
def test_the_committed_export_is_what_build_writes(name: str, exports: dict[str, tuple[Artifact, ...]]) -> None:
    folder = rebuild.HERE / name / "export"
    there = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    made = dict(rebuild.committed(exports[name]))
    assert sorted(there) == sorted(made)
    differing = [path for path in made if there[path] != made[path]]
    assert differing == [], "run `make samples` and look at what changed"


@pytest.mark.parametrize("name", rebuild.names())
def test_nothing_exported_names_this_machine(name: str, exports: dict[str, tuple[Artifact, ...]]) -> None:
    root = str(Path(__file__).parents[2]).encode()
    assert [each.path for each in exports[name] if root in each.data or b"site-packages" in each.data] == []


@pytest.mark.parametrize("name", rebuild.names())
def test_building_over_an_export_changes_nothing(
    name: str, exports: dict[str, tuple[Artifact, ...]], catalog: Catalog, engine: Engine
) -> None:
    import json

    from exporters.paths import DECISIONS, LOCK

    before = {each.path: each.data for each in exports[name]}
    earlier = Earlier(json.loads(before[LOCK]), {path: data.decode() for path, data in before.items()
                                                if path.startswith(DECISIONS) and path.endswith(".md")})
    answers = answers_file.load(rebuild.HERE / name / "answers.yaml", catalog, "answers.yaml")
    again = artifacts(resolve(answers, catalog, engine), earlier, rebuild.STAMP)
    after = {each.path: each.data for each in again.artifacts}
    assert sorted(before) == sorted(after)
    assert [path for path in before if before[path] != after[path]] == []


@pytest.mark.parametrize("path", rebuild.refused(), ids=lambda path: path.stem)
def test_a_refused_design_is_refused_in_the_same_words(path: Path, catalog: Catalog, engine: Engine) -> None:
    assert rebuild.refusal(path, catalog, engine) == path.with_suffix(".txt").read_text("utf-8")


@pytest.mark.parametrize("name", BOLD)
def test_every_name_of_the_reference_architecture_is_in_the_catalog(name: str, catalog: Catalog) -> None:
    assert name in catalog.components


def test_the_small_team_accepted_exactly_one_risk(catalog: Catalog) -> None:
    answers = answers_file.load(rebuild.HERE / "small-team" / "answers.yaml", catalog)
    assert [said.value.rule for said in answers.waivers] == ["k3s-team"]
