"""Names follow routes: who writes them, how it signs in, which names it may write."""

from __future__ import annotations

import json

import pytest

from catalog.workloads import Cluster, Workload
from exporters.manifests import routes
from exporters.manifests.view import View, views
from tests.exporters.manifests import generated
from tests.exporters.manifests.components import entry_cases as cases
from tests.exporters.manifests.components.checking import objects, values, view
from wizard.answers import Answers, ClusterAnswers, Said
from wizard.complete import resolve

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


def _views(
    clusters: list[dict[str, str]], /, dns: str = "route-53", cdn: str = "none", other: str = "",
    choices: dict[str, str] | None = None, **workload: object
) -> list[View]:
    """The views of a design with these clusters, whose one workload is led to by a name."""
    catalog = generated.real_catalog()
    assert catalog is not None
    answers = Answers(
        name="shop",
        clusters=tuple(
            ClusterAnswers(Cluster.model_validate({"cloud": "aws", "region": "eu-west-1", **cluster})) for cluster in clusters
        ),
        choices={
            **{name: Said((value,)) for name, value in
               {"dns-automation": "external-dns", "ingress": "envoy-gateway", "cdn": cdn, "waf": "none"}.items()},
            **{name: Said((value,)) for name, value in (choices or {}).items()},
            "authoritative-dns": Said((dns, other) if other else (dns,)),
        },
        rejects={"authoritative-dns": Said(("route-53",))} if dns == "cloudflare" and not other else {},
        workloads=(Said(Workload.model_validate(
            {"name": "web", "image": "registry.example.com/web:1", "port": 8080, "host": "shop.example.com", **workload})),),
    )
    return list(views(resolve(answers, catalog, generated.engine(), reasons=False)))


def _written(found: View) -> bool:
    """Whether the route of the workload is one that the controller of names looks at."""
    route = next(obj for obj in routes.routes(found, found.workloads[0]) if obj["kind"] == "HTTPRoute")
    return "external-dns.alpha.kubernetes.io/controller" not in route["metadata"].get("annotations", {})


def test_a_route_that_flagger_makes_is_kept_from_the_controller_of_names_like_ours() -> None:
    clusters = [{"name": "dev", "environment": "dev"}, {"name": "prod"}]
    tried = {"canary": {"image": "registry.example.com/web:2", "weight": 10}}
    kept = {}
    for found in _views(clusters, choices={"progressive-delivery": "flagger"}, **tried):
        canary = next(obj for ask in found.gather("canary", "progressive-delivery")
                      for obj in ask(found.workloads[0], "shop") if obj["kind"] == "Canary")
        kept[found.cluster.name] = canary["spec"]["service"]["apex"].get("annotations", {})
    assert kept == {"prod": {}, "dev": {"external-dns.alpha.kubernetes.io/controller": "none"}}


@pytest.mark.parametrize(
    ("clusters", "written"),
    [
        ([{"name": "prod"}], ["prod"]),
        ([{"name": "dev", "environment": "dev"}, {"name": "prod"}], ["prod"]),
        ([{"name": "dev", "environment": "dev"}, {"name": "staging", "environment": "staging"}], []),
        ([{"name": "west"}, {"name": "east", "region": "us-east-1"}], []),
    ],
)
def test_a_name_is_written_by_the_one_cluster_that_users_are_led_to(clusters: list[dict[str, str]], written: list[str]) -> None:
    found = _views(clusters)
    assert [entry.cluster.name for entry in found if _written(entry)] == written
    told = [sentence for entry in found for sentence in routes.residue(entry) if "shop.example.com" in sentence]
    assert len(told) == len(clusters) - len(written)
    owners = [values(entry, "external-dns")["txtOwnerId"] for entry in found]
    assert len(set(owners)) == len(clusters)


def test_a_host_that_two_clusters_of_production_serve_is_warned_of() -> None:
    shared = [{"name": "west"}, {"name": "east", "region": "us-east-1"}]
    warned = {entry.rule for entry in _views(shared)[0].design.warnings}
    alone = {entry.rule for entry in _views(shared, clusters=["west"])[0].design.warnings}
    assert "external-dns-shared-hosts" in warned and "external-dns-shared-hosts" not in alone


def test_no_controller_leads_users_past_the_cdn() -> None:
    alone = [{"name": "prod"}]
    found, = _views(alone, cdn="cloudfront")
    assert not _written(found) and any("leads to Amazon CloudFront" in sentence for sentence in routes.residue(found))
    proxied, = _views(alone, cdn="cloudflare", dns="cloudflare")
    assert _written(proxied) and "--cloudflare-proxied" in values(proxied, "external-dns")["extraArgs"]
    plain, = _views(alone, dns="cloudflare")
    assert _written(plain) and values(plain, "external-dns")["extraArgs"] == []
    two, = _views(alone, cdn="cloudflare", dns="cloudflare", other="route-53")
    assert not _written(two)


def test_a_registry_in_every_cluster_is_named_by_the_one_of_production_alone() -> None:
    choices = {"registry": "harbor"}
    one, other = _views([{"name": "dev", "environment": "dev"}, {"name": "prod"}], choices=choices)
    kept = {found.cluster.name: values(found, "harbor")["expose"]["route"]["annotations"] for found in (one, other)}
    assert kept["prod"] == {} and kept["dev"] == {"external-dns.alpha.kubernetes.io/controller": "none"}
    shared = _views([{"name": "west"}, {"name": "east", "region": "us-east-1"}], choices=choices)
    assert all(values(found, "harbor")["expose"]["route"]["annotations"] for found in shared)
    assert any(sentence.startswith("registry.example.com is served by west and east") for sentence in routes.residue(shared[0]))
