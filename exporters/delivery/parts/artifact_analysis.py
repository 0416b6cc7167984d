"""Google's scanner looks at the pushed image; what it finds stops the delivery."""

CLOUD = "gcp"
NEEDS = ("gcloud",)
GATE = (
    'SCAN="$(gcloud artifacts docker images scan "$PINNED" --remote --quiet --format "value(response.scan)")"',
    'gcloud artifacts docker images list-vulnerabilities "$SCAN" --format "value(vulnerability.effectiveSeverity)" '
    '>"$WORK/found"',
    'if [ "$FAIL" = 1 ] && grep -Exq "$(printf %s "$SEVERITIES" | tr , "|")" "$WORK/found"; then',
    '  echo "$PINNED has vulnerabilities of severity $SEVERITIES" >&2; exit 1',
    "fi",
)
