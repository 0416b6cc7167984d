#!/bin/sh
# Names of one image; the scripts that work on one begin with it.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
TAG="${TAG:?a commit, a version or pr-N}"
case "$TAG" in *[!A-Za-z0-9._-]*|[.-]*) echo "$TAG cannot be the tag of an image" >&2; exit 2;; esac
case "$1" in
  accounts) REPOSITORY=harbor.hansebank.example/payments/accounts ;;
  payments) REPOSITORY=harbor.hansebank.example/payments/core ;;
  settlement) REPOSITORY=harbor.hansebank.example/payments/settlement ;;
  *) echo "$1 is no image of this pipeline" >&2; exit 2 ;;
esac
CONTEXT="services/$1"
IMAGE="$REPOSITORY:$TAG"
REGISTRY="${REPOSITORY%%/*}"
ARCHIVE="$WORK/$1.tar"
DIGEST_FILE="$WORK/$1.digest"
