"""Names follow routes: who writes them, how it signs in, which names it may write."""

from __future__ import annotations

import json

import pytest

from tests.exporters.manifests import generated
from tests.exporters.manifests.components import entry_cases as cases
from tests.exporters.manifests.components.checking import objects, values, view

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")


def test_names_are_written_for_the_domain_only_and_marked_with_their_cluster() -> None:
    made = values(cases.design("Envoy on EKS"), "external-dns")
    assert made["domainFilters"] == ["example.com"] and made["txtOwnerId"] == "shop-prod"
    assert made["provider"]["name"] == "aws"


def test_sources_follow_what_answers_routes() -> None:
    gateway = values(cases.design("Envoy on EKS"), "external-dns")["sources"]
    plain = view("azure", {"dns-automation": "external-dns", "ingress": "aks-app-routing-nginx"})
    assert "gateway-httproute" in gateway and "ingress" not in gateway
    assert values(plain, "external-dns")["sources"] == ["ingress", "service"]


def test_a_writer_at_home_needs_no_key_and_one_elsewhere_names_a_secret() -> None:
    home = values(cases.design("Envoy on EKS"), "external-dns")
    choices = {"dns-automation": "external-dns", "authoritative-dns": "route-53", "secrets": "external-secrets"}
    away = view("other-cloud", choices)
    assert all("valueFrom" not in entry for entry in home["env"])
    made = objects(away, "external-dns")
    assert "route-53" in {obj["metadata"]["name"] for obj in made if obj["kind"] == "ExternalSecret"}
    assert "access-key" in json.dumps([values(away, "external-dns"), made])


def test_a_zone_that_two_services_answer_for_is_written_twice() -> None:
    choices = {
        "dns-automation": "external-dns",
        "authoritative-dns": "route-53,azure-dns",
        "dns-steering": "failover-providers",
    }
    found = view("aws", choices, {"spread": "several-providers"})
    second = [obj for obj in objects(found, "external-dns") if obj["kind"] == "Deployment"]
    assert values(found, "external-dns")["provider"]["name"] == "aws"
    assert len(second) == 1 and "--provider=azure" in second[0]["spec"]["template"]["spec"]["containers"][0]["args"]
