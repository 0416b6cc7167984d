"""Google's scanner looks at the pushed image; what it finds stops the delivery.

Of a list it would look at the first image for amd64 and at no other
(https://docs.cloud.google.com/artifact-analysis/docs/container-scanning-overview), so it is asked about each by its digest.
"""

from exporters.delivery import archives

CLOUD = "gcp"
NEEDS = ("gcloud", *archives.NEEDS)
PACKAGES = archives.NEEDS
GATE = (
    "# What it finds is kept where it is asked, so on the continent of the registry.",
    'case "$REGISTRY" in europe*) LOCATION=europe ;; asia*) LOCATION=asia ;; *) LOCATION=us ;; esac',
    'SCAN="$(gcloud artifacts docker images scan "$REPOSITORY@$digest" --remote --location "$LOCATION" --quiet \\',
    '  --format "value(response.scan)")"',
    'gcloud artifacts docker images list-vulnerabilities "$SCAN" --location "$LOCATION" \\',
    '  --format "value(vulnerability.effectiveSeverity)" >"$WORK/found"',
    'if [ "$FAIL" = 1 ] && grep -Exq "$(printf %s "$SEVERITIES" | tr , "|")" "$WORK/found"; then',
    '  echo "$REPOSITORY@$digest has vulnerabilities of severity $SEVERITIES" >&2; exit 1',
    "fi",
)
