"""Nodes and pods that follow load, and machines that stay current."""

from __future__ import annotations

import pytest

from tests.exporters.manifests import generated
from tests.exporters.manifests.components import entry_cases as cases
from tests.exporters.manifests.components.checking import objects, values, view

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")


def test_each_pool_of_the_design_becomes_a_node_pool() -> None:
    made = objects(cases.design("Envoy on EKS"), "karpenter")
    pools = [obj["metadata"]["name"] for obj in made if obj["kind"] == "NodePool"]
    machines = next(obj for obj in made if obj["kind"] == "EC2NodeClass")
    assert pools == ["general"]
    assert machines["spec"]["metadataOptions"]["httpTokens"] == "required"


def test_reboots_stay_in_the_maintenance_window() -> None:
    choices = {"kubernetes": "kubeadm", "node-patching": "kured"}
    found = view("on-premises", choices, settings={"kubernetes.maintenance-window": "Sat-Mon 22:00-24:00 UTC"})
    window = values(found, "kured")["configuration"]
    assert window["rebootDays"] == ["su", "mo", "sa"]
    assert (window["startTime"], window["endTime"], window["timeZone"]) == ("22:00", "23:59", "UTC")
    found = view("on-premises", choices, settings={"kubernetes.maintenance-window": "Sun 02:30-05:30 Europe/Berlin"})
    window = values(found, "kured")["configuration"]
    assert window == {**window, "rebootDays": ["su"], "startTime": "02:30", "endTime": "05:30", "timeZone": "Europe/Berlin"}


def test_a_window_that_is_no_window_leaves_the_default() -> None:
    choices = {"kubernetes": "rke2", "node-patching": "kured"}
    found = view("on-premises", choices, settings={"kubernetes.maintenance-window": "never"})
    assert values(found, "kured")["configuration"]["startTime"] == "02:00"


def test_servers_are_upgraded_before_agents() -> None:
    made = objects(cases.design("bank"), "system-upgrade-controller")
    plans = {obj["metadata"]["name"]: obj["spec"] for obj in made if obj["kind"] == "Plan"}
    assert plans["agents"]["prepare"]["args"] == ["prepare", "servers"]
    assert plans["servers"]["concurrency"] == plans["agents"]["concurrency"] == 1
    assert plans["servers"]["upgrade"]["image"] == "rancher/rke2-upgrade"


def test_the_autoscaler_of_a_cloud_signs_in_by_identity() -> None:
    made = values(cases.design("ALB on EKS"), "cluster-autoscaler")
    assert made["cloudProvider"] == "aws" and made["awsRegion"] == "region-1"
    assert "awsSecretAccessKey" not in made


def test_etcd_is_copied_from_a_control_plane_node_on_the_schedule_asked_for() -> None:
    made = next(obj for obj in objects(cases.design("ambient"), "etcd-backup-job") if obj["kind"] == "CronJob")
    pod = made["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert "node-role.kubernetes.io/control-plane" in pod["nodeSelector"]
    assert made["spec"]["schedule"].count(" ") == 4


def test_two_tools_never_take_machines_away_at_the_same_time() -> None:
    both = view("on-premises", {"kubernetes": "rke2", "node-patching": "kured", "cluster-upgrades": "system-upgrade-controller"})
    reboots = values(both, "kured")["configuration"]
    plans = [entry["spec"]["window"] for entry in objects(both, "system-upgrade-controller") if entry["kind"] == "Plan"]
    assert len(plans) == 2
    for upgrades in plans:
        assert len(upgrades["days"]) == len(reboots["rebootDays"])
        assert "02:00" == reboots["startTime"] < reboots["endTime"] < upgrades["startTime"] < upgrades["endTime"] == "05:00"


def test_an_alert_that_is_not_certain_yet_holds_no_reboot_back() -> None:
    found = view("on-premises", {"kubernetes": "rke2", "node-patching": "kured", "metrics": "prometheus"})
    assert values(found, "kured")["configuration"]["alertFiringOnly"] is True
