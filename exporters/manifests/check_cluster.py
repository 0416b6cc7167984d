"""Asks a real cluster what it thinks of the export: strict server-side dry run through kubectl, in install order.

Nothing is ever written to the cluster, except the namespaces when the caller says so. A dry run makes nothing that what
comes later could stand on, so its answers are of three sorts: an object is taken; it is refused, which is a finding; or
something is not there yet that the export itself brings (a kind, a namespace, an object), which is unverified. What lies
in a namespace that is not there yet is asked about in one that is: a field that no API server takes is found at once,
and only the rules of the namespace stay unseen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from catalog.errors import UsageError
from exporters import paths
from exporters.manifests import kubectl
from exporters.manifests.check import Finding, Placed, Report, Tree
from exporters.manifests.check_kustomize import FILE, build
from exporters.manifests.overlays import key

STAND_IN = "default"
"""The namespace that every cluster has."""
_AT_ONCE = 40
"""Objects in one call: few enough for progress that can be seen, many enough that kubectl's own start does not count."""

_MANAGERS = {
    # https://github.com/argoproj/argo-cd/blob/master/common/common.go (ArgoCDSSAManager)
    ("argoproj.io", "Application"): "argocd-controller",
    # https://github.com/fluxcd/kustomize-controller/blob/main/main.go (controllerName)
    ("kustomize.toolkit.fluxcd.io", "Kustomization"): "kustomize-controller",
}
"""In whose name a delivery tool applies, by a kind that only it has."""

_NO_KIND = re.compile(r"no matches for kind \"([^\"]+)\" in version \"([^\"]+)\"|server could not find the requested resource")
_NO_SPACE = re.compile(r"namespaces? \"([^\"]+)\" not found")
_NO_OBJECT = re.compile(r"\"([^\"]+)\" not found")
_NOT_DRY = re.compile(r"does not support dry.?run", re.IGNORECASE)
_OF_THE_PLACE = re.compile(
    r"denied|denied the request|is forbidden|violates PodSecurity|exceeded quota|immutable|already exists|admission webhook",
    re.IGNORECASE,
)
"""What is said because of the namespace that was asked instead, or what stands there, not because of the object."""


def check(
    tree: Tree,
    context: str,
    *,
    cluster: str | None = None,
    create_namespaces: bool = False,
    program: str | None = None,
    tell: Callable[[str], None] = lambda line: None,
    pause: float = kubectl.PAUSE,
) -> Report:
    """What the cluster behind a kubectl context refuses of its export, each with the decision behind it.

    `cluster` is the name that the export has for it; without one, that of the context. `tell` hears how far it is.

    Raises MissingProgram without kubectl, UsageError when the cluster does not answer or has no overlay here.
    """
    objects = in_order(tree, _cluster(tree, context, cluster))
    asking = kubectl.Kubectl(context, program or kubectl.program(), pause, _manager(tree))
    try:
        asking.read("version", "--output=json")
    except kubectl.Lost as error:
        raise UsageError(f"{context}: the cluster does not answer ({error}); check the context with kubectl") from None
    asked = _Asked(asking, objects)
    groups = _batches(objects)
    try:
        asked.look(create_namespaces)
        for folder, group in groups:
            tell(f"{context}: {folder}: {asked.done + 1} to {asked.done + len(group)} of {len(objects)} objects")
            asked.group(group)
    except kubectl.Lost as error:
        said = f"the cluster stopped answering after {asked.done} of {len(objects)} objects ({error}); ask again"
        asked.findings.append(Finding(context, "server", "", said))
    return Report(tuple(asked.findings), asked.unverified(), len(objects), frozenset(asked.judged), tuple(asked.warnings))


class _Asked:
    """What the cluster has said so far, and what it is known not to have."""

    def __init__(self, asking: kubectl.Kubectl, objects: Sequence[Placed]) -> None:
        self.asking = asking
        self.names = {entry.body["metadata"]["name"] for entry in objects}
        self.made = [entry for entry in objects if entry.body["kind"] == "Namespace"]
        self.done = 0
        self.findings: list[Finding] = []
        self.judged: set[tuple[str, str]] = set()
        self.warnings: dict[str, None] = {}
        self._spaces: frozenset[str] | None = None
        self._missing: set[str] = set()
        self._kinds: dict[tuple[str, str], list[Placed]] = {}
        self._elsewhere: list[Placed] = []
        self._silent: list[Placed] = []
        self._open: list[str] = []

    def look(self, create_namespaces: bool) -> None:
        """Make the namespaces when that is wanted, and learn which there are."""
        if create_namespaces and self.made:
            said = self.asking.apply((entry.body for entry in self.made), dry=False)
            self._open.extend(f"namespace not made: {error}" for error in said.errors)
        try:
            found = self.asking.read("get", "namespaces", "--output=name")
        except kubectl.Lost as error:
            # Somebody who may not list them can still ask; what is missing then shows in the answers.
            self._open.append(f"namespaces: cannot be listed ({error})")
            return
        self._spaces = frozenset(line.removeprefix("namespace/") for line in found.split())

    def group(self, group: Sequence[Placed]) -> None:
        """Ask about some objects in one call; those not taken are asked about one by one, for a name to each answer."""
        self._ask(group)
        self.done += len(group)

    def _ask(self, entries: Sequence[Placed]) -> None:
        waiting = [(entry, self._placed(entry)) for entry in entries if not self._unknown(entry)]
        if not waiting:
            return
        said = self.asking.apply(body for _, body in waiting)
        self.warnings.update(dict.fromkeys(said.warnings))
        wanted, taken = Counter(kubectl.printed(body) for _, body in waiting), Counter(said.taken)
        rest = []
        for entry, body in waiting:
            name = kubectl.printed(body)
            # kubectl names no namespace: where one of several of a name was not taken, each of them is asked about again.
            if not said.errors or taken[name] == wanted[name]:
                self._taken(entry, body)
            else:
                rest.append((entry, body))
        if self._learned(said.errors):
            self._ask([entry for entry, _ in rest])
        elif len(waiting) == 1 and rest:
            self._against(*rest[0], said.errors)
        else:
            for entry, _ in rest:
                self._ask([entry])

    def _learned(self, errors: Sequence[str]) -> bool:
        """Whether the answers say of a kind or namespace for the first time that it is not there."""
        known = len(self._kinds) + len(self._missing)
        for error in errors:
            if (match := _NO_KIND.search(error)) and match[1]:
                self._kinds.setdefault((match[2], match[1]), [])
            elif match := _NO_SPACE.search(error):
                self._missing.add(match[1])
        return len(self._kinds) + len(self._missing) > known

    def unverified(self) -> tuple[str, ...]:
        """What stays open, one line for each reason."""
        lines = list(self._open)
        for (api, kind), entries in sorted(self._kinds.items()):
            lines.append(f"{kind} {api}: this cluster does not have the kind yet, so {_counted(len(entries))} not asked "
                         f"about: {_few([entry.name.split(' ', 1)[1] for entry in entries])}{_behind(entries)}")
        made = {entry.body["metadata"]["name"] for entry in self.made}
        for own, brought in ((True, "--create-namespaces makes them"), (False, "what brings them comes before this export")):
            entries = [entry for entry in self._elsewhere if (entry.body["metadata"]["namespace"] in made) is own]
            spaces = sorted({entry.body["metadata"]["namespace"] for entry in entries})
            if spaces:
                lines.append(f"namespaces {', '.join(spaces)}: are not there yet, so {_counted(len(entries))} asked about in "
                             f"{STAND_IN}, and what their own rules say stays unseen ({brought})")
        if self._silent:
            lines.append(f"{_few([entry.name for entry in self._silent])}: met the rules of {STAND_IN} instead of their own, so "
                         "whether they are taken stays open")
        return tuple(dict.fromkeys(lines))

    def _against(self, entry: Placed, body: Mapping[str, object], errors: Sequence[str]) -> None:
        text = "; ".join(dict.fromkeys(errors))
        if _NO_KIND.search(text):
            self._kinds.setdefault((entry.body["apiVersion"], entry.body["kind"]), []).append(entry)
        elif (match := _NO_OBJECT.search(text)) and match[1] in self.names:
            self._open.append(f"{entry.name}: needs what a dry run does not make: {text}")
        elif _NOT_DRY.search(text):
            self._open.append(f"{entry.name}: cannot be asked about by dry run: {text}")
        elif body is not entry.body and _OF_THE_PLACE.search(text):
            self._taken(entry, body, silent=True)
        else:
            self.judged.add((entry.body["kind"], entry.body["apiVersion"]))
            self.findings.append(entry.finding("server", f"refused: {text}"))

    def _placed(self, entry: Placed) -> Mapping[str, object]:
        """The object as it is asked about: where its namespace is not there yet, in one that is."""
        metadata = entry.body["metadata"]
        space = metadata.get("namespace")
        if not space or (space not in self._missing and (self._spaces is None or space in self._spaces)):
            return entry.body
        return {**entry.body, "metadata": {**metadata, "namespace": STAND_IN}}

    def _taken(self, entry: Placed, body: Mapping[str, object], *, silent: bool = False) -> None:
        self.judged.add((entry.body["kind"], entry.body["apiVersion"]))
        if body is not entry.body:
            self._elsewhere.append(entry)
        if silent:
            self._silent.append(entry)

    def _unknown(self, entry: Placed) -> bool:
        """True for a kind that the cluster said it does not have; the object is noted under it."""
        entries = self._kinds.get((entry.body["apiVersion"], entry.body["kind"]))
        if entries is not None and entry not in entries:
            entries.append(entry)
        return entries is not None


def _counted(count: int) -> str:
    return "1 object was" if count == 1 else f"{count} objects were"


def _few(names: Sequence[str]) -> str:
    return ", ".join([*names[:3], *(["..."] if len(names) > 3 else [])])


def _behind(entries: Sequence[Placed]) -> str:
    decisions = sorted({entry.decision for entry in entries if entry.decision})
    return f" (decision {', '.join(decisions)})" if decisions else ""


def _manager(tree: Tree) -> str:
    """In whose name the objects will be applied: that of the delivery tool, else kubectl's."""
    kinds = {(entry.body["apiVersion"].partition("/")[0], entry.body["kind"]) for entry in tree.objects()}
    return next((name for kind, name in _MANAGERS.items() if kind in kinds), "kubectl")


def _cluster(tree: Tree, context: str, cluster: str | None) -> str:
    """The cluster that is meant: the one named, else the one that the context is called after, else the only one."""
    clusters = tree.clusters
    known = ", ".join(clusters) or "none"
    if cluster is not None:
        if cluster not in clusters:
            raise UsageError(f"--cluster {cluster}: no cluster of this export is called so; it has {known}")
        return cluster
    if context in clusters or len(clusters) == 1:
        return context if context in clusters else clusters[0]
    raise UsageError(f"{context}: no cluster of this export is called so (it has {known}); say which one with --cluster")


def in_order(tree: Tree, name: str) -> list[Placed]:
    """The objects of a cluster in install order: namespaces, what starts the delivery tool and what that follows, then
    layer by layer."""
    objects = _built(tree, f"{paths.MANIFESTS}/clusters/{name}")
    spaces = {entry.body["metadata"]["name"] for entry in objects if entry.body["kind"] == "Namespace"}
    first = [entry for entry in _delivery(tree, name) if entry.body["metadata"].get("namespace") in spaces]
    ordered = sorted(objects, key=lambda entry: (entry.body["kind"] != "Namespace", _rank(entry.path)))
    at = sum(entry.body["kind"] == "Namespace" for entry in ordered)
    every = {key(entry.body): entry for entry in reversed([*ordered[:at], *first, *ordered[at:]])}
    return list(reversed(every.values()))


def _delivery(tree: Tree, name: str) -> Iterator[Placed]:
    """What a person applies to start the delivery tool, and what that applies then. One tool may serve every cluster."""
    root = f"{paths.BOOTSTRAP}/root"
    serves_all = f"{root}/{FILE}" in tree.files
    if serves_all:
        yield from _built(tree, root)
    else:
        yield from (entry for entry in tree.objects() if entry.path == f"{root}/{name}.yaml")
    for cluster in tree.clusters if serves_all else (name,):
        folder = f"{paths.MANIFESTS}/clusters/{cluster}/delivery"
        if f"{folder}/{FILE}" in tree.files:
            yield from _built(tree, folder)


def _built(tree: Tree, folder: str) -> list[Placed]:
    objects, problems = build(tree, folder)
    if problems:
        raise UsageError(str(problems[0]))
    return objects


def _rank(path: str) -> str:
    """The folder with the install rank in a path: `03-security`."""
    return next((part for part in path.split("/") if re.match(r"\d\d-", part)), "99")


def _batches(objects: Sequence[Placed]) -> list[tuple[str, list[Placed]]]:
    """Objects of one folder together, some dozens at most: one call where all is well."""
    batches: list[tuple[str, list[Placed]]] = []
    for entry in objects:
        folder = "namespaces" if entry.body["kind"] == "Namespace" else _folder(entry.path)
        if not batches or batches[-1][0] != folder or len(batches[-1][1]) == _AT_ONCE:
            batches.append((folder, []))
        batches[-1][1].append(entry)
    return batches


def _folder(path: str) -> str:
    return "delivery" if "/delivery/" in path or "/apps/" in path or "/root/" in path else _rank(path)
