#!/bin/sh
# Push one image and note its digest.
set -eu
. "${0%/*}/image.sh"
. "${0%/*}/registry.sh"
skopeo copy --all --digestfile "$DIGEST_FILE" "oci-archive:$ARCHIVE" "docker://$IMAGE"
