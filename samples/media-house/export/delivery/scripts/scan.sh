#!/bin/sh
# Search one built image for known vulnerabilities.
set -eu
. "${0%/*}/image.sh"
FAIL=1
SEVERITIES=CRITICAL
LOWEST=critical
if [ "$FAIL" = 1 ]; then grype --fail-on "$LOWEST" --only-fixed "oci-archive:$ARCHIVE"
else grype "oci-archive:$ARCHIVE"; fi
