#!/bin/sh
# Bring the pushed images to where they run.
set -eu
export PATH="$HOME/.local/bin:$PATH"
mkdir -p .delivery
WORK="$PWD/.delivery"
TAG="${TAG:?a commit, a version or pr-N}"
case "$TAG" in *[!A-Za-z0-9._-]*|[.-]*) echo "$TAG cannot be the tag of an image" >&2; exit 2;; esac
TARGET="${1:?an environment}"
export GIT_AUTHOR_NAME=delivery GIT_AUTHOR_EMAIL=delivery@localhost
export GIT_COMMITTER_NAME=delivery GIT_COMMITTER_EMAIL=delivery@localhost
DELIVERY_REPOSITORY="${DELIVERY_REPOSITORY:-https://github.com/hofladen/platform}"
DELIVERY_BRANCH="${DELIVERY_BRANCH:-main}"
if [ -n "${DELIVERY_TOKEN:-}" ]; then
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.extraHeader
  GIT_CONFIG_VALUE_0="Authorization: Basic $(printf %s "x-access-token:$DELIVERY_TOKEN" | base64 | tr -d '\n')"
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
  sed -i -E "s#(image: *[\"']?)${repository}[:@][A-Za-z0-9._:@-]+#\\1$2:$TAG@$digest#" answers.yaml
}
pin shop ghcr.io/hofladen/shop
pipx install --quiet "k8s-wizard==${K8S_WIZARD_VERSION:?version of the export}"
k8s-wizard build answers.yaml -o .
helmfile init --force
case "$TARGET" in
  prod)
    trap 'rm -rf "$WORK/kubeconfig" "$WORK/signed-in" "$WORK/credentials.json"' EXIT
    CLUSTER=hof
    # A kubeconfig whose token ends by itself, kept as a secret of the CI service.
    (umask 077; printf "%s\n" "${KUBECONFIG_HOF:?}" >"$WORK/kubeconfig")
    export KUBECONFIG="$WORK/kubeconfig"
    kubectl --context hof apply --server-side -k manifests/01-namespaces
    kubectl --context hof apply --server-side -k manifests/02-security
    helmfile --file manifests/clusters/hof/helmfile.yaml --selector folder=02-security apply
    kubectl --context hof apply --server-side -k manifests/03-network
    helmfile --file manifests/clusters/hof/helmfile.yaml --selector folder=03-network apply
    kubectl --context hof apply --server-side -k manifests/04-kubernetes
    helmfile --file manifests/clusters/hof/helmfile.yaml --selector folder=04-kubernetes apply
    kubectl --context hof apply --server-side -k manifests/05-cluster-network
    helmfile --file manifests/clusters/hof/helmfile.yaml --selector folder=05-cluster-network apply
    kubectl --context hof apply --server-side -k manifests/06-reliability
    helmfile --file manifests/clusters/hof/helmfile.yaml --selector folder=06-reliability apply
    kubectl --context hof apply --server-side -k manifests/07-reliability
    kubectl --context hof apply --server-side -k manifests/08-storage
    helmfile --file manifests/clusters/hof/helmfile.yaml --selector folder=08-storage apply
    kubectl --context hof apply --server-side -k manifests/09-reliability
    helmfile --file manifests/clusters/hof/helmfile.yaml --selector folder=09-reliability apply
    kubectl --context hof apply --server-side -k manifests/10-reliability
    helmfile --file manifests/clusters/hof/helmfile.yaml --selector folder=11-load-balancing apply
    kubectl --context hof apply --server-side -k manifests/12-load-balancing
    kubectl --context hof apply --server-side -k manifests/13-cluster-network
    kubectl --context hof apply --server-side -k manifests/14-storage
    helmfile --file manifests/clusters/hof/helmfile.yaml --selector folder=14-storage apply
    kubectl --context hof apply --server-side -k manifests/15-storage
    kubectl --context hof apply --server-side -k manifests/16-workloads
    git add --all
    if ! git diff --cached --quiet; then
      git commit --quiet --message "Deliver $TAG to $TARGET"
      git push --quiet origin "HEAD:$DELIVERY_BRANCH"
    fi
    ;;
  *) echo "$TARGET is no environment of this design" >&2; exit 2 ;;
esac
