#!/bin/sh
# Build one image into an archive.
set -eu
. "${0%/*}/image.sh"
PLATFORMS="linux/amd64"
docker buildx inspect delivery >/dev/null 2>&1 || docker buildx create --name delivery --driver docker-container
docker buildx build --builder delivery --platform "$PLATFORMS" --output "type=oci,dest=$ARCHIVE" --tag "$IMAGE" "$CONTEXT"
