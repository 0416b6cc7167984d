"""Amazon's scanner looks at what was pushed; what it finds stops the delivery. It may take minutes.

It scans images, not lists of them.
"""

from exporters.delivery import archives

CLOUD = "aws"
NEEDS = ("aws", *archives.NEEDS)
PACKAGES = archives.NEEDS
GATE = (
    "tries=60",
    "# A scan that has only begun is answered as well, with nothing found yet.",
    'until aws ecr describe-image-scan-findings --repository-name "${REPOSITORY#*/}" --image-id "imageDigest=$digest" \\',
    "  --query '[imageScanStatus.status, imageScanFindings.findingSeverityCounts]' --output json \\",
    "  >\"$WORK/found\" 2>/dev/null &&",
    "  grep -Eq '\"(COMPLETE|ACTIVE)\"' \"$WORK/found\"; do",
    '  tries=$((tries - 1)); [ "$tries" -gt 0 ] || { echo "no scan of $digest after ten minutes" >&2; exit 1; }',
    "  sleep 10",
    "done",
    'if [ "$FAIL" = 1 ] && grep -Eq "\\"($(printf %s "$SEVERITIES" | tr , "|"))\\"" "$WORK/found"; then',
    '  echo "$REPOSITORY@$digest has vulnerabilities of severity $SEVERITIES" >&2; exit 1',
    "fi",
)
