"""What the delivery components, and those of the network layer, are told by the design."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from exporters.manifests import authority, bootstrap
from exporters.manifests.families.image_builder import CERTIFICATES
from exporters.manifests.view import View
from tests.exporters.manifests import generated
from tests.exporters.manifests.components import cases
from tests.exporters.manifests.components.checking import objects, values, view
from wizard import answers_file
from wizard.answers import Answers, Said
from wizard.complete import Refused, resolve
from wizard.solver import Engine

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")


def test_argo_cd_waits_for_the_applications_in_an_application() -> None:
    config = values(cases.design("bank"), "argo-cd")["configs"]["cm"]
    health = config["resource.customizations.health.argoproj.io_Application"]
    assert "obj.status.health.status" in health


def test_argo_cd_gives_rights_to_the_named_groups_only() -> None:
    found = cases.design("bank")
    rights = values(found, "argo-cd")["configs"]["rbac"]
    assert rights["policy.default"] == ""
    assert f"g, {found.setting('access.admin-group', 'platform-admins')}, role:admin" in rights["policy.csv"]


def test_argo_cd_has_copies_where_availability_asks_for_them() -> None:
    assert values(cases.design("bank"), "argo-cd")["redis-ha"]["enabled"]
    small = view("on-premises", {"deployment": "argo-cd"}, {"availability": "99"})
    found = values(small, "argo-cd")
    assert not found["redis-ha"]["enabled"] and found["server"]["replicas"] == 1


@pytest.mark.parametrize("tool", ["argo-cd", "flux"])
def test_delivery_tools_leave_their_monitors_to_the_metrics_store(tool: str) -> None:
    found = values(view("gcp", {"deployment": tool, "metrics": "prometheus"}), tool)
    assert "serviceMonitor" not in str({key: found[key] for key in found if key != "configs"})
    assert "podMonitor" not in str(found)


def test_runners_sign_in_as_an_app_whose_key_is_not_in_git() -> None:
    found = cases.design("runners")
    release = values(found, "actions-runner-controller", "runners")
    made = objects(found, "actions-runner-controller")
    assert made[0]["metadata"]["name"] == release["githubConfigSecret"]


def test_runners_find_the_account_of_their_controller() -> None:
    found = cases.design("runners")
    controller = values(found, "actions-runner-controller", "arc")["serviceAccount"]["name"]
    assert values(found, "actions-runner-controller", "runners")["controllerServiceAccount"]["name"] == controller


def test_runners_are_rootless_and_at_most_as_many_as_the_setting_says() -> None:
    found = view("aws", cases.DESIGNS["runners"][1], cases.DESIGNS["runners"][2], {"runners.at-most": "20"})
    release = values(found, "actions-runner-controller", "runners")
    assert release["maxRunners"] == 20
    pod = release["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] and not pod["automountServiceAccountToken"]


def test_a_runner_of_gitlab_has_rights_over_its_pods_alone_and_its_token_is_not_in_git() -> None:
    found = cases.design("runners of GitLab")
    made = values(found, "gitlab-runner")
    assert made["rbac"]["clusterWideAccess"] is False
    granted = {name: rule["verbs"] for rule in made["rbac"]["rules"] for name in rule["resources"]}
    assert all(resource != "*" and "*" not in verbs for resource, verbs in granted.items())
    assert "list" not in granted["secrets"] and not any("token" in key.lower() for key in made)
    assert made["runners"]["secret"] == "gitlab-runner"
    assert made["gitlabUrl"] == "https://git.example.com/example"


def test_jobs_of_gitlab_run_without_root_and_without_an_account() -> None:
    found = view("on-premises", cases.DESIGNS["runners of GitLab"][1], cases.DESIGNS["runners of GitLab"][2],
                 {"runners.at-most": "20"})
    made = values(found, "gitlab-runner")
    config = tomllib.loads(made["runners"]["config"])["runners"][0]["kubernetes"]
    assert made["concurrent"] == 20 and config["privileged"] is False
    assert config["automount_service_account_token"] is False and config["pod_security_context"]["run_as_non_root"]


@pytest.mark.parametrize("name", ["runners", "runners of GitLab"])
def test_jobs_have_no_rights_and_hand_builds_to_a_daemon_without_root(name: str) -> None:
    found = cases.design(name)
    assert [one.id for one in found.providers("image-build")] == ["buildkit-in-cluster"]
    made = {body["kind"]: body for body in objects(found, "buildkit-in-cluster") if body["kind"] in ("Deployment", "Service")}
    pod = made["Deployment"]["spec"]["template"]["spec"]
    container, = pod["containers"]
    assert container["securityContext"]["runAsNonRoot"] and "privileged" not in container["securityContext"]
    assert not pod["automountServiceAccountToken"] and "--tlscacert" in container["args"]
    assert made["Service"]["spec"]["ports"][0]["port"] == 1234
    shown = [str(body) for runner in found.providers("runner-in-cluster") for body in objects(found, runner.id)]
    assert any("image-builder-client" in text and "key.pem" in text for text in shown)


def test_jobs_find_what_they_show_to_the_builder_and_run_in_the_image_that_is_named() -> None:
    said = {"runners.image": "harbor.example.com/platform/runner:1"}
    found = view("aws", cases.DESIGNS["runners"][1], cases.DESIGNS["runners"][2], said)
    pod = values(found, "actions-runner-controller", "runners")["template"]["spec"]
    assert pod["containers"][0]["image"] == "harbor.example.com/platform/runner:1"
    assert pod["containers"][0]["volumeMounts"][0]["mountPath"] == CERTIFICATES
    assert pod["volumes"][0]["secret"]["secretName"] == "image-builder-client"
    config = values(cases.design("runners of GitLab"), "gitlab-runner")["runners"]["config"]
    secret, = tomllib.loads(config)["runners"][0]["kubernetes"]["volumes"]["secret"]
    assert secret == {"name": "image-builder-client", "mount_path": CERTIFICATES, "read_only": True}


def test_a_builder_without_a_way_out_asks_the_own_registry_and_keeps_its_cache_below_its_volume() -> None:
    choices = {"registry": "harbor", "ci": "gitlab-ci", "runners": "gitlab-runner", "image-build": "buildkit-in-cluster"}
    found = view("on-premises", choices, {"air-gap": "yes", "own-images": "yes"})
    body = next(body for body in objects(found, "buildkit-in-cluster") if body["kind"] == "ConfigMap")
    said = tomllib.loads(body["data"]["buildkitd.toml"])
    host = said["registry"]["quay.io"]["mirrors"][0].removesuffix("/quay.io")
    assert said["registry"]["docker.io"]["mirrors"] == [f"{host}/docker.io"] and "mirrors" not in said["registry"].get(host, {})
    assert said["worker"]["oci"]["maxUsedSpace"] == "40GB"


_OWN_AUTHORITY = {"registry": "harbor", "certificates": "private-ca", "image-build": "buildkit-in-cluster",
                  "secrets": "external-secrets"}


def _of_secret(pod: dict[str, Any], place: str) -> str:
    """The Secret that is mounted at a place in the first container."""
    mount = next(entry for entry in pod["containers"][0]["volumeMounts"] if entry["mountPath"] == place)
    return str(next(entry for entry in pod["volumes"] if entry["name"] == mount["name"])["secret"]["secretName"])


def _made(found: View, component: str) -> set[str]:
    return {body["metadata"]["name"] for body in objects(found, component) if body["kind"] == "ExternalSecret"}


def test_builder_and_runners_of_gitlab_know_the_authority_of_the_registry_and_of_gitlab() -> None:
    choices = {**_OWN_AUTHORITY, "ci": "gitlab-ci", "runners": "gitlab-runner"}
    found = view("on-premises", choices, {"air-gap": "yes"}, {"runners.url": "https://git.shop.example"})
    host = found.address("registry")
    made = objects(found, "buildkit-in-cluster")
    said = tomllib.loads(next(body for body in made if body["kind"] == "ConfigMap")["data"]["buildkitd.toml"])
    pod = next(body for body in made if body["kind"] == "Deployment")["spec"]["template"]["spec"]
    assert said["registry"][host]["ca"] == [f"{authority.FOLDER}/ca.crt"]
    assert _of_secret(pod, authority.FOLDER) in _made(found, "buildkit-in-cluster")
    given = values(found, "gitlab-runner")
    runner = tomllib.loads(given["runners"]["config"])["runners"][0]
    mounted = {entry["mount_path"]: entry["name"] for entry in runner["kubernetes"]["volumes"]["secret"]}
    assert f"SSL_CERT_DIR=/etc/ssl/certs:{authority.FOLDER}" in runner["environment"]
    assert {mounted[authority.FOLDER], given["certsSecretName"]} <= _made(found, "gitlab-runner")
    assert "git.shop.example.crt" in str(objects(found, "gitlab-runner"))


def test_jobs_of_github_know_the_authority_of_the_registry_and_nobody_is_told_of_a_public_one() -> None:
    choices = {**_OWN_AUTHORITY, "ci": "github-actions", "runners": "actions-runner-controller"}
    found = view("on-premises", choices, {"air-gap": "no"})
    pod = values(found, "actions-runner-controller", "runners")["template"]["spec"]
    assert _of_secret(pod, authority.FOLDER) in _made(found, "actions-runner-controller")
    assert {"name": "NODE_EXTRA_CA_CERTS", "value": f"{authority.FOLDER}/ca.crt"} in pod["containers"][0]["env"]
    public = view("on-premises", {**choices, "certificates": "lets-encrypt"}, {"air-gap": "no"})
    assert authority.registry(public) is None
    assert authority.FOLDER not in str(values(public, "actions-runner-controller", "runners"))


def test_builders_that_want_a_daemon_or_root_are_ruled_out_where_jobs_run_as_pods() -> None:
    catalog = generated.real_catalog()
    assert catalog is not None
    rules = {"buildkit": "buildkit-daemon", "buildah": "buildah-in-pods", "buildpacks": "buildpacks-daemon"}
    for builder, rule in rules.items():
        answers = Answers(name="shop", choices={"runners": Said(("gitlab-runner",)), "image-build": Said((builder,))})
        with pytest.raises(Refused) as caught:
            resolve(answers, catalog, generated.engine(), reasons=False)
        assert rule in {named.id for named in caught.value.conflict.reason.rules}


def test_dex_passes_on_the_accounts_that_the_answers_name_where_the_code_host_is_neither_known() -> None:
    found = view("on-premises", {"sign-on": "dex"}, {"code-host": "other"}, settings={"sign-on.accounts": "https://id.shop.example"})
    connector, = values(found, "dex")["config"]["connectors"]
    assert connector["type"] == "oidc" and connector["config"]["issuer"] == "https://id.shop.example"
    assert connector["config"]["insecureEnableGroups"] and "groups" in connector["config"]["scopes"]


def test_pods_of_jobs_run_with_a_seccomp_profile() -> None:
    import tomllib

    found = view("on-premises", {"ci": "gitlab-ci", "runners": "gitlab-runner"}, {"code-host": "gitlab"})
    config = tomllib.loads(values(found, "gitlab-runner")["runners"]["config"])["runners"][0]["kubernetes"]
    pod = config["pod_security_context"]
    assert pod["run_as_non_root"] and pod["fs_group"] == 1000 and pod["seccomp_profile"] == {"type": "RuntimeDefault"}
    assert config["build_container_security_context"]["capabilities"] == {"drop": ["ALL"]}


def test_crossplane_takes_packages_from_the_mirror_where_nothing_leads_to_the_internet() -> None:
    for closed in ("yes", "no"):
        found = view("on-premises", {"infrastructure-as-code": "crossplane", "registry": "harbor"}, {"air-gap": closed},
                     settings={"registry.host": "harbor.shop.example"})
        configs = [obj["spec"] for obj in objects(found, "crossplane") if obj["kind"] == "ImageConfig"]
        assert [spec["rewriteImage"]["prefix"] for spec in configs] == (
            ["harbor.shop.example/xpkg.crossplane.io"] if closed == "yes" else [])


def test_dex_knows_every_tool_that_people_sign_in_to() -> None:
    found = view("on-premises", {"sign-on": "dex", "deployment": "argo-cd"})
    clients = values(found, "dex")["config"]["staticClients"]
    assert [client["id"] for client in clients] == ["kubernetes", "argo-cd", "grafana"]
    assert all(client["public"] for client in clients)


@pytest.mark.parametrize(
    ("choice", "settings", "admin", "asks"),
    [
        ("oidc-provider", {"sign-on.issuer": "https://sso.shop.example"}, False, True),
        ("oidc-provider", {}, True, True),
        ("aws-iam-identity", {}, True, False),
    ],
)
def test_the_account_of_argo_cd_is_closed_once_people_sign_on(
    choice: str, settings: dict[str, str], admin: bool, asks: bool
) -> None:
    found = values(view("aws", {"deployment": "argo-cd", "sign-on": choice}, settings=settings), "argo-cd")
    config = found["configs"]["cm"]
    assert config["admin.enabled"] is admin
    assert ("oidc.config" in config) is asks


@pytest.mark.parametrize(
    ("choice", "token"),
    [("keycloak", "https://sso.shop.example/protocol/openid-connect/token"), ("dex", "https://sso.shop.example/token"),
     ("oidc-provider", None)],
)
def test_grafana_lets_people_in_by_a_sign_on_whose_addresses_are_known(choice: str, token: str | None) -> None:
    said = {"sign-on.issuer": "https://sso.shop.example", "access.admin-group": "admins"}
    found = view("on-premises", {"dashboards": "grafana", "sign-on": choice}, settings=said)
    ini = values(found, "grafana")["grafana.ini"]
    assert ini.get("auth.generic_oauth", {}).get("token_url") == token
    assert ini.get("auth", {}).get("disable_login_form") == (True if token else None)
    waiting = view("on-premises", {"dashboards": "grafana", "sign-on": choice})
    assert "auth" not in values(waiting, "grafana")["grafana.ini"]


def test_what_asks_the_sign_on_is_let_through_to_it() -> None:
    said = {"sign-on.issuer": "https://sso.shop.example"}
    choices = {"dashboards": "grafana", "deployment": "argo-cd", "sign-on": "keycloak"}
    found = view("on-premises", choices, settings=said)
    asking = {edge.source.partition("@")[0] for edge in found.topology.edges if edge.target == "external:sso.shop.example"}
    assert asking == {"grafana", "argo-cd"}


def test_a_cluster_is_joined_to_argo_cd_without_an_account_of_its_own() -> None:
    """Sign-on closes its own account, and before sign-on nobody has another one."""
    catalog = generated.real_catalog()
    assert catalog is not None
    bank = answers_file.load(Path(__file__).parents[4] / "samples" / "bank" / "answers.yaml", catalog)
    design = resolve(bank, catalog, Engine(catalog), reasons=False)
    join = next(step for step in bootstrap.steps(design) if step.title == "Join the delivery tool")
    lines = join.command.splitlines()
    assert [line.split()[0] for line in lines] == ["kubectl", "argocd", "kubectl"]
    assert "--namespace argocd" in lines[0] and "--core" in lines[1] and "--namespace default" in lines[2]
