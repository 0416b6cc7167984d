#!/bin/sh
# See that every program is there; fetch what the vendor's runners lack.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
# package NAME: lists of packages that came with a machine are often older than what their servers hold.
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
package() { as_root apt-get update --quiet && as_root apt-get install --quiet --yes "$@"; }
command -v skopeo >/dev/null || package skopeo
command -v jq >/dev/null || package jq
for program in git docker skopeo; do
  command -v "$program" >/dev/null || { echo "this runner lacks $program" >&2; exit 1; }
done
