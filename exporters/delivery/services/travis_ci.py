"""Travis CI: one file. It gives jobs no identity token, so what they sign in with is stored, encrypted, with a date.

A build has no gate for people either: with an approval the delivery opens a pull request in the manifests' repository.
"""

from __future__ import annotations

from typing import Any

from exporters.delivery.steps import Pipeline
from exporters.delivery.text import document
from exporters.delivery.variables import for_clusters, for_manifests, for_push, for_signing, for_tools

SOURCE = "https://docs.travis-ci.com/user/build-stages/"
PLACE = ".travis.yml"
TOKEN = "travis"
APPROVAL = False

NOTES = (
    "Store the variables below in the settings of the repository, secret ones hidden in the log; Travis CI keeps them from "
    "changes of forks.",
)
_PREVIEWS = (
    "Travis CI does not tell that a change was closed: start a build by its API with the variable `CHANGE` to remove "
    "its preview.",
    "Travis CI does not tell previews from deliveries when it hands out variables: whoever may push a branch can read "
    "the `DELIVERY_TOKEN`. Protect the branch that clusters follow, so that this account's changes are looked at.",
)


def notes(made: Pipeline) -> list[str]:
    """What else a person sets up, for this pipeline."""
    return list(_PREVIEWS) if made.preview else []


def trusted(host: str) -> bool:
    """Sigstore takes no identity of Travis CI."""
    return False


def files(made: Pipeline) -> dict[str, str]:
    """The configuration."""
    commit = 'export TAG="$TRAVIS_COMMIT"'
    tag = 'export TAG="$TRAVIS_TAG"' if made.promotion == "tag" else commit
    released = "tag =~ ^v" if made.promotion == "tag" else f"type = push AND branch = {made.branch} AND tag IS blank"
    proposed = "type = pull_request" if made.publishes and made.promotion != "tag" else (
        f"type = pull_request OR (type = push AND branch = {made.branch} AND tag IS blank)")
    stages: list[dict[str, str]] = []
    jobs: list[dict[str, Any]] = []
    target = made.preview_cluster if made.preview else None
    if made.checks:
        stages.append({"name": "check", "if": proposed})
        jobs.append({"stage": "check", "script": _script([commit, _tools(), *_each(made, made.checks)])})
    if target is not None:
        stages += [{"name": "preview", "if": "type = pull_request AND fork = false"}, {"name": "preview-end", "if": "type = api"}]
        jobs += [{"stage": "preview", "script": _script([
            'export CHANGE="$TRAVIS_PULL_REQUEST" TAG="pr-$TRAVIS_PULL_REQUEST"', _tools(), *_each(made, ("build", "push")),
            "sh delivery/scripts/preview.sh"])}, {"stage": "preview-end", "script": ["sh delivery/scripts/preview-end.sh"]}]
    if made.publishes:
        stages.append({"name": "deliver", "if": released})
        release = ["release"] if made.scan == "after" or made.sign else []
        # One job, because jobs share no files.
        jobs.append({"stage": "deliver", "script": _script([
            tag, _tools(), *_each(made, (*made.checks, "push", *release)),
            *(f"sh delivery/scripts/deploy.sh {environment}".rstrip() for environment, _ in made.environments())])})
    found = for_tools(made) + for_push(made) + for_signing(made) + for_manifests(made)
    found += for_clusters(made, made.clusters if not made.gitops else (target,) if target else ())
    names = ", ".join(name for name, _ in (*found.plain, *found.secret)) if made.publishes else ""
    data = {"language": "minimal", "dist": "jammy", "services": ["docker"], "stages": stages, "jobs": {"include": jobs}}
    return {"travis/.travis.yml": document(data, (f"Variables of the repository: {names}",) if names else ())}


def _script(lines: list[str]) -> list[str]:
    """Travis CI goes on after a failed line, and `set -e` breaks its own shell: one block in a shell of its own stops."""
    return ["\n".join(["(", "set -e", *lines, ")"]) + "\n"]


def _tools() -> str:
    return "sh delivery/scripts/tools.sh"


def _each(made: Pipeline, scripts: tuple[str, ...]) -> list[str]:
    names = " ".join(image.name for image in made.images)
    return [f"for name in {names}; do sh delivery/scripts/{step}.sh \"$name\" || exit 1; done" for step in scripts]
