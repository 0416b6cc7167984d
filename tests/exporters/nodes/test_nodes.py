"""Files for machines: only what the programs that read them know, what the design decided, and never a secret."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml

from catalog.design import Design
from exporters import nodes, paths
from exporters.base import Earlier, Stamp
from exporters.manifests import modules
from exporters.manifests.view import View
from exporters.nodes import check, control_plane, machines
from exporters.nodes.distributions import kubeadm, talos
from exporters.records import runbooks
from tests.exporters.manifests import generated
from tests.exporters.manifests.components.checking import values, view

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

SECRET = re.compile(r"^\s*-?\s*(token|secret|certificateKey|etcd-s3-secret-key|password): (\S+)$", re.MULTILINE)
_SIGN_ON = {"sign-on": "oidc-provider"}
DESIGNS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "kubeadm with Cilium": ({"kubernetes": "kubeadm", "cni": "cilium", "etcd-encryption": "etcd-secretbox", **_SIGN_ON}, {}),
    "kubeadm with a key service": (
        {"kubernetes": "kubeadm", "cni": "calico", "etcd-encryption": "etcd-kms-v2", "registry": "harbor"},
        {"compliance": "regulated", "air-gap": "yes"},
    ),
    "RKE2 with Canal": ({"kubernetes": "rke2", "cni": "canal", "node-network": "wireguard"}, {}),
    "RKE2 cut off": (
        {"kubernetes": "rke2", "cni": "cilium", "registry": "harbor", "etcd-encryption": "etcd-kms-v2"},
        {"compliance": "regulated", "air-gap": "yes"},
    ),
    "k3s as it comes": (
        {"kubernetes": "k3s", "cni": "flannel", "load-balancer": "k3s-servicelb", "node-network": "wireguard"},
        {"availability": "99.5"},
    ),
    "k3s with Cilium": ({"kubernetes": "k3s", "cni": "cilium", "etcd-encryption": "none", "etcd-backup": "none"}, {}),
    "Talos with Cilium": ({"kubernetes": "talos", "cni": "cilium", **_SIGN_ON}, {}),
    "Talos with Flannel": (
        {"kubernetes": "talos", "cni": "flannel", "node-network": "wireguard", "etcd-encryption": "etcd-kms-v2"},
        {},
    ),
}


def seen(name: str) -> View:
    choices, context = DESIGNS[name]
    cloud = "other-cloud" if "wireguard" in choices.values() else "on-premises"
    return view(cloud, choices, context)


def exported(design: Design) -> dict[str, str]:
    return {entry.path: entry.data.decode() for entry in nodes.NodeConfiguration().export(design, Earlier(), Stamp())
            if hasattr(entry, "data")}


def read(name: str) -> dict[str, str]:
    """File name in the cluster's folder to text."""
    return {path.removeprefix("nodes/prod/"): text for path, text in exported(seen(name).design).items()}


def documents(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for file, text in read(name).items():
        if file.endswith(".yaml"):
            for body in yaml.safe_load_all(text):
                yield file, body


def told(path: str, text: str) -> str:
    """What the check says against one file."""
    findings, unverified = check.of_texts({path: text})
    assert unverified == []
    return "\n".join(str(finding) for finding in findings)


@pytest.mark.parametrize("name", DESIGNS)
def test_no_file_says_what_its_reader_does_not_know(name: str) -> None:
    files = exported(seen(name).design)
    assert check.of_texts(files) == ([], [])
    assert len(files) > 1


@pytest.mark.parametrize(("name", "file", "right", "wrong", "message"), [
    ("kubeadm with Cilium", "init.yaml", "controlPlaneEndpoint:", "controlPlaneEndpoints:", "did you mean"),
    ("kubeadm with Cilium", "init.yaml", "shutdownGracePeriod:", "shutdownGracePerod:", "did you mean"),
    ("kubeadm with Cilium", "init.yaml", "seccompDefault: true", "seccompDefault: 'yes'", "takes true or false"),
    ("kubeadm with Cilium", "init.yaml", "containerLogMaxFiles: 3", "containerLogMaxFiles: three", "takes a whole number"),
    ("kubeadm with Cilium", "init.yaml", "imageMaximumGCAge: 336h", "imageMaximumGCAge: 14d", "takes a duration"),
    ("kubeadm with Cilium", "init.yaml", "value: 'false'", "value: false", "takes text"),
    ("kubeadm with Cilium", "encryption.yaml", "secretbox:", "secretBox:", "is nothing that its reader knows"),
    ("kubeadm with Cilium", "authentication.yaml", "audiences:", "audience:", "is nothing that its reader knows"),
    ("kubeadm with Cilium", "audit-policy.yaml", "omitStages:", "omitStage:", "did you mean"),
    ("kubeadm with a key service", "certs.d/quay.io/hosts.toml", "override_path", "overide_path", "did you mean"),
    ("RKE2 cut off", "server.yaml", "cni:", "cnis:", "did you mean"),
    ("RKE2 cut off", "server.yaml", "etcd-snapshot-retention: 28", "etcd-snapshot-retention: many", "takes a whole number"),
    ("RKE2 cut off", "agent-general.yaml", "node-label:", "node-labels:", "did you mean"),
    ("RKE2 cut off", "registries.yaml", "endpoint:", "endpoints:", "did you mean"),
    ("k3s as it comes", "server.yaml", "flannel-backend:", "flannel-back-end:", "did you mean"),
    ("Talos with Cilium", "patch-all.yaml", "serializeImagePulls:", "serialiseImagePulls:", "did you mean"),
    ("Talos with Cilium", "patch-control-plane.yaml", "enabled: false", "enabled: off-please", "takes true or false"),
])
def test_a_planted_fault_is_told(name: str, file: str, right: str, wrong: str, message: str) -> None:
    text = read(name)[file]
    assert right in text
    assert told(f"nodes/prod/{file}", text) == ""
    assert message in told(f"nodes/prod/{file}", text.replace(right, wrong, 1))


def test_a_broken_file_and_one_of_a_kind_that_nobody_knows_are_told() -> None:
    assert told("nodes/prod/a.yaml", "a: [1\n").startswith("nodes/prod/a.yaml:2: broken YAML")
    assert "broken TOML" in told("nodes/prod/a.toml", "a =\n")
    findings, unverified = check.of_texts({"nodes/prod/a.yaml": "kind: BondConfig\napiVersion: v1alpha1\n", "b.yaml": "- 1\n"})
    assert [str(finding) for finding in findings] == ["b.yaml: a document: is no mapping"]
    assert unverified == ["nodes/prod/a.yaml: BondConfig is known to none of the programs that machines run here"]


def test_what_a_patch_takes_away_is_no_fault() -> None:
    text = "kind: KubeNodeConfig\napiVersion: v1alpha1\ntaints: {a: {$patch: delete}}\nlabels: {b: c}\n"
    assert told("a.yaml", text) == ""
    assert "`labels.b` takes text" in told("a.yaml", text.replace("b: c", "b: 1"))


def test_machines_that_are_servers_and_workers_are_not_kept_from_balancers() -> None:
    label = "node.kubernetes.io/exclude-from-external-load-balancers"
    few = view("on-premises", {"kubernetes": "kubeadm", "cni": "cilium"})
    shared = replace(machines.machines(few), dedicated=False)
    assert any(f"label nodes --all {label}-" in step[2] for step in kubeadm.steps(shared))
    assert not any(label in step[2] for step in nodes.steps(few))
    patches = [*yaml.safe_load_all(talos.files(shared)["patch-control-plane.yaml"])]
    assert next(body for body in patches if body["kind"] == "KubeNodeConfig")["labels"][label] == {"$patch": "delete"}


def test_a_benchmark_and_kernel_parameters_hold_for_workers_too() -> None:
    assert yaml.safe_load(read("RKE2 cut off")["agent-general.yaml"])["profile"] == "cis"
    assert yaml.safe_load(read("k3s with Cilium")["agent-general.yaml"])["protect-kernel-defaults"] is True


@pytest.mark.parametrize("name", DESIGNS)
def test_no_file_holds_a_secret_and_a_step_makes_each(name: str) -> None:
    commands = "\n".join(step[2] for step in nodes.steps(seen(name)))
    for file, text in read(name).items():
        for key, value in SECRET.findall(text):
            assert re.fullmatch(r"[A-Z_]+", value), f"{file}: {key}"
            assert value in commands, f"{file}: nothing puts {value} in"
        for place in re.findall(r"^(?:agent-)?token-file: (\S+)$", text, re.MULTILINE):
            assert f">{place}" in commands


@pytest.mark.parametrize("name", DESIGNS)
def test_every_file_is_used_by_a_step_and_every_step_uses_files_that_are_there(name: str) -> None:
    found = seen(name)
    commands = "\n".join(step[2] for step in nodes.steps(found))
    files = read(name)
    for file in re.findall(r"nodes/prod/([A-Za-z0-9./-]+\.yaml)", commands):
        assert file in files
    for file in files:
        whole = file in commands or file.partition("/")[0] == "certs.d"
        assert whole or re.match(r"(agent|join)-", file), f"{file} is used by no step"


@pytest.mark.parametrize("name", DESIGNS)
def test_steps_say_what_to_see_and_where_it_is_described(name: str) -> None:
    found = seen(name)
    for step in [*nodes.steps(found), *nodes.upgrade(found), *nodes.restore(found)]:
        assert all(step) and step[4].startswith("https://")


def test_a_managed_platform_gets_no_files_and_no_steps() -> None:
    found = view("gcp", {})
    assert exported(found.design) == {} and nodes.steps(found) == [] == nodes.upgrade(found) == nodes.restore(found)


def test_the_same_design_gives_the_same_files() -> None:
    assert read("RKE2 cut off") == read("RKE2 cut off")


def test_a_network_plugin_of_the_bootstrap_keeps_the_distributions_own_away() -> None:
    server = yaml.safe_load(read("k3s with Cilium")["server.yaml"])
    assert server["flannel-backend"] == "none" and server["disable-network-policy"] and server["disable-kube-proxy"]
    assert yaml.safe_load(read("RKE2 cut off")["server.yaml"])["cni"] == "none"
    patch = [body for file, body in documents("Talos with Cilium") if file == "patch-control-plane.yaml"]
    assert {"apiVersion": "v1alpha1", "kind": "KubeFlannelCNIConfig", "$patch": "delete"} in patch
    assert {"apiVersion": "v1alpha1", "kind": "KubeProxyConfig", "enabled": False} in patch
    init = next(body for _, body in documents("kubeadm with Cilium") if body["kind"] == "InitConfiguration")
    assert init["skipPhases"] == ["addon/kube-proxy"]


def test_kube_proxy_stays_where_the_network_plugin_does_not_replace_it() -> None:
    init = next(body for _, body in documents("kubeadm with a key service") if body["kind"] == "InitConfiguration")
    assert "skipPhases" not in init


def test_a_packaged_network_plugin_enforces_policies_and_encrypts_between_nodes() -> None:
    assert yaml.safe_load(read("k3s as it comes")["server.yaml"])["flannel-backend"] == "wireguard-native"
    assert "backend: wireguard" in read("RKE2 with Canal")["network.yaml"]
    patch = [body for _, body in documents("Talos with Flannel")]
    assert any(body.get("kubeNetworkPoliciesEnabled") for body in patch)
    assert any(body["kind"] == "KubeSpanConfig" and body["enabled"] for body in patch)


def test_packaged_parts_stay_where_the_design_uses_them() -> None:
    assert "servicelb" not in yaml.safe_load(read("k3s as it comes")["server.yaml"])["disable"]
    assert "servicelb" in yaml.safe_load(read("k3s with Cilium")["server.yaml"])["disable"]


def test_secrets_are_encrypted_in_etcd_as_decided() -> None:
    key = next(body for file, body in documents("kubeadm with Cilium") if file == "encryption.yaml")
    first, last = key["resources"][0]["providers"]
    assert first["secretbox"]["keys"][0]["secret"] == control_plane.KEY and last == {"identity": {}}
    for name in ("kubeadm with a key service", "RKE2 cut off", "Talos with Flannel"):
        assert any("unix:///var/run/kmsplugin/socket.sock" in text for text in read(name).values()), name
    assert yaml.safe_load(read("k3s with Cilium")["server.yaml"])["secrets-encryption"] is False


def test_snapshots_follow_their_settings_and_go_to_the_bucket() -> None:
    server = yaml.safe_load(read("RKE2 cut off")["server.yaml"])
    assert server["etcd-snapshot-retention"] == 28 and server["etcd-s3"] is True and "etcd-s3-access-key" not in server
    assert yaml.safe_load(read("k3s with Cilium")["server.yaml"])["etcd-disable-snapshots"] is True


def test_without_a_way_out_images_come_from_the_own_registry_alone() -> None:
    server = yaml.safe_load(read("RKE2 cut off")["server.yaml"])
    assert server["disable-default-registry-endpoint"] is True
    mirrors = yaml.safe_load(read("RKE2 cut off")["registries.yaml"])["mirrors"]
    assert mirrors["quay.io"]["rewrite"] == {"^(.*)$": "quay.io/$1"}
    hosts = {file: tomllib.loads(text) for file, text in read("kubeadm with a key service").items() if file.endswith(".toml")}
    own = yaml.safe_load(read("RKE2 cut off")["registries.yaml"])["configs"]
    assert set(hosts) == {f"certs.d/{name}/hosts.toml" for name in (*mirrors, *own)}
    assert all(body["server"].endswith(file.split("/")[1]) and body["override_path"] for file, body in hosts.items()
               if file.split("/")[1] in mirrors)


def test_whose_tokens_count_is_what_sign_on_says_and_no_token_makes_a_system_group() -> None:
    body = next(body for file, body in documents("kubeadm with Cilium") if file == "authentication.yaml")
    assert body["jwt"][0]["issuer"]["url"] == "https://sso.example.com"
    assert "system:" in body["jwt"][0]["userValidationRules"][0]["expression"]


def test_the_bodies_of_secrets_are_never_in_the_audit_log() -> None:
    rules = control_plane.audit_policy()["rules"]
    first = next(at for at, rule in enumerate(rules) if "secrets" in str(rule.get("resources")))
    assert rules[first]["level"] == "Metadata"
    assert not any(rule["level"] in ("Request", "RequestResponse") for rule in rules[:first])


def test_few_machines_are_all_servers_and_many_have_a_control_plane_of_their_own() -> None:
    many = read("RKE2 with Canal")
    assert "agent-general.yaml" in many
    assert yaml.safe_load(many["agent-general.yaml"])["node-label"] == ["k8s-wizard.dev/pool=general"]
    assert yaml.safe_load(many["server.yaml"])["node-taint"] == ["node-role.kubernetes.io/control-plane=true:NoSchedule"]


def test_the_runbook_starts_with_the_machines() -> None:
    from exporters.manifests import bootstrap

    titles = [step.title for step in bootstrap.steps(seen("k3s as it comes").design)]
    assert titles.index("Tokens") < titles.index("Reach the cluster")


def test_files_stand_outside_of_what_is_applied() -> None:
    found = exported(seen("kubeadm with Cilium").design)
    assert found and all(path.startswith(f"{paths.NODES}/prod/") for path in found)


@pytest.mark.parametrize("distribution", ["kubeadm", "rke2", "talos"])
def test_machines_know_the_authority_that_signs_the_registry(distribution: str) -> None:
    choices = {"kubernetes": distribution, "registry": "harbor", "certificates": "private-ca"}
    found = view("on-premises", choices, {"air-gap": "yes"})
    host = str(found.address("registry"))
    made = exported(found.design)
    brought = [step for step in nodes.steps(found) if step[0] == "The company's authority"]
    assert len(brought) == 1 and "<ROOT CERTIFICATE>" in brought[0][2]
    if distribution == "rke2":
        configs = yaml.safe_load(made["nodes/prod/registries.yaml"])["configs"]
        assert brought[0][2].endswith(configs[host]["tls"]["ca_file"])
    elif distribution == "kubeadm":
        said = tomllib.loads(made[f"nodes/prod/certs.d/{host}/hosts.toml"])
        mirrored = tomllib.loads(made["nodes/prod/certs.d/quay.io/hosts.toml"])
        assert brought[0][2].endswith(said["ca"])
        assert mirrored["ca"] == said["ca"] == mirrored["host"][f"https://{host}/v2/quay.io"]["ca"]
    else:
        roots = brought[0][2].rpartition(">")[2]
        assert any(f"--config-patch @{roots}" in step[2] for step in nodes.steps(found))
    assert check.of_texts(made)[0] == []


@pytest.mark.parametrize("distribution", ["kubeadm", "rke2", "k3s", "talos"])
@pytest.mark.parametrize("compliance", ["personal-data", "regulated"])
def test_what_prometheus_asks_of_a_control_plane_is_what_its_machines_show(distribution: str, compliance: str) -> None:
    seen = view("on-premises", {"kubernetes": distribution, "cni": "cilium", "metrics": "prometheus"}, {"compliance": compliance})
    files = "\n".join(exported(seen.design).values())
    asked = values(seen, "prometheus", "kube-prometheus-stack")
    opened = re.findall(r"bind-address[\s\S]{0,20}0\.0\.0\.0", files)
    assert asked["kubeControllerManager"]["enabled"] == asked["kubeScheduler"]["enabled"] == (len(opened) == 2)
    assert asked["kubeEtcd"]["enabled"] == bool(re.search(r"etcd-expose-metrics: true|http://0\.0\.0\.0:2381", files))
    assert not asked["kubeProxy"]["enabled"]
    reached = {flow.port for flow in seen.topology.edges if flow.source == "prometheus@prod" and flow.target == "nodes@prod"}
    for part, port in (("kubeControllerManager", 10257), ("kubeScheduler", 10259), ("kubeEtcd", 2381)):
        assert (port in reached) == asked[part]["enabled"], part
    rules = asked["defaultRules"]["rules"]
    assert rules["kubeControllerManager"] == asked["kubeControllerManager"]["enabled"]
    assert rules["etcd"] == asked["kubeEtcd"]["enabled"] and not rules["kubeProxy"]


@pytest.mark.parametrize("distribution", ["kubeadm", "rke2", "k3s"])
@pytest.mark.parametrize("registry", ["harbor", "quay"])
def test_machines_of_a_closed_network_are_given_the_images_that_no_registry_gives_yet(distribution: str, registry: str) -> None:
    seen = view("on-premises", {"kubernetes": distribution, "cni": "cilium", "registry": registry}, {"air-gap": "yes"})
    steps = nodes.steps(seen)
    at = next(at for at, step in enumerate(steps) if step[0].startswith("Carry"))
    first = next(at for at, step in enumerate(steps) if step[0].startswith("The first"))
    assert at < first
    assert ("all charts up to the registry" in steps[at][1]) == (registry == "harbor")


@pytest.mark.parametrize("point", ["1h", "4h", "24h"])
def test_copies_of_etcd_reach_back_a_week_and_do_not_fill_the_disks_of_servers(point: str) -> None:
    choices = {"kubernetes": "rke2", "cni": "cilium", "backup": "velero", "backup-destination": "off-site-bucket"}
    seen = view("on-premises", choices, {"recovery-point": point})
    server = yaml.safe_load(next(text for path, text in exported(seen.design).items() if path.endswith("/server.yaml")))
    _, hours, *_ = server["etcd-snapshot-schedule-cron"].split()
    every = 1 if hours == "*" else int(hours.removeprefix("*/")) if "/" in hours else 24
    assert server["etcd-s3-retention"] * every >= 7 * 24 and server["etcd-snapshot-retention"] <= 28


def _lines(steps: list[nodes.Step]) -> list[str]:
    return [line for step in steps for line in step[2].splitlines()]


def test_a_copy_of_etcd_is_fetched_from_where_the_job_puts_it_and_laid_in_place_before_etcd_starts() -> None:
    found = view("on-premises", {"kubernetes": "kubeadm", "cni": "cilium", "etcd-encryption": "etcd-secretbox"})
    component = found.design.catalog.components["etcd-backup-job"]
    job = next(obj for obj in modules.hook(component.id, "objects")(found.of(component)) if obj["kind"] == "CronJob")
    send = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    target = re.search(r'copyto /scratch/etcd.db "([^"]+)/\$name"', send["command"][-1])
    assert target is not None
    lines = _lines(nodes.restore(found))
    fetch, stop, lay, start = (next(at for at, line in enumerate(lines) if word in line) for word in (
        f"rclone copyto {target[1]}/", "/root/stopped && cd", "etcdutl snapshot restore", "cd /root/stopped"))
    assert fetch < stop < lay < start
    told = " ".join(lines)
    for entry in send["env"]:
        assert f"{entry['name']}={entry.get('value', '')}" in told, "rclone is told what the job is told"
    assert "--bump-revision" in lines[lay] and lines[lay].count(":2380") == machines.machines(found).servers
    kept = next(step for step in nodes.steps(found) if step[0] == "Authorities of the cluster")
    assert kept[2].split("-czf ")[1].split()[0] in told, "new machines get the authorities that the bootstrap kept"
    assert "kept key for what lies in etcd" in nodes.restore(found)[-1][1]


@pytest.mark.parametrize(("name", "service"), [("RKE2 cut off", "rke2-server"), ("k3s as it comes", "k3s")])
def test_servers_are_stopped_set_back_and_started_one_after_the_other(name: str, service: str) -> None:
    found = seen(name)
    lines = _lines(nodes.restore(found))
    order = [f"systemctl stop {service}", "--cluster-reset-restore-path=", f"systemctl start {service}",
             f"server/db && systemctl start {service}"][: 4 if machines.machines(found).servers > 1 else 3]
    places = [next(at for at, line in enumerate(lines) if word in line) for word in order]
    assert places == sorted(places)


def test_the_folder_for_keys_of_the_bucket_is_there_before_they_are_written() -> None:
    line = next(line for line in _lines(nodes.steps(seen("RKE2 cut off"))) if "20-snapshots.yaml" in line)
    assert line.startswith("install -d -m 0700 /etc/rancher/rke2/config.yaml.d && "), "nothing else makes it on a first server"


def test_nothing_is_brought_back_where_nothing_is_saved() -> None:
    assert nodes.restore(seen("k3s with Cilium")) == []


def test_the_runbook_tells_how_etcd_comes_back() -> None:
    design = seen("Talos with Cilium").design
    pages = {entry.path: entry.data.decode() for entry in runbooks.EXPORTER.export(design, Earlier(), Stamp())
             if hasattr(entry, "data")}
    page = pages[paths.runbook("restore")]
    assert "Where only etcd is lost" in page and "bootstrap --recover-from=./db.snapshot" in page
    assert page.index("## A lost etcd: `prod`") < page.index("## A lost cluster: `prod`")


def test_talos_machines_of_a_closed_network_have_a_cache_of_images_and_a_clock_of_the_company() -> None:
    found = view("on-premises", {"kubernetes": "talos", "cni": "cilium", "registry": "harbor"}, {"air-gap": "yes"})
    made = exported(found.design)
    documents = {entry["kind"]: entry for entry in yaml.safe_load_all(made["nodes/prod/patch-all.yaml"])}
    assert documents["ImageCacheConfig"]["local"] == {"enabled": True}
    assert documents["VolumeConfig"]["name"] == "IMAGECACHE"
    assert documents["DiscoveryServiceConfig"]["$patch"] == "delete", "the public service is out of reach"
    lines = _lines(nodes.steps(found))
    cache, medium, told, first = (next(at for at, line in enumerate(lines) if word in line) for word in (
        "cache-create", "--image-cache /image-cache.oci", "talosctl gen config", "talosctl bootstrap"))
    assert cache < medium < told < first
    clock = next(line for line in lines if "TimeSyncConfig" in line)
    assert f"--config-patch @{clock.rpartition('>')[2]}" in lines[told], "etcd waits for a clock that is right"
    assert check.of_texts(made)[0] == []
    assert "ImageCacheConfig" not in read("Talos with Cilium")["patch-all.yaml"]


def test_talos_machines_are_told_who_asks_before_etcd_is_started() -> None:
    lines = [line for step in nodes.steps(seen("Talos with Cilium")) for line in step[2].splitlines()]
    at = lines.index("talosctl bootstrap --nodes <FIRST CONTROL PLANE MACHINE>")
    assert lines.index("talosctl config merge ~/.talos/prod/talosconfig") < at
    assert lines.index("talosctl config endpoint <CONTROL PLANE MACHINES>") < at
