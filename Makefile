.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= python3
# One more than two cores: tests of outages, mail and second processes wait much of their time. The
# fast lane has none of these, so there a third worker would only be one more to start.
TEST_WORKERS ?= 3
BIN := .venv/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

EXTRAS := embedded test check deploy docs clients
comma := ,

# One stamp for each set of extras: nothing is installed twice, everything again when the lock or
# pyproject.toml has changed.
.venv/pip:
	@$(PYTHON) -c 'import sys; sys.exit("contactsvc needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@echo "Making a Python environment in .venv"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/lock: requirements/lock.txt | .venv/pip
	@$(PIP) --require-hashes --requirement $<
	@touch $@

.venv/%: pyproject.toml $(wildcard requirements/*.txt) | .venv/pip
	@echo "Installing the service and its libraries [$*] into .venv: once, and it may take some minutes"
	@$(PIP) --require-hashes --requirement requirements/build.txt
	@$(PIP) --require-hashes --no-build-isolation $(foreach name,service $(subst $(comma), ,$*),--requirement requirements/$(name).txt)
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: run
run: .venv/embedded ## Serve the API with everything embedded; data is kept in var/
	@echo "Starting the service with everything embedded; its data is kept in var/"
	@exec $(BIN)/contactsvc serve

.PHONY: update
update: ## Lock the newest versions that pyproject.toml allows, and install them into .venv
	@$(MAKE) --no-print-directory lock UPGRADE=--upgrade
	@$(MAKE) --no-print-directory $(sort .venv/embedded $(wildcard .venv/embedded* .venv/deploy))

# Everything is resolved together, so that the files agree; each then starts from those versions. An
# extra's file leaves out what service.txt has everywhere, that is, without a marker.
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras \
	--custom-compile-command 'make lock'
.PHONY: lock
lock: .venv/lock ## Renew the lock in requirements/ after pyproject.toml; versions that still fit stay
	@echo "Locking the libraries in requirements/"
	@set -e; all=$$(mktemp); trap 'rm -f "$$all"' EXIT; \
	cat requirements/*.txt >"$$all"; \
	$(COMPILE) pyproject.toml $(UPGRADE) --all-extras --group build --group lock --output-file "$$all" >/dev/null; \
	cp "$$all" requirements/service.txt; \
	$(COMPILE) --offline pyproject.toml --output-file requirements/service.txt >/dev/null; \
	shared=$$(sed -n 's/^\([^][ =]*\)[^ =]*==[^ ;]* \\$$/--no-emit-package=\1/p' requirements/service.txt); \
	for extra in $(EXTRAS); do \
		cp "$$all" requirements/$$extra.txt; \
		$(COMPILE) --offline pyproject.toml --extra $$extra $$shared --output-file requirements/$$extra.txt >/dev/null; \
	done; \
	for group in build lock; do \
		cp "$$all" requirements/$$group.txt; \
		$(COMPILE) --offline --group $$group --output-file requirements/$$group.txt >/dev/null; \
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

.PHONY: fuzz-vcard
fuzz-vcard: .venv/embedded,test ## Read 100,000 damaged vCards and see that none raises or loses anything
	$(BIN)/python -m tests.contacts.vcard.fuzz $(ARGS)

.PHONY: test-fast
test-fast: TEST_WORKERS = 2
test-fast: .venv/embedded,test ## Run what is quick, and of a test with parameters one, while you work
	$(BIN)/pytest -n $(TEST_WORKERS) --dist worksteal -m fast $(ARGS)

.PHONY: test-compose
test-compose: .venv/embedded,test ## Run docker-compose.yml with Docker: both profiles, restarts, an upgrade
	$(BIN)/pytest --durations=0 --durations-min=1 tests/deploy/compose $(ARGS)

.PHONY: clients
clients: .venv/embedded,test,clients ## Sync Thunderbird, Evolution and vdirsyncer with a running service
	@sh tests/clients/packages.sh
	$(BIN)/pytest tests/clients $(ARGS)

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
lint-deploy: .venv/deploy ## Check the Dockerfile, docker-compose.yml, deploy/, .github/ and shell scripts
	$(BIN)/hadolint --failure-threshold style Dockerfile
	$(BIN)/shellcheck deploy/env.sh tests/clients/packages.sh $(wildcard tests/deploy/compose/*.sh tests/deploy/compose/*/*.sh)
	$(BIN)/yamllint --strict --config-file deploy/yamllint.yaml docker-compose.yml deploy .github .pre-commit-config.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(wildcard .github/workflows/*.yml)
	$(BIN)/kubernetes-validate --strict $(filter-out %/kustomization.yaml,$(wildcard deploy/kubernetes/*.yaml))

# A PostgreSQL and a Redis that run as they would for others: the embedded ones would not measure
# the same. What is measured gets a database of its own in each, which is removed afterwards.
DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres
REDIS_URL ?= redis://127.0.0.1:6379
SERVERS = --database-url $(DATABASE_URL) --redis-url $(REDIS_URL)

.PHONY: bench
bench: .venv/embedded,test ## Measure the service against the least code: [DATABASE_URL=... REDIS_URL=...]
	$(BIN)/python -m benchmarks.comparison $(SERVERS) $(ARGS)

.PHONY: bench-check
bench-check: .venv/embedded,test ## Fail where CPU is 10 percent worse than benchmarks/ratchet.json holds
	$(BIN)/python -m benchmarks.comparison --check $(SERVERS) $(ARGS)

.PHONY: bench-import
bench-import: .venv/embedded,test ## Measure imports and exports of many contacts: [DATABASE_URL=...]
	$(BIN)/python -m benchmarks.imports $(SERVERS) $(ARGS)

.PHONY: bench-batch
bench-batch: .venv/embedded,test ## Measure a batch of 200 contacts against 200 calls
	$(BIN)/python -m benchmarks.batches $(SERVERS) $(ARGS)

.PHONY: bench-memory
bench-memory: .venv/embedded,test ## Measure the memory of exports, and of an update of huge contacts
	$(BIN)/python -m benchmarks.transfer_memory $(SERVERS) $(ARGS)

.PHONY: bench-growth
bench-growth: .venv/embedded,test ## Measure requests with a thousand to a million contacts in the table
	$(BIN)/python -m benchmarks.growth $(SERVERS) $(ARGS)

.PHONY: bench-fairness
bench-fairness: .venv/embedded,test ## Measure what one user's requests cost the others, and 256 connections
	$(BIN)/python -m benchmarks.fairness $(SERVERS) $(ARGS)

.PHONY: bench-carddav
bench-carddav: .venv/embedded,test ## Measure syncs by CardDAV, with books of 100 to 100,000 contacts
	$(BIN)/python -m benchmarks.carddav $(SERVERS) $(ARGS)

.PHONY: bench-footprint
bench-footprint: .venv/embedded,test ## Measure CPU to start, and memory, fresh and after a million requests
	$(BIN)/python -m benchmarks.footprint $(SERVERS) $(ARGS)

.PHONY: profile
profile: .venv/embedded,test ## Show where the CPU of a request goes: [DATABASE_URL=... REDIS_URL=...]
	$(BIN)/python -m benchmarks.cpu_profile $(SERVERS) $(ARGS)

.PHONY: bench-processes
bench-processes: .venv/embedded,test ## Measure 1, 2 and 4 processes of the service
	$(BIN)/python -m benchmarks.processes $(SERVERS) $(ARGS)

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
