#!/bin/sh
# Search one built image for known vulnerabilities.
set -eu
. "${0%/*}/image.sh"
FAIL=1
SEVERITIES=CRITICAL
LOWEST=critical
PLATFORM=linux/arm64
INPUT="$WORK/$1.oci"
FORM=oci-dir
rm -rf "$INPUT"
skopeo copy --quiet --override-os "${PLATFORM%%/*}" --override-arch "${PLATFORM#*/}" \
  "oci-archive:$ARCHIVE" "oci:$INPUT"
if [ "$FAIL" = 1 ]; then grype --fail-on "$LOWEST" --only-fixed "$FORM:$INPUT"
else grype "$FORM:$INPUT"; fi
