"""The delivery exporter: the pipeline of the chosen CI service, the scripts it runs, and how to put them to work."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from catalog.design import Design
from exporters import paths
from exporters.base import Artifact, Earlier, Exporter, Stamp
from exporters.delivery import variables
from exporters.delivery.scripts import scripts
from exporters.delivery.signin import CLUSTER_NEEDS
from exporters.delivery.steps import Pipeline, Target, part, pipeline, service
from exporters.records.text import bullets, code, md, page, source, table


class Delivery:
    """Everything under delivery/."""

    name = "delivery"
    title = "Delivery pipeline"

    def export(self, design: Design, earlier: Earlier, stamp: Stamp) -> Iterator[Artifact]:
        """Nothing where no CI service was chosen; only scripts and instructions where we have no module for it."""
        made = pipeline(design)
        if made is None:
            return
        files = {f"scripts/{name}.sh": text for name, text in scripts(design, made).items()}
        module = service(made.service)
        configured: dict[str, str] = module.files(made) if module is not None else {}
        files |= configured
        files["README.md"] = _readme(design, made, module, sorted(configured))
        for name in sorted(files):
            yield Artifact(paths.delivery(name), files[name].encode())


EXPORTER: Exporter = Delivery()


def _readme(design: Design, made: Pipeline, module: ModuleType | None, configured: list[str]) -> str:
    title = design.catalog.components[made.service].title
    place = str(getattr(module, "PLACE", ""))
    names = ", ".join(code(image.name) for image in made.images)
    told = _variables(made, module)
    targets = made.clusters if not made.gitops else ()
    programs = dict.fromkeys([*made.needs, *(name for target in (*targets, *_previewed(made))
                                             for name in CLUSTER_NEEDS.get(target.cloud, ()))])
    brought = [*(name for name, _ in made.fetch), *made.packages] if made.runner == "hosted" else []
    return page([
        f"# Delivery of {md(design.name)} with {md(title)}",
        " ".join(_story(made)),
        "## Putting it to work",
        bullets([
            f"Copy this folder into the root of the code repository as {code('delivery')}.",
            *(f"Copy {code(f'delivery/{name}')} to {code(place)}." for name in configured if place),
            f"The source of each image stands in {code('services/NAME')}: {names}."
            + (f" Its tests are {code('test.sh')} or {code('make test')} there." if "test" in made.steps else ""),
            *(md(note) if "`" not in note else note for note in (*getattr(module, "NOTES", ()), *_notes(made, module))),
            f"Runners need {', '.join(code(name) for name in programs)}"
            + (f". {code('scripts/tools.sh')} brings {', '.join(code(name) for name in brought)}; the rest has to be on the "
               "vendor's machines." if brought else "."),
            *(["Runners build for " + ", ".join(code(name) for name in made.platforms) + ": they need emulation (binfmt) "
               "or machines of each architecture."] if _foreign_architecture(made) else []),
            *([f"More: {source(module.SOURCE)}"] if module is not None else []),
        ]),
        *(["## Variables", table(["Name", "Kind", "Holds"], told)] if told else []),
        "## What is not done here",
        bullets(_gaps(made)),
    ])


def _notes(made: Pipeline, module: ModuleType | None) -> list[str]:
    told = getattr(module, "notes", None)
    return told(made) if told is not None else []


def _foreign_architecture(made: Pipeline) -> bool:
    return "build" in made.steps and made.runner != "hosted" and made.platforms != ("linux/amd64",)


def _previewed(made: Pipeline) -> tuple[Target, ...]:
    return (made.preview_cluster,) if made.preview and made.preview_cluster is not None else ()


def _story(made: Pipeline) -> list[str]:
    steps = {"test": "tested", "build": "built", "scan": "scanned"}
    did = [steps[step] for step in made.checks]
    what = "Every change is " + (", ".join(did[:-1]) + " and " + did[-1] if len(did) > 1 else did[0]) + "." if did else ""
    found = [what] if what else []
    if made.preview and made.preview_cluster is not None:
        found.append(f"It is shown as {code('pr-N')} in a namespace of its own in {code(made.preview_cluster.name)}, without "
                     "a route from outside, until it is closed.")
    if not made.publishes:
        return [*found, "Nothing is pushed: that step was not chosen."]
    start = f"A tag {code('v…')}" if made.promotion == "tag" else f"What is merged to {code(made.branch)}"
    found.append(f"{start} is pushed to {code(made.registry)}" + (
        ", scanned there" if made.scan == "after" else "") + (", signed" if made.sign else "") + ".")
    last = ", the last after an approval" if len(made.targets) > 1 else " after an approval"
    gate = last if made.approval and not made.propose else ""
    if made.gitops:
        how = "opens a pull request in" if made.propose else "commits to"
        order = ", then ".join(code(name) for name, _ in made.targets)
        file = code(f"{made.manifests}/clusters/NAME/images/kustomization.yaml")
        found.append(f"Delivery goes to {order}{gate}: it writes tag and digest into {file} of each cluster of the environment "
                     f"and {how} {code(made.repository)}; the clusters follow that branch, and an export keeps what these "
                     "files say.")
    else:
        order = ", then ".join(code(name) for name, _ in made.targets)
        gated = last if made.approval else ""
        found.append(f"Delivery writes tag and digest into {code('answers.yaml')}, exports again and applies to {order}{gated}.")
    found.append("Jobs prove who they are with a token of their own; no key of the registry is stored." if made.keyless else
                 "The registry's robot account is stored with the CI service: it may push to the path above and nothing else.")
    return found


def _variables(made: Pipeline, module: ModuleType | None) -> list[list[str]]:
    found = variables.for_checks(made)
    if made.publishes:
        found += variables.for_tools(made) + variables.for_push(made) + variables.for_signing(made)
        found += variables.for_clusters(made, (*(made.clusters if not made.gitops else ()), *_previewed(made)))
        found += getattr(module, "manifests", variables.for_manifests)(made)
    return [*([code(name), "variable", md(what)] for name, what in found.plain),
            *([code(name), "secret", md(what)] for name, what in found.secret)]


def _gaps(made: Pipeline) -> list[str]:
    found = [f"{code(name)} is built by somebody else: it stands outside {code(made.registry)}." for name in made.foreign]
    if made.scanner_elsewhere and not any("finds" in instead for _, _, instead in made.silent):
        found.append("The chosen scanner watches the registry by itself: look at its findings there, and let it alert.")
    found += [f"{md(title)} was chosen for {md(decision)} and has no step here: {instead}."
              for title, decision, instead in made.silent]
    beside = [image for image in made.images if made.gitops and image not in made.governed]
    found += [f"Two versions of {code(image.name)} run beside each other: which ones, the answers say, and no delivery changes "
              "that." for image in beside]
    if "build" in made.steps and getattr(part(made.builder), "ONE_PLATFORM", False) and len(made.platforms) > 1:
        found.append(f"Images are built for the architecture of the machine that builds; nodes run "
                     f"{', '.join(code(name) for name in made.platforms)}: push one image for each, and a list of them.")
    if "build" in made.steps and not getattr(part(made.builder), "CACHES", False):
        found.append("Builds of one job are no help to the next: a cache in the registry wants the right to push in jobs of "
                     "changes too, and tags that move.")
    if made.sign and not made.keyless_sign:
        found.append("Signing asks a service that keeps the key: its address, and a right of the job to sign and no more, are "
                     "yours to bring (for Vault `VAULT_ADDR` and `VAULT_TOKEN`).")
    if made.publishes:
        found.append("Where tags do not move, a run that is repeated after its push is refused: deliver a new commit or tag.")
    if made.preview:
        found.append(f"Tags {code('pr-*')} move with each push: exempt them where the registry refuses to move tags.")
        found.append("A preview uses the secrets and systems that the manifests name for its cluster.")
    return [*found, "Trust of registry and cloud in this repository, its branch and its environments: set it as narrow as "
                    "the service allows."]
