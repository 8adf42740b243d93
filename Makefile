# Everything one needs to run, test and look at the hall. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3.11
BIN := .venv/bin
SIDE ?= outer
export HALL_DATA_DIR ?= $(CURDIR)/var/demo
export HALL_OUTER_PORT ?= 8000
export HALL_INNER_PORT ?= 8001
export HALL_COURIER_SECONDS ?= 3
export PYTHONUNBUFFERED := 1
# Every command starts several Pythons; compiling all libraries anew in each of them costs seconds.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help
help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

.PHONY: install
install: ## system libraries, .venv/ from the lock file, translations
	@tools/install_system.sh base
	@PYTHON=$(PYTHON) tools/install_venv.sh base
	@$(BIN)/python tools/compile_locale.py

.PHONY: install-test
install-test: ## what the tests need besides: Chromium, PostgreSQL, checkers
	@tools/install_system.sh base test
	@PYTHON=$(PYTHON) tools/install_venv.sh test
	@$(BIN)/python tools/compile_locale.py

.PHONY: demo
demo: install ## build the demo city if need be and run both sites until Ctrl-C
	@exec $(BIN)/python -m tools.demo

.PHONY: demo-data
demo-data: install ## build both demo sites under $HALL_DATA_DIR and stop
	@$(BIN)/python -m tools.demo_data

.PHONY: demo-reset
demo-reset: ## empty the demo: both sites under $HALL_DATA_DIR
	@$(PYTHON) -m tools.demo_reset

.PHONY: run
run: install ## a development server for one side of the demo: make run SIDE=outer|inner
	@exec $(BIN)/python -m tools.run $(SIDE)

.PHONY: check
check: install-test ## style, types, import direction, settings (under a minute)
	@$(BIN)/python -m tools.check

.PHONY: test
test: install-test ## everything, on PostgreSQL and on SQLite, with stories and browser tests
	@$(BIN)/python -m tools.test

.PHONY: test-faults
test-faults: install-test ## the exchange under every fault, exhaustively, on both databases
	@$(BIN)/python -m tools.test faults

.PHONY: bench
bench: install ## run bench/ (ONLY=catalogue|casework|sync) and write var/bench.json
	@$(BIN)/python -m tools.bench $(ONLY)

.PHONY: bench-peers
bench-peers: install ## install what we compare with (morango, NNCP, into var/peers) and measure against it
	@$(BIN)/python -m tools.peers.install
	@$(BIN)/python -m tools.bench sync_peers sync_nncp

.PHONY: look
look: install-test ## a picture of every page and document into var/look/
	@$(BIN)/python -m tools.look $(ONLY)

.PHONY: format
format: install-test ## let the formatters rewrite the code
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

.PHONY: messages
messages: install ## collect what is to be translated into hall/locale/; then translate and make install
	@$(BIN)/python -m tools.messages

.PHONY: lock
lock: ## resolve requirements/*.in again into the lock files
	@$(PYTHON) tools/lock.py

.PHONY: audit
audit: install-test ## known vulnerabilities in what is locked
	@$(BIN)/pip-audit --disable-pip --require-hashes -r requirements/base.txt
