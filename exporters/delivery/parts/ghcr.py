"""GitHub's registry takes the token of a GitHub job; a package belongs to the repository that pushes it first."""

TOKEN = "github"
NEEDS: tuple[str, ...] = ()
