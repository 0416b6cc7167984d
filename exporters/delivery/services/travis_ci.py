"""Travis CI: one file. It gives jobs no identity token, so the registry's robot account is an encrypted variable."""

from __future__ import annotations

from exporters.delivery.steps import Pipeline

SOURCE = "https://docs.travis-ci.com/user/build-stages/"


def files(made: Pipeline) -> dict[str, str]:
    """The configuration; it belongs into the root of the code repository as .travis.yml."""
    names = " ".join(made.images)
    checks = ["test", "build", *(["scan"] if made.scan else [])]
    export = "export TAG=\"$TRAVIS_COMMIT\""
    lines = [
        "language: minimal",
        "services: [docker]",
        "stages:",
        "  - check",
        *(["  - name: preview", "    if: type = pull_request AND fork = false"] if made.preview else []),
        "  - name: deliver",
        f"    if: type = push AND branch = {made.branch}",
        "jobs:",
        "  include:",
        "    - stage: check",
        "      script:",
        f"        - {export}",
        *(f"        - for name in {names}; do sh delivery/scripts/{step}.sh \"$name\" || exit 1; done"
          for step in checks),
        *(["    - stage: preview", "      script:", f"        - {export} CHANGE=\"$TRAVIS_PULL_REQUEST\"",
           "        - sh delivery/scripts/preview.sh"] if made.preview else []),
        # One job, because jobs share no files; approval is the merge, for Travis CI has no gate within a build.
        "    - stage: deliver",
        "      script:",
        f"        - {export}",
        f"        - for name in {names}; do sh delivery/scripts/build.sh \"$name\" && sh delivery/scripts/push.sh \"$name\""
        " || exit 1; done",
        "        - sh delivery/scripts/deploy.sh",
    ]
    return {"travis/.travis.yml": "\n".join(lines) + "\n"}
