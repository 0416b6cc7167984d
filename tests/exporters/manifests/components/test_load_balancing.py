"""Addresses of services and certificates of entries."""

from __future__ import annotations

import pytest

from exporters.manifests import routes
from tests.exporters.manifests import generated
from tests.exporters.manifests.components import entry_cases as cases
from tests.exporters.manifests.components.checking import objects, values, view

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")


def kinds(name: str, component: str) -> set[str]:
    return {obj["kind"] for obj in objects(cases.design(name), component)}


def test_metallb_announces_as_the_design_says() -> None:
    assert kinds("ambient", "metallb") == {"IPAddressPool", "L2Advertisement"}
    assert kinds("BGP by MetalLB", "metallb") == {"IPAddressPool", "BGPPeer", "BGPAdvertisement", "BFDProfile"}
    assert values(cases.design("ambient"), "metallb")["frrk8s"] == {"enabled": False}


def test_the_issuer_that_routes_name_is_made_once() -> None:
    for name in ("bank", "small", "names by challenge"):
        found = cases.design(name)
        issuer = found.issuer()
        assert issuer is not None
        made = [
            obj
            for entry in found.design.selected()
            if entry.id in ("private-ca", "lets-encrypt", "cert-manager")
            for obj in objects(found, entry.id)
            if obj["kind"] == issuer.kind and obj["metadata"]["name"] == issuer.name
        ]
        assert len(made) == 1, name


@pytest.mark.parametrize("signer", ["manual-certificates", "private-ca"])
@pytest.mark.parametrize(
    ("cloud", "platform", "ingress", "named"),
    [
        ("gcp", "gke-autopilot", "gke-gateway", True),
        ("azure", "aks", "app-gateway-for-containers", True),
        ("on-premises", "rke2", "envoy-gateway", True),
        ("aws", "eks", "aws-load-balancer-ingress", False),
    ],
)
def test_hosts_keep_https_where_people_renew_certificates(
    signer: str, cloud: str, platform: str, ingress: str, named: bool
) -> None:
    choices = {"kubernetes": platform, "ingress": ingress, "certificates": signer, "certificate-automation": "none"}
    found = view(cloud, choices)
    gateway, redirect = routes.entrance(found)[:2]
    listeners = [entry for entry in gateway["spec"]["listeners"] if entry["protocol"] == "HTTPS"]
    assert {entry["hostname"] for entry in listeners} == {workload.host for workload in routes.hosted(found)} != set()
    assert redirect["metadata"]["name"] == "redirect-to-https"
    asked = {reference["name"] for entry in listeners for reference in entry.get("tls", {}).get("certificateRefs", ())}
    assert {obj["metadata"]["name"] for obj in objects(found, signer)} == asked
    assert bool(asked) is named


def test_a_load_balancer_that_takes_no_secret_is_given_none() -> None:
    choices = {"kubernetes": "eks", "ingress": "aws-load-balancer-ingress", "certificates": "private-ca"}
    found = view("aws", {**choices, "certificate-automation": "cert-manager"})
    gateway = routes.entrance(found)[0]
    assert "cert-manager.io/cluster-issuer" not in gateway["metadata"].get("annotations", {})
    secure = [entry for entry in gateway["spec"]["listeners"] if entry["protocol"] == "HTTPS"]
    assert secure and all("tls" not in entry for entry in secure)
    assert not objects(found, "private-ca"), "nobody would ask an issuer"


def test_challenges_go_through_the_entry_or_the_zone() -> None:
    def solver(name: str) -> dict[str, object]:
        made = next(obj for obj in objects(cases.design(name), "lets-encrypt") if obj["kind"] == "ClusterIssuer")
        found: dict[str, object] = made["spec"]["acme"]["solvers"][0]
        return found

    assert "gatewayHTTPRoute" in solver("small")["http01"]  # type: ignore[operator]
    assert "azureDNS" in solver("names by challenge")["dns01"]  # type: ignore[operator]


def test_traffic_from_an_edge_with_its_own_certificate_is_still_encrypted() -> None:
    choices = {
        "ingress": "envoy-gateway",
        "cdn": "cloudfront",
        "tls-termination": "tls-at-cdn",
        "certificates": "aws-certificate-manager",
        "certificate-automation": "cert-manager",
    }
    found = view("aws", choices)
    issuer = found.issuer()
    assert issuer is not None and issuer.kind == "ClusterIssuer"
    assert issuer.name in {obj["metadata"]["name"] for obj in objects(found, "cert-manager")}


def test_certificate_automation_runs_once_where_nothing_is_promised() -> None:
    low = view("on-premises", {"certificate-automation": "cert-manager"}, {"availability": "99", "platform-team": "no"})
    assert values(low, "cert-manager")["replicaCount"] == 1
    assert values(cases.design("bank"), "cert-manager")["webhook"]["replicaCount"] == 3
