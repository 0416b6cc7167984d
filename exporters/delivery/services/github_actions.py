"""GitHub Actions: one workflow. Jobs get a token for themselves; no action of anybody else runs, only our scripts."""

from __future__ import annotations

from exporters.delivery.steps import AUDIENCE, Pipeline

SOURCE = "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax"

CHECK_OUT = """      - name: Check out
        env:
          GITHUB_TOKEN: ${{ github.token }}
        run: |
          git init --quiet .
          git fetch --quiet --depth 1 \\
            "https://x-access-token:$GITHUB_TOKEN@${GITHUB_SERVER_URL#https://}/$GITHUB_REPOSITORY" "$GITHUB_SHA"
          git checkout --quiet --detach FETCH_HEAD"""


def files(made: Pipeline) -> dict[str, str]:
    """The workflow; it belongs into .github/workflows of the code repository."""
    return {"github/workflows/delivery.yaml": _workflow(made)}


def _workflow(made: Pipeline) -> str:
    runner = "self-hosted" if made.own_runners else "ubuntu-24.04"
    names = " ".join(made.images)
    checks = ["test", "build", *(["scan"] if made.scan else [])]
    lines = [
        "name: delivery",
        "on:",
        "  pull_request:",
        "  push:",
        f"    branches: [{made.branch!r}]",
        "permissions:",
        "  contents: read",
        "concurrency:",
        "  group: delivery-${{ github.ref }}",
        "env:",
        "  TAG: ${{ github.sha }}",
        "jobs:",
        "  check:",
        f"    runs-on: {runner}",
        "    steps:",
        CHECK_OUT,
        *(line for step in checks for line in (
            f"      - name: {step.capitalize()}",
            f"        run: for name in {names}; do sh delivery/scripts/{step}.sh \"$name\" || exit 1; done",
        )),
    ]
    if made.preview:
        lines += [
            "  preview:",
            "    if: github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository",
            "    needs: check",
            f"    runs-on: {runner}",
            "    environment: preview",
            "    env:",
            "      CHANGE: ${{ github.event.number }}",
            "    steps:",
            CHECK_OUT,
            "      - name: Preview",
            "        run: sh delivery/scripts/preview.sh",
        ]
    lines += [
        "  publish:",
        "    if: github.event_name == 'push'",
        "    needs: check",
        f"    runs-on: {runner}",
        "    permissions:",
        "      contents: read",
        "      packages: write",
        *(["      id-token: write"] if made.keyless or made.sign else []),
        "    outputs:",
        "      digests: ${{ steps.push.outputs.digests }}",
        "    steps:",
        CHECK_OUT,
        *(_token(made) if made.keyless else []),
        "      - name: Push",
        "        id: push",
        "        env:",
        *_credentials(made),
        "        run: |",
        f"          for name in {names}; do",
        "            sh delivery/scripts/build.sh \"$name\" && sh delivery/scripts/push.sh \"$name\" || exit 1",
        "          done",
        "          for file in .delivery/*.digest; do",
        "            printf '%s=%s ' \"$(basename \"$file\" .digest)\" \"$(cat \"$file\")\"",
        "          done >.delivery/digests",
        "          echo \"digests=$(cat .delivery/digests)\" >>\"$GITHUB_OUTPUT\"",
        "  deploy:",
        "    needs: publish",
        f"    runs-on: {runner}",
        # Reviewers of the environment are the approval; without one it only names where it goes.
        f"    environment: {'production' if made.approval else 'delivery'}",
        "    env:",
        "      DIGESTS: ${{ needs.publish.outputs.digests }}",
        *(["      DELIVERY_REPOSITORY: ${{ secrets.DELIVERY_REPOSITORY }}",
           "      DELIVERY_BRANCH: ${{ vars.DELIVERY_BRANCH }}"] if made.gitops else []),
        "    steps:",
        CHECK_OUT,
        "      - name: Deploy",
        "        run: |",
        "          mkdir -p .delivery",
        "          for pair in $DIGESTS; do echo \"${pair#*=}\" >\".delivery/${pair%%=*}.digest\"; done",
        "          sh delivery/scripts/deploy.sh",
    ]
    return "\n".join(lines) + "\n"


def _token(made: Pipeline) -> list[str]:
    audience = AUDIENCE[made.identity]
    named = "${{ vars.GCP_AUDIENCE }}" if audience.startswith("$") else audience
    return [
        "      - name: Identity token",
        "        env:",
        f"          AUDIENCE: {named}",
        "        run: |",
        "          mkdir -p .delivery",
        "          curl --fail --silent --show-error --header \"Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN\" \\",
        "            --get --data-urlencode \"audience=$AUDIENCE\" \"$ACTIONS_ID_TOKEN_REQUEST_URL\" |",
        "            sed 's/.*\"value\" *: *\"\\([^\"]*\\)\".*/\\1/' >.delivery/token",
    ]


def _credentials(made: Pipeline) -> list[str]:
    from exporters.delivery.steps import VARIABLES

    if not made.keyless:
        return ["          REGISTRY_USER: ${{ vars.REGISTRY_USER || github.actor }}",
                "          REGISTRY_PASSWORD: ${{ secrets.REGISTRY_PASSWORD || github.token }}"]
    names = [name for name, _ in VARIABLES[made.identity] if name != "GCP_AUDIENCE"]
    return ["          ID_TOKEN_FILE: ${{ github.workspace }}/.delivery/token",
            *(f"          {name}: ${{{{ vars.{name} }}}}" for name in names)]
