"""The step that tests."""

STEP = "test"
NEEDS: tuple[str, ...] = ()
