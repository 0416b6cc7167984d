"""The step that searches for vulnerabilities."""

STEP = "scan"
NEEDS: tuple[str, ...] = ()
