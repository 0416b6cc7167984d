"""Grype fails on vulnerabilities that have a fix."""

_RELEASE = "https://github.com/anchore/grype/releases/download/v{v}/grype_{v}_"
NEEDS = ("grype",)
FETCH = {"grype": (_RELEASE + "linux_amd64.tar.gz", _RELEASE + "checksums.txt")}
SCAN = (
    'if [ "$FAIL" = 1 ]; then grype --fail-on "$LOWEST" --only-fixed "oci-archive:$ARCHIVE"',
    'else grype "oci-archive:$ARCHIVE"; fi',
)
