#!/bin/sh
# Show a change in a namespace of its own.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
CHANGE="${CHANGE:?number of the change}"
case "$CHANGE" in *[!0-9]*) echo "$CHANGE is no number of a change" >&2; exit 2;; esac
NAME="pr-$CHANGE"
DELIVERY_REPOSITORY="${DELIVERY_REPOSITORY:-https://github.com/fernweh/platform}"
DELIVERY_BRANCH="${DELIVERY_BRANCH:-main}"
if [ -n "${DELIVERY_TOKEN:-}" ]; then
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.extraHeader
  GIT_CONFIG_VALUE_0="Authorization: Basic $(printf %s "x-access-token:$DELIVERY_TOKEN" | base64 | tr -d '\n')"
  export GIT_CONFIG_VALUE_0
fi
rm -rf "$WORK/platform"
git clone --quiet --depth 1 --branch "$DELIVERY_BRANCH" "$DELIVERY_REPOSITORY" "$WORK/platform"
cd "$WORK/platform"
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
mkdir -p "previews/$NAME"
cat >"previews/$NAME/kustomization.yaml" <<END
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: $NAME
resources:
$(for folder in manifests/*-workloads; do echo "  - ../../$folder"; done)
images:
  - {name: "europe-west1-docker.pkg.dev/fernweh/shop/api", newTag: "$NAME", digest: "$(cat "$WORK/api.digest")"}
  - {name: "europe-west1-docker.pkg.dev/fernweh/shop/report", newTag: "$NAME", digest: "$(cat "$WORK/nightly-report.digest")"}
  - {name: "europe-west1-docker.pkg.dev/fernweh/shop/web", newTag: "$NAME", digest: "$(cat "$WORK/web.digest")"}
  - {name: "europe-west1-docker.pkg.dev/fernweh/shop/worker", newTag: "$NAME", digest: "$(cat "$WORK/worker.digest")"}
patches:
  - target: {kind: "Ingress|.*Route|VirtualService|.*Gateway|DNSEndpoint|Certificate|HTTPProxy|Mapping|TrafficSplit|Canary"}
    patch: "{\$patch: delete, apiVersion: v1, kind: Any, metadata: {name: any}}"
END
kubectl kustomize "previews/$NAME" >"$WORK/preview.yaml"
kubectl --context "$CLUSTER" create namespace "$NAME" --dry-run=client --output yaml |
  kubectl --context "$CLUSTER" apply --server-side --filename -
kubectl --context "$CLUSTER" label namespace "$NAME" --overwrite \
  pod-security.kubernetes.io/enforce=restricted k8s-wizard.dev/preview=true
kubectl --context "$CLUSTER" apply --server-side --force-conflicts --filename "$WORK/preview.yaml"
echo "preview in namespace $NAME of $CLUSTER"
