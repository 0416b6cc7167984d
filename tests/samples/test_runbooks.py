"""The runbooks of the samples, walked through: a step uses only what is there by then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from catalog.catalog import Catalog
from exporters.base import Earlier
from samples import rebuild
from wizard import answers_file
from wizard.building import artifacts
from wizard.complete import resolve
from wizard.solver import Engine


@dataclass(frozen=True)
class Walked:
    """A command of the runbook, and under which heading of the second level it stands."""

    part: str
    title: str
    command: str


@pytest.fixture(scope="module")
def exports(catalog: Catalog, engine: Engine) -> dict[str, dict[str, str]]:
    """Path to text of each sample's runbook, manifests and files for nodes."""
    found = {}
    for name in rebuild.names():
        design = resolve(answers_file.load(rebuild.HERE / name / "answers.yaml", catalog, name), catalog, engine, reasons=False)
        made = artifacts(design, Earlier(), rebuild.STAMP, only=("runbooks", "manifests", "nodes"))
        found[name] = {each.path: each.data.decode() for each in made.artifacts}
    return found


def _walk(text: str) -> Iterator[Walked]:
    part = title = ""
    inside: list[str] | None = None
    for line in text.splitlines():
        bare = line.strip()
        if inside is None and line.startswith("## "):
            part = line[3:]
        elif inside is None and line.startswith("### "):
            title = line[4:]
        elif bare == "```sh":
            inside = []
        elif bare == "```" and inside is not None:
            yield Walked(part, title, "\n".join(inside))
            inside = None
        elif inside is not None:
            inside.append(bare)


@pytest.mark.parametrize("name", rebuild.names())
def test_no_cluster_is_asked_before_it_can_be_reached(name: str, exports: dict[str, dict[str, str]]) -> None:
    reached: set[str] = set()
    asked = re.compile(r"\b(?:kubectl|helm|flux|argocd)\b[^|]*? --(?:kube-)?context (\S+)")
    for step in _walk(exports[name]["docs/runbooks/bootstrap.md"]):
        if "Reach the cluster" in step.title:
            reached.update(asked.findall(step.command))
        assert set(asked.findall(step.command)) <= reached, step
        if step.part == "Before the clusters":
            assert not re.search(r"\b(kubectl|helm|flux|argocd|velero)\b", step.command), step


@pytest.mark.parametrize("name", rebuild.names())
def test_a_file_is_there_when_a_step_uses_it(name: str, exports: dict[str, dict[str, str]]) -> None:
    files = exports[name]
    fetched: set[str] = set()
    for step in _walk(files["docs/runbooks/bootstrap.md"]):
        fetched.update(re.findall(r"(?:--output |&& mv \S+ |>)(charts/\S+)", step.command))
        for path in re.findall(r"(?:^|[\s@])((?:manifests|nodes|charts)/[^\s<>]+)", step.command):
            if path.endswith("-") or "<" in step.command.partition(path)[2][:1]:
                continue  # a placeholder follows
            there = path in files or f"{path}/kustomization.yaml" in files or path in fetched
            assert there or (path.startswith("charts/") and "helm pull" in step.command), (step.title, path)


def test_nothing_is_fetched_into_a_cluster_without_the_internet(exports: dict[str, dict[str, str]]) -> None:
    text = exports["bank"]["docs/runbooks/bootstrap.md"]
    assert "Carry the charts in" in text
    for step in _walk(text):
        if step.part.startswith("Cluster ") and "Carry" not in step.title:
            assert not re.search(r"(-f|kustomize|--repo) https://", step.command), step


@pytest.mark.parametrize("name", rebuild.names())
def test_the_delivery_tool_comes_after_the_kinds_that_it_delivers(name: str, exports: dict[str, dict[str, str]]) -> None:
    order: dict[str, list[str]] = {}
    for step in _walk(exports[name]["docs/runbooks/bootstrap.md"]):
        if step.part.startswith("Cluster "):
            order.setdefault(step.part, []).append(step.title.partition(". ")[2])
    for titles in order.values():
        last = next(at for at, title in enumerate(titles) if title in ("Start", "Everything else", "Join the delivery tool"))
        assert all(at < last for at, title in enumerate(titles) if title.startswith(("Gateway API", "Namespaces", "The first")))


@pytest.mark.parametrize("name", rebuild.names())
@pytest.mark.parametrize("book", ["restore", "removal"])
def test_every_command_says_which_cluster_it_is_for(name: str, book: str, exports: dict[str, dict[str, str]]) -> None:
    for step in _walk(exports[name][f"docs/runbooks/{book}.md"]):
        for line in step.command.splitlines():
            if re.match(r"(kubectl(?! kustomize| config )|helm|flux|velero) ", line):
                assert re.match(r"\S+ --(kube-?)?context \S+ ", line), step


@pytest.mark.parametrize("name", rebuild.names())
def test_a_chart_is_uninstalled_while_the_namespace_that_remembers_it_is_there(
    name: str, exports: dict[str, dict[str, str]]
) -> None:
    deleted: dict[str, bool] = {}
    uninstalled = 0
    for step in _walk(exports[name]["docs/runbooks/removal.md"]):
        if re.search(r" delete -k manifests/00-bootstrap/namespaces ", step.command):
            deleted[step.part] = True
        for namespace in re.findall(r" uninstall \S+ --namespace (\S+)", step.command):
            uninstalled += 1
            assert namespace == "kube-system" or not deleted.get(step.part), step
    assert uninstalled and deleted


@pytest.mark.parametrize("name", rebuild.names())
def test_what_was_applied_by_hand_is_deleted_again(name: str, exports: dict[str, dict[str, str]]) -> None:
    files = exports[name]
    there = re.compile(r"--context (\S+) (apply|delete) [^|\n]*?-[fk] (manifests/\S+)")
    applied = {(match[1], match[3]) for match in there.finditer(files["docs/runbooks/bootstrap.md"]) if match[2] == "apply"}
    deleted = {(match[1], match[3]) for match in there.finditer(files["docs/runbooks/removal.md"]) if match[2] == "delete"}
    assert all(path in files or f"{path}/kustomization.yaml" in files for _, path in deleted)
    # The projects of Argo CD go with its namespace.
    assert {entry for entry in applied - deleted if not entry[1].endswith("00-bootstrap/root")} == set()
    # What says whose something is when it is applied is no option of the way back.
    assert not re.search(r"\bdelete [^|&\n]*--(field-manager|server-side|force-conflicts)", files["docs/runbooks/removal.md"])


def test_what_flux_follows_goes_while_flux_runs(exports: dict[str, dict[str, str]]) -> None:
    steps = list(_walk(exports["start-up"]["docs/runbooks/removal.md"]))
    titles = [step.title.partition(". ")[2] for step in steps]
    follows = titles.index("Remove what the delivery tool follows")
    assert titles.index("Stop the delivery tool") < follows < titles.index("Remove flux2") < titles.index("Remove the namespaces")
    assert "helmcharts.source.toolkit.fluxcd.io --all" in steps[follows].command


def test_workloads_are_held_back_before_a_lost_cluster_is_joined_and_a_lost_hub_joins_the_others(
    exports: dict[str, dict[str, str]],
) -> None:
    titles: dict[str, list[str]] = {}
    for step in _walk(exports["bank"]["docs/runbooks/restore.md"]):
        titles.setdefault(step.part, []).append(step.title.partition(". ")[2])
    lost, hub = titles["A lost cluster: `bremen`"], titles["A lost cluster: `hamburg`"]
    assert lost.index("Hold the workloads back") < lost.index("Join the delivery tool") < lost.index("Watch")
    assert hub.index("Start") < hub.index("Hold the workloads back") < hub.index("Join bremen again")
    joins = [line for line in exports["bank"]["docs/runbooks/restore.md"].splitlines() if "cluster add bremen" in line]
    assert len(joins) == 2 and all(line.endswith("--upsert") for line in joins)


@pytest.mark.parametrize("book", ["bootstrap", "restore", "removal"])
def test_argo_cds_program_is_asked_without_an_account_in_its_namespace(book: str, exports: dict[str, dict[str, str]]) -> None:
    steps = _walk(exports["bank"][f"docs/runbooks/{book}.md"])
    commands = [step.command for step in steps if "\nargocd " in f"\n{step.command}"]
    assert commands
    for command in commands:
        assert command.splitlines()[0] == "kubectl config set-context hamburg --namespace argocd"
        assert command.splitlines()[1].startswith("argocd --core --kube-context hamburg cluster ")


def test_only_what_stands_outside_of_the_clusters_is_taken_down_there(exports: dict[str, dict[str, str]]) -> None:
    outside = exports["start-up"]["docs/runbooks/removal.md"].partition("## Outside of the clusters")[2]
    told = {line[2:].partition(" ([")[0] for line in outside.splitlines() if line.startswith("- ")}
    assert {"Google Cloud Storage", "Google Cloud DNS", "GKE Autopilot", "Cloud NAT"} <= told
    assert not {"HTTP and JSON", "Test", "Scan", "Pull", "Regular channel", "Private nodes", "CSI volume snapshots"} & told


def test_another_cluster_is_forgotten_when_nothing_of_it_is_delivered_any_more(exports: dict[str, dict[str, str]]) -> None:
    steps = [step for step in _walk(exports["bank"]["docs/runbooks/removal.md"]) if step.part == "Cluster `bremen`"]
    left = next(at for at, step in enumerate(steps) if "argocd --core --kube-context hamburg cluster rm bremen" in step.command)
    assert not any("delete application" in step.command for step in steps[left:])


def test_longhorn_is_told_that_it_may_go(exports: dict[str, dict[str, str]]) -> None:
    text = exports["small-team"]["docs/runbooks/removal.md"]
    assert "Confirm" not in exports["small-team"]["docs/runbooks/bootstrap.md"].partition("### Longhorn")[2].partition("###")[0]
    assert text.index("--context hof -n longhorn-system patch settings.longhorn.io") < text.index("uninstall longhorn ")


@pytest.mark.parametrize("name", rebuild.names())
def test_data_come_back_when_what_saved_them_runs_and_before_workloads_make_new_ones(
    name: str, exports: dict[str, dict[str, str]]
) -> None:
    order: dict[str, list[str]] = {}
    for step in _walk(exports[name]["docs/runbooks/restore.md"]):
        order.setdefault(step.part, []).append(step.title.partition(". ")[2])
    asked = [titles for titles in order.values() if "Velero" in titles]
    assert asked or name == "start-up"
    for titles in asked:
        platform = next(at for at, title in enumerate(titles) if title in ("The platform", "Watch"))
        workloads = next(at for at, title in enumerate(titles) if title in ("The workloads", "Let the workloads come"))
        data = [at for at, title in enumerate(titles) if title == "Velero"]
        assert platform < min(data) and max(data) < workloads


def test_what_argo_cd_rendered_is_taken_out_by_argo_cd(exports: dict[str, dict[str, str]]) -> None:
    steps = list(_walk(exports["bank"]["docs/runbooks/removal.md"]))
    uninstalled = {match[1] for step in steps if (match := re.search(r"helm \S+ \S+ uninstall (\S+)", step.command))}
    installed = set(re.findall(r"upgrade --install (\S+)", exports["bank"]["docs/runbooks/bootstrap.md"]))
    assert uninstalled == installed
    parts = [step.part for step in steps]
    assert parts.index("Cluster `bremen`") < parts.index("Cluster `hamburg`"), "the cluster of Argo CD goes last"


def test_a_store_of_secrets_in_the_cluster_runs_before_what_reads_from_it(exports: dict[str, dict[str, str]]) -> None:
    rank: dict[str, int] = {}
    for path, text in exports["bank"].items():
        folder = re.match(r"manifests/(\d\d)-[^/]+/", path)
        for kind, name in re.findall(r"^kind: (\w+)\nmetadata:\n  name: (\S+)", text, re.M) if folder else ():
            rank[f"{kind} {name}"] = int(folder[1]) if folder else 0
    store = rank["Application vault"]
    assert rank["Application cert-manager"] < store, "it signs the certificate of the store"
    readers = [name for name in rank if name.startswith("ExternalSecret ")]
    assert len(readers) > 5
    for name in (*readers, "ClusterSecretStore secret-store", "ClusterIssuer private-ca", "Gateway public"):
        assert rank[name] > store, f"Argo CD waits for {name}, and it for the store"


def test_a_lost_store_of_secrets_comes_back_before_the_platform_is_waited_for(exports: dict[str, dict[str, str]]) -> None:
    order: dict[str, list[Walked]] = {}
    for step in _walk(exports["bank"]["docs/runbooks/restore.md"]):
        if step.part.startswith("A lost cluster"):
            order.setdefault(step.part, []).append(step)
    assert len(order) > 1
    for steps in order.values():
        titles = [step.title.partition(". ")[2] for step in steps]
        assert titles.index("Hold the workloads back") < titles.index("Vault") < titles.index("Watch") < titles.index("Velero")
        commands = [step.command for step in steps if step.title.endswith(". Vault")]
        assert "operator init" in commands[0] and "snapshot restore" in commands[1] and "unseal" in commands[2]


@pytest.mark.parametrize("name", rebuild.names())
def test_nobody_is_told_to_see_a_cluster_before_there_is_one(name: str, exports: dict[str, dict[str, str]]) -> None:
    early = exports[name]["docs/runbooks/bootstrap.md"].partition("\n## Before the clusters\n")[2].partition("\n## ")[0]
    promised = [line.strip() for line in early.splitlines() if line.strip().startswith("You then see:")]
    assert promised and "Once the cluster runs: " in early
    assert not [line for line in promised if re.search(r"\b(kubectl|velero|pods?|nodes?)\b", line.lower())]
