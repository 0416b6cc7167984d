"""CircleCI: one file; a job in a context gets identity tokens made out for whom it asks."""

from __future__ import annotations

from typing import Any

from exporters.delivery.signin import AUDIENCE
from exporters.delivery.steps import Pipeline
from exporters.delivery.text import document
from exporters.delivery.variables import for_checks, for_clusters, for_manifests, for_push, for_signing, for_tools

SOURCE = "https://circleci.com/docs/configuration-reference/"
PLACE = ".circleci/config.yml"
TOKEN = "circleci"
APPROVAL = True

_PREVIEWS = (
    "In the context `preview` the `DELIVERY_TOKEN` may only read: jobs of changes that nobody has looked at see it.",
    "CircleCI does not tell that a change was closed: start a pipeline with the parameter `closed` set to its number "
    "(from a webhook of the code host) to remove its preview.",
)


def notes(made: Pipeline) -> list[str]:
    """What else a person sets up, for this pipeline."""
    asked = ", ".join(f"`{name}`" for name, _ in for_checks(made).plain)
    found = [f"Jobs that only check have no context: {asked} belongs to the project's own variables."] if asked else []
    if not made.publishes:
        return found
    names = ["registry", "delivery", *(["preview"] if made.preview else [])]
    contexts = ", ".join(f"`{name}`" for name in names)
    return [f"Make contexts with the variables below: {contexts}; let only releasers use `delivery`.", *found,
            *(_PREVIEWS if made.preview else ())]


def trusted(host: str) -> bool:
    """Whether Sigstore takes identity tokens from jobs of this code host: it takes CircleCI's, whoever keeps the code."""
    return True


def files(made: Pipeline) -> dict[str, str]:
    """The configuration."""
    executor: dict[str, Any] = {"machine": {"image": "ubuntu-2404:current"}}
    parameters: dict[str, Any] = {}
    if made.runner != "hosted":
        executor = {"machine": True, "resource_class": "<< pipeline.parameters.runner >>"}
        parameters["runner"] = {"type": "string", "default": "example/delivery"}
    target = made.preview_cluster if made.preview else None
    if target is not None:
        parameters["closed"] = {"type": "string", "default": ""}
    jobs: dict[str, Any] = {}
    order: list[Any] = []
    commit = 'TAG="$CIRCLE_SHA1"'
    tag = 'TAG="$CIRCLE_TAG"' if made.promotion == "tag" else commit
    when = ({"filters": {"branches": {"ignore": ["/.*/"]}, "tags": {"only": ["/^v.*/"]}}} if made.promotion == "tag"
            else {"filters": {"branches": {"only": [made.branch]}}})
    released = {} if made.promotion == "tag" or not made.publishes else {"filters": {"branches": {"ignore": [made.branch]}}}
    if made.checks:
        jobs["check"] = _job(_run("Check", [f"export {commit}", _tools(), *_each(made, made.checks)]))
        order.append({"check": released} if released else "check")
    if target is not None:
        clouds = made.identities(target, registry=True)
        # The user is named for changes of forks only, which get no rights and so no preview.
        change = ['[ -n "${CIRCLE_PULL_REQUEST:-}" ] && [ -z "${CIRCLE_PR_USERNAME:-}" ] || exit 0',
                  'CHANGE="${CIRCLE_PULL_REQUEST##*/}"',
                  'export CHANGE TAG="pr-$CHANGE"']
        jobs["preview"] = _job(_run("Preview", [*change, _tools(), *_tokens(clouds), *_each(made, ("build", "push")),
                                                "sh delivery/scripts/preview.sh"]))
        order.append({"preview": {**({"requires": ["check"]} if made.checks else {}), "context": ["preview"],
                                  "filters": {"branches": {"ignore": [made.branch]}}}})
        few = made.identities(target, registry=False)
        jobs["preview-end"] = _job(_run("Remove the preview", [
            *_tokens(few), 'CHANGE="<< pipeline.parameters.closed >>" sh delivery/scripts/preview-end.sh']))
    if made.publishes:
        release = ["release"] if made.scan == "after" or made.sign else []
        sign = ["SIGSTORE_ID_TOKEN=\"$(circleci run oidc get --claims '{\"aud\":\"sigstore\"}')\"",
                "export SIGSTORE_ID_TOKEN"] if made.keyless_sign else []
        jobs["publish"] = _job(
            _run("Publish", [f"export {tag}", _tools(), *_tokens(made.identities(registry=True)), *sign,
                             *_each(made, (*made.checks, "push", *release)),
                             "mkdir -p digests && cp .delivery/*.digest digests/"]),
            {"persist_to_workspace": {"root": ".", "paths": ["digests"]}})
        order.append({"publish": {"context": ["registry"], **when}})
        before = "publish"
        for environment, targets in made.environments():
            name = f"deploy-{environment}" if environment else "deploy"
            if made.approval and (not environment or environment == made.targets[-1][0]):
                order.append({"approve": {"type": "approval", "requires": [before], **when}})
                before = "approve"
            jobs[name] = _job({"attach_workspace": {"at": "."}}, _run("Deploy", [
                f"export {tag}", _tools(), "mkdir -p .delivery && cp digests/*.digest .delivery/",
                *_tokens(made.identities(*targets, registry=False)), f"sh delivery/scripts/deploy.sh {environment}".rstrip()]))
            # Two versions never go to one environment at once.
            order.append({name: {"context": ["delivery"], "requires": [before],
                                 "serial-group": f"<< pipeline.project.slug >>/{name}", **when}})
            before = name
    workflows: dict[str, Any] = {"delivery": {"jobs": order}}
    if target is not None:
        closed = {"not": {"equal": ["", "<< pipeline.parameters.closed >>"]}}
        workflows["delivery"] = {"unless": closed, "jobs": order}
        workflows["closed"] = {"when": closed, "jobs": [{"preview-end": {"context": ["preview"]}}]}
    found = for_tools(made) + for_push(made) + for_signing(made) + for_manifests(made)
    found += for_clusters(made, made.clusters if not made.gitops else (target,) if target else ())
    names = ", ".join(name for name, _ in (*found.plain, *found.secret)) if made.publishes else ""
    executors = {"executors": {"runner": executor}}
    if made.runner != "hosted":
        # The schema of CircleCI's own editor takes a parameter for the resource class of a job, not for that of an executor.
        executors = {}
        jobs = {name: {**executor, "steps": job["steps"]} for name, job in jobs.items()}
    return {"circleci/config.yml": document(
        {"version": 2.1, **({"parameters": parameters} if parameters else {}), **executors,
         "jobs": jobs, "workflows": workflows}, (f"Variables of the contexts: {names}",) if names else ())}


def _job(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"executor": "runner", "steps": ["checkout", *steps]}


def _run(name: str, lines: list[str]) -> dict[str, Any]:
    return {"run": {"name": name, "no_output_timeout": "20m", "command": "\n".join(lines) + "\n"}}


def _tools() -> str:
    return "sh delivery/scripts/tools.sh"


def _each(made: Pipeline, scripts: tuple[str, ...]) -> list[str]:
    names = " ".join(image.name for image in made.images)
    return [f"for name in {names}; do sh delivery/scripts/{step}.sh \"$name\" || exit 1; done" for step in scripts]


def _tokens(clouds: tuple[str, ...]) -> list[str]:
    """CircleCI replaces nothing within single quotes, so the audience stands in double ones."""
    return ["mkdir -p .delivery", *(
        f"circleci run oidc get --claims \"{{\\\"aud\\\":\\\"{AUDIENCE[cloud]}\\\"}}\" >.delivery/{cloud}.token"
        for cloud in clouds)] if clouds else []
