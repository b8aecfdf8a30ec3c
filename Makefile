# What to run while you develop Godwit. Needs GNU make and Python 3.11 or newer, gets the rest.

PYTHON ?= python3
# Given to pytest: make test ARGS='tests/planning -k merge -n 0'
ARGS ?=

# A checkout that was moved or copied makes its environments anew: they hold absolute paths.
PLACE := $(firstword $(shell pwd -P | cksum))
RUNTIME := .venv/.runtime-$(PLACE)
DEV := .venv/.dev-$(PLACE)
PEER := .venv-peer/.ready-$(PLACE)
BENCH := .venv-bench/.ready-$(PLACE)
OLDEST := .venv-oldest/.ready-$(PLACE)

PROJECT := pyproject.toml tools/environment.py tools/debian.py
ENVIRONMENT := @PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m tools.environment
# The tests compare with the peer, which has an environment of its own.
export GODWIT_TEST_PEER ?= $(CURDIR)/.venv-peer/bin/python
IN_SERVERS := .venv/bin/python -m tests.servers --
PYTEST := -m pytest -n auto --dist worksteal

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test coverage check bench soak changes docs oldest clean

help: ## Show the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## Show the main job on SQLite: no server is needed
	@.venv/bin/python tools/demo.py

test: $(DEV) $(PEER) ## Run the tests on SQLite, PostgreSQL and MariaDB
	@$(IN_SERVERS) .venv/bin/python $(PYTEST) $(ARGS)

# Not in `make test`: to measure takes a third of its time more.
coverage: $(DEV) $(PEER) ## Run the tests, and show which lines and branches none of them runs
	@$(IN_SERVERS) .venv/bin/python $(PYTEST) --cov --cov-report=term $(ARGS)

check: $(DEV) ## Lint, format, types, layers, documentation
	@.venv/bin/python -m tools.check

bench: $(DEV) $(BENCH) $(PEER) ## Measure side by side with Flask-Migrate
	@$(IN_SERVERS) .venv/bin/python -m tools.bench --godwit .venv-bench/bin/python \
		--peer .venv-peer/bin/python $(ARGS)

soak: $(DEV) $(PEER) ## Run the tests that take minutes
	@$(IN_SERVERS) .venv/bin/python $(PYTEST) -m soak $(ARGS)

changes: $(DEV) ## Try every kind of change on every database, and write docs/changes.md
	@$(IN_SERVERS) .venv/bin/python -m tests.changes -j 2 \
		--known tests/changes/known.txt --page docs/changes.md $(ARGS)

docs: $(DEV) ## Build the documentation into docs/_build/html
	@.venv/bin/python -m tools.check docs

# The peer has the newest Alembic and SQLAlchemy: side by side with the oldest, those would differ.
oldest: $(OLDEST) $(PEER) ## Run the tests with the oldest supported versions
	@.venv-oldest/bin/python -m tests.servers -- .venv-oldest/bin/python $(PYTEST) \
		--ignore=tests/peer $(ARGS)

clean: ## Remove everything that was built
	rm -rf .venv .venv-* .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache .cache build dist docs/_build
	find src tests tools docs -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements/runtime.txt $(PROJECT)
	$(ENVIRONMENT) .venv -r requirements/runtime.txt -e .
	@touch $@

$(DEV): requirements/dev.txt requirements/testing.txt requirements/docs.txt $(RUNTIME)
	$(ENVIRONMENT) .venv -r requirements/dev.txt
	@touch $@

$(PEER): requirements/peer.txt tools/environment.py tools/debian.py
	$(ENVIRONMENT) .venv-peer -r requirements/peer.txt
	@touch $@

# What an application has, and nothing else: the peer's environment is as small.
$(BENCH): requirements/bench.txt requirements/runtime.txt $(PROJECT)
	$(ENVIRONMENT) .venv-bench -r requirements/bench.txt -e .
	@touch $@

$(OLDEST): requirements/oldest.txt requirements/testing.txt $(PROJECT)
	$(ENVIRONMENT) .venv-oldest -r requirements/oldest.txt -e .
	@touch $@
