"""Amazon's scanner looks at what was pushed; what it finds stops the delivery. It may take minutes."""

CLOUD = "aws"
NEEDS = ("aws",)
GATE = (
    "tries=60",
    'until aws ecr describe-image-scan-findings --repository-name "${REPOSITORY#*/}" '
    '--image-id "imageDigest=$(cat "$DIGEST_FILE")" \\',
    "  --query 'imageScanFindings.findingSeverityCounts' --output json >\"$WORK/found\" 2>/dev/null; do",
    '  tries=$((tries - 1)); [ "$tries" -gt 0 ] || { echo "no scan of $PINNED after ten minutes" >&2; exit 1; }',
    "  sleep 10",
    "done",
    'if [ "$FAIL" = 1 ] && grep -Eq "\\"($(printf %s "$SEVERITIES" | tr , "|"))\\"" "$WORK/found"; then',
    '  echo "$PINNED has vulnerabilities of severity $SEVERITIES" >&2; exit 1',
    "fi",
)
