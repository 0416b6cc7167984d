"""Grype fails on vulnerabilities that have a fix."""

_RELEASE = "https://github.com/anchore/grype/releases/download/v{v}/grype_{v}_"
NEEDS = ("grype",)
FETCH = {"grype": (_RELEASE + "linux_amd64.tar.gz", _RELEASE + "checksums.txt")}
SCAN = (
    'if [ "$FAIL" = 1 ]; then grype --fail-on "$LOWEST" --only-fixed "$FORM:$INPUT"',
    'else grype "$FORM:$INPUT"; fi',
)
MIRROR_VARIABLES = (("GRYPE_DB_UPDATE_URL", "address of the list of databases that is served inside (latest.json)"),)
MIRRORED = (
    "# Where nothing leads to the internet its database is served inside.",
    'export GRYPE_DB_UPDATE_URL="${GRYPE_DB_UPDATE_URL:?address of the list of databases that is served inside}"',
    "export GRYPE_CHECK_FOR_APP_UPDATE=false",
)
