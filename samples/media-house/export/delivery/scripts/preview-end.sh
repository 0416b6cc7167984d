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
CLUSTER=dev
REGION=eu-central-1
export KUBECONFIG="$WORK/kubeconfig"
curl --fail --silent --show-error --header "Authorization: Bearer ${ACTIONS_ID_TOKEN_REQUEST_TOKEN:?}" \
  --get --data-urlencode "audience=sts.amazonaws.com" "${ACTIONS_ID_TOKEN_REQUEST_URL:?}" |
  sed 's/.*"value" *: *"\([^"]*\)".*/\1/' >"$WORK/aws.token"
export AWS_WEB_IDENTITY_TOKEN_FILE="$WORK/aws.token" AWS_ROLE_ARN="${AWS_ROLE_ARN:?}" AWS_REGION="${AWS_REGION:?}"
aws sts get-caller-identity >/dev/null
aws eks update-kubeconfig --name "$CLUSTER" --region "$REGION" --alias "$CLUSTER"
kubectl --context "$CLUSTER" delete namespace "$NAME" --ignore-not-found --wait=false
