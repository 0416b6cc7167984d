"""What passed is committed to the branch that is delivered."""

PROMOTION = "commit"
NEEDS: tuple[str, ...] = ()
