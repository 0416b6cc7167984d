#!/bin/sh
# Let one pushed image go on: the registry's scan passed, the digest signed.
set -eu
. "${0%/*}/image.sh"
. "${0%/*}/registry.sh"
PINNED="$REPOSITORY@$(cat "$DIGEST_FILE")"
FAIL=1
SEVERITIES=CRITICAL
LOWEST=critical
SCAN="$(gcloud artifacts docker images scan "$PINNED" --remote --quiet --format "value(response.scan)")"
gcloud artifacts docker images list-vulnerabilities "$SCAN" --format "value(vulnerability.effectiveSeverity)" >"$WORK/found"
if [ "$FAIL" = 1 ] && grep -Exq "$(printf %s "$SEVERITIES" | tr , "|")" "$WORK/found"; then
  echo "$PINNED has vulnerabilities of severity $SEVERITIES" >&2; exit 1
fi
