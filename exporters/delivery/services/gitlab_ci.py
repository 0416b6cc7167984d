"""GitLab CI: one file; jobs ask for identity tokens by `id_tokens`."""

from __future__ import annotations

from typing import Any

from exporters.delivery.signin import AUDIENCE
from exporters.delivery.steps import Pipeline
from exporters.delivery.text import document
from exporters.delivery.variables import for_clusters, for_manifests, for_push, for_signing, for_tools

SOURCE = "https://docs.gitlab.com/ci/yaml/"
PLACE = ".gitlab-ci.yml"
TOKEN = "gitlab"
CONTAINERS = True
APPROVAL = True
CHANGE = '$CI_PIPELINE_SOURCE == "merge_request_event"'
SAME = CHANGE + " && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID"

NOTES = (
    "Keep secrets as masked and protected variables; protect the environment `production` and name who may deploy there.",
    "Give each environment its own identity: variables of an environment win over those of the project.",
    "Own runners carry the tag `delivery` and run jobs in an image that holds the programs below; hosted ones take the "
    "image named by the variable `DELIVERY_IMAGE`, and Docker from the one named by `DELIVERY_DOCKER` (docker:dind, pinned).",
)
_PREVIEW = (
    "Branches of changes are seldom protected, and then their jobs see no protected variable: give previews variables of their "
    "own, limited to the environment `preview/*` and not protected, with a `DELIVERY_TOKEN` that may only read."
)


def notes(made: Pipeline) -> list[str]:
    """What else a person sets up, for this pipeline."""
    return [_PREVIEW] if made.preview else []


def trusted(host: str) -> bool:
    """Whether Sigstore takes identity tokens from jobs of this code host."""
    return host == "gitlab.com"


def files(made: Pipeline) -> dict[str, str]:
    """The pipeline."""
    released = "$CI_COMMIT_TAG =~ /^v/" if made.promotion == "tag" else f'$CI_COMMIT_BRANCH == "{made.branch}"'
    stages = ["check", *(["preview"] if made.preview else []), *(["publish", "deploy"] if made.publishes else [])]
    data: dict[str, Any] = {
        "stages": stages,
        "workflow": {"rules": [{"if": CHANGE}, {"if": f'$CI_COMMIT_BRANCH == "{made.branch}"'},
                               *([{"if": released}] if made.promotion == "tag" and made.publishes else [])]},
        "default": {"image": "$DELIVERY_IMAGE", "interruptible": False, "timeout": "1 hour",
                    **({"tags": ["delivery"]} if made.runner != "hosted" else {})},
    }
    if made.runner == "hosted" and "docker" in made.basics:
        # Without TLS, because buildx refuses a builder whose certificates come from the environment; only the job sees it.
        data["default"]["services"] = [{"name": "$DELIVERY_DOCKER", "alias": "docker"}]
        data["variables"] = {"DOCKER_HOST": "tcp://docker:2375", "DOCKER_TLS_CERTDIR": ""}
    if made.checks:
        also = [] if made.publishes and made.promotion != "tag" else [{"if": f'$CI_COMMIT_BRANCH == "{made.branch}"'}]
        data["check"] = {"stage": "check", "rules": [{"if": CHANGE}, *also], "variables": {"TAG": "$CI_COMMIT_SHA"},
                         "script": [_tools(), *_each(made, made.checks)]}
    target = made.preview_cluster
    if made.preview and target is not None:
        name = "preview/$CI_MERGE_REQUEST_IID"
        variables = {"TAG": "pr-$CI_MERGE_REQUEST_IID", "CHANGE": "$CI_MERGE_REQUEST_IID"}
        clouds, few = made.identities(target, registry=True), made.identities(target, registry=False)
        data["preview"] = {
            "stage": "preview", "rules": [{"if": SAME}], "variables": variables, **_tokens(clouds),
            "environment": {"name": name, "on_stop": "preview-end", "auto_stop_in": "2 weeks"},
            "script": [_tools(), *_files(clouds), *_user(made), *_each(made, ("build", "push")),
                       "sh delivery/scripts/preview.sh"]}
        data["preview-end"] = {
            "stage": "preview", "rules": [{"if": SAME, "when": "manual", "allow_failure": True}], "variables": variables,
            **_tokens(few), "environment": {"name": name, "action": "stop"},
            "script": [*_files(few), "sh delivery/scripts/preview-end.sh"]}
    if made.publishes:
        tag = {"TAG": "$CI_COMMIT_TAG" if made.promotion == "tag" else "$CI_COMMIT_SHA"}
        clouds = made.identities(registry=True)
        release = ["release"] if made.scan == "after" or made.sign else []
        data["publish"] = {
            "stage": "publish", "rules": [{"if": released}], "variables": tag, **_tokens(clouds, made.keyless_sign),
            "script": [_tools(), *_files(clouds), *_user(made), *_each(made, (*made.checks, "push", *release))],
            "artifacts": {"paths": [".delivery/*.digest"], "expire_in": "1 week"}}
        for environment, targets in made.environments():
            last = not environment or environment == made.targets[-1][0]
            clouds = made.identities(*targets, registry=False)
            where = "production" if last else environment
            data[f"deploy-{environment}" if environment else "deploy"] = {
                "stage": "deploy", "rules": [{"if": released, **({"when": "manual", "allow_failure": False}
                                                                 if made.approval and last else {})}],
                "variables": tag, **_tokens(clouds), "environment": {"name": where}, "resource_group": where,
                **({} if environment in ("", made.targets[0][0]) else
                   {"needs": [{"job": "publish", "artifacts": True}, f"deploy-{_before(made, environment)}"]}),
                "script": [_tools(), *_files(clouds), f"sh delivery/scripts/deploy.sh {environment}".rstrip()]}
    found = for_tools(made) + for_push(made) + for_signing(made) + for_manifests(made)
    found += for_clusters(made, made.clusters if not made.gitops else (target,) if made.preview and target else ())
    names = ", ".join(name for name, _ in (*found.plain, *found.secret)) if made.publishes else ""
    return {"gitlab/.gitlab-ci.yml": document(data, (f"Variables of the project: {names}",) if names else ())}


def _before(made: Pipeline, environment: str) -> str:
    names = [name for name, _ in made.targets]
    return names[names.index(environment) - 1]


def _tools() -> str:
    return "sh delivery/scripts/tools.sh"


def _each(made: Pipeline, scripts: tuple[str, ...]) -> list[str]:
    names = " ".join(image.name for image in made.images)
    return [f"for name in {names}; do sh delivery/scripts/{step}.sh \"$name\" || exit 1; done" for step in scripts]


def _tokens(clouds: tuple[str, ...], sign: bool = False) -> dict[str, Any]:
    found = {f"{cloud.upper()}_TOKEN": {"aud": AUDIENCE[cloud]} for cloud in clouds}
    if sign:
        found["SIGSTORE_ID_TOKEN"] = {"aud": "sigstore"}
    return {"id_tokens": found} if found else {}


def _files(clouds: tuple[str, ...]) -> list[str]:
    return [f"mkdir -p .delivery && printf %s \"${cloud.upper()}_TOKEN\" >.delivery/{cloud}.token" for cloud in clouds]


def _user(made: Pipeline) -> list[str]:
    return ["export REGISTRY_USER=\"$CI_REGISTRY_USER\" REGISTRY_PASSWORD=\"$CI_REGISTRY_PASSWORD\""] if made.own_token else []
