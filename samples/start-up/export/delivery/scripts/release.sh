#!/bin/sh
# Let one pushed image go on: the registry's scan passed, the digest signed.
set -eu
. "${0%/*}/image.sh"
. "${0%/*}/registry.sh"
PINNED="$REPOSITORY@$(cat "$DIGEST_FILE")"
FAIL=1
SEVERITIES=CRITICAL
LOWEST=critical
# What was pushed may list an image for each platform: those are looked at, the list is not, nor what attests to them.
MANIFEST="$(skopeo inspect --raw "docker://$PINNED")"
DIGESTS="$(printf %s "$MANIFEST" | jq --raw-output --arg own "${PINNED##*@}" \
  'if .manifests then .manifests[] | select(.platform.architecture != "unknown") | .digest else $own end')"
for digest in $DIGESTS; do
  # What it finds is kept where it is asked, so on the continent of the registry.
  case "$REGISTRY" in europe*) LOCATION=europe ;; asia*) LOCATION=asia ;; *) LOCATION=us ;; esac
  SCAN="$(gcloud artifacts docker images scan "$REPOSITORY@$digest" --remote --location "$LOCATION" --quiet \
    --format "value(response.scan)")"
  gcloud artifacts docker images list-vulnerabilities "$SCAN" --location "$LOCATION" \
    --format "value(vulnerability.effectiveSeverity)" >"$WORK/found"
  if [ "$FAIL" = 1 ] && grep -Exq "$(printf %s "$SEVERITIES" | tr , "|")" "$WORK/found"; then
    echo "$REPOSITORY@$digest has vulnerabilities of severity $SEVERITIES" >&2; exit 1
  fi
done
