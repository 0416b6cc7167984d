"""Folders that an application writes to, although the rest of its image is read-only."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from catalog.workloads import Workload
from exporters.manifests import workloads
from tests.exporters.manifests import generated
from tests.exporters.manifests.components import checking

pytestmark = pytest.mark.skipif(generated.real_catalog() is None, reason="the built-in catalog has faults; see its lint")

DATABASE = {
    "name": "db",
    "kind": "statefulset",
    "image": "registry.example.com/postgres:18.1",
    "port": 5432,
    "protocol": "tcp",
    "volumes": [{"path": "/var/lib/postgresql", "size": "20Gi"}],
}


def test_a_workload_writes_to_the_folders_that_it_names_and_to_no_others() -> None:
    """A database that cannot open its socket never starts."""
    found = checking.view("on-premises", {})
    workload = Workload.model_validate({**DATABASE, "writable": ["/var/run/postgresql"]})
    spec = next(obj for obj in workloads.objects(found, workload) if obj["kind"] == "StatefulSet")["spec"]
    pod = spec["template"]["spec"]
    container = pod["containers"][0]
    mounted = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
    passing = {volume["name"] for volume in pod["volumes"] if volume.get("emptyDir") == {}}
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert set(mounted) == {"/tmp", "/var/lib/postgresql", "/var/run/postgresql"}
    assert {mounted["/tmp"], mounted["/var/run/postgresql"]} == passing


def test_a_second_version_of_what_nobody_calls_is_refused() -> None:
    """Its Service would have no port, and the API server takes none such."""
    worker = {"name": "worker", "image": "registry.example.com/worker:1.0.0"}
    with pytest.raises(ValidationError, match="'canary' needs 'port'"):
        Workload.model_validate({**worker, "canary": {"image": "registry.example.com/worker:1.1.0", "weight": 10}})


@pytest.mark.parametrize("place", ["/tmp", "/var/lib/postgresql/", "relative", "/with space"])
def test_a_folder_that_lasts_or_is_none_is_refused(place: str) -> None:
    with pytest.raises(ValidationError):
        Workload.model_validate({**DATABASE, "writable": [place]})
