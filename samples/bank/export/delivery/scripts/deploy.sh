#!/bin/sh
# Bring the pushed images to where they run.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
TAG="${TAG:?a commit, a version or pr-N}"
case "$TAG" in *[!A-Za-z0-9._-]*|[.-]*) echo "$TAG cannot be the tag of an image" >&2; exit 2;; esac
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
# pin NAME REPOSITORY: the answers say tag and digest of what was pushed.
pin() {
  [ -f "$WORK/$1.digest" ] || return 0
  digest="$(cat "$WORK/$1.digest")"
  repository="$(printf %s "$2" | sed 's/[.]/[.]/g')"
  sed -i -E "s#(image: *[\"']?)$repository[:@][A-Za-z0-9._:@-]+#\\1$2:$TAG@$digest#" answers.yaml
}
pin payments harbor.hansebank.example/payments/core
pin accounts harbor.hansebank.example/payments/accounts
pin settlement harbor.hansebank.example/payments/settlement
k8s-wizard build answers.yaml -o .
git add --all
git diff --cached --quiet && { echo "nothing to deliver"; exit 0; }
git -c user.name=delivery -c user.email=delivery@localhost commit --quiet --message "Deliver $TAG"
git push --quiet --force -o merge_request.create -o "merge_request.target=$DELIVERY_BRANCH" \
  -o "merge_request.title=Deliver $TAG" -o merge_request.remove_source_branch origin "HEAD:deliver/$TAG"
