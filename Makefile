.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= python3
# One more than two cores: tests of outages, mail and second processes wait much of their time.
TEST_WORKERS ?= 3
BIN := .venv/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

# One stamp for each set of extras: nothing is installed twice, everything again when
# pyproject.toml has changed.
.venv/pip:
	@$(PYTHON) -c 'import sys; sys.exit("contactsvc needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@echo "Making a Python environment in .venv"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/%: pyproject.toml | .venv/pip
	@echo "Installing the service and its libraries [$*] into .venv: once, and it may take some minutes"
	@$(PIP) --editable '.[$*]'
	@touch $@

.PHONY: run
run: .venv/embedded ## Serve the API with everything embedded; data is kept in var/
	@echo "Starting the service with everything embedded; its data is kept in var/"
	@exec $(BIN)/contactsvc serve

.PHONY: update
update: .venv/embedded ## Bring every library in .venv to the newest version that pyproject.toml allows
	@for stamp in .venv/embedded* $(wildcard .venv/deploy); do \
		echo "Updating the libraries [$${stamp#.venv/}]"; \
		$(PIP) --upgrade --upgrade-strategy eager --editable ".[$${stamp#.venv/}]" || exit 1; \
	done

.PHONY: test
test: .venv/embedded,test ## Run all tests
	$(BIN)/pytest -n $(TEST_WORKERS) --dist worksteal $(ARGS)

.PHONY: coverage
coverage: .venv/embedded,test ## Run all tests and fail below 90 percent of coverage, branches included
	$(BIN)/pytest -n $(TEST_WORKERS) --dist worksteal --cov --cov-report=term $(ARGS)

.PHONY: test-mutants
test-mutants: .venv/embedded,test ## Put faults into the most delicate modules and see the tests notice, 20 minutes
	$(BIN)/python -m tests.mutation $(ARGS)

.PHONY: test-fast
test-fast: .venv/embedded,test ## Run the tests that need no outage, browser or second process
	$(BIN)/pytest -n $(TEST_WORKERS) --dist worksteal -m 'not outage and not browser and not process' $(ARGS)

.PHONY: test-compose
test-compose: .venv/embedded,test ## Run docker-compose.yml with Docker: both profiles, restarts, an upgrade
	$(BIN)/pytest --durations=0 --durations-min=1 tests/deploy/compose $(ARGS)

.PHONY: check
check: .venv/embedded,test,check ## Lint, check types, imports, and that models and migrations agree
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/contactsvc migrate --check

.PHONY: env
env: ## Add random secrets for docker compose to .env; what is there stays
	@sh deploy/env.sh

.PHONY: env-example
env-example: .venv/embedded ## Write .env.example anew out of the settings
	@$(BIN)/python -m contactsvc.platform.settings.example > .env.example

.PHONY: lint-deploy
lint-deploy: .venv/deploy ## Check the Dockerfile, docker-compose.yml, deploy/ and shell scripts
	$(BIN)/hadolint --failure-threshold style Dockerfile
	$(BIN)/shellcheck deploy/env.sh $(wildcard tests/deploy/compose/*.sh tests/deploy/compose/*/*.sh)
	$(BIN)/yamllint --strict --config-file deploy/yamllint.yaml docker-compose.yml deploy
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/kubernetes-validate --strict $(filter-out %/kustomization.yaml,$(wildcard deploy/kubernetes/*.yaml))

.PHONY: bench
bench: .venv/embedded ## Measure the most frequent calls against a service of its own
	$(BIN)/python benchmarks/latency.py

.PHONY: bench-processes
bench-processes: .venv/embedded ## Measure 1, 2 and 4 processes: make ... DATABASE_URL=... REDIS_URL=...
	$(BIN)/python benchmarks/processes.py --database-url $(DATABASE_URL) --redis-url $(REDIS_URL)

.PHONY: bench-outages
bench-outages: .venv/embedded,test ## Measure what is promised in seconds when a part goes away
	$(BIN)/python -m benchmarks.outages

.PHONY: bench-attacks
bench-attacks: .venv/embedded,test ## Measure CPU and memory of requests that are made to cost much
	$(BIN)/python -m benchmarks.attacks

.PHONY: html
html: .venv/embedded,docs ## Build the documentation into docs/_build/html
	$(BIN)/sphinx-build -W --keep-going -q docs docs/_build/html
	@echo "Open docs/_build/html/index.html"

.PHONY: format
format: .venv/embedded,test,check ## Format the code
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

.PHONY: migration
migration: .venv/embedded ## Write a migration for changed models: make migration NAME=add_nickname
	$(BIN)/aerich migrate --offline --name $(NAME)

.PHONY: clean
clean: ## Remove what was built and installed; the data in var/ stays
	rm -rf .venv build dist docs/_build htmlcov .coverage .coverage.* .*_cache

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
