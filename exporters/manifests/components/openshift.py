"""OpenShift as parts of the platform see it: where its API server writes."""

from __future__ import annotations

from exporters.manifests.view import View


def audit_log(view: View) -> str:
    """https://docs.redhat.com/en/documentation/openshift_container_platform/latest/html/security_and_compliance/audit-log-view"""
    return "/var/log/kube-apiserver/audit.log"
