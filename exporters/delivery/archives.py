"""What a build leaves in its archive, and how the image of one platform is taken out of it, for whoever looks inside."""

from __future__ import annotations

FORMS = {
    # Scanners look at the first image of an archive of OCI's form and at no other
    # (https://github.com/aquasecurity/trivy/blob/v0.74.0/pkg/fanal/image/oci.go): each gets a folder of its own.
    "oci": (
        'INPUT="$WORK/$1.oci"',
        "FORM=oci-dir",
        'rm -rf "$INPUT"',
        'skopeo copy --quiet --override-os "${PLATFORM%%/*}" --override-arch "${PLATFORM#*/}" \\',
        '  "oci-archive:$ARCHIVE" "oci:$INPUT"',
    ),
    # An archive of Docker's form holds one image.
    "docker": ('INPUT="$ARCHIVE"', "FORM=docker-archive"),
}
"""Form of an archive to the lines that leave the image of `$PLATFORM` at `$INPUT`, and in `$FORM` what that is."""

EACH = (
    "# What was pushed may list an image for each platform: those are looked at, the list is not, nor what attests to them.",
    'MANIFEST="$(skopeo inspect --raw "docker://$PINNED")"',
    'DIGESTS="$(printf %s "$MANIFEST" | jq --raw-output --arg own "${PINNED##*@}" \\',
    "  'if .manifests then .manifests[] | select(.platform.architecture != \"unknown\") | .digest else $own end')\"",
)
"""Lines that find the digest of each image that was pushed: one a platform."""

NEEDS = ("skopeo", "jq")
"""Programs that `EACH` takes."""


def for_each(lines: tuple[str, ...]) -> list[str]:
    """Lines once for each `$digest` that was pushed."""
    return [*EACH, "for digest in $DIGESTS; do", *(f"  {line}" for line in lines), "done"]
