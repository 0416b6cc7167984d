#!/bin/sh
# See that every program is there; fetch what the vendor's runners lack.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
for program in git buildctl skopeo trivy; do
  command -v "$program" >/dev/null || { echo "this runner lacks $program" >&2; exit 1; }
done
