"""Trivy fails on vulnerabilities that have a fix. Its version is pinned: releases of March 2026 were tampered with."""

_RELEASE = "https://github.com/aquasecurity/trivy/releases/download/v{v}/trivy_{v}_"
NEEDS = ("trivy",)
FETCH = {"trivy": (_RELEASE + "Linux-64bit.tar.gz", _RELEASE + "checksums.txt")}
SCAN = ('trivy image --exit-code "$FAIL" --severity "$SEVERITIES" --ignore-unfixed --input "$ARCHIVE"',)
