"""Trivy fails on grave vulnerabilities that have a fix."""

NEEDS = ("trivy",)
SCAN = ('trivy image --exit-code 1 --severity HIGH,CRITICAL --ignore-unfixed --input "$ARCHIVE"',)
