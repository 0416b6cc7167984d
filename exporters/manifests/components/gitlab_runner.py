"""Runners of GitLab CI in the cluster: a pod for each job, without root, and rights over those pods alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from exporters.manifests import authority
from exporters.manifests.families import image_builder
from exporters.manifests.labels import PREFIX
from exporters.manifests.references import Obj, Secret
from exporters.manifests.view import View

_RULES: tuple[dict[str, Any], ...] = (
    {"resources": ["pods"], "verbs": ["create", "delete", "get", "list", "watch"]},
    {"resources": ["pods/attach", "pods/exec"], "verbs": ["create", "delete", "get", "patch"]},
    {"resources": ["pods/log"], "verbs": ["get", "list"]},
    {"resources": ["secrets"], "verbs": ["create", "delete", "get", "update"]},
    {"resources": ["services"], "verbs": ["create", "get"]},
    {"resources": ["serviceaccounts"], "verbs": ["get"]},
    # What kept a job's pod from starting is printed with the job.
    {"resources": ["events"], "verbs": ["list"]},
)
"""What the executor asks the API for (https://docs.gitlab.com/runner/executors/kubernetes/#configure-runner-api-permissions);
without rules of one's own the chart gives it everything."""


def _token(view: View) -> Secret:
    # The chart mounts both keys; the second belongs to a way of signing in that is gone, and stays empty.
    return view.secret("gitlab-runner", ["runner-token", "runner-registration-token"], namespace=view.namespace)


def _server(view: View) -> Secret | None:
    """What GitLab itself is known by, where the company's authority signs it: a file of its host's name."""
    address = str(view.setting("runners.url", ""))
    return authority.root(view, view.namespace, address, name=f"{urlsplit(address).hostname}.crt")


def values(view: View) -> dict[str, Any]:
    """Values of the chart (https://docs.gitlab.com/runner/install/kubernetes_helm_chart_configuration/)."""
    server = _server(view)
    return {
        **({"certsSecretName": server.name} if server is not None else {}),
        "concurrent": int(view.setting("runners.at-most", 10)),
        "rbac": {"create": True, "clusterWideAccess": False, "rules": [{"apiGroups": [""], **rule} for rule in _RULES]},
        "metrics": {"enabled": view.monitors, "serviceMonitor": {"enabled": view.monitors}},
        "service": {"enabled": view.monitors},
        "runners": {"secret": _token(view).name, "config": _config(view)},
    }


def _config(view: View) -> str:
    """How job pods look (https://docs.gitlab.com/runner/executors/kubernetes/)."""
    root = authority.of_registry(view, view.namespace)
    told = [f'"{name}={value}"' for name, value in authority.environment().items()] if root is not None else []
    lines = [
        "[[runners]]",
        '  executor = "kubernetes"',
        *([f"  environment = [{', '.join(told)}]"] if told else []),
        "  [runners.kubernetes]",
        f'    namespace = "{view.namespace}"',
        "    privileged = false",
        "    allow_privilege_escalation = false",
        "    automount_service_account_token = false",
        '    priority_class_name = "batch"',
        '    cpu_request = "500m"',
        '    memory_request = "1Gi"',
        '    memory_limit = "4Gi"',
        '    helper_cpu_request = "50m"',
        '    helper_memory_request = "64Mi"',
        '    helper_memory_limit = "512Mi"',
        "    poll_timeout = 600",
        "    [runners.kubernetes.pod_labels]",
        # Policies know the pods of jobs by it: the manager alone carries the chart's own labels.
        f'      "{PREFIX}/job" = "true"',
        "    [runners.kubernetes.pod_security_context]",
        "      run_as_non_root = true",
        "      run_as_user = 1000",
        "      run_as_group = 1000",
        "      fs_group = 1000",
        "    [runners.kubernetes.pod_security_context.seccomp_profile]",
        '      type = "RuntimeDefault"',
        "    [runners.kubernetes.build_container_security_context.capabilities]",
        '      drop = ["ALL"]',
    ]
    for secret, place in ((image_builder.client(view), image_builder.CERTIFICATES), (root, authority.FOLDER)):
        if secret is not None:
            lines += [
                "    [[runners.kubernetes.volumes.secret]]",
                f'      name = "{secret.name}"',
                f'      mount_path = "{place}"',
                "      read_only = true",
            ]
    return "\n".join(lines) + "\n"


def objects(view: View) -> list[Obj]:
    """The token, what jobs show to a builder of images, and whom they trust, by reference."""
    wanted = (_token(view), image_builder.client(view), authority.of_registry(view, view.namespace), _server(view))
    return [obj for secret in wanted if secret is not None for obj in secret.objects]
