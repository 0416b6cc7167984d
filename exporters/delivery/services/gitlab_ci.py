"""GitLab CI: one file; jobs ask for an identity token by `id_tokens`."""

from __future__ import annotations

from exporters.delivery.steps import AUDIENCE, Pipeline

SOURCE = "https://docs.gitlab.com/ci/yaml/"


def files(made: Pipeline) -> dict[str, str]:
    """The pipeline; it belongs into the root of the code repository as .gitlab-ci.yml."""
    names = " ".join(made.images)
    checks = ["test", "build", *(["scan"] if made.scan else [])]
    lines = [
        "stages: [check, preview, publish, deploy]",
        "workflow:",
        "  rules:",
        "    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"",
        f"    - if: $CI_COMMIT_BRANCH == \"{made.branch}\"",
        "variables:",
        "  TAG: $CI_COMMIT_SHA",
        *(["default:", "  tags: [delivery]"] if made.own_runners else []),
        "check:",
        "  stage: check",
        "  script:",
        *(f"    - for name in {names}; do sh delivery/scripts/{step}.sh \"$name\" || exit 1; done" for step in checks),
    ]
    if made.preview:
        lines += [
            "preview:",
            "  stage: preview",
            "  rules:",
            "    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"",
            "  variables:",
            "    CHANGE: $CI_MERGE_REQUEST_IID",
            "  environment:",
            "    name: preview/$CI_MERGE_REQUEST_IID",
            "  script:",
            "    - sh delivery/scripts/preview.sh",
        ]
    lines += [
        "publish:",
        "  stage: publish",
        "  rules:",
        f"    - if: $CI_COMMIT_BRANCH == \"{made.branch}\"",
        *_token(made),
        "  script:",
        "    - mkdir -p .delivery",
        *(["    - printf %s \"$JOB_TOKEN\" >.delivery/token", "    - export ID_TOKEN_FILE=\"$PWD/.delivery/token\""]
          if made.keyless else
          ["    - export REGISTRY_USER=\"${REGISTRY_USER:-$CI_REGISTRY_USER}\"",
           "    - export REGISTRY_PASSWORD=\"${REGISTRY_PASSWORD:-$CI_REGISTRY_PASSWORD}\""]),
        f"    - for name in {names}; do sh delivery/scripts/build.sh \"$name\" && sh delivery/scripts/push.sh \"$name\""
        " || exit 1; done",
        "    - rm -f .delivery/token",
        "  artifacts:",
        "    paths: [\".delivery/*.digest\"]",
        "    expire_in: 1 week",
        "deploy:",
        "  stage: deploy",
        "  rules:",
        f"    - if: $CI_COMMIT_BRANCH == \"{made.branch}\"",
        *(["      when: manual"] if made.approval else []),
        "  environment:",
        "    name: production",
        "  resource_group: production",
        "  script:",
        "    - sh delivery/scripts/deploy.sh",
    ]
    return {"gitlab/.gitlab-ci.yml": "\n".join(lines) + "\n"}


def _token(made: Pipeline) -> list[str]:
    found = []
    if made.keyless:
        found.append(("JOB_TOKEN", AUDIENCE[made.identity]))
    if made.sign:
        found.append(("SIGSTORE_ID_TOKEN", "sigstore"))
    if not found:
        return []
    return ["  id_tokens:", *(line for name, audience in found for line in (f"    {name}:", f"      aud: {audience}"))]
