#!/bin/sh
# Sign in, push one image and note its digest.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
TAG="${TAG:?a commit, a version or pr-N}"
case "$TAG" in *[!A-Za-z0-9._-]*|[.-]*) echo "$TAG cannot be the tag of an image" >&2; exit 2;; esac
case "$1" in
  web) REPOSITORY=europe-west1-docker.pkg.dev/fernweh/shop/web ;;
  api) REPOSITORY=europe-west1-docker.pkg.dev/fernweh/shop/api ;;
  worker) REPOSITORY=europe-west1-docker.pkg.dev/fernweh/shop/worker ;;
  nightly-report) REPOSITORY=europe-west1-docker.pkg.dev/fernweh/shop/report ;;
  *) echo "$1 is no image of this pipeline" >&2; exit 2 ;;
esac
CONTEXT="services/$1"
IMAGE="$REPOSITORY:$TAG"
REGISTRY="${REPOSITORY%%/*}"
ARCHIVE="$WORK/$1.tar"
DIGEST_FILE="$WORK/$1.digest"
gcloud iam workload-identity-pools create-cred-config "${GCP_PROVIDER:?}" \
  --service-account "${GCP_SERVICE_ACCOUNT:?}" --credential-source-file "$WORK/gcp.token" \
  --output-file "$WORK/credentials.json"
gcloud auth login --quiet --cred-file "$WORK/credentials.json"
REGISTRY_USER=oauth2accesstoken
REGISTRY_PASSWORD="$(gcloud auth print-access-token)"
trap 'rm -rf "$WORK/docker" "$WORK/credentials.json"' EXIT
export DOCKER_CONFIG="$WORK/docker" REGISTRY_AUTH_FILE="$WORK/docker/config.json"
mkdir -p "$DOCKER_CONFIG" && [ -f "$REGISTRY_AUTH_FILE" ] || echo "{}" >"$REGISTRY_AUTH_FILE"
printf %s "$REGISTRY_PASSWORD" | skopeo login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"
skopeo copy --all --digestfile "$DIGEST_FILE" "oci-archive:$ARCHIVE" "docker://$IMAGE"
