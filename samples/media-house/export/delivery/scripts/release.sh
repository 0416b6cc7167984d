#!/bin/sh
# Let one pushed image go on: the registry's scan passed, the digest signed.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
TAG="${TAG:?a commit, a version or pr-N}"
case "$TAG" in *[!A-Za-z0-9._-]*|[.-]*) echo "$TAG cannot be the tag of an image" >&2; exit 2;; esac
case "$1" in
  site) REPOSITORY=ghcr.io/kurzwelle/site ;;
  programme) REPOSITORY=ghcr.io/kurzwelle/programme ;;
  origin) REPOSITORY=ghcr.io/kurzwelle/origin ;;
  encoder) REPOSITORY=ghcr.io/kurzwelle/encoder ;;
  podcasts) REPOSITORY=ghcr.io/kurzwelle/podcasts ;;
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
printf %s "$REGISTRY_PASSWORD" | skopeo login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"
PINNED="$REPOSITORY@$(cat "$DIGEST_FILE")"
cosign sign --yes "$PINNED"
