"""GitLab's registry takes the token of a GitLab job of the same project."""

TOKEN = "gitlab"
NEEDS: tuple[str, ...] = ()
