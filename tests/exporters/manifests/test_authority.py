"""Who is told of the company's own authority, and who signs in behind it."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from exporters import nodes
from exporters.base import Earlier, Stamp
from exporters.manifests import authority, bootstrap, routes
from exporters.manifests.view import View
from exporters.nodes import control_plane
from tests.exporters.manifests import generated
from tests.exporters.manifests.components.checking import objects, values, view

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

_ISSUER = {"sign-on.issuer": "https://sso.shop.example", "dns.domain": "shop.example"}
_PRIVATE = {"certificates": "private-ca", "certificate-automation": "cert-manager", "secrets": "external-secrets"}


def _closed(choices: dict[str, str], settings: dict[str, str] | None = None) -> View:
    return view("on-premises", {**_PRIVATE, **choices}, {"air-gap": "yes"}, {**_ISSUER, **(settings or {})})


def _mounted(pod: Any, name: str) -> bool:
    """Whether a part of values mounts that Secret and looks for authorities in its folder."""
    text = json.dumps(pod)
    return name in text and f"/etc/ssl/certs:{authority.FOLDER}" in text


@pytest.mark.parametrize(
    ("address", "signed"),
    [
        ("https://git.shop.example/platform.git", True),
        ("https://shop.example", True),
        ("https://git.other.example/platform.git", False),
        ("https://notshop.example", False),
        ("http://git.shop.example", False),
        ("ssh://git@git.shop.example/platform.git", False),
        ("", False),
        (None, False),
    ],
)
def test_the_authority_signs_hosts_of_the_own_domain_and_every_host_of_a_closed_network(
    address: str | None, signed: bool
) -> None:
    found = view("on-premises", _PRIVATE, {"air-gap": "no"}, _ISSUER)
    assert authority.signs(found, address) is signed
    public = view("on-premises", {**_PRIVATE, "certificates": "lets-encrypt"}, {"air-gap": "no"}, _ISSUER)
    assert not authority.signs(public, address) and authority.brought(public, "somewhere") is None
    closed = _closed({})
    assert authority.signs(closed, address) is bool(address and address.startswith("https://"))


@pytest.mark.parametrize(
    ("component", "choices", "settings", "part"),
    [
        ("grafana", {"dashboards": "grafana", "sign-on": "keycloak"}, {}, ()),
        ("loki", {"log-store": "loki", "object-storage": "off-site-s3"}, {}, ("global",)),
        ("tempo", {"tracing": "tempo", "object-storage": "off-site-s3"}, {"traces.layout": "monolithic"}, ()),
        ("tempo", {"tracing": "tempo", "object-storage": "off-site-s3"}, {"traces.layout": "distributed"}, ()),
        ("kyverno", {"policy-engine": "kyverno", "image-signing": "cosign", "registry": "harbor"}, {}, ("admissionController",)),
        ("kyverno", {"policy-engine": "kyverno", "image-signing": "cosign", "registry": "harbor"}, {}, ("reportsController",)),
        ("external-dns", {"dns-automation": "external-dns", "authoritative-dns": "self-hosted-dns"}, {}, ()),
        ("dex", {"sign-on": "dex"}, {"delivery.code-repository": "https://git.shop.example/app.git"}, ()),
        ("argo-cd", {"deployment": "argo-cd", "sign-on": "keycloak"}, {}, ("server",)),
    ],
)
def test_programs_in_go_find_the_authority_beside_public_ones(
    component: str, choices: dict[str, str], settings: dict[str, str], part: tuple[str, ...]
) -> None:
    found = _closed(choices, settings)
    given: Any = values(found, component)
    for key in part:
        given = given[key]
    assert _mounted(given, authority.NAME)
    if component != "argo-cd":  # it cannot wait for what it brings: a step of the bootstrap makes its Secret
        made = {body["metadata"]["name"] for body in objects(found, component) if body["kind"] == "ExternalSecret"}
        assert authority.NAME in made


def test_what_has_a_field_for_an_authority_is_told_by_it() -> None:
    choices = {"backup": "velero", "backup-destination": "other-site-store", "registry": "harbor"}
    found = _closed({**choices, "data-stores": "cloudnative-pg", "object-storage": "off-site-s3", "sign-on": "keycloak"})
    location = next(body for body in objects(found, "velero") if body["kind"] == "BackupStorageLocation")
    assert location["spec"]["objectStorage"]["caCertRef"] == {"name": authority.NAME, "key": authority.FILE}
    assert values(found, "harbor")["caBundleSecretName"] == authority.NAME
    databases = [body for body in objects(found, "cloudnative-pg") if body["kind"] in ("ObjectStore", "Cluster")]
    assert '"endpointCA": {"name": "company-authority", "key": "ca.crt"}' in json.dumps(databases)
    longhorn = _closed({"distributed-storage": "longhorn", "object-storage": "off-site-s3"})
    keys = next(body for body in objects(longhorn, "longhorn") if body["metadata"]["name"] == "longhorn-backup")
    assert "AWS_CERT" in {entry["secretKey"] for entry in keys["spec"]["data"]}


def test_git_is_read_by_who_knows_its_authority() -> None:
    said = {"delivery.repository": "https://git.shop.example/platform.git"}
    argo = _closed({"deployment": "argo-cd", "sign-on": "keycloak"}, said)
    server = values(argo, "argo-cd")["repoServer"]
    sources = server["volumes"][0]["projected"]["sources"]
    files = [item for source in sources for item in source.get("secret", {}).get("items", ())]
    assert files == [{"key": "ca.crt", "path": "git.shop.example"}]
    assert {"name": "ARGOCD_TLS_DATA_PATH", "value": authority.FOLDER} in server["env"]
    steps = bootstrap.steps(argo.design)
    titles = [step.title for step in steps]
    assert titles.index("The authority that signs Git and the sign-on") < titles.index("Argo CD: chart argo-cd")
    flux = bootstrap.steps(_closed({"deployment": "flux"}, said).design)
    assert "ca.crt=<ROOT CERTIFICATE>" in next(step.command for step in flux if step.title == "The first secret")
    keys = bootstrap.steps(_closed({"deployment": "flux"}, {"delivery.repository": "ssh://git@git.shop.example/p.git"}).design)
    assert "ca.crt" not in next(step.command for step in keys if step.title == "The first secret")


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_the_step_that_tells_the_api_server_puts_the_certificate_in(tmp_path: Path) -> None:
    certificate = "-----BEGIN CERTIFICATE-----\nMIIB+a/b=\nQUJD\n-----END CERTIFICATE-----\n"
    (tmp_path / "root.pem").write_text(certificate)
    file = tmp_path / "authentication.yaml"
    found = _closed({"kubernetes": "kubeadm", "sign-on": "oidc-provider"})
    made = {artifact.path: artifact.data.decode() for artifact in nodes.EXPORTER.export(found.design, Earlier(), Stamp())}
    file.write_text(made["nodes/prod/authentication.yaml"])
    command = control_plane.vouched(str(file))[2].replace("<ROOT CERTIFICATE>", str(tmp_path / "root.pem"))
    subprocess.run(["bash", "-ec", command], check=True)
    assert yaml.safe_load(file.read_text())["jwt"][0]["issuer"]["certificateAuthority"] == certificate
    copy = tmp_path / "copy.yaml"
    file.write_text(made["nodes/prod/authentication.yaml"])
    command = control_plane.vouched(str(file), str(copy))[2].replace("<ROOT CERTIFICATE>", str(tmp_path / "root.pem"))
    subprocess.run(["bash", "-ec", command], check=True)
    assert yaml.safe_load(copy.read_text())["jwt"][0]["issuer"]["certificateAuthority"] == certificate


@pytest.mark.parametrize("distribution", ["kubeadm", "rke2", "k3s", "talos"])
def test_the_runbook_says_who_signs_the_sign_on_where_nobody_would_know(distribution: str) -> None:
    choices = {"kubernetes": distribution, "sign-on": "oidc-provider"}
    titles = [step[0] for step in nodes.steps(_closed(choices))]
    assert titles.count("The authority that signs the sign-on") == 1
    public = view("on-premises", {**choices, "certificates": "lets-encrypt"}, {"air-gap": "no"}, _ISSUER)
    assert "The authority that signs the sign-on" not in [step[0] for step in nodes.steps(public)]


# ---- the sign-on of the registry, and the way to the sign-on itself


def test_the_registry_takes_its_sign_on_from_git_and_the_secret_from_the_store() -> None:
    found = view("on-premises", {"registry": "harbor", "sign-on": "dex", "secrets": "external-secrets"}, settings=_ISSUER)
    (secret, said) = values(found, "harbor")["core"]["extraEnvVars"]
    config = json.loads(said["value"])
    assert config["auth_mode"] == "oidc_auth" and config["oidc_endpoint"] == "https://sso.shop.example"
    assert config["oidc_client_secret"] == f"$({secret['name']})", "Kubernetes fills in what is named before"
    entries = {
        body["metadata"]["name"]: [entry["remoteRef"] for entry in body["spec"]["data"]]
        for component in ("harbor", "dex") for body in objects(found, component) if body["kind"] == "ExternalSecret"
    }
    assert entries["harbor-sign-on"] == entries["dex-clients"], "both sides read the same entry"
    client = next(entry for entry in values(found, "dex")["config"]["staticClients"] if entry["id"] == "harbor")
    assert client["secretEnv"] == "HARBOR_SECRET" and "secret" not in client
    waiting = view("on-premises", {"registry": "harbor", "sign-on": "keycloak"})
    assert "extraEnvVars" not in values(waiting, "harbor")["core"], "nobody has said where to sign on"


@pytest.mark.parametrize(("choice", "groups"), [("keycloak", True), ("entra-id", False)])
def test_groups_are_asked_for_by_a_scope_only_where_that_is_known(choice: str, groups: bool) -> None:
    found = view("on-premises", {"deployment": "argo-cd", "sign-on": choice, "registry": "harbor"}, settings=_ISSUER)
    asked = yaml.safe_load(values(found, "argo-cd")["configs"]["cm"]["oidc.config"])["requestedScopes"]
    assert ("groups" in asked) is groups
    assert ("groups" in json.loads(values(found, "harbor")["core"]["extraEnvVars"][1]["value"])["oidc_scope"]) is groups


def test_dex_has_a_way_in_for_the_host_of_its_issuer_and_passes_on_accounts_of_the_code_host() -> None:
    said = {"sign-on.issuer": "https://sso.shop.example/dex", "delivery.code-repository": "https://git.shop.example/app.git"}
    found = view("on-premises", {"sign-on": "dex", "ingress": "envoy-gateway"}, {"code-host": "gitlab"}, said)
    route = next(body for body in objects(found, "dex") if body["kind"] == "HTTPRoute")["spec"]
    assert route["hostnames"] == ["sso.shop.example"] and route["rules"][0]["matches"][0]["path"]["value"] == "/dex"
    gateway = routes.entrance(found)[0]
    doors = {entry["name"]: entry["hostname"] for entry in gateway["spec"]["listeners"] if "hostname" in entry}
    assert doors[route["parentRefs"][0]["sectionName"]] == "sso.shop.example"
    (upstream,) = values(found, "dex")["config"]["connectors"]
    assert (upstream["type"], upstream["config"]["baseURL"]) == ("gitlab", "https://git.shop.example")
    public = view("on-premises", {"sign-on": "dex"}, {"code-host": "github"}, {"sign-on.issuer": "https://sso.shop.example"})
    (upstream,) = values(public, "dex")["config"]["connectors"]
    assert upstream["type"] == "github" and "hostName" not in upstream["config"]


def test_a_registry_behind_a_cloud_s_ingress_names_what_its_controller_takes() -> None:
    said = {"dns.domain": "shop.example"}
    amazon = view("aws", {"registry": "harbor", "kubernetes": "eks-auto-mode", "ingress": "eks-auto-ingress",
                          "certificates": "aws-certificate-manager"}, settings=said)
    exposed = values(amazon, "harbor")["expose"]
    assert exposed["tls"] == {"enabled": False}, "the load balancer finds the certificate by the host of the rule"
    assert exposed["ingress"]["annotations"]["alb.ingress.kubernetes.io/healthcheck-path"]
    google = view("gcp", {"registry": "harbor", "kubernetes": "gke-standard", "ingress": "gke-ingress"}, settings=said)
    ingress = values(google, "harbor")["expose"]["ingress"]
    assert ingress["annotations"]["kubernetes.io/ingress.class"] == "gce" and ingress["className"] == ""
    made = {(body["kind"], body["metadata"]["name"]) for body in objects(google, "harbor")}
    assert {("BackendConfig", "harbor-core"), ("BackendConfig", "harbor-portal")} <= made
    configs = [body["metadata"]["namespace"] for body in objects(google, "gke-ingress") if body["kind"] == "FrontendConfig"]
    assert "harbor" in configs, "its Ingress names the one of its namespace"


def test_target_groups_of_a_registry_lead_to_its_pods() -> None:
    found = view("aws", {"registry": "harbor", "kubernetes": "eks", "ingress": "aws-load-balancer-ingress"})
    made = [body for body in objects(found, "harbor") if body["kind"] == "TargetGroupConfiguration"]
    assert {body["spec"]["targetReference"]["name"] for body in made} == {"harbor-core", "harbor-portal"}


@pytest.mark.parametrize("choices", [{}, {"sign-on": "dex"}])
def test_a_closed_network_shows_no_internet(choices: dict[str, str]) -> None:
    found = _closed(choices)
    assert [edge for edge in found.topology.edges if "internet" in (edge.source, edge.target)] == []
    cloud = view("aws", {"block-storage": "aws-ebs-csi"}, {"air-gap": "yes"})
    titles = {cloud.topology.node(edge.target).title for edge in cloud.topology.edges if edge.target == "internet"}
    assert titles == {"Private endpoints"}


def test_without_a_tool_for_secrets_the_runbook_makes_those_of_the_platform_too() -> None:
    choices = {"secrets": "none", "deployment": "push-from-ci", "registry": "harbor", "certificates": "private-ca"}
    found = view("on-premises", choices, settings={"dns.domain": "shop.example"})
    titles = {step.title for step in bootstrap.steps(found.design)}
    secrets = {"harbor/harbor-admin", "harbor/harbor-core", f"harbor/{authority.NAME}", "monitoring/chat-webhook"}
    assert {f"Secret {name}" for name in secrets} <= titles
    spaces = {body["metadata"]["name"] for body in bootstrap.namespaces(found)}
    assert {"harbor", "monitoring"} <= spaces, "a Secret needs its namespace"
    assert not [title for title in titles if title.startswith("Secret default/")]
    brought = view("on-premises", {**choices, "secrets": "external-secrets"}, settings={"dns.domain": "shop.example"})
    assert "Secret harbor/harbor-admin" not in {step.title for step in bootstrap.steps(brought.design)}


_ROOT = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
_STEP_CA = {
    "acme.directory": "https://ca.shop.example:9000/acme/acme/directory",
    "acme.root": base64.b64encode(_ROOT.encode()).decode(),
}


def test_a_private_acme_authority_is_told_to_who_asks_it_and_to_who_meets_what_it_signs() -> None:
    choices = {"certificates": "lets-encrypt", "secrets": "external-secrets", "registry": "harbor"}
    asked = {**_ISSUER, **_STEP_CA}
    found = view("on-premises", choices, {}, asked)
    issuer = next(obj for obj in objects(found, "lets-encrypt") if obj["kind"] == "ClusterIssuer")
    assert base64.b64decode(issuer["spec"]["acme"]["caBundle"]).decode() == _ROOT
    assert authority.signs(found, "https://sso.shop.example")
    assert values(found, "harbor")["caBundleSecretName"] == authority.NAME
    public = view("on-premises", choices, {}, _ISSUER)
    issuer = next(obj for obj in objects(public, "lets-encrypt") if obj["kind"] == "ClusterIssuer")
    assert "caBundle" not in issuer["spec"]["acme"] and "caBundleSecretName" not in values(public, "harbor")


def test_an_authority_at_a_port_of_its_own_can_be_asked() -> None:
    choices = {"certificates": "lets-encrypt", "network-policy": "default-deny"}

    def ports(settings: dict[str, str]) -> set[int]:
        made = objects(view("on-premises", choices, {}, settings), "lets-encrypt")
        return {port["port"] for obj in made if obj["kind"] == "NetworkPolicy" and obj["metadata"]["name"] == "acme-authority"
                for rule in obj["spec"]["egress"] for port in rule["ports"]}

    assert ports(_STEP_CA) == {9000} and ports({}) == set()
