#!/bin/sh
# Sign in to the registry; the scripts that need it begin with it.
set -eu
curl --fail --silent --show-error --header "Authorization: Bearer ${ACTIONS_ID_TOKEN_REQUEST_TOKEN:?}" \
  --get --data-urlencode "audience=https://iam.googleapis.com/$GCP_PROVIDER" "${ACTIONS_ID_TOKEN_REQUEST_URL:?}" |
  sed 's/.*"value" *: *"\([^"]*\)".*/\1/' >"$WORK/gcp.token"
export CLOUDSDK_CONFIG="$WORK/signed-in"
gcloud iam workload-identity-pools create-cred-config "${GCP_PROVIDER:?}" \
  --service-account "${GCP_SERVICE_ACCOUNT:?}" --credential-source-file "$WORK/gcp.token" \
  --output-file "$WORK/credentials.json"
gcloud auth login --quiet --cred-file "$WORK/credentials.json"
REGISTRY_USER=oauth2accesstoken
REGISTRY_PASSWORD="$(gcloud auth print-access-token)"
trap 'rm -rf "$WORK/docker" "$WORK/signed-in" "$WORK/credentials.json"' EXIT
export DOCKER_CONFIG="$WORK/docker" REGISTRY_AUTH_FILE="$WORK/docker/config.json"
mkdir -p "$DOCKER_CONFIG" && [ -f "$REGISTRY_AUTH_FILE" ] || echo "{}" >"$REGISTRY_AUTH_FILE"
printf %s "$REGISTRY_PASSWORD" | skopeo login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"
