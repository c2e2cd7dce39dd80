# `make run` is all a fresh clone needs. Every other target makes what it needs first.

# --no-compile: Python compiles what it imports, a tenth of what is installed; saves two thirds of
# the time.
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
PYTHON := $(shell command -v python3.11 || command -v python3.12 || command -v python3)

.PHONY: help setup dev run test lint bench browser clean

help:
	@echo "make run      the page, at http://127.0.0.1:7860"
	@echo "make setup    .venv with everything that runs, and the 'matinee' command in it"
	@echo "make test     the tests        make lint    ruff and mypy"
	@echo "make bench    how fast it is   make browser chromium for the browser test (as root)"
	@echo "make clean    forget .venv"

setup: $(VENV)/.ready
dev: $(VENV)/.ready-dev

$(VENV)/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Matinee needs Python 3.11 or 3.12 (Debian: apt install python3-venv)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "no venv module: on Debian, apt install python3-venv"; exit 1; }
	$(PIP) install -q --no-compile -r requirements.lock
	$(PIP) install -q --no-deps -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(PIP) install -q --no-compile -r requirements-dev.lock
	@touch $@

run: setup
	$(BIN)/matinee run

test: dev
	$(BIN)/python -m pytest

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	$(BIN)/matinee bench turn
	$(BIN)/matinee bench parse
	$(BIN)/matinee bench index
	$(BIN)/matinee bench memory

browser:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } || { echo "chromium is missing; as root: apt install chromium"; exit 1; }

clean:
	rm -rf $(VENV)
