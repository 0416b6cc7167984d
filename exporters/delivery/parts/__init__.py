"""One module per chosen component that a pipeline step runs or depends on, named by its component id.

Shell commands, one a line: BUILD, SIGN_IN, PUSH, SAVE (a builder), SCAN (before the push, of the image of one
platform at `$INPUT`, whose form is `$FORM`), GATE (after the push, asks the registry's own scanner about one `$digest`
of `$REPOSITORY`), SIGN, LOGIN (a registry), MIRRORED (before a SCAN without a way to the internet: `$MIRROR` is the
registry that stands for public ones). In them `$IMAGE` is the image with its tag, `$PINNED` the image by digest,
`$CONTEXT` the folder it is built from, `$DIGEST_FILE` where a push writes the digest, `$REGISTRY` the registry's host,
`$PLATFORMS` what it is built for, `$SEVERITIES` and `$LOWEST` what stops a pipeline; LOGIN leaves `$REGISTRY_USER` and
`$REGISTRY_PASSWORD`.

NEEDS: programs a runner must have. FETCH: program to (address of the archive, address of its checksums) for those
that hosted runners do not bring along; `{v}` is the version, which the catalog names: that of the component's release,
or of what comes along with it. PACKAGES: programs they have as a package. CLOUD: whose identity a registry or a GATE
takes. TOKEN: the CI service whose own token a registry takes. USUAL: used where no builder was chosen. ARCHIVE: the form
of what a builder leaves (`archives.FORMS`). ONE_PLATFORM: a builder that builds for its own machine. CACHES: one that
keeps what it built for other jobs. BEHIND_MIRROR: lines before a BUILD without a way to the internet.
STEP, PROMOTION: what choosing a pattern means. VARIABLES: what the service must tell
it; MIRROR_VARIABLES: what else where it has no way to the internet. KEYLESS: a signer that can sign with the job's own
identity.
"""
