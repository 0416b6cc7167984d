"""The neutral pipeline: what every change and every merge goes through, as shell scripts that any CI service can run.

A CI service's module only says when which script runs, and how a job proves who it is. The scripts are POSIX shell,
stop at the first failure, print nothing secret and keep no key.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType

from catalog.design import Design
from catalog.words import plain

BUILDER = "buildkit"
"""Part used where no tool for building was chosen: what hosted runners bring along."""

SIGN_IN: Mapping[str, tuple[str, ...]] = {
    "gcp": (
        'gcloud iam workload-identity-pools create-cred-config "${GCP_PROVIDER:?}" \\',
        '  --service-account "${GCP_SERVICE_ACCOUNT:?}" --credential-source-file "$ID_TOKEN_FILE" \\',
        '  --output-file "$WORK/credentials.json"',
        'gcloud auth login --quiet --cred-file "$WORK/credentials.json"',
    ),
    "aws": (
        'export AWS_WEB_IDENTITY_TOKEN_FILE="$ID_TOKEN_FILE" AWS_ROLE_ARN="${AWS_ROLE_ARN:?}" AWS_REGION="${AWS_REGION:?}"',
        "aws sts get-caller-identity >/dev/null",
    ),
    "azure": (
        'az login --service-principal --username "${AZURE_CLIENT_ID:?}" --tenant "${AZURE_TENANT_ID:?}" \\',
        '  --federated-token "$(cat "$ID_TOKEN_FILE")" --output none',
    ),
}
"""Trading a job's identity token for short-lived rights, by cloud."""

AUDIENCE: Mapping[str, str] = {"gcp": "$GCP_AUDIENCE", "aws": "sts.amazonaws.com", "azure": "api://AzureADTokenExchange"}

VARIABLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "gcp": (("GCP_PROVIDER", "full name of the workload identity provider: projects/…/providers/…"),
            ("GCP_AUDIENCE", "audience that the provider accepts"),
            ("GCP_SERVICE_ACCOUNT", "service account with the right to push and no more")),
    "aws": (("AWS_ROLE_ARN", "role with the right to push and no more"), ("AWS_REGION", "region of the registry")),
    "azure": (("AZURE_CLIENT_ID", "application with the right to push and no more"),
              ("AZURE_TENANT_ID", "tenant that the application belongs to")),
    "": (("REGISTRY_USER", "robot account with the right to push and no more"),
         ("REGISTRY_PASSWORD", "its password, kept as a secret of the CI service")),
}


@dataclass(frozen=True)
class Pipeline:
    """What the modules of CI services render."""

    name: str
    service: str
    branch: str
    registry: str
    """Where images are pushed: host and path."""
    images: tuple[str, ...]
    """Names of the workloads that are built, each from `services/<name>`."""
    identity: str
    """Cloud that takes the job's identity token instead of a key; empty: the registry wants a robot account."""
    scan: bool
    sign: bool
    preview: bool
    approval: bool
    gitops: bool
    """True where a change in Git is the deployment; false where the pipeline applies it."""
    own_runners: bool
    clusters: tuple[str, ...]
    apply: tuple[str, ...]
    """Commands that apply everything, where the pipeline does it."""
    builder: str
    needs: tuple[str, ...]
    """Programs that a runner must have."""

    @property
    def keyless(self) -> bool:
        """True where no long-lived key is stored with the CI service."""
        return bool(self.identity)


def pipeline(design: Design) -> Pipeline | None:
    """The pipeline of a design; None when no CI service was chosen."""
    service = next(iter(design.chosen("ci")), None) if "ci" in design.catalog.decisions else None
    if service is None:
        return None
    capabilities = design.capabilities()
    registries = design.providers("registry")
    clouds = next((component.clouds for component in registries if component.clouds), ())
    keyless = "ci-oidc" in capabilities and len(clouds) == 1 and clouds[0] in SIGN_IN
    scripts = [part(component.id) for component in design.selected()]
    used = [module for module in scripts if module is not None]
    builder = next((component.id for component in design.providers("image-build") if has(component.id, "BUILD")), BUILDER)
    gitops = "gitops" in capabilities
    needs = dict.fromkeys(["git", *_needs(builder), *(name for module in used if not hasattr(module, "BUILD")
                                                      for name in module.NEEDS)])
    return Pipeline(
        name=design.name, service=service, branch=_setting(design, "delivery.branch", "main"),
        registry=_setting(design, "delivery.registry-path", "registry.example.com/example").rstrip("/"),
        images=tuple(workload.name for workload in design.workloads) or ("app",),
        identity=clouds[0] if keyless else "",
        scan=any(hasattr(module, "SCAN") for module in used), sign=any(hasattr(module, "SIGN") for module in used),
        preview="preview-environments" in capabilities, approval="approval" in capabilities, gitops=gitops,
        own_runners=bool(capabilities & {"runner-in-cluster", "runner-private-network"}),
        clusters=tuple(cluster.name for cluster in design.clusters),
        apply=() if gitops else _apply(design), builder=builder, needs=tuple(needs),
    )


def part(component: str) -> ModuleType | None:
    """The module of a tool, or None."""
    name = f"exporters.delivery.parts.{component.replace('-', '_').replace('.', '_')}"
    return importlib.import_module(name) if importlib.util.find_spec(name) is not None else None


def has(component: str, what: str) -> bool:
    """Whether a tool has commands for a purpose."""
    return hasattr(part(component), what)


def _needs(component: str) -> tuple[str, ...]:
    found = part(component)
    return tuple(found.NEEDS) if found is not None else ()


def _setting(design: Design, name: str, otherwise: str) -> str:
    """A setting that becomes part of a script: only what needs no quoting there."""
    try:
        value = plain(design.setting(name))
    except KeyError:
        return otherwise
    return value if re.fullmatch(r"[A-Za-z0-9._/:@-]+", value) else otherwise


def _apply(design: Design) -> tuple[str, ...]:
    """The commands by which the bootstrap applies everything; the pipeline repeats them."""
    from exporters.manifests import bootstrap

    return tuple(step.command for step in bootstrap.steps(design)
                 if step.decision == "deployment" and "helmfile" in step.command)


def _commands(design: Design, what: str) -> list[str]:
    return [line for component in design.selected() for line in getattr(part(component.id), what, ())]


def scripts(design: Design, made: Pipeline) -> dict[str, str]:
    """Script name to text."""
    builder = part(made.builder)
    assert builder is not None
    found = {
        "test": _script("Run the tests of one service.", 'CONTEXT="services/$1"', [
            'if [ -x "$CONTEXT/test.sh" ]; then (cd "$CONTEXT" && ./test.sh)',
            'elif [ -f "$CONTEXT/Makefile" ]; then make -C "$CONTEXT" test',
            'else echo "services/$1 has neither test.sh nor a Makefile; nothing says that it works" >&2; exit 1; fi',
        ]),
        "build": _script("Build the image of one service.", _image(made), [*builder.BUILD, *builder.SAVE]),
        "push": _script("Sign in, push the image of one service and note its digest.", _image(made), [
            *_sign_in(design, made), *builder.SIGN_IN, *builder.PUSH, *(_commands(design, "SIGN") if made.sign else []),
        ]),
        "deploy": _script("Bring the pushed images to where they run.", _work(), _deploy(made)),
    }
    if made.scan:
        found["scan"] = _script("Search the built image for known vulnerabilities.", _image(made), _commands(design, "SCAN"))
    if made.preview:
        found["preview"] = _script("Show a change in a namespace of its own.", _work(), _preview(made))
    return found


def _script(title: str, setting: str, commands: Iterable[str]) -> str:
    return "\n".join(["#!/bin/sh", f"# {title}", "set -eu", *setting.splitlines(), *commands]) + "\n"


def _work() -> str:
    return 'WORK="${WORK:-.delivery}"\nTAG="${TAG:?a commit}"\nmkdir -p "$WORK"'


def _image(made: Pipeline) -> str:
    return "\n".join([
        f'REPOSITORY="{made.registry}/$1"', _work(), 'CONTEXT="services/$1"', 'IMAGE="$REPOSITORY:$TAG"',
        'REGISTRY="${REPOSITORY%%/*}"', 'ARCHIVE="$WORK/$1.tar"', 'DIGEST_FILE="$WORK/$1.digest"',
    ])


def _sign_in(design: Design, made: Pipeline) -> list[str]:
    if not made.identity:
        return ['REGISTRY_USER="${REGISTRY_USER:?}"', 'REGISTRY_PASSWORD="${REGISTRY_PASSWORD:?}"']
    return ['ID_TOKEN_FILE="${ID_TOKEN_FILE:?}"', *SIGN_IN[made.identity], *_commands(design, "LOGIN")]


def _deploy(made: Pipeline) -> list[str]:
    """Write the digests into answers and manifests, so that the next export says the same; then push or apply."""
    names = " ".join(made.images)
    pin = [
        f"for name in {names}; do",
        '  [ -f "$WORK/$name.digest" ] || continue',
        f'  image="{made.registry}/$name"',
        '  digest="$(cat "$WORK/$name.digest")"',
        '  grep -rlE "image: \\"?$image[:@]" answers.yaml manifests 2>/dev/null | while read -r file; do',
        '    sed -i -E "s#(image: \\"?)$image[:@][^\\" ]*#\\1$image@$digest#" "$file"',
        "  done",
        "done",
    ]
    if not made.gitops:
        return [*pin, *(line for command in made.apply for line in command.splitlines())]
    return [
        'WORK="$(cd "$WORK" && pwd)"',
        'git clone --quiet --depth 1 --branch "${DELIVERY_BRANCH:?}" "${DELIVERY_REPOSITORY:?}" "$WORK/platform"',
        'cd "$WORK/platform"',
        *pin,
        "git add --all",
        'git diff --cached --quiet && { echo "nothing to deliver"; exit 0; }',
        'git -c user.name=delivery -c user.email=delivery@localhost commit --quiet --message "Deliver $TAG"',
        'git push --quiet origin "HEAD:${DELIVERY_TARGET:-$DELIVERY_BRANCH}"',
    ]


def _preview(made: Pipeline) -> list[str]:
    return [
        'NAMESPACE="preview-$(printf %s "${CHANGE:?the number of the change}" | tr -cd a-z0-9-)"',
        f"# The cluster for previews is the last one of the design: {made.clusters[-1] if made.clusters else 'main'}.",
        f'CONTEXT="${{PREVIEW_CONTEXT:-{made.clusters[-1] if made.clusters else "main"}}}"',
        'kubectl --context "$CONTEXT" create namespace "$NAMESPACE" --dry-run=client --output yaml |',
        '  kubectl --context "$CONTEXT" apply --server-side --filename -',
        'kubectl --context "$CONTEXT" label namespace "$NAMESPACE" --overwrite \\',
        "  pod-security.kubernetes.io/enforce=restricted delivery/preview=true",
        'kubectl --context "$CONTEXT" --namespace "$NAMESPACE" apply --server-side --kustomize preview',
        'echo "preview in namespace $NAMESPACE of $CONTEXT"',
    ]
