#!/bin/sh
# See that every program is there; fetch what the vendor's runners lack.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
# package NAME: lists of packages that came with a machine are often older than what their servers hold.
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
package() { as_root apt-get update --quiet && as_root apt-get install --quiet --yes "$@"; }
# The vendor's machines are amd64: other architectures are built by emulation.
package qemu-user-static binfmt-support
mkdir -p "$HOME/.local/bin"
# fetch PROGRAM ARCHIVE CHECKSUMS: refuses an archive that the release's own list does not name.
fetch() {
  curl --fail --silent --show-error --location --output "$WORK/${2##*/}" "$2"
  sum="$(curl --fail --silent --show-error --location "$3" |
    grep "[ */]${2##*/}\$" | head -n 1 | cut -d " " -f 1)"
  echo "${sum:?no checksum for $2}  $WORK/${2##*/}" | sha256sum --check --quiet
  case "$2" in
    *gz) tar --extract --gzip --file "$WORK/${2##*/}" --directory "$HOME/.local/bin" "$1" ;;
    *) install -m 755 "$WORK/${2##*/}" "$HOME/.local/bin/$1" ;;
  esac
  rm -f "$WORK/${2##*/}"
}
fetch cosign https://github.com/sigstore/cosign/releases/download/v3.1.3/cosign-linux-amd64 https://github.com/sigstore/cosign/releases/download/v3.1.3/cosign_checksums.txt
fetch grype https://github.com/anchore/grype/releases/download/v0.119.0/grype_0.119.0_linux_amd64.tar.gz https://github.com/anchore/grype/releases/download/v0.119.0/grype_0.119.0_checksums.txt
command -v skopeo >/dev/null || package skopeo
for program in git docker skopeo grype; do
  command -v "$program" >/dev/null || { echo "this runner lacks $program" >&2; exit 1; }
done
