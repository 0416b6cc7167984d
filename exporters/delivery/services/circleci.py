"""CircleCI: one file; every job of a context gets an identity token in CIRCLE_OIDC_TOKEN_V2."""

from __future__ import annotations

from exporters.delivery.steps import Pipeline

SOURCE = "https://circleci.com/docs/configuration-reference/"


def files(made: Pipeline) -> dict[str, str]:
    """The configuration; it belongs into .circleci of the code repository."""
    names = " ".join(made.images)
    checks = ["test", "build", *(["scan"] if made.scan else [])]
    token = [
        "      - run:",
        "          name: Identity token",
        "          command: |",
        "            mkdir -p .delivery",
        "            printf %s \"$CIRCLE_OIDC_TOKEN_V2\" >.delivery/token",
    ] if made.keyless else []
    lines = [
        "version: 2.1",
        "executors:",
        "  runner:",
        *(["    machine: true", "    resource_class: << pipeline.parameters.runner >>"] if made.own_runners else
          ["    machine:", "      image: ubuntu-2404:current"]),
        *(["parameters:", "  runner:", "    type: string", "    default: example/delivery"] if made.own_runners else []),
        "jobs:",
        "  check:",
        "    executor: runner",
        "    steps:",
        "      - checkout",
        *(line for step in checks for line in (
            "      - run:", f"          name: {step.capitalize()}", "          command: |",
            "            export TAG=\"$CIRCLE_SHA1\"",
            f"            for name in {names}; do sh delivery/scripts/{step}.sh \"$name\" || exit 1; done",
        )),
    ]
    if made.preview:
        lines += [
            "  preview:", "    executor: runner", "    steps:", "      - checkout", "      - run:",
            "          name: Preview", "          command: |",
            "            [ -n \"${CIRCLE_PULL_REQUEST:-}\" ] || exit 0",
            "            TAG=\"$CIRCLE_SHA1\" CHANGE=\"${CIRCLE_PULL_REQUEST##*/}\" sh delivery/scripts/preview.sh",
        ]
    lines += [
        "  publish:",
        "    executor: runner",
        "    steps:",
        "      - checkout",
        *token,
        "      - run:",
        "          name: Push",
        "          command: |",
        "            export TAG=\"$CIRCLE_SHA1\"" + (" ID_TOKEN_FILE=\"$PWD/.delivery/token\"" if made.keyless else ""),
        f"            for name in {names}; do",
        "              sh delivery/scripts/build.sh \"$name\" && sh delivery/scripts/push.sh \"$name\" || exit 1",
        "            done",
        "            mkdir -p digests && cp .delivery/*.digest digests/",
        "      - persist_to_workspace:",
        "          root: .",
        "          paths: [digests]",
        "  deploy:",
        "    executor: runner",
        "    steps:",
        "      - checkout",
        "      - attach_workspace:",
        "          at: .",
        "      - run:",
        "          name: Deploy",
        "          command: |",
        "            mkdir -p .delivery && cp digests/*.digest .delivery/",
        "            TAG=\"$CIRCLE_SHA1\" sh delivery/scripts/deploy.sh",
        "workflows:",
        "  delivery:",
        "    jobs:",
        "      - check",
        *(["      - preview:", "          requires: [check]", "          context: [preview]", "          filters:",
           "            branches:", f"              ignore: [{made.branch!r}]"] if made.preview else []),
        "      - publish:",
        "          requires: [check]",
        "          context: [registry]",
        "          filters: &merged",
        "            branches:",
        f"              only: [{made.branch!r}]",
        *(["      - approve:", "          type: approval", "          requires: [publish]", "          filters: *merged"]
          if made.approval else []),
        "      - deploy:",
        f"          requires: [{'approve' if made.approval else 'publish'}]",
        "          context: [delivery]",
        "          filters: *merged",
    ]
    return {"circleci/config.yml": "\n".join(lines) + "\n"}
