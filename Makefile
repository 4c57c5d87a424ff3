# Two commands do everything on a machine with Python 3.11 and make: `make demo` and `make test`.
PYTHON ?= python3
SECONDS ?= 600
BIN := .venv/bin
export TZ := UTC
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Modules are compiled when they are first imported, not all 2.6 GB of them while they are installed (a minute).
export PIP_NO_COMPILE := 1
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test lint types floors suite browser raise train corpora fuzz endurance bench reference lock clean

help: ## show this help
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

# pip 25.1 knows dependency groups. setuptools is taken out: nothing may need it.
.venv/runtime: pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[explore]'
	$(BIN)/pip uninstall --quiet --yes setuptools
	@touch $@

.venv/develop: .venv/runtime
	$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[all]' --group lint --group test
	$(BIN)/pip uninstall --quiet --yes setuptools
	@touch $@

demo: .venv/runtime ## read data/samples, write tables to out/demo, show what was found
	@rm -rf out/demo
	@$(BIN)/svodka run data/samples --out out/demo
	@$(BIN)/svodka check out/demo
	@$(BIN)/svodka view out/demo --limit 20
	@echo "The tables are in out/demo: $$(cd out/demo && echo [a-z]*/)"
	@echo "Look around in the browser: $(BIN)/svodka explore out/demo"

test: browser lint types floors suite ## lint, types, quality floors, all tests; with `make --jobs 2` beside each other

lint: .venv/develop ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/develop ## mypy, strict
	$(BIN)/mypy

floors: .venv/develop ## measure each layer on the gold that is present; fail below a floor
	$(BIN)/svodka evaluate gate

suite: .venv/develop browser ## all tests
	$(BIN)/pytest -n 2 --dist worksteal

# without one the tests in a browser are skipped, and say so
browser: ## install Chromium for the tests, where it is missing and Debian's can be had
	@command -v chromium >/dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || \
		{ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends \
			chromium chromium-driver; } >/dev/null 2>&1 || echo "Chromium cannot be installed; tests will be skipped"

raise: .venv/develop ## raise the floors to what is measured now; never lowers one
	$(BIN)/svodka evaluate gate --update

train: .venv/runtime ## train the models that choose speakers, on the gold beside the checkout and in data/standoff
	$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[adapt]'
	$(BIN)/python models/speaker/train.py ../shared/gold/quotes_dev ../shared/gold/quotes_forms_dev \
		data/standoff/quotes_newsru.jsonl data/standoff/quotes_lenta.jsonl data/standoff/quotes_factrueval.jsonl

corpora: .venv/runtime ## run whole corpora that lie beside the checkout and check the tables (minutes)
	rm -rf out/corpora
	$(BIN)/svodka run ../shared/corpora/newsru.jsonl.gz ../shared/corpora/lenta_sample.csv --out out/corpora --workers 2
	$(BIN)/svodka check out/corpora

fuzz: .venv/develop ## fuzz the readers and the pipeline with atheris, SECONDS each (600; Linux)
	$(BIN)/pip install --quiet --constraint requirements.lock --group fuzz
	PYTHONPATH=tests $(BIN)/python tests/fuzz/fuzz_readers.py -max_total_time=$(SECONDS) -max_len=8192 -print_final_stats=1
	PYTHONPATH=tests $(BIN)/python tests/fuzz/fuzz_pipeline.py -max_total_time=$(SECONDS) -max_len=512 -timeout=120 -print_final_stats=1

endurance: .venv/runtime ## run 50,000 articles, those of a corpus beside the checkout again and again: memory, order, keys (15 minutes)
	$(BIN)/python tests/bench/endurance.py ../shared/corpora/newsru.jsonl.gz 50000

bench: .venv/runtime ## speed as a ratio to natasha and memory, on a corpus beside the checkout (ten minutes)
	$(BIN)/python tests/bench/ratios.py

reference: .venv/develop ## write pipeline/README.md, the reference, anew from the docstrings
	$(BIN)/python pipeline/reference.py

lock: ## write requirements.lock anew from pyproject.toml
	rm -rf out/lock && $(PYTHON) -m venv out/lock
	out/lock/bin/pip install --quiet --upgrade "pip>=25.1"
	out/lock/bin/pip install --quiet --editable '.[all]' --group lint --group test --group fuzz
	out/lock/bin/pip freeze --exclude-editable --exclude pip --exclude setuptools > requirements.lock
	rm -rf out/lock

clean: ## remove the environment and what was made
	rm -rf .venv out .pytest_cache .mypy_cache .ruff_cache .hypothesis
