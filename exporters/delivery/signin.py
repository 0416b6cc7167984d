"""How a job proves who it is: identity tokens traded for short-lived rights, by cloud. No key is ever stored for it."""

from __future__ import annotations

from collections.abc import Mapping

SIGN_IN: Mapping[str, tuple[str, ...]] = {
    "gcp": (
        'export CLOUDSDK_CONFIG="$WORK/signed-in"',
        'gcloud iam workload-identity-pools create-cred-config "${GCP_PROVIDER:?}" \\',
        '  --service-account "${GCP_SERVICE_ACCOUNT:?}" --credential-source-file "$WORK/gcp.token" \\',
        '  --output-file "$WORK/credentials.json"',
        'gcloud auth login --quiet --cred-file "$WORK/credentials.json"',
    ),
    "aws": (
        'export AWS_WEB_IDENTITY_TOKEN_FILE="$WORK/aws.token" AWS_ROLE_ARN="${AWS_ROLE_ARN:?}" AWS_REGION="${AWS_REGION:?}"',
        "aws sts get-caller-identity >/dev/null",
    ),
    "azure": (
        'export AZURE_CONFIG_DIR="$WORK/signed-in"',
        'az login --service-principal --username "${AZURE_CLIENT_ID:?}" --tenant "${AZURE_TENANT_ID:?}" \\',
        '  --federated-token "$(cat "$WORK/azure.token")" --output none',
    ),
}
"""Commands by cloud, which keep what they got in `$WORK/signed-in`; `$WORK/<cloud>.token` holds the token that the CI service
gave the job."""

AUDIENCE: Mapping[str, str] = {
    "gcp": "https://iam.googleapis.com/$GCP_PROVIDER", "aws": "sts.amazonaws.com", "azure": "api://AzureADTokenExchange",
}
"""For whom the token is made out."""

VARIABLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "gcp": (("GCP_PROVIDER", "full name of the workload identity provider: projects/…/providers/…"),
            ("GCP_SERVICE_ACCOUNT", "service account that jobs act as, with the rights that this page names and no more")),
    "aws": (("AWS_ROLE_ARN", "role that jobs act as, with the rights that this page names and no more"),
            ("AWS_REGION", "region of the registry")),
    "azure": (("AZURE_CLIENT_ID", "application that jobs act as, with the rights that this page names and no more"),
              ("AZURE_TENANT_ID", "tenant that the application belongs to")),
}
"""Variables of the CI service that the commands read: names of things, none of them secret."""

_AKS = "6dae42f8-4368-4678-94ff-3960e28e3630"
"""The application by which every AKS cluster asks Entra ID who somebody is."""


def _by_token(command: str) -> tuple[str, ...]:
    """Lines that let the context use a token of an hour at most; it stands in the kubeconfig that goes with the script."""
    return (f'kubectl config set-credentials job --token "$({command})" >/dev/null',
            'kubectl config set-context "$CLUSTER" --user job >/dev/null')


CLUSTER: Mapping[str, tuple[str, ...]] = {
    "gcp": ('gcloud container clusters get-credentials "$CLUSTER" --region "$REGION" --project "${GCP_PROJECT:?}"',
            'kubectl config rename-context "$(kubectl config current-context)" "$CLUSTER"',
            *_by_token("gcloud auth print-access-token")),
    "aws": ('aws eks update-kubeconfig --name "$CLUSTER" --region "$REGION" --alias "$CLUSTER"',),
    "azure": ('az aks get-credentials --resource-group "${AZURE_RESOURCE_GROUP:?}" --name "$CLUSTER" --context "$CLUSTER" \\',
              '  --file "$KUBECONFIG"',
              *_by_token(f"az account get-access-token --resource {_AKS} --query accessToken --output tsv")),
}
"""Making a kubectl context named like the cluster; a token of the job serves where kubectl would want a plugin for the
cloud, which the vendors' machines do not have."""

CLUSTER_VARIABLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "gcp": (("GCP_PROJECT", "project of the cluster"),), "aws": (),
    "azure": (("AZURE_RESOURCE_GROUP", "resource group of the cluster"),),
}

CLUSTER_NEEDS: Mapping[str, tuple[str, ...]] = {
    "gcp": ("gcloud", "kubectl"), "aws": ("aws", "kubectl"), "azure": ("az", "kubectl"),
}
