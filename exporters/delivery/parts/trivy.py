"""Trivy fails on vulnerabilities that have a fix. Its version is pinned: releases of March 2026 were tampered with."""

_RELEASE = "https://github.com/aquasecurity/trivy/releases/download/v{v}/trivy_{v}_"
NEEDS = ("trivy",)
FETCH = {"trivy": (_RELEASE + "Linux-64bit.tar.gz", _RELEASE + "checksums.txt")}
SCAN = (
    "# Trivy opens archives of Docker's form only; one of OCI's is read as a folder",
    "# (https://trivy.dev/docs/latest/guide/target/container_image/#oci-layout).",
    'INPUT="$ARCHIVE"',
    'if ! tar --list --file "$ARCHIVE" manifest.json >/dev/null 2>&1; then',
    '  INPUT="${ARCHIVE%.tar}.oci"',
    '  rm -rf "$INPUT" && mkdir "$INPUT" && tar --extract --file "$ARCHIVE" --directory "$INPUT"',
    "fi",
    'trivy image --exit-code "$FAIL" --severity "$SEVERITIES" --ignore-unfixed --input "$INPUT"',
)
