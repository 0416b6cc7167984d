"""The step that builds."""

STEP = "build"
NEEDS: tuple[str, ...] = ()
