"""How a job proves who it is: identity tokens traded for short-lived rights, by cloud. No key is ever stored for it."""

from __future__ import annotations

from collections.abc import Mapping

SIGN_IN: Mapping[str, tuple[str, ...]] = {
    "gcp": (
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
        'az login --service-principal --username "${AZURE_CLIENT_ID:?}" --tenant "${AZURE_TENANT_ID:?}" \\',
        '  --federated-token "$(cat "$WORK/azure.token")" --output none',
    ),
}
"""Commands by cloud; `$WORK/<cloud>.token` holds the token that the CI service gave the job."""

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

CLUSTER: Mapping[str, tuple[str, ...]] = {
    "gcp": ('gcloud container clusters get-credentials "$CLUSTER" --region "$REGION" --project "${GCP_PROJECT:?}"',
            'kubectl config rename-context "$(kubectl config current-context)" "$CLUSTER"'),
    "aws": ('aws eks update-kubeconfig --name "$CLUSTER" --region "$REGION" --alias "$CLUSTER"',),
    "azure": ('az aks get-credentials --resource-group "${AZURE_RESOURCE_GROUP:?}" --name "$CLUSTER" --context "$CLUSTER"',
              "kubelogin convert-kubeconfig -l azurecli"),
}
"""Making a kubectl context named like the cluster."""

CLUSTER_VARIABLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "gcp": (("GCP_PROJECT", "project of the cluster"),), "aws": (),
    "azure": (("AZURE_RESOURCE_GROUP", "resource group of the cluster"),),
}

CLUSTER_NEEDS: Mapping[str, tuple[str, ...]] = {
    "gcp": ("gcloud", "gke-gcloud-auth-plugin"), "aws": ("aws",), "azure": ("az", "kubelogin"),
}
