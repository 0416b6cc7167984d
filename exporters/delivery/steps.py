"""The neutral pipeline: what every change and every delivery goes through, before any CI service's words for it.

Knows no product: what a chosen component means for a pipeline is in `parts/`, what a CI service can do in `services/`,
the shell of each step in `scripts.py`.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

from catalog.components import Component
from catalog.design import Design
from exporters.delivery import asked
from exporters.delivery import parts as parts_folder
from exporters.delivery.signin import SIGN_IN

STEPS = frozenset({"test", "build", "scan", "push"})
PRODUCTION = "prod"

_RELEASE = "https://github.com/helmfile/helmfile/releases/download/v{v}/helmfile_{v}_"
HELMFILE = {"helmfile": (_RELEASE + "linux_amd64.tar.gz", _RELEASE + "checksums.txt")}
"""What applies charts where the pipeline does it."""

Promotion = Literal["commit", "pull-request", "tag"]


@dataclass(frozen=True)
class Image:
    """One image that this pipeline builds."""

    name: str
    """Name of the first workload that runs it; its source is `services/<name>`."""
    repository: str
    """Host, path and name, without tag."""


@dataclass(frozen=True)
class Target:
    """One cluster, in the order of delivery."""

    name: str
    environment: str
    cloud: str
    """Whose identity tokens it takes; empty where the CI service has none to give."""
    region: str


@dataclass(frozen=True)
class Pipeline:
    """What the modules of CI services render."""

    name: str
    service: str
    branch: str
    registry: str
    """Where images are pushed: host and path."""
    images: tuple[Image, ...]
    governed: tuple[Image, ...]
    """Those of them that this pipeline brings to environments by Git."""
    foreign: tuple[str, ...]
    """Images of workloads outside that path: somebody else builds them."""
    platforms: tuple[str, ...]
    identity: str
    """Cloud of the registry, where it takes the job's identity token instead of a key; else empty."""
    own_token: bool
    """True where the registry is the CI service's own and takes the token that every job has."""
    steps: frozenset[str]
    scan: Literal["", "before", "after"]
    """`before`: a scanner reads the built archive. `after`: the registry's scanner is asked once it is pushed."""
    silent: tuple[tuple[str, str, str], ...]
    """(title, decision, what happens instead) of what was chosen and has no part in a pipeline."""
    mirror: str
    """Host of the registry that stands for public ones, where nothing leads to the internet; else empty."""
    mirrored: tuple[tuple[str, str], ...]
    """Variables that a scanner needs there."""
    scanner_elsewhere: bool
    """True where the chosen scanner has no part here: it watches the registry by itself."""
    severity: str
    sign: bool
    keyless_sign: bool
    signing: tuple[tuple[str, str], ...]
    """Variables that name the key, where one is needed."""
    preview: bool
    preview_services: tuple[str, ...]
    """Services that a preview needs as JSON, because what makes them elsewhere is no part of it."""
    approval: bool
    promotion: Promotion
    propose: bool
    """True where delivery only opens a pull request in the repository of the manifests."""
    gitops: bool
    """True where a change in Git is the deployment; false where the pipeline applies it."""
    runner: Literal["hosted", "cluster", "own"]
    code_host: str
    repository: str
    """Of the manifests."""
    manifests: str
    """Their folder in it."""
    target_branch: str
    clusters: tuple[Target, ...]
    apply: tuple[tuple[str, tuple[str, ...]], ...]
    """Cluster to the commands that apply everything there, where the pipeline does it."""
    builder: str
    needs: tuple[str, ...]
    """Programs that runners must have."""
    basics: tuple[str, ...]
    """Those of them that building and scanning take."""
    fetch: tuple[tuple[str, tuple[str, str, str]], ...]
    """Programs that hosted runners download: version, archive, checksums."""
    packages: tuple[str, ...]
    """Programs that hosted runners may have to install from their distribution."""
    ci: Component
    """The CI service: what comes along with it is pinned there."""

    @property
    def keyless(self) -> bool:
        """True where no long-lived key of the registry is stored with the CI service."""
        return bool(self.identity) or self.own_token

    @property
    def checks(self) -> tuple[str, ...]:
        """Scripts that every change goes through, one image each."""
        return tuple(step for step in ("test", "build", "scan")
                     if step in self.steps and (step != "scan" or self.scan == "before"))

    @property
    def publishes(self) -> bool:
        """Whether images are pushed and delivered at all."""
        return "push" in self.steps

    @property
    def targets(self) -> tuple[tuple[str, tuple[Target, ...]], ...]:
        """Environments in the order of delivery: production last."""
        found: dict[str, list[Target]] = {}
        for target in self.clusters:
            found.setdefault(target.environment, []).append(target)
        return tuple((name, tuple(found[name])) for name in sorted(found, key=lambda name: name == PRODUCTION))

    @property
    def preview_cluster(self) -> Target | None:
        """The first cluster that is not production; the first of all where there is no other."""
        order = [target for _, group in self.targets for target in group]
        return order[0] if order else None

    def identities(self, *targets: Target, registry: bool) -> tuple[str, ...]:
        """Clouds whose identity tokens a job needs: of the registry, and of the clusters that it applies to."""
        found = [self.identity] if registry and self.identity else []
        return tuple(dict.fromkeys([*found, *(target.cloud for target in targets if target.cloud in SIGN_IN)]))

    def environments(self) -> tuple[tuple[str, tuple[Target, ...]], ...]:
        """Environments in order, one job each, with the clusters that the job has to reach: none where Git is followed."""
        if self.gitops:
            return tuple((name, ()) for name, _ in self.targets) or (("", ()),)
        return self.targets


def pipeline(design: Design) -> Pipeline | None:
    """The pipeline of a design; None when no CI service was chosen."""
    chosen = next(iter(design.chosen("ci")), None) if "ci" in design.catalog.decisions else None
    if chosen is None:
        return None
    capabilities = design.capabilities()
    offered = service(chosen)
    code_host = asked.host(asked.setting(design, "delivery.code-repository", ""))
    registries = [found for entry in design.providers("registry") if (found := part(entry.id)) is not None]
    cloud = next((str(found.CLOUD) for found in registries if hasattr(found, "CLOUD")), "")
    own_token = any(getattr(found, "TOKEN", None) == getattr(offered, "TOKEN", "") for found in registries)
    parts = [found for entry in design.selected() if (found := part(entry.id)) is not None]
    steps = _steps(design, parts)
    oidc = "ci-oidc" in capabilities
    identity = cloud if oidc and cloud in SIGN_IN else ""
    # The scanner of a cloud is asked with the identity that the registry of that cloud takes.
    parts = [found for found in parts if not hasattr(found, "GATE") or identity == found.CLOUD]
    scan: Literal["", "before", "after"] = ""
    if "scan" in steps:
        scan = ("before" if any(hasattr(found, "SCAN") for found in parts)
                else "after" if any(hasattr(found, "GATE") for found in parts) and "push" in steps else "")
    sign = "push" in steps and any(hasattr(found, "SIGN") for found in parts)
    builder = next((entry.id for entry in design.providers("image-build") if hasattr(part(entry.id), "BUILD")),
                   _usual_builder())
    approval, gitops = "approval" in capabilities, "gitops" in capabilities
    promotion: Promotion = next((found.PROMOTION for found in parts if hasattr(found, "PROMOTION")), "commit")
    images, foreign = _images(design)
    hosted = not capabilities & {"runner-in-cluster", "runner-private-network"}
    used = [found for found in parts if _used(found, steps, scan, sign, builder)]
    clusters = tuple(Target(cluster.name, cluster.environment, _cloud(design, cluster.name) if oidc else "",
                            cluster.region or "") for cluster in design.clusters)
    preview = "preview-environments" in capabilities and "push" in steps
    extra = [*(["kubectl", "helm", "helmfile"] if not gitops and "push" in steps else []),
             *(["kubectl"] if preview else []), *(["k8s-wizard"] if "push" in steps and not gitops else [])]
    built = part(builder)
    assert built is not None
    needs = dict.fromkeys(["git", *(built.NEEDS if "build" in steps else ()),
                           *(name for found in used for name in found.NEEDS), *extra])
    basics = tuple(dict.fromkeys(["git", *(built.NEEDS if "build" in steps else ()), *(
        name for found in used if hasattr(found, "SCAN") for name in found.NEEDS)]))
    offers = {name: how for found in [built, *used] for name, how in getattr(found, "FETCH", {}).items()} | HELMFILE
    versions = _versions(design)
    fetch = {name: (versions[name], *how) for name, how in offers.items() if name in needs and name in versions}
    return Pipeline(
        name=design.name, service=chosen, branch=asked.setting(design, "delivery.branch", "main"),
        registry=asked.registry(design), images=images, foreign=foreign, platforms=asked.platforms(design),
        identity=identity, own_token=own_token, steps=steps,
        scan=scan, silent=tuple(_silent(design, steps, builder)), scanner_elsewhere="scan" in steps and not scan,
        mirror=(mirror := asked.mirror(design)),
        mirrored=tuple(entry for found in used for entry in getattr(found, "MIRROR_VARIABLES", ()) if mirror),
        severity=asked.setting(design, "scanning.block-at", "critical"), sign=sign,
        keyless_sign=(sign and oidc and asked.air_gap(design) is False
                      and any(hasattr(found, "KEYLESS") for found in parts)
                      and offered is not None and bool(offered.trusted(code_host))),
        signing=tuple(entry for found in parts if hasattr(found, "SIGN") for entry in getattr(found, "VARIABLES", ())),
        preview=preview, preview_services=_preview_services(design) if preview else (), approval=approval, promotion=promotion,
        propose=gitops and (promotion == "pull-request" or (approval and not getattr(offered, "APPROVAL", False))),
        governed=governed(design), gitops=gitops, runner=("cluster" if "runner-in-cluster" in capabilities else
                               "own" if "runner-private-network" in capabilities else "hosted"),
        code_host=code_host, repository=asked.setting(design, "delivery.repository", "https://git.example.com/example/platform.git"),
        manifests=asked.setting(design, "delivery.path", "manifests").strip("/"),
        target_branch=asked.setting(design, "delivery.branch", "main"), clusters=clusters,
        apply=() if gitops else _apply(design), builder=builder, needs=tuple(needs), basics=basics,
        fetch=tuple(sorted(fetch.items())), ci=design.catalog.components[chosen],
        packages=tuple(dict.fromkeys(name for found in (built, *used) for name in getattr(found, "PACKAGES", ())))
        if hosted and "build" in steps else (),
    )


def _preview_services(design: Design) -> tuple[str, ...]:
    from exporters.manifests.view import views
    from exporters.manifests.workloads import plain_services

    found: dict[str, str] = {}
    for view in views(design) if "progressive-delivery" in design.capabilities() else ():
        for body in plain_services(view):
            found.setdefault(body["metadata"]["name"], json.dumps(body))
    return tuple(found.values())


def governed(design: Design) -> tuple[Image, ...]:
    """Images of which the pipeline says in Git which one runs in each environment; empty where nobody or a job does."""
    chosen = "ci" in design.catalog.decisions and bool(design.chosen("ci"))
    if not chosen or "gitops" not in design.capabilities():
        return ()
    parts = [found for entry in design.selected() if (found := part(entry.id)) is not None]
    if "push" not in _steps(design, parts) or not design.workloads:
        return ()
    # kustomize knows an image by its name: where two versions of one run beside each other, the answers say which.
    beside = set() if "progressive-delivery" in design.capabilities() else {
        _repository(workload.canary.image) for workload in design.workloads if workload.canary is not None}
    return tuple(image for image in _images(design)[0] if image.repository not in beside)


def service(component: str) -> ModuleType | None:
    """The module of a CI service, or None."""
    return _module("services", component)


def part(component: str) -> ModuleType | None:
    """The module of what a pipeline uses of a component, or None."""
    return _module("parts", component)


def emulates(made: Pipeline) -> Literal["", "machine", "service"]:
    """Where a vendor's runner has to be taught other architectures: the machine itself, or the Docker beside a container."""
    builder = part(made.builder)
    foreign = set(made.platforms) != {"linux/amd64"} and not getattr(builder, "ONE_PLATFORM", False)
    if made.runner != "hosted" or "build" not in made.steps or not foreign:
        return ""
    contained = getattr(service(made.service), "CONTAINERS", False)
    return "machine" if not contained else "service" if "docker" in made.basics else ""


def commands(design: Design, what: str) -> tuple[str, ...]:
    """The shell lines that the chosen components have for a purpose."""
    return tuple(line for component in design.selected() for line in getattr(part(component.id), what, ()))


def _versions(design: Design) -> dict[str, str]:
    """The version of each program that the catalog names: a component's own release, or what comes along with it."""
    found: dict[str, str] = {}
    for component in design.selected():
        found |= {name: extra.version for name, extra in component.extras.items()}
        if (release := design.release(component.id)) is not None:
            found.setdefault(component.id, release.version)
    return found


def _usual_builder() -> str:
    """The part used where no tool for building was chosen: what the vendors' runners bring along."""
    return next(info.name for info in pkgutil.iter_modules(parts_folder.__path__) if getattr(part(info.name), "USUAL", False))


def _module(package: str, component: str) -> ModuleType | None:
    name = f"exporters.delivery.{package}.{component.replace('-', '_').replace('.', '_')}"
    return importlib.import_module(name) if importlib.util.find_spec(name) is not None else None


def _steps(design: Design, parts: list[ModuleType]) -> frozenset[str]:
    """Steps that were chosen; all where nobody was asked. What needs a missing step before it falls away."""
    chosen = {str(found.STEP) for found in parts if hasattr(found, "STEP")}
    steps = set(chosen) if chosen or design.chosen("pipeline-steps") else set(STEPS)
    if "build" not in steps:
        steps -= {"scan", "push"}
    return frozenset(steps)


def _used(found: ModuleType, steps: frozenset[str], scan: str, sign: bool, builder: str) -> bool:
    if hasattr(found, "BUILD"):
        return False
    if hasattr(found, "SCAN") or hasattr(found, "GATE"):
        return (scan == "before" and hasattr(found, "SCAN")) or (scan == "after" and hasattr(found, "GATE"))
    return sign if hasattr(found, "SIGN") else "push" in steps


def _silent(design: Design, steps: frozenset[str], builder: str) -> Iterator[tuple[str, str, str]]:
    """What nobody here can carry out: a record is all that there is of it."""
    titles = design.catalog.components
    instead = {
        "image-build": ("build", f"images are built with {titles[builder].title if builder in titles else builder}"),
        "image-scanning": ("scan", "nothing of the pipeline waits for what it finds"),
        "image-signing": ("push", "nothing is signed"),
    }
    for decision, (step, what) in instead.items():
        if decision in design.catalog.decisions and step in steps:
            for name in design.chosen(decision):
                if name in titles and titles[name].support == "known" and part(name) is None:
                    yield titles[name].title, design.catalog.decisions[decision].title, what


def _images(design: Design) -> tuple[tuple[Image, ...], tuple[str, ...]]:
    """Images below the registry path, once each; and the others. Without any below it, all below the registry's host."""
    by_repository: dict[str, str] = {}
    for workload in design.by_name().workloads:
        by_repository.setdefault(_repository(workload.image), workload.name)
    mine = _below(by_repository, asked.registry(design)) or _below(by_repository, asked.setting(design, "registry.host", "?"))
    images = tuple(Image(by_repository[repository], repository) for repository in mine)
    return (images or (Image("app", f"{asked.registry(design)}/app"),)), tuple(
        repository for repository in by_repository if repository not in mine)


def _repository(image: str) -> str:
    """An image without its tag and digest."""
    return re.sub(r"(@sha256:[a-f0-9]+|:[A-Za-z0-9_][A-Za-z0-9._-]*(@.*)?)$", "", image)


def _below(repositories: dict[str, str], path: str) -> list[str]:
    return [repository for repository in repositories if repository.startswith(path.rstrip("/") + "/")]


def _cloud(design: Design, cluster: str) -> str:
    try:
        value = design.answer("cloud", design.kind_of(cluster).name)
    except (KeyError, StopIteration):
        return ""
    return value if isinstance(value, str) else ""


def _apply(design: Design) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The commands by which the runbook applies everything to a cluster; the pipeline repeats them."""
    return tuple((cluster.name, tuple(_lines(design, cluster.name))) for cluster in design.clusters)


def _lines(design: Design, cluster: str) -> Iterator[str]:
    from exporters.manifests import bootstrap

    for step in bootstrap.steps(design):
        if step.decision == "deployment" and "helmfile" in step.command:
            yield from (line for line in step.command.splitlines()
                        if f"--context {cluster} " in line or f"/{cluster}/helmfile" in line)
