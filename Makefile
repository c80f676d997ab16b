# Each target says what it does after `##`; `make help` lists them. Paths are relative, so that the
# folder may have any name. What is given on make's command line (PORT=8090) reaches the programs as environment.

PYTHON ?= python3
SETUP = $(PYTHON) -m deploy.setup
VENV_PYTHON = .venv/bin/python
TESTS ?=
UPGRADE ?=
ONLY ?=

.DEFAULT_GOAL := help
.PHONY: help run demo test faults check fix lock services events authorities bench screenshot clean

help: ## List the targets
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

run: ## Start everything at http://127.0.0.1:8080; PORT=, VAR=, AUTHORITY=, CLOCK= change where and what, FRESH=1 starts over
	@$(SETUP) requirements assets
	@exec $(VENV_PYTHON) -m services run

demo: ## Walk through the whole story in this terminal, on a training clock
	@$(SETUP) requirements assets
	@exec $(VENV_PYTHON) -m services demo

test: ## Run every test, after setting up what they need; TESTS="tests/unit -x" chooses
	@$(SETUP) requirements-dev assets asyncapi chromium nginx promtool services
	@$(VENV_PYTHON) -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(TESTS)

faults: ## Break one part after another at length under load, and write docs/reliability.md; `make test` does it in small
	@$(SETUP) requirements-dev assets nginx services
	@mkdir -p var && rm -f var/faults.jsonl
	@FAULTS=full FAULTS_RESULTS=var/faults.jsonl $(VENV_PYTHON) -m pytest -s tests/faults
	@$(VENV_PYTHON) -m tests.faults.results var/faults.jsonl

check: ## Check style, types, import rules and secrets: exactly what CI checks besides the tests
	@$(SETUP) requirements-dev
	@echo "ruff check" && $(VENV_PYTHON) -m ruff check .
	@echo "ruff format" && $(VENV_PYTHON) -m ruff format --check .
	@echo "mypy --strict" && $(VENV_PYTHON) -m mypy --strict
	@echo "import-linter" && .venv/bin/lint-imports
	@echo "secret scan" && $(VENV_PYTHON) -m deploy.setup.secret_scan

fix: ## Let ruff repair style and format
	@$(SETUP) requirements-dev
	@$(VENV_PYTHON) -m ruff check --fix .
	@$(VENV_PYTHON) -m ruff format .

lock: ## Write the hashed requirements files from pyproject.toml; UPGRADE=--upgrade takes newer versions
	@test -x .venv-lock/bin/python || $(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	@echo "requirements.lock" && .venv-lock/bin/uv pip compile pyproject.toml $(UPGRADE) \
		--generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	@echo "requirements-dev.lock" && .venv-lock/bin/uv pip compile pyproject.toml $(UPGRADE) --group dev \
		--generate-hashes --no-emit-index-url --no-header -q -c requirements.lock -o requirements-dev.lock

services: ## Say which PostgreSQL and RabbitMQ there are, starting them where this user may
	@$(SETUP) services

events: ## Write docs/events.md, docs/asyncapi.json and docs/schemas/ from the declared events
	@$(SETUP) requirements
	@$(VENV_PYTHON) -m docs.events

authorities: ## Write docs/authorities.md from the authorities' profiles
	@$(SETUP) requirements
	@$(VENV_PYTHON) -m docs.authorities

bench: ## Measure what it costs and write docs/performance.md; ONLY=pipeline measures one thing
	@$(SETUP) requirements-dev assets services
	@$(VENV_PYTHON) -m benchmarks $(ONLY)

screenshot: ## Take the pictures of the README from the running product
	@$(SETUP) requirements-dev assets chromium
	@$(VENV_PYTHON) -m docs.screenshots

clean: ## Remove what set-up and tools made; the data under var/ stays (make run FRESH=1 starts that over)
	@rm -rf .venv .venv-bench .venv-lock .venv.lock shared/web/static/govuk .schemas .tools build dist
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
