#!/bin/sh
# Search one built image for known vulnerabilities.
set -eu
. "${0%/*}/image.sh"
FAIL=1
SEVERITIES=CRITICAL
LOWEST=critical
PLATFORM=linux/amd64
INPUT="$WORK/$1.oci"
FORM=oci-dir
rm -rf "$INPUT"
skopeo copy --quiet --override-os "${PLATFORM%%/*}" --override-arch "${PLATFORM#*/}" \
  "oci-archive:$ARCHIVE" "oci:$INPUT"
trivy image --exit-code "$FAIL" --severity "$SEVERITIES" --ignore-unfixed --input "$INPUT"
