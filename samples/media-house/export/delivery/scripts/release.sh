#!/bin/sh
# Let one pushed image go on: the registry's scan passed, the digest signed.
set -eu
. "${0%/*}/image.sh"
. "${0%/*}/registry.sh"
PINNED="$REPOSITORY@$(cat "$DIGEST_FILE")"
cosign sign --yes "$PINNED"
