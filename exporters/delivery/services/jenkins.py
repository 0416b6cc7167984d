"""Jenkins: a declarative Jenkinsfile for a multibranch pipeline; credentials are bound by name."""

from __future__ import annotations

from exporters.delivery.steps import Pipeline

SOURCE = "https://www.jenkins.io/doc/book/pipeline/syntax/"
PLACE = "Jenkinsfile"
TOKEN = "jenkins"
APPROVAL = True
NOTES = (
    "Make a multibranch pipeline and credentials `registry` (user and password) and `delivery-token` (secret text); the "
    "other variables below belong to the folder's properties.",
    "A multibranch pipeline does not tell that a change was closed: start a build of the main branch with the parameter "
    "`CLOSED` set to its number to remove its preview.",
)


def trusted(host: str) -> bool:
    """Sigstore takes no identity of a Jenkins of one's own."""
    return False



def files(made: Pipeline) -> dict[str, str]:
    """The Jenkinsfile; it belongs into the root of the code repository."""
    released = "buildingTag()" if made.promotion == "tag" else f"branch '{made.branch}'"
    user = ["withCredentials([usernamePassword(credentialsId: 'registry',",
            "    usernameVariable: 'REGISTRY_USER', passwordVariable: 'REGISTRY_PASSWORD')]) {"]
    lines = [
        "pipeline {",
        "  agent { label 'delivery' }",
        "  options {",
        "    disableConcurrentBuilds()",
        "    timeout(time: 1, unit: 'HOURS')",
        "  }",
        *(["  parameters { string(name: 'CLOSED', defaultValue: '', description: 'number of a closed change') }"]
          if made.preview else []),
        "  environment { TAG = \"${env.CHANGE_ID ? 'pr-' + env.CHANGE_ID : env.TAG_NAME ?: env.GIT_COMMIT}\" }",
        "  stages {",
        *_stage("Tools", "", ["sh 'sh delivery/scripts/tools.sh'"]),
        *(line for step in made.checks for line in _stage(step.capitalize(), "", _each(made, step))),
    ]
    if made.preview:
        lines += _stage("Preview", "changeRequest()", [
            *user, *(f"  {line}" for line in _each(made, "push")), "}",
            "withCredentials([string(credentialsId: 'delivery-token', variable: 'DELIVERY_TOKEN')]) {",
            "  sh 'CHANGE=\"$CHANGE_ID\" sh delivery/scripts/preview.sh'", "}"])
        lines += _stage("Remove the preview", "expression { params.CLOSED }", [
            "sh 'CHANGE=\"$CLOSED\" sh delivery/scripts/preview-end.sh'"])
    if made.publishes:
        release = ["release"] if made.scan == "after" or made.sign else []
        lines += _stage("Push", released, [
            *user, *(f"  {line}" for step in ("push", *release) for line in _each(made, step)), "}"])
        for environment, _ in made.environments():
            if made.approval and (not environment or environment == made.targets[-1][0]):
                lines += _stage("Approval", released, ["input message: 'Deliver to production?'"])
            lines += _stage(f"Deploy {environment}".rstrip(), released, [
                "withCredentials([string(credentialsId: 'delivery-token', variable: 'DELIVERY_TOKEN')]) {",
                "  sh '" + f"sh delivery/scripts/deploy.sh {environment}".rstrip() + "'", "}"])
    return {"jenkins/Jenkinsfile": "\n".join([*lines, "  }", "}"]) + "\n"}


def _stage(title: str, when: str, steps: list[str]) -> list[str]:
    condition = [f"      when {{ {when} }}"] if when else []
    return [f"    stage('{title}') {{", *condition, "      steps {", *(f"        {step}" for step in steps), "      }",
            "    }"]


def _each(made: Pipeline, step: str) -> list[str]:
    names = " ".join(image.name for image in made.images)
    return [f"sh 'for name in {names}; do sh delivery/scripts/{step}.sh \"$name\" || exit 1; done'"]
