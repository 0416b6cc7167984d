#!/bin/sh
# Remove the preview of a closed change.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
CHANGE="${CHANGE:?number of the change}"
case "$CHANGE" in *[!0-9]*) echo "$CHANGE is no number of a change" >&2; exit 2;; esac
NAME="pr-$CHANGE"
trap 'rm -rf "$WORK/kubeconfig" "$WORK/signed-in" "$WORK/credentials.json"' EXIT
CLUSTER=prod
REGION=europe-west1
export KUBECONFIG="$WORK/kubeconfig"
curl --fail --silent --show-error --header "Authorization: Bearer ${ACTIONS_ID_TOKEN_REQUEST_TOKEN:?}" \
  --get --data-urlencode "audience=https://iam.googleapis.com/$GCP_PROVIDER" "${ACTIONS_ID_TOKEN_REQUEST_URL:?}" |
  sed 's/.*"value" *: *"\([^"]*\)".*/\1/' >"$WORK/gcp.token"
export CLOUDSDK_CONFIG="$WORK/signed-in"
gcloud iam workload-identity-pools create-cred-config "${GCP_PROVIDER:?}" \
  --service-account "${GCP_SERVICE_ACCOUNT:?}" --credential-source-file "$WORK/gcp.token" \
  --output-file "$WORK/credentials.json"
gcloud auth login --quiet --cred-file "$WORK/credentials.json"
gcloud container clusters get-credentials "$CLUSTER" --region "$REGION" --project "${GCP_PROJECT:?}"
kubectl config rename-context "$(kubectl config current-context)" "$CLUSTER"
kubectl config set-credentials job --token "$(gcloud auth print-access-token)" >/dev/null
kubectl config set-context "$CLUSTER" --user job >/dev/null
kubectl --context "$CLUSTER" delete namespace "$NAME" --ignore-not-found --wait=false
