"""Answers what workload identity answers."""

from exporters.manifests.references import Identity
from exporters.manifests.view import View


def identity(view: View, account: str, namespace: str) -> Identity:
    return Identity({"stand-ident/account": f"{namespace}-{account}"}, {"stand-ident/use": "true"})
