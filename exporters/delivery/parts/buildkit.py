"""BuildKit, as docker buildx brings it along. The built archive is what is scanned and what is pushed."""

from exporters.nodes.machines import UPSTREAM

USUAL = True
PACKAGES = ("skopeo",)
NEEDS = ("docker", "skopeo")
ARCHIVE = "oci"
BEHIND_MIRROR = (
    "# Where nothing leads to the internet, BuildKit itself and what images begin with come from the mirror",
    "# (https://docs.docker.com/build/builders/drivers/docker-container/).",
    "if ! docker buildx inspect delivery >/dev/null 2>&1; then",
    f"  for name in {' '.join(UPSTREAM)}; do",
    '    printf \'[registry."%s"]\\n  mirrors = ["%s/%s"]\\n\' "$name" "$MIRROR" "$name"',
    '  done >"$WORK/buildkitd.toml"',
    '  docker buildx create --name delivery --driver docker-container --buildkitd-config "$WORK/buildkitd.toml" \\',
    '    --driver-opt "image=$MIRROR/docker.io/moby/buildkit:buildx-stable-1"',
    "fi",
)
BUILD = (
    "docker buildx inspect delivery >/dev/null 2>&1 || docker buildx create --name delivery --driver docker-container",
    'docker buildx build --builder delivery --platform "$PLATFORMS" --output "type=oci,dest=$ARCHIVE" '
    '--tag "$IMAGE" "$CONTEXT"',
)
SIGN_IN = ('printf %s "$REGISTRY_PASSWORD" | skopeo login --username "$REGISTRY_USER" --password-stdin "$REGISTRY"',)
PUSH = ('skopeo copy --all --digestfile "$DIGEST_FILE" "oci-archive:$ARCHIVE" "docker://$IMAGE"',)
SAVE: tuple[str, ...] = ()
