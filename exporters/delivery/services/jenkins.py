"""Jenkins: a declarative Jenkinsfile for a multibranch pipeline; credentials are bound by name."""

from __future__ import annotations

from exporters.delivery.steps import Pipeline

SOURCE = "https://www.jenkins.io/doc/book/pipeline/syntax/"


def files(made: Pipeline) -> dict[str, str]:
    """The Jenkinsfile; it belongs into the root of the code repository."""
    names = " ".join(made.images)
    checks = ["test", "build", *(["scan"] if made.scan else [])]
    lines = [
        "pipeline {",
        "  agent { label 'delivery' }",
        "  options {",
        "    disableConcurrentBuilds()",
        "    timeout(time: 1, unit: 'HOURS')",
        "  }",
        "  environment { TAG = \"${env.GIT_COMMIT}\" }",
        "  stages {",
        *(line for step in checks for line in _stage(step.capitalize(), "", _each(names, step))),
        *(_stage("Preview", "changeRequest()", ["sh 'CHANGE=\"$CHANGE_ID\" sh delivery/scripts/preview.sh'"])
          if made.preview else []),
        *_stage("Push", f"branch '{made.branch}'", [
            "withCredentials([usernamePassword(credentialsId: 'registry',",
            "    usernameVariable: 'REGISTRY_USER', passwordVariable: 'REGISTRY_PASSWORD')]) {",
            *(f"  {line}" for line in _each(names, "push")),
            "}",
        ]),
        *(_stage("Approval", f"branch '{made.branch}'", ["input message: 'Deliver to production?'"])
          if made.approval else []),
        *_stage("Deploy", f"branch '{made.branch}'", [
            "withCredentials([string(credentialsId: 'delivery-repository', variable: 'DELIVERY_REPOSITORY')]) {",
            "  sh 'sh delivery/scripts/deploy.sh'",
            "}",
        ]),
        "  }",
        "}",
    ]
    return {"jenkins/Jenkinsfile": "\n".join(lines) + "\n"}


def _stage(title: str, when: str, steps: list[str]) -> list[str]:
    condition = [f"      when {{ {when} }}"] if when else []
    return [f"    stage('{title}') {{", *condition, "      steps {", *(f"        {step}" for step in steps), "      }",
            "    }"]


def _each(names: str, step: str) -> list[str]:
    return [f"sh 'for name in {names}; do sh delivery/scripts/{step}.sh \"$name\" || exit 1; done'"]
