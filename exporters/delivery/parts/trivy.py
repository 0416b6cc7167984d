"""Trivy fails on vulnerabilities that have a fix. Its version is pinned: releases of March 2026 were tampered with."""

_RELEASE = "https://github.com/aquasecurity/trivy/releases/download/v{v}/trivy_{v}_"
NEEDS = ("trivy",)
FETCH = {"trivy": (_RELEASE + "Linux-64bit.tar.gz", _RELEASE + "checksums.txt")}
SCAN = ('trivy image --exit-code "$FAIL" --severity "$SEVERITIES" --ignore-unfixed --input "$INPUT"',)
MIRRORED = (
    "# Where nothing leads to the internet its databases come from the mirror, and nobody is asked about anything else",
    "# (https://trivy.dev/docs/latest/guide/advanced/air-gap/).",
    'export TRIVY_DB_REPOSITORY="$MIRROR/ghcr.io/aquasecurity/trivy-db:2"',
    'export TRIVY_JAVA_DB_REPOSITORY="$MIRROR/ghcr.io/aquasecurity/trivy-java-db:1"',
    "export TRIVY_OFFLINE_SCAN=true TRIVY_SKIP_VERSION_CHECK=true TRIVY_DISABLE_TELEMETRY=true",
)
