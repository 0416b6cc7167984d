"""IAM roles for service accounts: the role is named on the account."""

from __future__ import annotations

from exporters.manifests.references import Identity
from exporters.manifests.shortened import short
from exporters.manifests.view import View


def identity(view: View, account: str, namespace: str) -> Identity:
    """The role is called after cluster and account; the AWS account is for the owner to fill in."""
    name = short(f"{view.cluster.name}-{account}", 64)
    return Identity(annotations={"eks.amazonaws.com/role-arn": f"arn:aws:iam::ACCOUNT_ID:role/{name}"})
