#!/bin/sh
# Sign in to the registry; the scripts that need it begin with it.
set -eu
REGISTRY_USER="${REGISTRY_USER:?}"
REGISTRY_PASSWORD="${REGISTRY_PASSWORD:?}"
trap 'rm -rf "$WORK/docker" "$WORK/signed-in" "$WORK/credentials.json"' EXIT
export DOCKER_CONFIG="$WORK/docker" REGISTRY_AUTH_FILE="$WORK/docker/config.json"
mkdir -p "$DOCKER_CONFIG" && [ -f "$REGISTRY_AUTH_FILE" ] || echo "{}" >"$REGISTRY_AUTH_FILE"
printf %s "$REGISTRY_PASSWORD" | skopeo login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"
