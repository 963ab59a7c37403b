# Everything runs in .venv, which the first target that needs it creates.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help demo test test-editors lint bench soak docs parts train-parts scale-parts editors clean

help:            ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | sort

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "zeta-lsp needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY)   ## watch predictions appear while a scripted person edits a small project
	@$(BIN)/zeta-lsp demo

lint: $(READY)   ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint       ## all tests; editors and inference servers that are missing are skipped by name
	$(BIN)/python -m pytest --ignore=tests/editors

test-editors: $(READY)  ## play every scene in every real editor, and write the table in README.md
	@# real programs stall now and then: a failed cell is tried twice more, and pytest counts it
	$(BIN)/python -m pytest tests/editors --reruns 2; status=$$?; \
	  $(BIN)/python -m tests.editors.table && exit $$status

bench: $(READY)  ## latency, CPU and memory, as ratios to a bare echo measured in the same run
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.capture
	$(BIN)/python -m tests.bench.capture_export
	$(BIN)/python -m tests.bench.proxy
	$(BIN)/python -m tests.bench.index
	$(BIN)/python -m tests.bench.gateway
	$(BIN)/python -m tests.bench.editors
	$(BIN)/python -m tests.bench.pipeline
	$(BIN)/python -m tests.bench.metrics

soak: $(READY)   ## the proofs of capture at full size: kills, power cuts, secrets, consents (long)
	ZETA_SOAK_KILLS=1000 ZETA_SOAK_CUTS=10000 ZETA_SOAK_FLIPS=10000 ZETA_SOAK_SECRETS=10000 \
	  ZETA_SOAK_CONSENTS=3000 $(BIN)/python -m pytest tests/capture --timeout 0

docs: $(READY)   ## write the pages that are generated
	$(BIN)/python -m zeta_lsp.cli.settings_page docs/settings.md

parts:           ## fetch a real Neovim and a real llama.cpp server for the tests (Debian, root)
	tests/e2e/parts.sh

train-parts: $(READY)  ## install what `zeta-pipeline train` needs into .venv (1.3 GB with a torch for CPUs)
	@# torch alone and first, so that a build for CPUs is taken where there is one
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'torch==2.13.0'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]'

scale-parts: $(READY)  ## install what `zeta-pipeline scale` needs into .venv (270 MB, most of it Ray)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[scale]'

editors: $(READY) ## fetch every real editor that the tests drive (Debian, root, npm; 2 GB)
	@for script in tests/editors/install/*.sh; do echo "$$script"; $$script || exit 1; done

clean:           ## remove everything that was built or fetched
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
