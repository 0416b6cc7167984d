#!/bin/sh
# Search one built image for known vulnerabilities.
set -eu
. "${0%/*}/image.sh"
FAIL=1
SEVERITIES=HIGH,CRITICAL
LOWEST=high
trivy image --exit-code "$FAIL" --severity "$SEVERITIES" --ignore-unfixed --input "$ARCHIVE"
