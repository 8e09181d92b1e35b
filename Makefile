# Everything a person or CI types. `make` alone lists the targets.
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help env run test check format bench schema clean

help: ## what can be typed
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

env: $(VENV)/.made ## build .venv from constraints.txt

$(VENV)/.made: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

run: env ## start the demo from nothing: API, worker and mail listener in one process
	$(BIN)/helpdesk serve --demo --port $(PORT)

check: env ## format, lint, types, import contracts, dependencies, schema diff, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/helpdesk export-schema | diff schema.graphql -

test: check ## everything, on SQLite and on a real PostgreSQL
	rm -f .coverage .coverage.*
	$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=
	$(BIN)/coverage report --include='helpdesk/domain/*,helpdesk/usecases/*' --fail-under=100
	$(BIN)/coverage report --fail-under=95

format: env ## write the format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: env ## write schema.graphql from the code
	$(BIN)/helpdesk export-schema > schema.graphql

bench: env ## ratios side by side in one run
	$(BIN)/python -m tests.benchmarks

clean: ## forget the environment and the demo
	rm -rf $(VENV) var .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis
