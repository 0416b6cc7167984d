"""ACR gives a token to whoever is signed in to Azure."""

CLOUD = "azure"
NEEDS = ("az",)
LOGIN = (
    "REGISTRY_USER=00000000-0000-0000-0000-000000000000",
    'REGISTRY_PASSWORD="$(az acr login --name "${REGISTRY%%.*}" --expose-token --output tsv --query accessToken)"',
)
