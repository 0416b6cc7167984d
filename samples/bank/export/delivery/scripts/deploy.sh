#!/bin/sh
# Bring the pushed images to where they run.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
TAG="${TAG:?a commit, a version or pr-N}"
case "$TAG" in *[!A-Za-z0-9._-]*|[.-]*) echo "$TAG cannot be the tag of an image" >&2; exit 2;; esac
TARGET="${1:?an environment}"
case "$TARGET" in
  prod) CLUSTERS="hamburg bremen" ;;
  *) echo "$TARGET is no environment of this design" >&2; exit 2 ;;
esac
export GIT_AUTHOR_NAME=delivery GIT_AUTHOR_EMAIL=delivery@localhost
export GIT_COMMITTER_NAME=delivery GIT_COMMITTER_EMAIL=delivery@localhost
DELIVERY_REPOSITORY="${DELIVERY_REPOSITORY:-https://gitlab.hansebank.example/platform/payments.git}"
DELIVERY_BRANCH="${DELIVERY_BRANCH:-main}"
if [ -n "${DELIVERY_TOKEN:-}" ]; then
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.extraHeader
  GIT_CONFIG_VALUE_0="Authorization: Basic $(printf %s "oauth2:$DELIVERY_TOKEN" | base64 | tr -d '\n')"
  export GIT_CONFIG_VALUE_0
fi
rm -rf "$WORK/platform"
git clone --quiet --depth 1 --branch "$DELIVERY_BRANCH" "$DELIVERY_REPOSITORY" "$WORK/platform"
cd "$WORK/platform"
# pin FILE NAME REPOSITORY: a cluster runs what was pushed; images that this run did not push stay.
pin() {
  [ -f "$WORK/$2.digest" ] || return 0
  awk -v name="$3" -v tag="$TAG" -v digest="$(cat "$WORK/$2.digest")" '
    /^ *- / { mine = 0 }
    /^ *-? *name: / { word = $NF; gsub(/["\047]/, "", word); mine = (word == name) }
    mine && /^ *(newTag|digest): / { next }
    { print }
    mine && /name: / { print "    newTag: \"" tag "\""; print "    digest: " digest }
  ' "$1" >"$WORK/images.yaml"
  grep --quiet "digest: $(cat "$WORK/$2.digest")" "$WORK/images.yaml" || {
    echo "$1 names no image $3: export the manifests again" >&2; exit 1; }
  cp "$WORK/images.yaml" "$1"
}
committed() {
  for cluster in $CLUSTERS; do
    FILE="manifests/clusters/$cluster/images/kustomization.yaml"
    pin "$FILE" accounts harbor.hansebank.example/payments/accounts
    pin "$FILE" payments harbor.hansebank.example/payments/core
    pin "$FILE" settlement harbor.hansebank.example/payments/settlement
  done
  git add --all
  if git diff --cached --quiet; then echo "nothing to deliver"; exit 0; fi
  git commit --quiet --message "Deliver $TAG to $TARGET"
}
committed
git push --quiet --force -o merge_request.create -o "merge_request.target=$DELIVERY_BRANCH" \
  -o "merge_request.title=Deliver $TAG to $TARGET" -o merge_request.remove_source_branch \
  origin "HEAD:deliver/$TARGET/$TAG"
