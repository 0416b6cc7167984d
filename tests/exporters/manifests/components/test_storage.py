"""Modules of the storage layer, and of what stands on it: classes, buckets, databases, pools of nodes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from catalog.loader import BUILT_IN
from catalog.windows import window
from catalog.workloads import Pool
from exporters.manifests import routes
from exporters.manifests.components import longhorn
from exporters.manifests.families import node_pools, windows
from exporters.manifests.modules import hook
from exporters.manifests.references import Obj
from exporters.manifests.view import View
from tests.exporters.manifests import generated
from tests.exporters.manifests.components.checking import charts, objects, values, view, wrong_objects, wrong_values
from tests.exporters.manifests.components.test_modules import MODULES, _mentions
from tests.exporters.manifests.test_check import needs_shared

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

_CEPH = {
    "block-storage": "ceph",
    "distributed-storage": "ceph",
    "storage-operator": "rook",
    "file-storage": "ceph",
    "object-storage": "ceph",
}
_HORN = {"block-storage": "longhorn", "distributed-storage": "longhorn", "storage-operator": "none"}
_SNAPSHOTS = {"volume-snapshots": "csi-snapshots"}

DESIGNS: dict[str, tuple[str, dict[str, str], dict[str, str], dict[str, str]]] = {
    # name: (cloud, choices, context, settings)
    "Ceph for everything": (
        "on-premises",
        {
            **_CEPH,
            **_SNAPSHOTS,
            "kubernetes": "kubeadm",
            "etcd-backup": "etcd-backup-job",
            "registry": "harbor",
            "log-store": "loki",
            "data-stores": "cloudnative-pg,strimzi",
            "metrics": "prometheus",
        },
        {"state": "inside"},
        {},
    ),
    "Ceph under supervision": ("on-premises", _CEPH, {"compliance": "regulated"}, {}),
    "Longhorn": (
        "on-premises",
        {**_HORN, **_SNAPSHOTS, "kubernetes": "rke2", "file-storage": "longhorn", "object-storage": "off-site-s3"},
        {},
        {},
    ),
    "a filer": (
        "on-premises",
        {**_HORN, "kubernetes": "rke2", "file-storage": "nfs"},
        {},
        {"nfs.server": "filer.example.com", "nfs.share": "/vol/k8s"},
    ),
    "GKE": (
        "gcp",
        {
            **_SNAPSHOTS,
            "kubernetes": "gke-standard",
            "file-storage": "filestore",
            "object-storage": "gcs",
            "registry": "harbor",
            "data-stores": "cloudnative-pg",
        },
        {"state": "inside"},
        {},
    ),
    "EKS": (
        "aws",
        {
            **_SNAPSHOTS,
            "kubernetes": "eks",
            "block-storage": "aws-ebs-csi",
            "file-storage": "efs",
            "object-storage": "s3",
            "node-autoscaling": "karpenter",
            "registry": "harbor",
            "data-stores": "cloudnative-pg",
        },
        {"state": "inside"},
        {},
    ),
    "Auto Mode": ("aws", {"kubernetes": "eks-auto-mode", "block-storage": "eks-auto-mode"}, {}, {}),
    "AKS": (
        "azure",
        {
            **_SNAPSHOTS,
            "kubernetes": "aks",
            "file-storage": "azure-files",
            "object-storage": "azure-blob",
            "node-autoscaling": "aks-node-provisioning",
            "registry": "harbor",
            "data-stores": "cloudnative-pg",
        },
        {"compliance": "regulated", "state": "inside"},
        {},
    ),
}

OWN = {path.stem for path in (BUILT_IN / "components" / "storage").glob("*.yaml")} | {
    "karpenter",
    "eks-auto-mode",
    "aks-node-provisioning",
    "harbor",
    "etcd-backup-job",
}


@cache
def design(name: str) -> View:
    cloud, choices, context, settings = DESIGNS[name]
    return view(cloud, choices, context, settings)


def mine(found: View) -> list[str]:
    return [entry.id for entry in found.design.selected() if entry.id in OWN]


def made(found: View) -> list[Obj]:
    return [obj for entry in mine(found) if hook(entry, "objects") for obj in objects(found, entry)]


def kinds(found: View, kind: str) -> dict[str, Obj]:
    return {obj["metadata"]["name"]: obj for obj in made(found) if obj["kind"] == kind}


def default(found: View) -> list[str]:
    mark = "storageclass.kubernetes.io/is-default-class"
    return [name for name, obj in kinds(found, "StorageClass").items() if obj["metadata"].get("annotations", {}).get(mark)]


def encrypted(obj: Obj, word: str) -> bool:
    return any(word in str(value) for value in obj["parameters"].values())


# ---- what holds for all


@needs_shared
@pytest.mark.parametrize("name", DESIGNS)
def test_every_value_exists_in_its_chart(name: str) -> None:
    found = design(name)
    components = found.design.catalog.components
    installed = [entry for entry in mine(found) if components[entry].support == "installable"]
    assert [wrong for entry in installed for wrong in wrong_values(found, entry)] == []


@needs_shared
@pytest.mark.parametrize("name", DESIGNS)
def test_every_object_fits_its_schema(name: str) -> None:
    found = design(name)
    # The kind of the plugin for backups has no definition beside the others.
    wrong = [entry for entry in wrong_objects(made(found), found.kubernetes_minor) if "barmancloud.cnpg.io" not in entry]
    assert wrong == []


@pytest.mark.parametrize("name", DESIGNS)
def test_no_secret_value_is_written(name: str) -> None:
    assert list(kinds(design(name), "Secret")) == []


@pytest.mark.parametrize("name", DESIGNS)
def test_no_object_is_made_twice(name: str) -> None:
    places = [(obj["kind"], obj["metadata"].get("namespace"), obj["metadata"]["name"]) for obj in made(design(name))]
    assert sorted(map(str, places)) == sorted(map(str, set(places)))


@pytest.mark.parametrize("name", DESIGNS)
def test_one_class_is_the_default_and_it_is_the_one_that_others_ask_for(name: str) -> None:
    found = design(name)
    assert default(found) == [found.storage_class()]


@pytest.mark.parametrize("name", [name for name in DESIGNS if "file-storage" in DESIGNS[name][1]])
def test_shared_files_have_a_class_that_is_no_default(name: str) -> None:
    found = design(name)
    shared = found.storage_class("file")
    assert shared in kinds(found, "StorageClass") and shared not in default(found)


def test_no_module_asks_for_another_component() -> None:
    catalog = generated.real_catalog()
    assert catalog is not None
    words = set(catalog.components) - {"aws", "gcp", "azure", "none", "gcs", "s3", "nfs"}
    files = [path for path in sorted(MODULES.glob("*.py")) if path.stem.replace("_", "-") in OWN]
    assert {path.name: found for path in files if (found := _mentions(path, words))} == {}


# ---- clouds


@pytest.mark.parametrize("name", ["GKE", "EKS", "AKS", "Auto Mode"])
def test_a_disk_is_made_where_its_pod_runs(name: str) -> None:
    found = design(name)
    (chosen,) = default(found)
    assert kinds(found, "StorageClass")[chosen]["volumeBindingMode"] == "WaitForFirstConsumer"


def test_disks_outlive_a_zone_in_production_alone() -> None:
    choices = {"kubernetes": "gke-standard"}
    assert design("GKE").storage_class() == "pd-balanced-regional"
    assert view("gcp", choices, environment="dev").storage_class() == "pd-balanced"


@pytest.mark.parametrize(
    ("cloud", "choices", "word"),
    [
        ("gcp", {"kubernetes": "gke-standard"}, "cryptoKeys/"),
        ("aws", {"kubernetes": "eks", "block-storage": "aws-ebs-csi"}, "arn:aws:kms"),
        ("azure", {"kubernetes": "aks"}, "diskEncryptionSets/"),
    ],
)
def test_supervised_data_lies_under_a_key_of_ones_own(cloud: str, choices: dict[str, str], word: str) -> None:
    for compliance, expected in (("regulated", True), ("none", False)):
        found = view(cloud, choices, {"compliance": compliance})
        (chosen,) = default(found)
        assert encrypted(kinds(found, "StorageClass")[chosen], word) is expected


def test_snapshots_have_a_class_only_where_they_were_chosen() -> None:
    without = view("gcp", {"kubernetes": "gke-standard", "volume-snapshots": "none"})
    assert list(kinds(design("GKE"), "VolumeSnapshotClass")) != [] and list(kinds(without, "VolumeSnapshotClass")) == []


@pytest.mark.parametrize(("name", "protocol"), [("GKE", "gcs"), ("EKS", "s3"), ("AKS", "azure")])
def test_buckets_of_the_own_cloud_need_no_keys(name: str, protocol: str) -> None:
    found = design(name).of("harbor")
    store = found.object_store("logs")
    assert store is not None and store.protocol == protocol
    assert store.identity is found.capability("workload-identity") and (store.secret is None) is store.identity


# ---- own machines


def test_copies_spread_over_as_many_zones_as_there_are_copies() -> None:
    pool = kinds(design("Ceph for everything"), "CephBlockPool")["ceph-block"]
    assert pool["spec"] == {"failureDomain": "zone", "replicated": {"size": 3, "requireSafeReplicaSize": True}}
    fewer = view("on-premises", _CEPH, settings={"storage.replicas": "2"})
    assert kinds(fewer, "CephBlockPool")["ceph-block"]["spec"]["replicated"]["size"] == 2


def test_a_bucket_of_ceph_is_owned_by_a_user_whose_keys_the_secret_store_has() -> None:
    found = design("Ceph for everything")
    store = found.of("loki").object_store("logs")
    assert store is not None and store.secret is not None and store.endpoint == "http://rook-ceph-rgw-objects.rook-ceph.svc:8080"
    by_kind = {obj["kind"]: obj for obj in store.secret.objects}
    user, claim = by_kind["CephObjectStoreUser"], by_kind["ObjectBucketClaim"]
    assert claim["spec"]["bucketName"] == store.bucket
    assert claim["spec"]["additionalConfig"]["bucketOwner"] == user["metadata"]["name"]
    operator = values(found, "rook", "rook-ceph")
    assert "bucketOwner" in operator["obcAllowAdditionalConfigFields"]


def test_supervised_ceph_encrypts_disks_and_wires() -> None:
    spec = values(design("Ceph under supervision"), "rook", "rook-ceph-cluster")["cephClusterSpec"]
    assert spec["storage"]["config"] == {"encryptedDevice": "true"}
    assert spec["network"]["connections"]["requireMsgr2"] is True
    assert "network" not in values(design("Ceph for everything"), "rook", "rook-ceph-cluster")["cephClusterSpec"]


def test_longhorn_runs_where_nodes_keep_other_pods_away() -> None:
    found = design("Longhorn")
    pools = (Pool(name="general"), Pool(name="batch", taints=("batch=true:NoSchedule", "slow:NoExecute")))
    tainted = replace(found.of("longhorn"), cluster=found.cluster.model_copy(update={"pools": pools}), memo={})
    made = longhorn.values(tainted)
    assert made["defaultSettings"]["taintToleration"] == "batch=true:NoSchedule; slow:NoExecute"
    assert [entry["operator"] for entry in made["global"]["tolerations"]] == ["Equal", "Exists"]
    assert "global" not in longhorn.values(found.of("longhorn"))


def test_longhorn_sends_copies_of_volumes_to_a_bucket_by_reference() -> None:
    found = values(design("Longhorn"), "longhorn")
    assert found["defaultBackupStore"]["backupTarget"].startswith("s3://")
    assert found["defaultBackupStore"]["backupTargetCredentialSecret"] == "longhorn-backup"


def test_the_filer_of_the_answers_is_mounted() -> None:
    parameters = kinds(design("a filer"), "StorageClass")["nfs"]["parameters"]
    assert (parameters["server"], parameters["share"]) == ("filer.example.com", "/vol/k8s")


def test_the_copy_of_etcd_finds_its_keys_in_its_own_namespace() -> None:
    found = made(design("Ceph for everything"))
    job = next(obj for obj in found if obj["kind"] == "CronJob" and obj["metadata"]["name"] == "etcd-backup")
    container = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    named = {entry["valueFrom"]["secretKeyRef"]["name"] for entry in container["env"] if "valueFrom" in entry}
    there = {obj["metadata"]["name"] for obj in found if obj["metadata"].get("namespace") == job["metadata"]["namespace"]}
    assert named and named <= there


# ---- what stands on storage


@pytest.mark.parametrize("name", ["Ceph for everything", "GKE", "EKS", "AKS"])
def test_a_registry_gets_its_database_from_an_operator_where_there_is_one(name: str) -> None:
    found = design(name)
    external = values(found, "harbor")["database"]["external"]
    database = kinds(found, "Cluster")["harbor"]
    assert external["host"] == f"harbor-rw.{database['metadata']['namespace']}.svc"
    assert database["spec"]["bootstrap"]["initdb"]["owner"] == external["username"]
    assert database["spec"]["instances"] == found.quorum()


def test_a_registry_has_a_way_in_for_its_own_host() -> None:
    found = design("Ceph for everything")
    exposed: dict[str, Any] = values(found, "harbor")["expose"]
    if exposed["type"] == "route":
        (parent,) = exposed["route"]["parentRefs"]
        gateway = routes.entrance(found)[0]
        assert (gateway["metadata"]["name"], gateway["metadata"]["namespace"]) == (parent["name"], parent["namespace"])
        listener = next(entry for entry in gateway["spec"]["listeners"] if entry["name"] == parent["sectionName"])
        assert listener["hostname"] == exposed["route"]["hosts"][0]
        allowed = listener["allowedRoutes"]["namespaces"]["selector"]["matchLabels"]
        assert allowed == {"kubernetes.io/metadata.name": "harbor"}, "nobody else has a route at the registry's host"
    else:
        assert exposed["ingress"]["hosts"]["core"]


def test_volumes_of_ceph_are_mounted_by_drivers_of_a_chart_of_their_own() -> None:
    found = design("Ceph for everything")
    order = [mine.release for mine in charts(found, "rook")]
    assert order == ["rook-ceph", "ceph-csi-drivers", "rook-ceph-cluster"], "the drivers' kinds come with the operator"
    drivers = values(found, "rook", "ceph-csi-drivers")["drivers"]
    named = {entry["name"] for entry in drivers.values() if entry["enabled"]}
    provisioners = {obj["provisioner"] for obj in kinds(found, "StorageClass").values()}
    classes = {entry for entry in provisioners if entry.endswith(".csi.ceph.com")}
    assert classes == named
    assert {obj["driver"] for obj in kinds(found, "VolumeSnapshotClass").values()} <= named
    assert {entry["snapshotPolicy"] for entry in drivers.values() if entry["enabled"]} == {"volumeSnapshot"}


def test_agents_that_mount_run_on_nodes_that_keep_other_pods_away() -> None:
    found = design("Ceph for everything")
    pools = (Pool(name="disks", taints=("storage=only:NoSchedule",)), Pool(name="general"))
    tainted = replace(found, cluster=found.cluster.model_copy(update={"pools": pools}), memo={})
    agents = values(tainted, "rook", "ceph-csi-drivers")["drivers"]["rbd"]["nodePlugin"]
    assert agents["tolerations"] == [{"key": "storage", "operator": "Equal", "value": "only", "effect": "NoSchedule"}]


def test_databases_are_copied_to_a_bucket_every_night() -> None:
    found = design("EKS")
    assert set(kinds(found, "ScheduledBackup")) == {"harbor", "postgresql"}
    plugin = kinds(found, "Cluster")["postgresql"]["spec"]["plugins"][0]
    assert plugin["isWALArchiver"] and plugin["parameters"]["barmanObjectName"] == "postgresql"
    archive = kinds(found, "ObjectStore")["postgresql"]["spec"]
    assert archive["configuration"]["destinationPath"].startswith("s3://") and "serverName" not in archive["configuration"]
    asked = kinds(found, "ScheduledBackup")["postgresql"]["spec"]
    assert (asked["method"], asked["pluginConfiguration"]["name"]) == ("plugin", plugin["name"])


def test_without_certificates_the_operator_copies_by_itself_and_the_plugin_stays_away() -> None:
    choices = {"data-stores": "cloudnative-pg", "object-storage": "off-site-s3", "certificate-automation": "none"}
    found = view("on-premises", choices, {"state": "inside"})
    assert [mine.release for mine in charts(found, "cloudnative-pg")] == ["cnpg"]
    spec = next(obj for obj in objects(found, "cloudnative-pg") if obj["kind"] == "Cluster")["spec"]
    assert spec["backup"]["barmanObjectStore"]["serverName"] == "postgresql" and "plugins" not in spec


def test_brokers_keep_a_message_on_more_than_one_node() -> None:
    found = design("Ceph for everything")
    config = kinds(found, "Kafka")["kafka"]["spec"]["kafka"]["config"]
    assert (config["default.replication.factor"], config["min.insync.replicas"]) == (3, 2)


# ---- pools of nodes


def test_machines_that_drift_are_replaced_in_the_window_only() -> None:
    found = kinds(design("EKS"), "NodePool")["general"]["spec"]["disruption"]["budgets"]
    closed = [budget for budget in found if budget["nodes"] == "0"]
    assert {(budget["schedule"], budget["duration"]) for budget in closed} == {
        ("0 5 * * 2,3", "21h"),
        ("0 5 * * 4", "117h"),
    }


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("02:00-05:00 UTC", {("0 5 * * *", "21h")}),
        ("22:30-02:00 UTC", {("0 2 * * *", "20h30m")}),
        ("Sun 02:30-05:30 Asia/Kolkata", {("0 0 * * 0", "165h")}),
        ("Sat-Sun 00:00-24:00 UTC", {("0 0 * * 1", "120h")}),
        ("Mon 02:30-05:30 Europe/Berlin", {("30 3 * * 1", "166h")}),
        ("00:00-24:00 UTC", set()),
    ],
)
def test_a_window_is_closed_in_utc_whenever_it_may_be_closed(said: str, expected: set[tuple[str, str]]) -> None:
    assert set(windows.closed(window(said))) == expected


def test_nodes_are_upgraded_in_the_window_and_servers_first() -> None:
    found = view("on-premises", {"kubernetes": "rke2", "cluster-upgrades": "system-upgrade-controller"})
    plans = {obj["metadata"]["name"]: obj["spec"] for obj in objects(found, "system-upgrade-controller") if obj["kind"] == "Plan"}
    # The first part of 02:00 to 05:00 is for what reboots machines.
    times = {"days": ["2", "3", "4"], "startTime": "03:45", "endTime": "05:00", "timeZone": "UTC"}
    assert {name: plan["window"] for name, plan in plans.items()} == {"servers": times, "agents": times}
    assert plans["agents"]["prepare"]["args"] == ["prepare", "servers"]
    assert all(plan["tolerations"] == [{"operator": "Exists"}] for plan in plans.values())


def test_taints_are_read_as_people_write_them() -> None:
    assert node_pools.taint_of("batch=true:NoSchedule") == {"key": "batch", "value": "true", "effect": "NoSchedule"}
    assert node_pools.taint_of("batch:NoExecute") == {"key": "batch", "effect": "NoExecute"}
    assert node_pools.taint_of("batch") is None



def test_nodes_that_can_be_taken_away_keep_others_off_as_their_platform_does() -> None:
    theirs = {"key": "kubernetes.azure.com/scalesetpriority", "value": "spot", "effect": "NoSchedule"}
    for provider, taint in (("karpenter.k8s.aws", node_pools.SPOT_TAINT), ("karpenter.azure.com", theirs)):
        found = design("EKS")
        pool = Pool(name="cheap", spot=True, architecture="arm64", at_most=4)
        clustered = replace(found, cluster=found.cluster.model_copy(update={"pools": (pool,)}))
        (made_,) = node_pools.pools(clustered, {}, provider, general=False, spot_taint=taint)
        template = made_["spec"]["template"]["spec"]
        assert template["taints"] == [dict(taint)] and made_["spec"]["limits"] == {"cpu": "64"}
        assert {"key": "kubernetes.io/arch", "operator": "In", "values": ["arm64"]} in template["requirements"]


def test_copies_of_databases_do_not_lie_on_the_storage_that_the_databases_lie_on() -> None:
    choices = {"kubernetes": "rke2", "distributed-storage": "ceph", "storage-operator": "rook", "object-storage": "ceph",
               "data-stores": "cloudnative-pg", "backup": "velero", "backup-destination": "off-site-bucket"}
    found = view("on-premises", choices, {"state": "inside"})
    place, = (obj["spec"]["configuration"] for obj in objects(found, "cloudnative-pg") if obj["kind"] == "ObjectStore")
    location, = (obj["spec"] for obj in objects(found, "velero") if obj["kind"] == "BackupStorageLocation")
    assert place["endpointURL"] == location["config"]["s3Url"]
    assert place["destinationPath"] != f"s3://{location['objectStorage']['bucket']}/"
    reached = {edge.target for edge in found.topology.edges if edge.source == "cloudnative-pg@prod" and edge.kind == "backup"}
    assert any(target.startswith("off-site-bucket") for target in reached)


def test_old_copies_of_etcd_are_told_from_the_backups_in_the_same_bucket() -> None:
    found = view("on-premises", {"kubernetes": "kubeadm", "etcd-backup": "etcd-backup-job", "backup": "velero"})
    job, = (obj for obj in objects(found, "etcd-backup-job") if obj["kind"] == "CronJob")
    script = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["command"][-1]
    location, = (obj["spec"]["objectStorage"] for obj in objects(found, "velero") if obj["kind"] == "BackupStorageLocation")
    assert f"{location['bucket']}/{location['prefix']}/" not in script
    assert "--files-only" in script and '--include "/etcd-*.db"' in script
