"""What runs in a cluster that an exported tree was brought to, read from the tree alone, and what becomes of it with another
tree. Written to be read, and knows nothing of how `diff` finds the same.

- A folder's objects come through the delivery tool, or by kubectl where a pipeline delivers; charts likewise.
- What the bootstrap runbook says is done by hand.
- Argo CD takes away neither CRDs nor what says Prune=false and Delete=false, Flux nothing that says prune: disabled, and
  neither takes away what was applied by hand. Nobody else takes anything away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from exporters.manifests import check_kustomize
from exporters.manifests.check import Tree

Body = Mapping[str, Any]
Key = tuple[str, str]
"""Namespace and `kind.group/name`, as kubectl prints it."""

FOLDER = re.compile(r"(clusters/[^/]+/|)[0-9]{2}-[a-z-]+$|clusters/[^/]+/delivery$")


@dataclass
class Running:
    """One cluster."""

    tool: tuple[str, ...] = ("helmfile",)
    """The delivery tool, where it stands and what it puts before names."""
    prune: bool = False
    charts: dict[tuple[str, str], Any] = field(default_factory=dict)
    """(namespace, release) to values."""
    bootstrapped: set[tuple[str, str]] = field(default_factory=set)
    """Charts that a person installed."""
    objects: dict[Key, Body] = field(default_factory=dict)
    delivered: set[Key] = field(default_factory=set)
    """Objects that come with a folder."""
    roots: set[Key] = field(default_factory=set)
    lists: set[Key] = field(default_factory=set)
    """What the delivery tool knows folders and charts by."""
    labels: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """Those of its roots and lists, by `kind.group/name`."""
    applied: dict[str, str] = field(default_factory=dict)
    """Titles of steps that apply somebody else's files, with their commands."""
    secrets: set[Key] = field(default_factory=set)
    """Those that a person makes."""
    done: dict[str, list[Any]] = field(default_factory=dict)
    """Commands of the bootstrap with what the files say that they name."""


def key(body: Body) -> Key:
    group = body["apiVersion"].rpartition("/")[0]
    metadata = body["metadata"]
    return metadata.get("namespace", ""), f"{body['kind'].lower()}{f'.{group}' if group else ''}/{metadata['name']}"


def running(texts: Mapping[str, str]) -> dict[str, Running]:
    """Cluster to what runs in it."""
    tree = Tree.of({path: text for path, text in texts.items() if path.startswith("manifests/")})
    found = {name: Running() for name in tree.clusters}
    for name, cluster in found.items():
        if f"manifests/clusters/{name}/helmfile.yaml" in tree.files:
            _by_helmfile(tree, name, cluster)
        else:
            _by_agent(tree, name, cluster, texts["docs/runbooks/bootstrap.md"])
    for name, title, command in steps(texts["docs/runbooks/bootstrap.md"], list(found)):
        _by_hand(tree, name, title, command, found)
    return found


def _built(tree: Tree, folder: str) -> list[Body]:
    placed, faults = check_kustomize.build(tree, folder)
    assert not faults, faults
    return [entry.body for entry in placed]


def _by_helmfile(tree: Tree, name: str, cluster: Running) -> None:
    where = f"manifests/clusters/{name}"
    for body in _built(tree, where):
        cluster.objects[key(body)] = body
        cluster.delivered.add(key(body))
    (file,) = tree.files[f"{where}/helmfile.yaml"]
    for entry in file["releases"]:
        (values,) = entry["values"]
        path = f"{where}/{values}" if not values.startswith("../") else f"manifests/{values.removeprefix('../../')}"
        cluster.charts[entry["namespace"], entry["name"]] = (tree.files[path] or [{}])[0]


def _by_agent(tree: Tree, name: str, cluster: Running, runbook: str) -> None:
    listing = _built(tree, f"manifests/clusters/{name}/delivery")
    for body in listing:
        cluster.lists.add(key(body))
        cluster.labels[key(body)[1]] = body["metadata"]["labels"]
        spec = body["spec"]
        if body["kind"] == "Application":
            hub = re.search(r"--context (\S+) apply --server-side -k manifests/00-bootstrap/root", runbook)
            assert hub
            central = body["metadata"]["name"].startswith(f"{name}-") and any(
                path.endswith("root/root.yaml") and files[0]["kind"] == "ApplicationSet" for path, files in tree.files.items()
            )
            cluster.tool = ("argocd", body["metadata"]["namespace"], f"{name}-" if central else "", hub[1])
            cluster.prune = spec["syncPolicy"]["automated"]["prune"]
            helm = spec["source"].get("helm")
            if helm is not None:
                cluster.charts[spec["destination"]["namespace"], helm["releaseName"]] = helm.get("valuesObject", {})
            else:
                _folder(tree, spec["source"]["path"], cluster)
        elif body["kind"] == "Kustomization":
            cluster.tool = ("flux", body["metadata"]["namespace"])
            cluster.prune = spec["prune"]
            _folder(tree, spec["path"], cluster)


def _folder(tree: Tree, path: str, cluster: Running) -> None:
    place = FOLDER.search(path)
    assert place, path
    for body in _built(tree, f"manifests/{place[0]}"):
        if body["kind"] == "HelmRelease":
            cluster.lists.add(key(body))
            cluster.charts[body["spec"]["targetNamespace"], body["spec"]["releaseName"]] = body["spec"].get("values", {})
        else:
            cluster.objects[key(body)] = body
            cluster.delivered.add(key(body))


def steps(runbook: str, clusters: list[str]) -> Iterator[tuple[str, str, str]]:
    """Cluster, title and command of every step in clusters."""
    name = title = ""
    block: list[str] | None = None
    for line in runbook.splitlines():
        if block is not None:
            if line == "```":
                yield name, title, "\n".join(block)
                block = None
            else:
                block.append(line)
        elif line.startswith("## "):
            said = re.fullmatch(r"## Cluster `(.+)`", line)
            name = said[1] if said and said[1] in clusters else ""
        elif line.startswith("### "):
            title = line.partition(". ")[2].replace("\\", "")
        elif name and line.startswith("```"):
            block = []


def _by_hand(tree: Tree, name: str, title: str, command: str, found: dict[str, Running]) -> None:
    cluster = found[name]
    files = re.findall(r"manifests/00-bootstrap/\S+", command)
    cluster.done[command] = [
        (path, bodies)
        for path, bodies in tree.files.items()
        if any(path == file or path.startswith(f"{file}/") for file in files)
    ]
    made = re.findall(r"(?:--namespace|-n) (\S+) create secret \S+ (\S+)", command)
    if "kubeseal" not in command:
        cluster.secrets |= {(space, f"secret/{called}") for space, called in made if called != "repository"}
    install = re.search(r"helm --kube-context \S+ upgrade --install (\S+) .*--namespace (\S+) --values (\S+)", command)
    if install:
        named = (install[2], install[1])
        cluster.charts[named] = (tree.files[install[3]] or [{}])[0]
        cluster.bootstrapped.add(named)
    elif "apply --server-side" in command and "dry-run" not in command and "manifests/" not in command:
        cluster.applied[title] = command
    elif files and "apply --server-side" in command:
        for _, bodies in cluster.done[command]:
            for body in bodies:
                if "apiVersion" not in body or (body["kind"] == "Kustomization" and "kustomize.config" in body["apiVersion"]):
                    continue
                if "/root" in command:
                    cluster.roots.add(key(body))
                    cluster.labels[key(body)[1]] = body["metadata"]["labels"]
                    if body["kind"] == "ApplicationSet":
                        _made(body, found)
                else:
                    cluster.objects.setdefault(key(body), body)


def _made(body: Body, found: dict[str, Running]) -> None:
    """The root that an ApplicationSet makes for each cluster of its list."""
    for element in body["spec"]["generators"][0]["list"]["elements"]:
        called = body["spec"]["template"]["metadata"]["name"].replace("{{.cluster}}", element["cluster"])
        found[element["cluster"]].roots.add((body["metadata"]["namespace"], f"application.argoproj.io/{called}"))


# ---- from one tree to another


@dataclass
class Left:
    """What is in the first tree and not in the second, by who takes it away."""

    by_tool: set[Key] = field(default_factory=set)
    charts_by_tool: set[str] = field(default_factory=set)
    by_hand: set[Key] = field(default_factory=set)
    charts_by_hand: set[str] = field(default_factory=set)
    roots: set[Key] = field(default_factory=set)
    lists: set[Key] = field(default_factory=set)
    applied: set[str] = field(default_factory=set)
    volumes: set[str] = field(default_factory=set)
    spaces: set[str] = field(default_factory=set)
    """Namespaces among them."""


FOLDERS = re.compile(r"helmfile --file | -k manifests/(clusters/[^/]+/)?(?!00)[0-9]{2}-")
"""What brings folders, a person at first and the pipeline ever after."""

MAKERS = ("sealedsecret.", "externalsecret.", "vaultstaticsecret.", "secretproviderclass.")


def sealed(old: Running, new: Running) -> set[str]:
    """Values that the second tree wants sealed and the first did not: namespace, Secret and key."""

    def wanted(cluster: Running) -> set[str]:
        return {
            f"{space} {body['metadata']['name']} {name}"
            for (space, what), body in cluster.objects.items() if what.startswith("sealedsecret.")
            for name in body["spec"]["encryptedData"]
        }

    return wanted(new) - wanted(old)


def left(old: Running, new: Running) -> Left:
    found = Left()
    same = old.tool == new.tool
    follows = same and old.tool[0] != "helmfile" and new.prune
    for named in old.charts.keys() - new.charts.keys():
        (found.charts_by_tool if follows and named not in old.bootstrapped else found.charts_by_hand).add(named[1])
    for name in old.objects.keys() - new.objects.keys():
        taken = follows and name in old.delivered and not _kept(old.tool[0], old.objects[name])
        (found.by_tool if taken else found.by_hand).add(name)
    # What a tool makes from now on stays, and so does what goes with the step that made it.
    kept = {(space, f"secret/{what.partition('/')[2]}") for space, what in new.objects if what.startswith(MAKERS)} | new.secrets
    undone = "\n".join(command for title, command in old.applied.items() if title not in new.applied)
    found.by_hand |= {(space, name) for space, name in old.secrets - kept if f" {name.partition('/')[2]} " not in undone}
    found.spaces = {name.partition("/")[2] for _, name in found.by_hand if name.startswith("namespace/")}
    if same:
        found.roots = old.roots - new.roots
        if not follows:
            found.lists = old.lists - new.lists
    found.applied = {title for title in old.applied if title not in new.applied}
    for name in old.objects.keys() - new.objects.keys():
        body = old.objects[name]
        if body["kind"] == "StatefulSet" and body["spec"].get("volumeClaimTemplates") and name[0] not in found.spaces:
            found.volumes.add(body["metadata"]["name"])
    for named in old.charts.keys() - new.charts.keys():
        stores = re.search(r"^\s*(- )?storageClass(Name)?:", yaml.safe_dump(_plain(old.charts[named])), re.MULTILINE)
        if stores and named[0] not in found.spaces:
            found.volumes.add(f"chart {named[1]}")
    return found


def _plain(value: Any) -> Any:
    return {name: _plain(inner) for name, inner in value.items()} if isinstance(value, Mapping) else (
        [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value
    )


def _kept(tool: str, body: Body) -> bool:
    annotations = body["metadata"].get("annotations", {})
    options = annotations.get("argocd.argoproj.io/sync-options", "").split(",")
    if tool == "argocd":
        # What only one of the two says goes or stays with its folder's Application: none of ours may say that.
        assert ("Prune=false" in options) == ("Delete=false" in options), body["metadata"]["name"]
        return "Prune=false" in options
    return bool(annotations.get("kustomize.toolkit.fluxcd.io/prune") == "disabled")


KEPT_AS_MADE = {
    "storageclass.storage.k8s.io": ("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"),
    "priorityclass.scheduling.k8s.io": ("value", "preemptionPolicy"),
    "rolebinding.rbac.authorization.k8s.io": ("roleRef",),
    "clusterrolebinding.rbac.authorization.k8s.io": ("roleRef",),
    "statefulset.apps": ("spec.serviceName", "spec.selector", "spec.volumeClaimTemplates", "spec.podManagementPolicy"),
    "deployment.apps": ("spec.selector",),
    "daemonset.apps": ("spec.selector",),
    "job.batch": ("spec.selector", "spec.template", "spec.completionMode"),
    "ingressclass.networking.k8s.io": ("spec.controller",),
    "persistentvolumeclaim": ("spec.storageClassName", "spec.accessModes", "spec.volumeMode", "spec.volumeName", "spec.selector",
                              "spec.dataSource", "spec.dataSourceRef"),
}
"""Fields that an API server keeps, kind by kind (https://kubernetes.io/docs/reference/kubernetes-api/)."""


def kept_as_made(old: Running, new: Running) -> dict[Key, set[str]]:
    """Objects that both have with fields that differ and cannot move."""

    def at(body: Any, path: str) -> Any:
        for name in path.split("."):
            body = body.get(name) if isinstance(body, Mapping) else None
        return body

    found = {}
    for name in old.objects.keys() & new.objects.keys():
        one, other = old.objects[name], new.objects[name]
        kind = name[1].partition("/")[0]
        moved = {path for path in KEPT_AS_MADE.get(kind, ()) if at(one, path) != at(other, path)}
        if kind == "service" and at(one, "spec.clusterIP") != at(other, "spec.clusterIP") == "None":
            moved.add("spec.clusterIP")
        if moved:
            found[name] = moved
    return found


def asked(old: Running, new: Running) -> set[str]:
    """Lines of commands that a person has to give, or to give again. A pipeline goes on giving its own, but where it has to
    halt now for what only a person does."""
    delivering = [[line for line in each.done if FOLDERS.search(line)] for each in (old, new)]
    piped = old.tool == new.tool == ("helmfile",) and (len(delivering[0]) > 1 or len(delivering[1]) < 2)
    return {
        line if line.startswith(("helm pull", "curl ")) else " ".join(line.split())
        for command, files in new.done.items()
        if old.done.get(command) != files and not (piped and FOLDERS.search(command))
        for line in command.splitlines()
    }
