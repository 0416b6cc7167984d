"""Amazon's scanner looks at what was pushed; what it finds stops the delivery. It may take minutes."""

CLOUD = "aws"
NEEDS = ("aws", "jq")
GATE = (
    "# What was pushed may list an image for each platform: those are scanned, the list is not, nor what attests to them.",
    'MANIFEST="$(aws ecr batch-get-image --repository-name "${REPOSITORY#*/}" --output text \\',
    '  --image-ids "imageDigest=$(cat "$DIGEST_FILE")" --query "images[0].imageManifest")"',
    'DIGESTS="$(printf %s "$MANIFEST" | jq --raw-output --arg own "$(cat "$DIGEST_FILE")" \\',
    "  'if .manifests then .manifests[] | select(.platform.architecture != \"unknown\") | .digest else $own end')\"",
    "for digest in $DIGESTS; do",
    "  tries=60",
    "  # A scan that has only begun is answered as well, with nothing found yet.",
    '  until aws ecr describe-image-scan-findings --repository-name "${REPOSITORY#*/}" --image-id "imageDigest=$digest" \\',
    "    --query '[imageScanStatus.status, imageScanFindings.findingSeverityCounts]' --output json \\",
    "    >\"$WORK/found\" 2>/dev/null &&",
    "    grep -Eq '\"(COMPLETE|ACTIVE)\"' \"$WORK/found\"; do",
    '    tries=$((tries - 1)); [ "$tries" -gt 0 ] || { echo "no scan of $digest after ten minutes" >&2; exit 1; }',
    "    sleep 10",
    "  done",
    '  if [ "$FAIL" = 1 ] && grep -Eq "\\"($(printf %s "$SEVERITIES" | tr , "|"))\\"" "$WORK/found"; then',
    '    echo "$PINNED has vulnerabilities of severity $SEVERITIES" >&2; exit 1',
    "  fi",
    "done",
)
