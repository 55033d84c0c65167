# Every task of this checkout; `make` alone lists them. Needs python3 (3.11 or newer) with its venv module, and make.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
BASE := $(VENV)/.base-installed
DEV := $(VENV)/.dev-installed
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
PO := $(wildcard translations/*/LC_MESSAGES/*.po)
MO := $(PO:.po=.mo)

# An environment whose interpreter is gone, or another than the PYTHON= given by hand, is made anew.
ifeq ($(origin PYTHON),command line)
version := $(shell $(PYTHON) -c 'import sys; print(*sys.version_info[:2])' 2>/dev/null)
endif
same_python := import sys; wanted = "$(version)"; sys.exit(wanted not in ("", "%d %d" % sys.version_info[:2]))
stale := $(shell test ! -e $(VENV) || $(BIN)/python -c '$(same_python)' 2>/dev/null || echo FORCE)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-full check bench lock translations catalogues FORCE

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(BASE) ## build a demo city and serve it on 127.0.0.1 (PORT=8000)
	@$(MAKE) --no-print-directory catalogues
	@exec $(BIN)/minyi demo --port $(PORT)

test: $(DEV) ## run every test, heavy properties at 1/20 of their scale (WORKERS=2, ARGS=)
	@$(BIN)/python tests/support/need_chromium.py
	@$(MAKE) --no-print-directory catalogues
	MINYI_TEST_SCALE=$${MINYI_TEST_SCALE:-20} $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

test-full: export MINYI_TEST_SCALE = 1
test-full: test ## run every test, heavy properties at full scale: hours

check: $(DEV) ## lint, format, types, directions of import, and the project's own laws
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict portal survey analysis
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory catalogues
	$(BIN)/python -m pytest -q tests/test_laws.py

bench: $(BASE) ## measure the declared rates (ARGS="NAME --json" for one)
	@$(MAKE) --no-print-directory catalogues
	@$(BIN)/minyi bench $(ARGS)

translations: $(DEV) ## collect the texts of code and templates into translations/zh_Hans, to be translated by hand
	@mkdir -p var
	@$(BIN)/pybabel -q extract -F translations/babel.cfg -k lazy_gettext -k ngettext:1,2 -k lazy_ngettext:1,2 \
		--no-location --omit-header --sort-output -o var/messages.pot .
	@$(BIN)/pybabel -q update -i var/messages.pot -d translations -l zh_Hans --no-fuzzy-matching --ignore-obsolete --width=120
	@sed -i -E -e '/^"(POT-Creation-Date|PO-Revision-Date|Report-Msgid-Bugs-To|Last-Translator|Language-Team|Generated-By): /d' \
		-e 's/^"Project-Id-Version: .*/"Project-Id-Version: Minyi\\n"/' translations/zh_Hans/LC_MESSAGES/messages.po
	@echo "untranslated: $$($(BIN)/python -c 'import sys; from babel.messages.pofile import read_po; \
		print(sum(not (m.string if isinstance(m.string, str) else all(m.string)) for m in read_po(open(sys.argv[1], "rb")) if m.id))' \
		translations/zh_Hans/LC_MESSAGES/messages.po)"

lock: $(VENV)/pyvenv.cfg ## renew both lock files from pyproject.toml (ARGS=--upgrade for newest versions)
	@test -x $(BIN)/uv || $(PIP) install uv
	$(call uv_compile,--extra postgres --extra redis --extra server --extra build,requirements.lock)
	$(call uv_compile,--all-extras -c requirements.lock,requirements-dev.lock)

# The lock files name no address: every machine fetches from the index it is configured for and the hashes decide.
uv_compile = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	$(ARGS) $(1) pyproject.toml -o $(2)

# --- the environment -------------------------------------------------------------------------------------------------

$(VENV)/pyvenv.cfg: $(stale)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "minyi needs Python 3.11 or newer as '$(PYTHON)': apt install python3, or name one with PYTHON=" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing: apt install python3-venv" >&2; exit 1; }
	@echo "making $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

install = $(PIP) install --require-hashes --requirement $(1) && $(PIP) install --no-deps --no-build-isolation --editable .

$(BASE): requirements.lock pyproject.toml $(VENV)/pyvenv.cfg
	@echo "installing what runs the portal"
	@$(call install,requirements.lock)
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml $(VENV)/pyvenv.cfg
	@echo "installing what runs and tests the portal"
	@$(call install,requirements-dev.lock)
	@touch $(BASE) $@

catalogues: $(MO) ; @:

# A catalogue marked fuzzy in its head is skipped by pybabel without an error: the test stops that here.
%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
	@test -e $@ || { echo "$< was not compiled: is it marked fuzzy?" >&2; exit 1; }
