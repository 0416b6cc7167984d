"""GitHub Actions: one workflow. Each job has the least rights; the two actions of others are pinned by digest."""

from __future__ import annotations

from typing import Any

from exporters.delivery.signin import AUDIENCE
from exporters.delivery.steps import Pipeline, Target
from exporters.delivery.text import document
from exporters.delivery.variables import Variables, for_checks, for_clusters, for_manifests, for_push, for_signing, for_tools

SOURCE = "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax"
PLACE = ".github/workflows/delivery.yaml"
TOKEN = "github"
APPROVAL = True
CHECKOUT, APP_TOKEN = "checkout", "create-github-app-token"
CHANGE = "${{ github.event_name == 'pull_request' && format('change-{0}', github.event.number) || github.run_id }}"
SAME = "github.event.pull_request.head.repo.full_name == github.repository"

NOTES = (
    "Give each environment its own identity: variables of an environment win over those of the repository.",
    "Limit every environment but `preview` to the delivered branch or to version tags, and keep secrets with environments, none "
    "with the repository: whoever may push a branch can read what a run of that branch is given.",
    "The subject in a job's token ends with its environment (`environment:preview`) where it has one, and otherwise with its "
    "branch or tag (`ref:refs/heads/main`): let each be trusted for what that job does.",
)
_STRANGERS = (
    "Own machines build and test what changes say, also those of forks: keep the repository private, or let outsiders' runs wait "
    "for an approval."
)
_APP = (
    "The manifests' repository is on github.com: register a GitHub App with {rights}, install it there only, and store its "
    "key as the secret `DELIVERY_APP_KEY` of each environment that delivers: jobs get a token for an hour."
)
_READER = (
    "Register a second App with contents (read) for the environment `preview`, where its client id and key have the same "
    "names: with the key of the first, a change that nobody has looked at could write what clusters run."
)


def notes(made: Pipeline) -> list[str]:
    """What else a person sets up, for this pipeline."""
    strangers = [_STRANGERS] if made.runner != "hosted" else []
    if not made.publishes:
        return strangers
    names = [*(["preview"] if made.preview else []), *(["publish"] if _guarded(made) else []),
             *(_environment(made, environment) for environment, _ in made.environments())]
    listed = ", ".join(f"`{name}`" for name in names)
    gate = " Give `production` required reviewers who are not the author." if made.approval and not made.propose else ""
    found = [f"Make environments: {listed}.{gate}", *strangers]
    if _app(made):
        rights = "contents and pull requests (write)" if made.propose else "contents (write)"
        found += [_APP.format(rights=rights), *([_READER] if made.preview else [])]
    return found


def _environment(made: Pipeline, environment: str) -> str:
    """What the service calls it: the last is production."""
    return "production" if not environment or environment == made.targets[-1][0] else environment


def _guarded(made: Pipeline) -> bool:
    """Whether publishing takes a secret, which an environment keeps from jobs of other branches."""
    return bool((for_push(made) + for_signing(made)).secret)


def trusted(host: str) -> bool:
    """Whether Sigstore takes identity tokens from jobs of this code host."""
    return host == "github.com"


def identity(cloud: str) -> tuple[str, ...]:
    """Asks for the job's identity token, each time that a script signs in: GitHub's is good for five minutes, and a cloud
    takes none that ended while something was built
    (https://docs.github.com/en/actions/reference/security/oidc)."""
    return (
        'curl --fail --silent --show-error --header "Authorization: Bearer ${ACTIONS_ID_TOKEN_REQUEST_TOKEN:?}" \\',
        f'  --get --data-urlencode "audience={AUDIENCE[cloud]}" "${{ACTIONS_ID_TOKEN_REQUEST_URL:?}}" |',
        f'  sed \'s/.*"value" *: *"\\([^"]*\\)".*/\\1/\' >"$WORK/{cloud}.token"',
    )


def files(made: Pipeline) -> dict[str, str]:
    """The workflow."""
    on: dict[str, Any] = {
        "pull_request": {"types": ["opened", "synchronize", "reopened", *(["closed"] if made.preview else [])]},
        "push": {"branches": [made.branch], **({"tags": ["v*"]} if made.promotion == "tag" and made.publishes else {})},
    }
    released = "github.event_name == 'push'" if made.promotion != "tag" else "github.ref_type == 'tag'"
    jobs: dict[str, Any] = {}
    if made.checks:
        proposed = "github.event_name == 'pull_request' && github.event.action != 'closed'"
        if not made.publishes or made.promotion == "tag":
            proposed += " || github.event_name == 'push' && github.ref_type == 'branch'"
        jobs["check"] = _job(made, [*_each(made, made.checks)], when=proposed, variables=for_checks(made))
    if made.preview and made.preview_cluster is not None:
        jobs |= _previews(made, made.preview_cluster)
    if made.publishes:
        tag = "${{ github.ref_name }}" if made.promotion == "tag" else "${{ github.sha }}"
        release = ["release"] if made.scan == "after" or made.sign else []
        jobs["publish"] = _job(
            made, [*_each(made, (*made.checks, "push", *release)), {
                "name": "Note the digests", "id": "digests",
                "run": "for file in .delivery/*.digest; do\n"
                       "  printf '%s=%s ' \"$(basename \"$file\" .digest)\" \"$(cat \"$file\")\"\n"
                       "done >.delivery/digests\n"
                       "echo \"all=$(cat .delivery/digests)\" >>\"$GITHUB_OUTPUT\"\n"}],
            when=released, tag=tag, rights=_rights(made, bool(made.identities(registry=True)) or made.keyless_sign),
            variables=for_push(made) + for_signing(made), registry=True, environment="publish" if _guarded(made) else "",
            outputs={"digests": "${{ steps.digests.outputs.all }}"})
        # One at a time; of those that wait the newest stays, which holds what the others bring.
        jobs["publish"] = {"concurrency": {"group": "publish-${{ github.ref }}", "cancel-in-progress": False}, **jobs["publish"]}
        before = "publish"
        for environment, targets in made.environments():
            name = f"deploy-{environment}" if environment else "deploy"
            jobs[name] = _job(
                made, [{"name": "Digests", "env": {"DIGESTS": "${{ needs.publish.outputs.digests }}"},
                        "run": "mkdir -p .delivery\n"
                               "for pair in $DIGESTS; do echo \"${pair#*=}\" >\".delivery/${pair%%=*}.digest\"; done\n"},
                       *_app(made), {"name": "Deploy", "env": _manifests(made),
                        "run": f"sh delivery/scripts/deploy.sh {environment}".rstrip()}],
                when=released, tag=tag, needs=list(dict.fromkeys(["publish", before])),
                variables=for_tools(made) + for_clusters(made, targets),
                rights=_rights(made, bool(made.identities(*targets, registry=False)), packages=False),
                environment=_environment(made, environment))
            # Two versions never go to one environment at once, whatever tag or branch they come from. What waits for an
            # approval keeps no more of a later commit from running than this one job.
            jobs[name] = {"concurrency": {"group": name, "cancel-in-progress": False}, **jobs[name]}
            before = name
    workflow = {
        "name": "delivery", "on": on, "permissions": {},
        # The runs of one change follow each other, so that its preview is not made after its end. Those of commits do not:
        # one that waits for an approval would keep every later one from being built.
        "concurrency": {"group": CHANGE}, "jobs": jobs,
    }
    return {"github/workflows/delivery.yaml": document(workflow, versions={
        _action(made, name): extra.version for name, extra in made.ci.extras.items()})}


def _previews(made: Pipeline, target: Target) -> dict[str, Any]:
    clouds = made.identities(target, registry=True)
    change = {"CHANGE": "${{ github.event.number }}"}
    tag = "pr-${{ github.event.number }}"
    return {
        "preview": _job(
            made, [*_app(made, write=False), *_each(made, ("build", "push")),
                   {"name": "Preview", "env": change | _manifests(made), "run": "sh delivery/scripts/preview.sh"}],
            when=f"github.event_name == 'pull_request' && github.event.action != 'closed' && {SAME}",
            needs=["check"] if made.checks else [], rights=_rights(made, bool(clouds)), registry=True,
            variables=for_push(made) + for_clusters(made, (target,)), environment="preview", tag=tag),
        "preview-end": _job(
            made, [{"name": "Remove the preview", "env": change, "run": "sh delivery/scripts/preview-end.sh"}],
            when=f"github.event_name == 'pull_request' && github.event.action == 'closed' && {SAME}",
            rights=_rights(made, bool(made.identities(target, registry=False)), packages=False),
            variables=for_clusters(made, (target,)), tools=False, environment="preview", tag=tag),
    }


def _job(made: Pipeline, steps: list[dict[str, Any]], *, when: str, tag: str = "${{ github.sha }}",
         needs: list[str] | None = None, rights: dict[str, str] | None = None, variables: Variables | None = None,
         registry: bool = False, environment: str = "", outputs: dict[str, str] | None = None,
         tools: bool = True) -> dict[str, Any]:
    variables = variables or Variables()
    env = {"TAG": tag} | {name: f"${{{{ vars.{name} }}}}" for name, _ in variables.plain}
    env |= {name: f"${{{{ secrets.{name} }}}}" for name, _ in variables.secret}
    if registry and made.own_token:
        env |= {"REGISTRY_USER": "${{ github.actor }}", "REGISTRY_PASSWORD": "${{ github.token }}"}
    return {
        "if": when, **({"needs": needs} if needs else {}),
        "runs-on": {"hosted": "ubuntu-24.04", "cluster": "runners", "own": "self-hosted"}[made.runner],
        "timeout-minutes": 60, **({"environment": environment} if environment else {}),
        "permissions": rights or {"contents": "read"}, **({"outputs": outputs} if outputs else {}), "env": env,
        "steps": [{"uses": _action(made, CHECKOUT), "with": {"persist-credentials": False}},
                  *([{"name": "Tools", "run": "sh delivery/scripts/tools.sh"}] if tools else []), *steps],
    }


def _action(made: Pipeline, name: str) -> str:
    """An action of GitHub's own, pinned by the commit that the catalog names: a tag can be moved."""
    return f"actions/{name}@{made.ci.extra(name).commit}"


def _rights(made: Pipeline, identity: bool, packages: bool = True) -> dict[str, str]:
    return {"contents": "read", **({"packages": "write"} if made.own_token and packages else {}),
            **({"id-token": "write"} if identity else {})}


def _each(made: Pipeline, scripts: tuple[str, ...]) -> list[dict[str, Any]]:
    names = " ".join(image.name for image in made.images)
    return [{"name": step.capitalize(),
             "run": f"for name in {names}; do sh delivery/scripts/{step}.sh \"$name\" || exit 1; done"} for step in scripts]


def manifests(made: Pipeline) -> Variables:
    """What the repository must tell, for jobs that read or write the manifests' repository."""
    if not _app(made):
        return for_manifests(made)
    return Variables((("DELIVERY_APP_CLIENT_ID", "client id of the GitHub App"),),
                     (("DELIVERY_APP_KEY", "private key of the GitHub App; jobs trade it for a token of an hour"),))


def _app(made: Pipeline, write: bool = True) -> list[dict[str, Any]]:
    if not made.repository.startswith("https://github.com/"):
        return []
    owner, _, name = made.repository.removeprefix("https://github.com/").removesuffix(".git").partition("/")
    return [{"name": "Token for the manifests", "id": "app", "uses": _action(made, APP_TOKEN), "with": {
        "client-id": "${{ vars.DELIVERY_APP_CLIENT_ID }}", "private-key": "${{ secrets.DELIVERY_APP_KEY }}",
        "owner": owner, "repositories": name, "permission-contents": "write" if write else "read",
        **({"permission-pull-requests": "write"} if made.propose and write else {})}}]


def _manifests(made: Pipeline) -> dict[str, str]:
    if _app(made):
        return {"DELIVERY_TOKEN": "${{ steps.app.outputs.token }}"}
    return {name: f"${{{{ secrets.{name} }}}}" for name, _ in for_manifests(made).secret}
