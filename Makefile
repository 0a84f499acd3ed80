# `make demo` and `make test` do all the set-up themselves; repeated runs reuse it.
# pip takes the package index from the machine's own configuration; none is named here.

PYTHON ?= python3
VENV   ?= .venv
DEMO_OUT ?= demo-out

DEMO := dataforge generate --ddl examples/shop.sql --rows 10k --rows products=2k \
        --rows suppliers=300 --rows categories=80 --rows countries=60 --out $(DEMO_OUT)

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes \
           --no-header --no-annotate --no-emit-index-url
EXTRAS := --extra postgres --extra mysql --extra polars --extra pandas \
          --extra objects --extra faker --extra agents --extra bedrock --extra redis \
          --extra agentcore --extra mock

.DEFAULT_GOAL := help
.PHONY: help demo test lint pytest docs fuzz bench lock clean
.DELETE_ON_ERROR:

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST)

demo: $(VENV)/.base  ## generate a web shop's database, verify it, show what was made
	@rm -rf $(DEMO_OUT)
	@echo '$$ $(DEMO)'
	@$(BIN)/$(DEMO)
	@echo '$$ dataforge verify $(DEMO_OUT)'
	@$(BIN)/dataforge verify $(DEMO_OUT)

test: lint pytest  ## everything that must hold: lint, types, layers, tests

lint: $(VENV)/.test  ## ruff, formatting, strict types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

pytest: $(VENV)/.test  ## the test suite (DATAFORGE_REQUIRE_SERVERS=1: a missing server fails)
	$(BIN)/python -m pytest -n 2

fuzz: $(VENV)/.test  ## feed broken schema files and DDL to their readers for ten minutes
	$(BIN)/python tools/fuzz.py --seconds 600

docs: $(VENV)/.docs  ## build the documentation site into build/site; a warning fails
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@! grep -rEl '<(script|link|img|iframe|source)[^>]* (src|href)="?(https?:)?//' build/site \
	    || { echo 'these pages load from other hosts' >&2; exit 1; }

bench: $(VENV)/.bench  ## measure side by side with the peers, write docs/benchmarks.md
	$(BIN)/python benchmarks/run.py

lock: $(VENV)/.lock  ## resolve the dependencies anew into requirements/*.txt
	$(COMPILE) --upgrade pyproject.toml -o requirements/base.txt
	$(COMPILE) --upgrade requirements/build.in -o requirements/build.txt
	$(COMPILE) --upgrade requirements/lock.in -o requirements/lock.txt
	$(COMPILE) --upgrade $(EXTRAS) -c requirements/base.txt \
	    pyproject.toml requirements/test.in -o requirements/test.txt
	$(COMPILE) --upgrade -c requirements/test.txt requirements/docs.in -o requirements/docs.txt
	$(COMPILE) --upgrade -c requirements/test.txt requirements/vendor.in -o requirements/vendor.txt
	$(COMPILE) --upgrade $(EXTRAS) --extra bench -c requirements/test.txt \
	    pyproject.toml -o requirements/bench.txt

clean:  ## remove environments, caches and output
	rm -rf $(VENV) $(DEMO_OUT) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	    .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	    "$(PYTHON) is Python %d.%d; 3.11 or newer is needed: make PYTHON=..." % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements/base.txt requirements/build.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/base.txt -r requirements/build.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.base
	$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.docs: requirements/docs.txt | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/docs.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.base
	$(PIP) install --require-hashes -r requirements/bench.txt
	@touch $@

$(VENV)/.lock: requirements/lock.txt | $(BIN)/python
	$(PIP) install --require-hashes -r requirements/lock.txt
	@touch $@
