"""Tekton: a Pipeline in the own cluster. Steps share a workspace; the registry's robot account is a Secret."""

from __future__ import annotations

from exporters.delivery.steps import Pipeline

SOURCE = "https://tekton.dev/docs/pipelines/pipelines/"
PLACE = ""
TOKEN = "tekton"
APPROVAL = False
NOTES = (
    "Apply the file to the cluster of the runners; a Secret `delivery-registry` holds the secret variables below. A "
    "trigger that starts a run for each merge is yours to add; so is one for changes, which knows the number that "
    "scripts/preview.sh and scripts/preview-end.sh ask for in `CHANGE`.",
)


def trusted(host: str) -> bool:
    """Sigstore takes no identity of a cluster of one's own."""
    return False



def files(made: Pipeline) -> dict[str, str]:
    """A Task that runs one script and a Pipeline that runs them in order. Who merges, approves."""
    names = " ".join(image.name for image in made.images)
    release = ["release"] if made.scan == "after" or made.sign else []
    steps = [*made.checks, *(["push", *release, "deploy"] if made.publishes else [])]
    environments = " ".join(environment for environment, _ in made.environments() if environment)
    task = [
        "apiVersion: tekton.dev/v1",
        "kind: Task",
        "metadata:",
        "  name: delivery-script",
        "spec:",
        "  params:",
        "    - {name: script, type: string}",
        "    - {name: names, type: string, default: \"\"}",
        "    - {name: tag, type: string}",
        "    - {name: image, type: string, description: an image that holds the tools of the README}",
        "  workspaces:",
        "    - name: source",
        "  steps:",
        "    - name: run",
        "      image: $(params.image)",
        "      workingDir: $(workspaces.source.path)",
        "      envFrom:",
        "        - secretRef: {name: delivery-registry, optional: true}",
        "      env:",
        "        - {name: TAG, value: $(params.tag)}",
        "        - {name: SCRIPT, value: $(params.script)}",
        "        - {name: NAMES, value: $(params.names)}",
        "      script: |",
        "        #!/bin/sh",
        "        set -eu",
        "        if [ -z \"$NAMES\" ]; then exec sh \"delivery/scripts/$SCRIPT.sh\"; fi",
        "        for name in $NAMES; do sh \"delivery/scripts/$SCRIPT.sh\" \"$name\"; done",
    ]
    pipeline = [
        "apiVersion: tekton.dev/v1",
        "kind: Pipeline",
        "metadata:",
        "  name: delivery",
        "spec:",
        "  params:",
        "    - {name: tag, type: string}",
        "    - {name: image, type: string}",
        "  workspaces:",
        "    - name: source",
        "  tasks:",
    ]
    for at, step in enumerate(steps):
        pipeline += [
            f"    - name: {step}",
            "      taskRef: {name: delivery-script}",
            *([f"      runAfter: [{steps[at - 1]}]"] if at else []),
            "      params:",
            f"        - {{name: script, value: {step}}}",
            *([f"        - {{name: names, value: {names}}}"] if step != "deploy" else
              [f"        - {{name: names, value: {environments}}}"] if environments else []),
            "        - {name: tag, value: $(params.tag)}",
            "        - {name: image, value: $(params.image)}",
            "      workspaces:",
            "        - {name: source, workspace: source}",
        ]
    return {"tekton/pipeline.yaml": "\n".join([*task, "---", *pipeline]) + "\n"}
