"""What the security components are told by the design."""

from __future__ import annotations

import json

import pytest

from exporters.manifests import admission
from exporters.manifests.components import secrets_store_csi
from exporters.manifests.references import SecretRequest
from exporters.manifests.workloads import objects as workload_objects
from tests.exporters.manifests import generated
from tests.exporters.manifests.components import cases
from tests.exporters.manifests.components.checking import objects, values, view

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")


def store(name: str) -> dict[str, object]:
    made = objects(cases.design(name), "external-secrets")
    found = next(obj for obj in made if obj["kind"] == "ClusterSecretStore")
    provider: dict[str, object] = found["spec"]["provider"]
    return provider


@pytest.mark.parametrize(
    ("name", "provider"),
    [("loki on GCP", "gcpsm"), ("tetragon on AWS", "aws"), ("collectors on Azure", "azurekv"), ("bank", "vault")],
)
def test_one_store_of_the_kind_that_was_chosen(name: str, provider: str) -> None:
    assert list(store(name)) == [provider]


def test_stores_of_the_own_cloud_are_read_without_keys() -> None:
    assert "auth" not in store("loki on GCP")["gcpsm"]  # type: ignore[operator]
    assert store("collectors on Azure")["azurekv"]["authType"] == "WorkloadIdentity"  # type: ignore[index]
    account = values(cases.design("loki on GCP"), "external-secrets")["serviceAccount"]
    assert "iam.gke.io/gcp-service-account" in account["annotations"]


def test_vault_is_reached_by_tls_with_its_own_authority() -> None:
    vault = store("bank")["vault"]
    assert vault["server"].startswith("https://")  # type: ignore[index]
    assert vault["caProvider"]["namespace"] == "vault"  # type: ignore[index]


def test_references_use_names_that_the_store_takes() -> None:
    azure = cases.design("collectors on Azure").secret("shop-db", ["pass.word"], namespace="shop").objects[0]
    assert azure["spec"]["data"][0]["remoteRef"]["key"] == "shop-shop-shop-db-pass-word"
    bank = cases.design("bank").secret("shop-db", ["password"], namespace="shop").objects[0]
    assert bank["spec"]["data"][0]["remoteRef"] == {"key": "shop/shop/shop-db", "property": "password"}


def test_a_typed_secret_keeps_its_type() -> None:
    made = cases.design("bank").secret("pull", [".dockerconfigjson"], "shop", "kubernetes.io/dockerconfigjson").objects
    assert made[0]["spec"]["target"]["template"]["type"] == "kubernetes.io/dockerconfigjson"


def test_servers_of_vault_join_each_other_by_tls() -> None:
    found = values(cases.design("bank"), "vault")
    config = found["server"]["ha"]["raft"]["config"]
    assert found["global"]["tlsDisable"] is False and "tls_disable = 0" in config
    assert config.count("retry_join") == found["server"]["ha"]["replicas"] == 3
    assert config.count("{") == config.count("}")


def test_vaults_certificate_covers_every_server() -> None:
    made = objects(cases.design("bank"), "vault")
    certificate = next(obj for obj in made if obj["metadata"]["name"] == "vault-tls")
    assert "*.vault-internal" in certificate["spec"]["dnsNames"]
    assert "vault.vault.svc" in certificate["spec"]["dnsNames"]
    mounted = values(cases.design("bank"), "vault")["server"]["volumes"][0]["secret"]["secretName"]
    assert mounted == certificate["spec"]["secretName"]


def test_sealed_objects_wait_for_a_person_and_hold_no_value() -> None:
    made = cases.design("sealed elsewhere").secret("shop-db", ["password"], namespace="shop").objects[0]
    assert made["kind"] == "SealedSecret" and made["spec"]["encryptedData"]["password"].startswith("REPLACE")


def test_mounted_classes_are_held_by_a_pod_so_that_their_secret_exists() -> None:
    found = cases.design("built-in policies")
    request = SecretRequest("shop-db", "shop", {"password": "shop/shop/shop-db/password"})
    made = secrets_store_csi.secret(found.of("secrets-store-csi"), request)
    assert [obj["kind"] for obj in made] == ["SecretProviderClass", "Deployment"]
    volume = made[1]["spec"]["template"]["spec"]["volumes"][0]
    assert volume["csi"]["volumeAttributes"]["secretProviderClass"] == made[0]["metadata"]["name"]
    assert made[0]["spec"]["provider"] == "azure"


def test_the_operator_of_vault_asks_for_the_keys_that_are_needed_only() -> None:
    made = cases.design("vault's own operator").secret("shop-db", ["ca.crt"], namespace="shop").objects[0]
    assert made["spec"]["destination"]["transformation"]["includes"] == [r"^ca\.crt$"]


@pytest.mark.parametrize("name", ["bank", "gatekeeper on AWS", "built-in policies"])
def test_what_the_design_itself_makes_passes_its_policies(name: str) -> None:
    found = cases.design(name)
    allowed = admission.registries(found)
    for workload in found.workloads:
        for obj in workload_objects(found, workload):
            spec = obj.get("spec", {})
            template = spec.get("jobTemplate", {}).get("spec", {}).get("template") or spec.get("template")
            if not isinstance(template, dict) or "containers" not in template.get("spec", {}):
                continue
            for container in [*template["spec"]["containers"], *template["spec"].get("initContainers", [])]:
                assert container["image"].startswith(allowed)
                assert {"cpu", "memory"} <= set(container["resources"]["requests"])
                assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize(
    ("name", "engine"),
    [("bank", "kyverno"), ("gatekeeper on AWS", "gatekeeper"), ("built-in policies", "validating-admission-policy")],
)
def test_every_engine_enforces_where_the_setting_says_so(name: str, engine: str) -> None:
    made = objects(cases.design(name), engine, "policies")
    said = json.dumps(made)
    assert '"deny"' in said.lower() and "audit" not in said.lower()


def test_policies_only_report_where_the_setting_says_so() -> None:
    found = view("azure", {"policy-engine": "validating-admission-policy"}, {}, {"policy.mode": "audit"})
    made = objects(found, "validating-admission-policy", "policies")
    bindings = [obj for obj in made if obj["kind"].endswith("Binding")]
    assert all(obj["spec"]["validationActions"] == ["Warn", "Audit"] for obj in bindings)
    assert len(bindings) * 2 == len(made)


def test_expressions_are_balanced_and_use_known_variables() -> None:
    for policy in admission.policies(cases.design("openbao")):
        for rule in [*policy.validations(), *policy.variables()]:
            text = rule["expression"]
            assert text.count("(") == text.count(")") and text.count("[") == text.count("]")


def test_the_engine_judges_pod_security_where_that_was_chosen() -> None:
    names = {policy.name for policy in admission.policies(cases.design("openbao"))}
    assert "restricted-pods" in names
    assert "restricted-pods" not in {policy.name for policy in admission.policies(cases.design("bank"))}


def test_images_of_the_registry_must_be_signed_where_images_are_signed() -> None:
    made = objects(cases.design("bank"), "kyverno", "policies")
    policy = next(obj for obj in made if obj["kind"] == "ImageValidatingPolicy")
    host = cases.design("bank").setting("registry.host", "registry.example.com/apps")
    assert policy["spec"]["matchImageReferences"] == [{"glob": f"{str(host).rstrip('/')}/**"}]
    names = [attestor["name"] for attestor in policy["spec"]["attestors"]]
    assert f"attestors.{names[0]}" in policy["spec"]["validations"][0]["expression"]


_SIGNED = {"policy-engine": "kyverno", "image-signing": "cosign", "secrets": "external-secrets"}


def test_who_verifies_signatures_signs_in_to_a_registry_that_asks_for_a_key() -> None:
    """Without the key it reads no signature of a private registry, and refuses every pod."""
    found = view("on-premises", {**_SIGNED, "registry": "ghcr"}, {}, {})
    policy = next(obj for obj in objects(found, "kyverno", "policies") if obj["kind"] == "ImageValidatingPolicy")
    made = {obj["spec"]["target"]["name"] for obj in objects(found, "kyverno") if obj["metadata"]["namespace"] == "kyverno"}
    assert policy["spec"]["credentials"]["secrets"] == ["registry-pull"] and "registry-pull" in made


def test_who_verifies_signatures_has_an_identity_for_the_clouds_own_registry() -> None:
    choices = {**_SIGNED, "kubernetes": "gke-standard", "registry": "artifact-registry"}
    found = view("gcp", {**choices, "workload-identity": "gke-workload-identity"}, {}, {})
    chart = values(found, "kyverno")
    for reader in ("admissionController", "reportsController"):
        assert "iam.gke.io/gcp-service-account" in chart[reader]["rbac"]["serviceAccount"]["annotations"]
    assert "rbac" not in chart["cleanupController"]


def test_who_verifies_signatures_trusts_the_companys_authority_where_it_signed_the_registry() -> None:
    choices = {**_SIGNED, "registry": "harbor", "certificates": "private-ca", "certificate-automation": "cert-manager"}
    chart = values(view("on-premises", choices, {}, {}), "kyverno")
    for reader in (chart["admissionController"], chart["reportsController"]):
        assert reader["extraVolumes"][0]["secret"]["secretName"] == "company-authority"
    assert chart["admissionController"]["container"]["extraEnvVars"][0]["name"] == "SSL_CERT_DIR"
    assert "extraVolumes" not in chart["backgroundController"]


def test_signatures_are_asked_of_every_container_of_a_pod() -> None:
    """Each image of the registry has to be proven once, so one that no rule asks about would be refused though signed."""
    policy = next(obj for obj in objects(cases.design("bank"), "kyverno", "policies") if obj["kind"] == "ImageValidatingPolicy")
    asked = policy["spec"]["validations"][0]["expression"]
    assert all(f"images.{name}" in asked for name in ("containers", "initContainers", "ephemeralContainers"))


def test_constraints_name_kinds_that_their_templates_make() -> None:
    found = cases.design("gatekeeper on AWS")
    templates = {
        obj["spec"]["crd"]["spec"]["names"]["kind"] for obj in objects(found, "gatekeeper") if obj["kind"] == "ConstraintTemplate"
    }
    assert {obj["kind"] for obj in objects(found, "gatekeeper", "policies")} == templates


def test_falco_tells_alertmanager_where_there_is_one() -> None:
    found = values(cases.design("bank"), "falco")
    assert found["falcosidekick"]["config"]["alertmanager"]["hostport"].endswith(":9093")


def test_the_stores_authority_signs_what_the_design_renews() -> None:
    found = cases.design("bank")
    signer = next(iter(found.gather("pki", "secret-store")))(found, "cert-manager")
    assert signer["server"].startswith("https://vault.vault.svc") and signer["path"] == "pki/sign/cert-manager"


@pytest.mark.parametrize(
    ("name", "engine"),
    [("bank", "kyverno"), ("gatekeeper on AWS", "gatekeeper"), ("built-in policies", "validating-admission-policy")],
)
def test_every_policy_names_the_decision_and_record_that_it_holds_objects_to(name: str, engine: str) -> None:
    found = cases.design(name)
    for obj in objects(found, engine, "policies"):
        said = obj["metadata"]["annotations"]
        assert said["k8s-wizard.dev/record"] and said["k8s-wizard.dev/decision"] in found.design.catalog.decisions


def test_policies_hold_objects_to_the_registry_the_entrance_the_volumes_and_what_was_not_chosen() -> None:
    made = {policy.name: policy for policy in admission.policies(cases.design("bank"))}
    decisions = {name: policy.decision for name, policy in made.items()}
    assert {("image-origin", "registry"), ("one-entrance", "service-exposure"),
            ("volumes-from-the-design", "block-storage"), ("not-chosen-mesh", "mesh")} <= set(decisions.items())
    mesh = made["not-chosen-mesh"]
    assert "linkerd.io" in mesh.about and mesh.validations()[0]["expression"] == "false"
    assert all(rule["resources"] == ["*"] for rule in mesh.rules())


def test_nothing_that_a_provider_may_run_by_itself_is_refused() -> None:
    """GKE's own dataplane is Cilium: objects of that group appear in clusters that did not choose Cilium."""
    refused = {group for policy in admission.policies(cases.design("loki on GCP"))
               if policy.name.startswith("not-chosen") for group in policy.about}
    assert "cilium.io" not in refused


def test_no_policy_refuses_a_kind_that_the_design_itself_makes() -> None:
    for name in ("bank", "openbao", "gatekeeper on AWS"):
        found = cases.design(name)
        refused = {group for policy in admission.policies(found)
                   if policy.name.startswith("not-chosen") for group in policy.about}
        ours = {group for part in found.design.selected() if part.install for group in part.install.crds}
        assert not refused & ours
