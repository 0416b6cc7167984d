#!/bin/sh
# Build one image into an archive.
set -eu
. "${0%/*}/image.sh"
PLATFORMS="linux/amd64"
buildah manifest exists "$IMAGE" && buildah manifest rm "$IMAGE"
buildah build --isolation chroot --platform "$PLATFORMS" --manifest "$IMAGE" "$CONTEXT"
rm -f "$ARCHIVE"
buildah manifest push --all "$IMAGE" "oci-archive:$ARCHIVE"
