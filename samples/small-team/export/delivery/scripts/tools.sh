#!/bin/sh
# See that every program is there; fetch what the vendor's runners lack.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
# package NAME: lists of packages that came with a machine are often older than what their servers hold.
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
package() { as_root apt-get update --quiet && as_root apt-get install --quiet --yes "$@"; }
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
fetch helmfile https://github.com/helmfile/helmfile/releases/download/v1.7.4/helmfile_1.7.4_linux_amd64.tar.gz https://github.com/helmfile/helmfile/releases/download/v1.7.4/helmfile_1.7.4_checksums.txt
fetch trivy https://github.com/aquasecurity/trivy/releases/download/v0.74.0/trivy_0.74.0_Linux-64bit.tar.gz https://github.com/aquasecurity/trivy/releases/download/v0.74.0/trivy_0.74.0_checksums.txt
command -v skopeo >/dev/null || package skopeo
for program in git docker skopeo trivy; do
  command -v "$program" >/dev/null || { echo "this runner lacks $program" >&2; exit 1; }
done
