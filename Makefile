# Everything a developer types. `make` alone lists it.
# Uses uv where it is on PATH, else Python >= 3.11 with venv and pip; the environment is .venv.

SHELL := /bin/sh
BIN := .venv/bin
MADE := .venv/.made
UV := $(shell command -v uv 2>/dev/null)
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PYTEST := $(BIN)/python -m pytest -q
ARGS ?=

# The tests start many Pythons: without compiled modules each of them compiles everything again.
unexport PYTHONDONTWRITEBYTECODE

# An environment whose Python is gone (moved folder, upgraded system) is made again.
$(shell test ! -e $(MADE) || $(BIN)/python -c '' 2>/dev/null || rm -f $(MADE))

.PHONY: help run demo check format-check lint types house test test-docker test-vllm fix bench pictures clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: $(MADE)  ## open llmtui (ARGS="--read-only --lang zh_CN" hands options on)
	@exec $(BIN)/llmtui $(ARGS)

demo: $(MADE)  ## open llmtui over a simulated host: no Docker, no GPU, nothing real is touched
	@exec $(BIN)/llmtui --demo $(ARGS)

check: format-check lint types house test  ## all that must hold before a change goes in: format, lint, types, house, test

format-check: $(MADE)
	@$(BIN)/ruff format --check --output-format concise .

lint: $(MADE)
	@$(BIN)/ruff check .

types: $(MADE)
	@$(BIN)/mypy

house: $(MADE)
	@$(BIN)/lint-imports

test: $(MADE)  ## every test but those against a real vLLM; says how many ran, how many were skipped, and why
	@$(PYTEST) -n 3 --dist loadfile -m "not vllm" $(ARGS)
	@echo "The tests against a real vLLM are not among these: make test-vllm"

test-docker: $(MADE)  ## only the tests that need a Docker engine
	@$(PYTEST) -m docker $(ARGS)

test-vllm: $(MADE)  ## only the tests that need the vllm/vllm-openai image and a small model
	@$(PYTEST) -m vllm $(ARGS)

fix: $(MADE)  ## put format and lint right where a tool can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(MADE)  ## measure speed and memory beside an empty app and plain docker
	@$(BIN)/python bench/run.py $(ARGS)

pictures: $(MADE)  ## photograph the running app into docs/pictures
	@$(BIN)/python docs/pictures.py $(ARGS)

clean:  ## remove the environment and what tools left behind
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build

$(MADE): pyproject.toml uv.lock
ifneq ($(UV),)
	@UV_PROJECT_ENVIRONMENT=.venv uv sync --frozen --quiet
else ifneq ($(PYTHON),)
	@echo "Making .venv with $(PYTHON) and pip (uv would be quicker and uses the locked versions)"
	@rm -rf .venv && $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --group dev --editable .
else
	@echo "llmtui needs uv, or Python 3.11 or newer with venv. To get uv: curl -LsSf https://astral.sh/uv/install.sh | sh" >&2; exit 1
endif
	@touch $(MADE)
