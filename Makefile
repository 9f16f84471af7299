# make serve   builds the graph and serves it on http://127.0.0.1:8000/
# make test    checks everything
# make clients runs the clients that people use, which it installs in .clients, against a service
# make face    makes the SPARQL editor of the pages, which make serve does too
# make docs    writes the tables of the READMEs anew, then builds the data and writes queries/ANSWERS.md: run it after
#              any change of rules, queries, routes or data
# make pictures makes the pictures of README.md anew, with Chromium
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: serve test lint format build face docs pictures clients clean

serve: $(VENV)/.ready
	$(BIN)/surplace build
	@$(BIN)/surplace face --quiet || true
	$(BIN)/surplace serve

# hundreds of processes are started, and none need compile the modules anew
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/.ready lint
	@$(BIN)/surplace face --quiet || true
	$(BIN)/python -m pytest -m "not quiet" -n 3 --dist loadscope --no-loadscope-reorder
	$(BIN)/python -m pytest -m quiet

lint: $(VENV)/.ready
	$(BIN)/ruff check server tests
	$(BIN)/ruff format --check server tests
	$(BIN)/mypy
	$(BIN)/surplace format --check

format: $(VENV)/.ready
	$(BIN)/ruff check --fix server tests
	$(BIN)/ruff format server tests
	$(BIN)/surplace format

build: $(VENV)/.ready
	$(BIN)/surplace build

face: $(VENV)/.ready
	$(BIN)/surplace face

docs: $(VENV)/.ready
	$(BIN)/python tests/docs.py

pictures: build
	$(BIN)/python tests/pictures.py

clients: $(VENV)/.ready
	cd tests && ../$(BIN)/python -m clients

$(VENV)/.ready: pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Surplace needs Python 3.11 or later: install it, or name it with 'make PYTHON=/path/to/python'." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Surplace needs Python 3.11 or later: '$(PYTHON)' is older; name another with 'make PYTHON=/path/to/python'." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Surplace needs Python's venv module: install it (on Debian or Ubuntu: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

clean:
	rm -rf $(VENV) .surplace .clients dist
