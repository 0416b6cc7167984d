"""The step that pushes."""

STEP = "push"
NEEDS: tuple[str, ...] = ()
