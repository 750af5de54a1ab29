# make install   .venv with exactly what the lock file names
# make test      every check, then every test
# make check     the checks alone: ruff, mypy --strict, import-linter, fresh protos, buf
# make demo      a small city, linked and verified
# make protos    the Python code of proto/ anew        make format   ruff's fixes and format
# make bench     the benchmarks there are              make lock     the lock files anew

SUPPORTED := import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))
PYTHON ?= $(shell for name in python3.11 python3.12 python3; do \
  $$name -c '$(SUPPORTED)' >/dev/null 2>&1 && echo $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# -qq: what fails is said; that a mirror in somebody's pip.conf lacks a package is not.
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
PACKAGES := matching service scripts tests $(if $(wildcard benchmarks/*.py),benchmarks)
# Runs a command and shows what it said only if it failed.
quietly = @said=$$($(1) 2>&1) || { echo "$$said"; exit 1; }

.DEFAULT_GOAL := help
.PHONY: help install test check demo protos format bench lock clean

help:
	@sed -n '/^$$/q; s/^# //p' $(firstword $(MAKEFILE_LIST))

install: $(STAMP)

# The stamp is made last: when it is newer than the lock, what is installed is what is locked.
$(STAMP): pyproject.toml requirements-dev.lock
	@"$(PYTHON)" -c '$(SUPPORTED)' >/dev/null 2>&1 \
	  || { echo "Yishu needs Python 3.11 or 3.12 that can make virtual environments" \
	  "(on Debian: apt-get install python3-venv); where is it? make PYTHON=..." >&2; exit 1; }
	@echo "install: .venv with $$("$(PYTHON)" --version), about a minute"
	@"$(PYTHON)" -m venv --clear $(VENV)
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

# The tests come last, so that the last line says how many there were and how they went.
test: check
	@echo "test: pytest"
	@$(BIN)/python -m pytest -n auto --dist loadgroup

check: install
	@echo "check: ruff"
	$(call quietly,$(BIN)/ruff check .)
	$(call quietly,$(BIN)/ruff format --check .)
	@echo "check: mypy"
	$(call quietly,$(BIN)/mypy $(PACKAGES))
	@echo "check: imports"
	$(call quietly,$(BIN)/lint-imports --no-logo)
	@echo "check: protos"
	$(call quietly,$(BIN)/python scripts/protos.py --check)
	$(call quietly,$(BIN)/python scripts/protos.py --lint)

demo: install
	@$(BIN)/yishu demo

protos: install
	@$(BIN)/python scripts/protos.py

format: install
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format --quiet .

bench: install
	@$(BIN)/python -m benchmarks --help

# --no-config and --default-index: whatever mirror a machine uses, the lock speaks of PyPI only.
COMPILE = $(BIN)/uv pip compile --quiet --no-config --default-index https://pypi.org/simple --universal \
  --python-version 3.11 --generate-hashes --custom-compile-command "make lock" pyproject.toml
lock:
	@test -x $(BIN)/uv || { "$(PYTHON)" -m venv $(VENV) && $(PIP) install 'uv>=0.13,<0.14'; }
	@$(COMPILE) --output-file requirements.lock
	@$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
