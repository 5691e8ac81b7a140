# RTV Hub. `make demo` shows it, `make test` proves it; both install what they need into .venv.
.DEFAULT_GOAL := help
SHELL := /bin/sh
export DO_NOT_TRACK := 1
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH
RTV := .venv/bin/rtv
PYTHON := .venv/bin/python
JOBS ?= 2
SIZE ?= small
SEED ?= 7

.PHONY: help install demo stop test check bench docs chaos lock

help: ## Show the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

install: ## Make .venv from the locked, hashed requirements, with .venv/bin/rtv in it
	@sh scripts/install.sh

demo: install ## Start everything, send a synthetic world through it, show the result (FOOTAGE=DIR for films of yours)
	@$(RTV) demo --size $(SIZE) --seed $(SEED) $(if $(FOOTAGE),--footage "$(FOOTAGE)")

stop: ## Stop what `make demo` started
	@if [ -x $(RTV) ]; then $(RTV) stop; else echo "Nothing is installed."; fi

test: install ## All tests, real browser included
	@sh scripts/browser.sh
	@$(PYTHON) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

check: install ## Style, types, SQL, house rules, dbt parse, DAG policy
	@sh scripts/check.sh

bench: install ## Benchmarks beside named peers, in one run (NAME=truth LINES=5000000 for one, at a size; NAME=captures FOR_S=900)
	@$(PYTHON) -m bench $(NAME) $(if $(LINES),--lines $(LINES)) $(if $(FOR_S),--seconds $(FOR_S))

chaos: install ## The long fault tests
	@CHAOS_KILLS=1000 CHAOS_ROWS=1000000 ALLOCATION_POOLS=100000 ALLOCATION_SEED=0 LAW_HISTORIES=10000 LAW_STEPS=50 LAW_SEED=0 \
		ORACLE_HISTORIES=5000 ORACLE_SEED=0 HOOK_FORGERIES=100000 FUZZ_CALLS=100000 UPLOAD_KILLS=500 \
		POSTGRES_KILLS=100 POSTGRES_CAPTURES=200000 MALFORMED_FILES=10000 FLIP_STEP=1 \
		$(PYTHON) -m pytest tests/chaos tests/laws tests/unit/ingest/test_proving_hooks.py \
		tests/integration/test_allocation_is_optimal.py tests/integration/test_api_fuzz.py \
		tests/unit/rtv_core/evidence/test_bundle_tampering.py -n $(JOBS) -p no:cacheprovider --timeout 50000 -s

docs: install ## Generate the reference pages under docs/
	@$(PYTHON) -m scripts.docs

lock: ## Resolve requirements.lock anew (needs uv)
	@uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --upgrade --output-file requirements.lock
