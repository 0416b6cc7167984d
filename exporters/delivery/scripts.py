"""The scripts of a pipeline: POSIX shell that stops at the first failure, prints nothing secret and keeps no key.

A CI service's module only says when which script runs, and how a job proves who it is. Variables that a script wants
from its service: TAG (a commit, a version or `pr-N`), CHANGE (number of the change), and those of `signin.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType

from catalog.design import Design
from exporters.delivery import archives
from exporters.delivery.signin import CLUSTER, SIGN_IN
from exporters.delivery.steps import Pipeline, Target, commands, emulates, part, service
from exporters.delivery.variables import kubeconfig

SEVERITIES: Mapping[str, tuple[str, str, str]] = {
    "critical": ("1", "CRITICAL", "critical"), "high": ("1", "HIGH,CRITICAL", "high"),
    "never": ("0", "HIGH,CRITICAL", "high"),
}
"""Setting to: whether a finding fails the pipeline, the severities looked at, the lowest of them."""

ROUTES = "Ingress|.*Route|VirtualService|.*Gateway|DNSEndpoint|Certificate|HTTPProxy|Mapping|TrafficSplit|Canary"
"""Kinds that lead the world to a workload: a preview has none of them."""

TOOLS = "$HOME/.local/bin"


def scripts(design: Design, made: Pipeline) -> dict[str, str]:
    """Script name to text; only those of steps that were chosen."""
    builder = part(made.builder)
    assert builder is not None
    found = {"tools": _script("See that every program is there; fetch what the vendor's runners lack.", [_work()], _tools(made))}
    if "build" in made.steps:
        found["image"] = _script("Names of one image; the scripts that work on one begin with it.", _image(made), [])
    if "test" in made.steps:
        found["test"] = _script("Run the tests of one image's source.", ['CONTEXT="services/$1"'], [
            'if [ -x "$CONTEXT/test.sh" ]; then (cd "$CONTEXT" && ./test.sh)',
            'elif [ -f "$CONTEXT/Makefile" ]; then make -C "$CONTEXT" test',
            'else echo "$CONTEXT has neither test.sh nor a Makefile; nothing says that it works" >&2; exit 1; fi',
        ])
    if "build" in made.steps:
        found["build"] = _script("Build one image into an archive.", _head("image"), [
            f'PLATFORMS="{",".join(made.platforms)}"', *_behind_mirror(made, builder), *builder.BUILD, *builder.SAVE])
    if made.scan == "before":
        found["scan"] = _script("Search one built image for known vulnerabilities.", _head("image"),
                                [*_severity(made), *_mirrored(design, made), *_scan(design, made, builder.ARCHIVE)])
    if made.publishes:
        found["registry"] = _script("Sign in to the registry; the scripts that need it begin with it.", [],
                                    [*_registry(design, made), *builder.SIGN_IN])
        found["push"] = _script("Push one image and note its digest.", _head("image", "registry"), builder.PUSH)
        after = [*([*_severity(made), *archives.for_each(commands(design, "GATE"))] if made.scan == "after" else []),
                 *(commands(design, "KEYLESS" if made.keyless_sign else "SIGN") if made.sign else [])]
        if after:
            found["release"] = _script("Let one pushed image go on: the registry's scan passed, the digest signed.",
                                       _head("image", "registry"), [*_pinned(), *after])
        found["deploy"] = _script("Bring the pushed images to where they run.", [_work()], _deploy(made))
    if made.preview and made.preview_cluster is not None:
        target = made.preview_cluster
        found["preview"] = _script("Show a change in a namespace of its own.", [_work()], _preview(made, target))
        found["preview-end"] = _script("Remove the preview of a closed change.", [_work()],
                                       [*_change(), *_cluster(made, target), *_remove()])
    return found


def _script(title: str, settings: Iterable[str], lines: Iterable[str]) -> str:
    return "\n".join(["#!/bin/sh", f"# {title}", "set -eu", *settings, *lines]) + "\n"


def _head(*names: str) -> list[str]:
    """Lines that take other scripts of the folder in."""
    return [f'. "${{0%/*}}/{name}.sh"' for name in names]


def _work() -> str:
    return f'export PATH="{TOOLS}:$PATH"\nmkdir -p .delivery\nWORK="$PWD/.delivery"'


def _tag() -> list[str]:
    return ['TAG="${TAG:?a commit, a version or pr-N}"',
            'case "$TAG" in *[!A-Za-z0-9._-]*|[.-]*) echo "$TAG cannot be the tag of an image" >&2; exit 2;; esac']


def _image(made: Pipeline) -> list[str]:
    return [
        _work(), *_tag(), 'case "$1" in',
        *(f"  {image.name}) REPOSITORY={image.repository} ;;" for image in made.images),
        '  *) echo "$1 is no image of this pipeline" >&2; exit 2 ;;', "esac",
        'CONTEXT="services/$1"', 'IMAGE="$REPOSITORY:$TAG"', 'REGISTRY="${REPOSITORY%%/*}"', 'ARCHIVE="$WORK/$1.tar"',
        'DIGEST_FILE="$WORK/$1.digest"',
    ]


def _pinned() -> list[str]:
    return ['PINNED="$REPOSITORY@$(cat "$DIGEST_FILE")"']


def _severity(made: Pipeline) -> list[str]:
    fail, severities, lowest = SEVERITIES.get(made.severity, SEVERITIES["critical"])
    return [f"FAIL={fail}", f"SEVERITIES={severities}", f"LOWEST={lowest}"]


def _behind_mirror(made: Pipeline, builder: ModuleType) -> list[str]:
    lines = getattr(builder, "BEHIND_MIRROR", ()) if made.mirror else ()
    return [f"MIRROR={made.mirror}", *lines] if lines else []


def _mirrored(design: Design, made: Pipeline) -> list[str]:
    return [f"MIRROR={made.mirror}", *commands(design, "MIRRORED")] if made.mirror else []


def _scan(design: Design, made: Pipeline, form: str) -> list[str]:
    """Every platform that is built is looked at, one after the other."""
    lines = [*archives.FORMS[form], *commands(design, "SCAN")]
    if form == "docker":
        return lines
    if len(made.platforms) == 1:
        return [f"PLATFORM={made.platforms[0]}", *lines]
    told = ['echo "$1 for $PLATFORM"', *lines]
    return [f"for PLATFORM in {' '.join(made.platforms)}; do", *(f"  {line}" for line in told), "done"]


def _registry(design: Design, made: Pipeline) -> list[str]:
    """Signing in to the registry's cloud, and user and password for the registry itself."""
    if made.identity:
        return [*_signed_in(made, made.identity), *commands(design, "LOGIN"), *_docker()]
    return ['REGISTRY_USER="${REGISTRY_USER:?}"', 'REGISTRY_PASSWORD="${REGISTRY_PASSWORD:?}"', *_docker()]


def _signed_in(made: Pipeline, cloud: str) -> list[str]:
    """Rights in a cloud, by a token that is asked for now where the service's are short."""
    asked = getattr(service(made.service), "identity", None)
    return [*(asked(cloud) if asked is not None else ()), *SIGN_IN[cloud]]


def _docker() -> list[str]:
    """One file of credentials for every tool, gone with the script."""
    return ['trap \'rm -rf "$WORK/docker" "$WORK/signed-in" "$WORK/credentials.json"\' EXIT',
            'export DOCKER_CONFIG="$WORK/docker" REGISTRY_AUTH_FILE="$WORK/docker/config.json"',
            'mkdir -p "$DOCKER_CONFIG" && [ -f "$REGISTRY_AUTH_FILE" ] || echo "{}" >"$REGISTRY_AUTH_FILE"']


def _tools(made: Pipeline) -> list[str]:
    lines = []
    emulated = emulates(made)
    if made.packages or emulated == "machine":
        lines += ["# package NAME: lists of packages that came with a machine are often older than what their servers hold.",
                  'as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }',
                  "package() { as_root apt-get update --quiet && as_root apt-get install --quiet --yes \"$@\"; }"]
    if emulated == "machine":
        lines += ["# The vendor's machines are amd64: other architectures are built by emulation.",
                  "package qemu-user-static binfmt-support"]
    if emulated == "service":
        others = ",".join(name.rpartition("/")[2] for name in made.platforms if name != "linux/amd64")
        lines += ["# Docker's machine is amd64: other architectures are built by emulation",
                  "# (https://docs.docker.com/build/building/multi-platform/).",
                  'docker run --rm --privileged "${DELIVERY_BINFMT:?image of tonistiigi/binfmt, by digest}" \\',
                  f"  --install {others}"]
    if made.runner == "hosted" and made.fetch:
        lines += [
            f'mkdir -p "{TOOLS}"',
            "# fetch PROGRAM ARCHIVE CHECKSUMS: refuses an archive that the release's own list does not name.",
            "fetch() {",
            '  curl --fail --silent --show-error --location --output "$WORK/${2##*/}" "$2"',
            '  sum="$(curl --fail --silent --show-error --location "$3" |',
            '    grep "[ */]${2##*/}\\$" | head -n 1 | cut -d " " -f 1)"',
            '  echo "${sum:?no checksum for $2}  $WORK/${2##*/}" | sha256sum --check --quiet',
            '  case "$2" in',
            f'    *gz) tar --extract --gzip --file "$WORK/${{2##*/}}" --directory "{TOOLS}" "$1" ;;',
            f'    *) install -m 755 "$WORK/${{2##*/}}" "{TOOLS}/$1" ;;',
            "  esac",
            '  rm -f "$WORK/${2##*/}"',
            "}",
            *(f"fetch {name} {archive.format(v=version)} {checksums.format(v=version)}"
              for name, (version, archive, checksums) in made.fetch),
        ]
    lines += [f'command -v {name} >/dev/null || package {name}' for name in made.packages]
    return [*lines, f"for program in {' '.join(made.basics)}; do",
            '  command -v "$program" >/dev/null || { echo "this runner lacks $program" >&2; exit 1; }', "done"]


def _clone(made: Pipeline) -> list[str]:
    """The manifests' repository; the token is neither an argument nor in a file."""
    user = "oauth2" if "gitlab" in made.repository else "x-access-token"
    return [
        f'DELIVERY_REPOSITORY="${{DELIVERY_REPOSITORY:-{made.repository}}}"',
        f'DELIVERY_BRANCH="${{DELIVERY_BRANCH:-{made.target_branch}}}"',
        'if [ -n "${DELIVERY_TOKEN:-}" ]; then',
        "  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.extraHeader",
        f'  GIT_CONFIG_VALUE_0="Authorization: Basic $(printf %s "{user}:$DELIVERY_TOKEN" | base64 | tr -d \'\\n\')"',
        "  export GIT_CONFIG_VALUE_0",
        "fi",
        'rm -rf "$WORK/platform"',
        'git clone --quiet --depth 1 --branch "$DELIVERY_BRANCH" "$DELIVERY_REPOSITORY" "$WORK/platform"',
        'cd "$WORK/platform"',
    ]


def _deploy(made: Pipeline) -> list[str]:
    """Say in Git what runs where, or write the digests into the answers, export again and apply."""
    return _promoted(made) if made.gitops else _applied(made)


_AUTHOR = (
    "export GIT_AUTHOR_NAME=delivery GIT_AUTHOR_EMAIL=delivery@localhost",
    "export GIT_COMMITTER_NAME=delivery GIT_COMMITTER_EMAIL=delivery@localhost",
)
_COMMIT = 'git commit --quiet --message "Deliver $TAG to $TARGET"'


def _promoted(made: Pipeline) -> list[str]:
    """The images of each cluster of one environment, in the Component that its overlay takes them from."""
    lines = [
        *_tag(), 'TARGET="${1:?an environment}"', 'case "$TARGET" in',
        *(f"  {environment}) CLUSTERS=\"{' '.join(target.name for target in group)}\" ;;"
          for environment, group in made.targets),
        '  *) echo "$TARGET is no environment of this design" >&2; exit 2 ;;', "esac",
        *_AUTHOR, *_clone(made),
        "# pin FILE NAME REPOSITORY: a cluster runs what was pushed; images that this run did not push stay.",
        "pin() {",
        '  [ -f "$WORK/$2.digest" ] || return 0',
        r"""  awk -v name="$3" -v tag="$TAG" -v digest="$(cat "$WORK/$2.digest")" '""",
        r"""    /^ *- / { mine = 0 }""",
        r"""    /^ *-? *name: / { word = $NF; gsub(/["\047]/, "", word); mine = (word == name) }""",
        r"""    mine && /^ *(newTag|digest): / { next }""",
        r"""    { print }""",
        r"""    mine && /name: / { print "    newTag: \"" tag "\""; print "    digest: " digest }""",
        r"""  ' "$1" >"$WORK/images.yaml" """.rstrip(),
        '  grep --quiet "digest: $(cat "$WORK/$2.digest")" "$WORK/images.yaml" || {',
        '    echo "$1 names no image $3: export the manifests again" >&2; exit 1; }',
        '  cp "$WORK/images.yaml" "$1"',
        "}",
        "committed() {",
        "  for cluster in $CLUSTERS; do",
        f'    FILE="{made.manifests}/clusters/$cluster/images/kustomization.yaml"',
        *(f'    pin "$FILE" {image.name} {image.repository}' for image in made.governed),
        "  done",
        "  git add --all",
        '  if git diff --cached --quiet; then echo "nothing to deliver"; exit 0; fi',
        f"  {_COMMIT}",
        "}",
        "committed",
    ]
    if made.propose:
        return [*lines, *_request(made)]
    return [
        *lines, "tries=5",
        'until git push --quiet origin "HEAD:$DELIVERY_BRANCH"; do',
        "  # Another delivery was faster: this one is written on top of it.",
        '  tries=$((tries - 1)); [ "$tries" -gt 0 ] || exit 1',
        '  git fetch --quiet --depth 1 origin "$DELIVERY_BRANCH"',
        "  git reset --quiet --hard FETCH_HEAD",
        "  committed",
        "done",
    ]


def _applied(made: Pipeline) -> list[str]:
    """The digests in the answers, the export made again, and its commands for one environment."""
    lines = [
        *_tag(), 'TARGET="${1:?an environment}"', *_AUTHOR, *_clone(made),
        "# pin NAME REPOSITORY: the answers say tag and digest of what was pushed.",
        "pin() {",
        '  [ -f "$WORK/$1.digest" ] || return 0',
        '  digest="$(cat "$WORK/$1.digest")"',
        '  repository="$(printf %s "$2" | sed \'s/[.]/[.]/g\')"',
        '  sed -i -E "s#(image: *[\\"\']?)${repository}[:@][A-Za-z0-9._:@-]+#\\\\1$2:$TAG@$digest#" answers.yaml',
        "}",
        *(f"pin {image.name} {image.repository}" for image in made.images),
        *(['pipx install --quiet "k8s-wizard==${K8S_WIZARD_VERSION:?version of the export}"']
          if made.runner == "hosted" else []),
        "k8s-wizard build answers.yaml -o .",
        "helmfile init --force", 'case "$TARGET" in',
    ]
    applied = dict(made.apply)
    last = made.targets[-1][0] if made.targets else ""
    for environment, group in made.targets:
        lines += [f"  {environment})", *(f"    {line}" for target in group
                                        for line in [*_cluster(made, target), *applied.get(target.name, ())])]
        if environment == last:
            # What runs in the last environment is what the branch says; earlier ones only try it.
            lines += ["    git add --all", "    if ! git diff --cached --quiet; then", f"      {_COMMIT}",
                      '      git push --quiet origin "HEAD:$DELIVERY_BRANCH"', "    fi"]
        lines += ["    ;;"]
    return [*lines, '  *) echo "$TARGET is no environment of this design" >&2; exit 2 ;;', "esac"]


def _request(made: Pipeline) -> list[str]:
    if "gitlab" in made.repository:
        return ['git push --quiet --force -o merge_request.create -o "merge_request.target=$DELIVERY_BRANCH" \\',
                '  -o "merge_request.title=Deliver $TAG to $TARGET" -o merge_request.remove_source_branch \\',
                '  origin "HEAD:deliver/$TARGET/$TAG"']
    lines = ['git push --quiet --force origin "HEAD:deliver/$TARGET/$TAG"']
    if "github" not in made.repository:
        return [*lines, 'echo "open a request from deliver/$TARGET/$TAG to $DELIVERY_BRANCH in $DELIVERY_REPOSITORY"']
    host, _, path = made.repository.removeprefix("https://").removesuffix(".git").partition("/")
    api = f"https://api.github.com/repos/{path}/pulls" if host == "github.com" else f"https://{host}/api/v3/repos/{path}/pulls"
    return [
        *lines,
        "# 422: the pull request of an earlier run of this job is still open, and now shows what was pushed.",
        'STATUS="$(printf "Authorization: Bearer %s" "${DELIVERY_TOKEN:?}" | curl --silent --show-error --header @- \\',
        '  --output "$WORK/request.json" --write-out "%{http_code}" --data \\',
        '  "{\\"title\\": \\"Deliver $TAG to $TARGET\\", \\"head\\": \\"deliver/$TARGET/$TAG\\", '
        '\\"base\\": \\"$DELIVERY_BRANCH\\"}" \\',
        f'  {api})"',
        'case "$STATUS" in 201|422) ;; *) echo "no pull request was opened: the code host said $STATUS" >&2; exit 1 ;; esac',
    ]


def _cluster(made: Pipeline, target: Target) -> list[str]:
    """Rights in one cluster: by the job's identity where its cloud takes one, else by a bounded token."""
    gone = 'trap \'rm -rf "$WORK/kubeconfig" "$WORK/signed-in" "$WORK/credentials.json"\' EXIT'
    if target.cloud in CLUSTER:
        return [gone, f"CLUSTER={target.name}", f"REGION={target.region or 'region'}",
                'export KUBECONFIG="$WORK/kubeconfig"', *_signed_in(made, target.cloud), *CLUSTER[target.cloud]]
    return [gone, f"CLUSTER={target.name}", "# A kubeconfig whose token ends by itself, kept as a secret of the CI service.",
            f'(umask 077; printf "%s\\n" "${{{kubeconfig(target)}:?}}" >"$WORK/kubeconfig")',
            'export KUBECONFIG="$WORK/kubeconfig"']


def _change() -> list[str]:
    return ['CHANGE="${CHANGE:?number of the change}"',
            'case "$CHANGE" in *[!0-9]*) echo "$CHANGE is no number of a change" >&2; exit 2;; esac', 'NAME="pr-$CHANGE"']


def _remove() -> list[str]:
    return ['kubectl --context "$CLUSTER" delete namespace "$NAME" --ignore-not-found --wait=false']


def _preview(made: Pipeline, target: Target) -> list[str]:
    """The workloads' manifests once more: own namespace, images of the change, nothing that leads the world there."""
    return [
        *_change(), *_clone(made), *_cluster(made, target),
        'mkdir -p "previews/$NAME"',
        *(['cat >"previews/$NAME/services.yaml" <<END', *"\n---\n".join(made.preview_services).splitlines(), "END"]
          if made.preview_services else []),
        'cat >"previews/$NAME/kustomization.yaml" <<END',
        "apiVersion: kustomize.config.k8s.io/v1beta1",
        "kind: Kustomization",
        "namespace: $NAME",
        "resources:",
        f"$(for folder in {made.manifests}/*-workloads; do echo \"  - ../../$folder\"; done)",
        *(["  - services.yaml"] if made.preview_services else []),
        "images:",
        *(f'  - {{name: "{image.repository}", newTag: "$NAME", digest: "$(cat "$WORK/{image.name}.digest")"}}'
          for image in made.images),
        "patches:",
        f'  - target: {{kind: "{ROUTES}"}}',
        '    patch: "{$patch: delete, apiVersion: v1, kind: Any, metadata: {name: any}}"'.replace("$", "\\$"),
        "END",
        'kubectl kustomize "previews/$NAME" >"$WORK/preview.yaml"',
        'kubectl --context "$CLUSTER" create namespace "$NAME" --dry-run=client --output yaml |',
        '  kubectl --context "$CLUSTER" apply --server-side --filename -',
        'kubectl --context "$CLUSTER" label namespace "$NAME" --overwrite \\',
        "  pod-security.kubernetes.io/enforce=restricted k8s-wizard.dev/preview=true",
        'kubectl --context "$CLUSTER" apply --server-side --force-conflicts --filename "$WORK/preview.yaml"',
        'echo "preview in namespace $NAME of $CLUSTER"',
    ]
