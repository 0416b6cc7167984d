#!/bin/sh
# Push one image and note its digest.
set -eu
. "${0%/*}/image.sh"
. "${0%/*}/registry.sh"
buildah manifest push --all --digestfile "$DIGEST_FILE" "$IMAGE" "docker://$IMAGE"
