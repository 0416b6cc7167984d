"""Images: where they lie, who may pull them."""

from __future__ import annotations

import json

import pytest

from tests.exporters.manifests import generated
from tests.exporters.manifests.components import entry_cases as cases
from tests.exporters.manifests.components.checking import objects, values, view

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")


def test_harbor_takes_every_secret_by_name() -> None:
    made = values(cases.design("bank"), "harbor")
    named = {
        made["existingSecretAdminPassword"],
        made["existingSecretSecretKey"],
        made["core"]["existingSecret"],
        made["jobservice"]["existingSecret"],
        made["registry"]["existingSecret"],
    }
    assert named <= {obj["metadata"]["name"] for obj in objects(cases.design("bank"), "harbor")}
    assert "Harbor12345" not in json.dumps(made)


def test_harbor_is_reached_through_the_entry_of_the_cluster() -> None:
    route = values(cases.design("bank"), "harbor")["expose"]
    assert route["type"] == "route" and route["route"]["parentRefs"]
    assert route["route"]["hosts"] == [values(cases.design("bank"), "harbor")["externalURL"].removeprefix("https://")]


def test_several_copies_of_harbor_share_state_that_stands_outside() -> None:
    made = values(cases.design("bank"), "harbor")
    assert made["core"]["replicas"] > 1
    assert made["database"]["type"] == made["redis"]["type"] == "external"
    assert made["persistence"]["imageChartStorage"]["type"] == "s3"


def test_nodes_of_another_cloud_need_a_secret_to_pull() -> None:
    home = view("aws", {"registry": "ecr"})
    away = view("azure", {"registry": "ecr", "secrets": "external-secrets"})
    assert home.gather("pull_secret", "registry") == []
    (ask,) = away.gather("pull_secret", "registry")
    assert ask("shop").name == "registry-pull"


def test_no_part_of_harbor_is_the_first_that_a_full_node_ends() -> None:
    said = values(view("on-premises", {"registry": "harbor"}), "harbor")
    parts = [said["portal"], said["core"], said["jobservice"], said["registry"]["registry"], said["registry"]["controller"],
             said["exporter"]]
    assert all(part["resources"]["requests"]["memory"] and part["resources"]["limits"]["memory"] for part in parts)
