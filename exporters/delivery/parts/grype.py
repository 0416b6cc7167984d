"""Grype fails on grave vulnerabilities that have a fix."""

NEEDS = ("grype",)
SCAN = ('grype --fail-on high --only-fixed "$ARCHIVE"',)
