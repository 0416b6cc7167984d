"""Addresses of services and certificates of entries."""

from __future__ import annotations

import pytest

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
