.DEFAULT_GOAL := help
.PHONY: help run test lint format check seed messages screenshot lock clean

PORT ?= 8000
PYTEST_ARGS ?=
LOCK_ARGS ?=

PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
PYTEST := $(PYTHON) -m pytest --numprocesses auto --dist worksteal
INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --quiet --custom-compile-command "make lock" $(LOCK_ARGS)
TEMPLATES := find templates -name '*.html' -print0 | xargs -0 --no-run-if-empty

# Each of these files stands for a step, which is done again only when what it was made from is newer.
FOR_RUN := .venv/.for-run
FOR_DEV := .venv/.for-dev
STATIC := var/static/staticfiles.json

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

run: $(FOR_RUN) .secret_key $(STATIC) ## serve the timeline on this machine (PORT=8000)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) seed --if-empty
	@$(MANAGE) first_admin
	@echo "The timeline is at http://127.0.0.1:$(PORT)/ until you press Ctrl-C."
	@$(MANAGE) publish_due --every 60 --parent $$$$ & \
	exec .venv/bin/gunicorn timeline.wsgi --bind 127.0.0.1:$(PORT) --threads 4 --timeout 120 --log-level warning --no-control-socket

# What one run of the tests compiles, the next one need not, whatever the machine's habit is.
test: export PYTHONDONTWRITEBYTECODE :=
test: lint ## run every check, on SQLite and on PostgreSQL (PYTEST_ARGS=)
	$(PYTEST) $(PYTEST_ARGS)
	$(PYTEST) --postgres $(PYTEST_ARGS)

lint: $(FOR_DEV) ## look for slips in the code and the templates
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --check --quiet
	@$(TEMPLATES) .venv/bin/djade --target-version 5.2 --check

format: $(FOR_DEV) ## put the code and the templates into the project's form
	@.venv/bin/ruff check --fix --quiet
	@.venv/bin/ruff format --quiet
	@$(TEMPLATES) .venv/bin/djade --target-version 5.2

check: $(FOR_RUN) .secret_key ## look for slips in the settings, the migrations and the records
	@$(MANAGE) check
	@$(MANAGE) makemigrations --check --dry-run
	@$(MANAGE) rebuild_timeline --check
	@$(MANAGE) validate_records

seed: $(FOR_RUN) .secret_key ## load the records of fixtures/
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) seed

messages: $(FOR_DEV) .secret_key ## collect the texts to translate, and compile the translations
	@command -v xgettext > /dev/null || { echo "Please install gettext." >&2; exit 1; }
	@$(MANAGE) makemessages --locale vi --no-location --no-obsolete --ignore .venv --ignore var
	@.venv/bin/pybabel --quiet compile --domain django --directory locale

screenshot: $(FOR_DEV) .secret_key $(STATIC) ## take the pictures of docs/images anew
	@$(PYTHON) -m tests.screenshot

lock: $(FOR_DEV) ## write the lock files anew (LOCK_ARGS=--upgrade for newer versions)
	@.venv/bin/$(COMPILE) --output-file requirements.txt requirements.in > /dev/null
	@.venv/bin/$(COMPILE) --output-file requirements-dev.txt requirements-dev.in > /dev/null

clean: ## remove what can be made again; the data stays
	rm -rf .venv var/static .pytest_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -prune -exec rm -rf {} +

$(PYTHON):
	@for python in python3.11 python3; do \
		if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; \
		then exec $$python -m venv --clear .venv; fi; \
	done; \
	echo "Please install Python 3.11 or newer with its venv module (on Debian: apt install python3-venv)." >&2; \
	exit 1

$(FOR_RUN): requirements.txt $(PYTHON)
	@echo "Installing what the timeline needs ..."
	@$(INSTALL) requirements.txt
	@touch $@

$(FOR_DEV): requirements-dev.txt $(FOR_RUN)
	@echo "Installing what its developers need ..."
	@$(INSTALL) requirements-dev.txt
	@touch $@

.secret_key: | $(PYTHON)
	@umask 077 && $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

$(STATIC): $(FOR_RUN) .secret_key $(shell find timeline/static -type f)
	@$(MANAGE) collectstatic --no-input --verbosity 0
