#!/bin/sh
# Sign in, push one image and note its digest.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
TAG="${TAG:?a commit, a version or pr-N}"
case "$TAG" in *[!A-Za-z0-9._-]*|[.-]*) echo "$TAG cannot be the tag of an image" >&2; exit 2;; esac
case "$1" in
  payments) REPOSITORY=harbor.hansebank.example/payments/core ;;
  accounts) REPOSITORY=harbor.hansebank.example/payments/accounts ;;
  settlement) REPOSITORY=harbor.hansebank.example/payments/settlement ;;
  *) echo "$1 is no image of this pipeline" >&2; exit 2 ;;
esac
CONTEXT="services/$1"
IMAGE="$REPOSITORY:$TAG"
REGISTRY="${REPOSITORY%%/*}"
ARCHIVE="$WORK/$1.tar"
DIGEST_FILE="$WORK/$1.digest"
REGISTRY_USER="${REGISTRY_USER:?}"
REGISTRY_PASSWORD="${REGISTRY_PASSWORD:?}"
trap 'rm -rf "$WORK/docker" "$WORK/credentials.json"' EXIT
export DOCKER_CONFIG="$WORK/docker" REGISTRY_AUTH_FILE="$WORK/docker/config.json"
mkdir -p "$DOCKER_CONFIG" && [ -f "$REGISTRY_AUTH_FILE" ] || echo "{}" >"$REGISTRY_AUTH_FILE"
printf %s "$REGISTRY_PASSWORD" | buildah login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"
buildah manifest push --all --digestfile "$DIGEST_FILE" "$IMAGE" "docker://$IMAGE"
