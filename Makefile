# Two commands do all the set-up on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
MINUTES ?= 10

.PHONY: help demo check test install lint format types unit label-studio browser review review-team score accuracy bench fuzz ablation lock lock-server clean

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

install: $(STAMP) ## make .venv and install the locked versions into it

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and f"quotes needs Python 3.11 or newer; {sys.executable} is {v[0]}.{v[1]}. Say: make PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "No venv module: on Debian, apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: install ## who said what in the articles of seeds/, and whether the sources in seeds/sources/ have it
	$(BIN)/quotes extract seeds/
	@mkdir -p build
	$(BIN)/quotes extract seeds/ --out build/demo.jsonl --quiet
	$(BIN)/quotes verify build/demo.jsonl --against seeds/sources/statements.jsonl --against seeds/sources/tweets.json

check: lint types ## while you work: format, lint, types, and the tests that start no other program
	$(BIN)/python -m pytest -n auto --dist loadgroup --ignore tests/labelstudio_server \
	  -m "not browser and not process and not ray"

test: lint types unit ## before you push, and in CI: everything, with Label Studio, Chromium and Ray

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy

unit: install label-studio browser
	$(BIN)/python -m pytest -n auto --dist loadgroup --ignore tests/labelstudio_server
	$(BIN)/python -m pytest tests/labelstudio_server

label-studio: install ## install Label Studio into an environment of its own, for review and tests
	$(BIN)/quotes labelstudio serve --install-only

# The tests that look at pages need Debian's Chromium; where it can't be installed, they skip and say so.
browser:
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	      apt-get install -y -qq --no-install-recommends chromium fonts-noto-color-emoji >/dev/null; \
	  else echo "No Chromium: the browser tests will be skipped. On Debian: sudo apt-get install chromium" >&2; fi; }

review: install ## decide about the quotations of seeds/, one at a time, on a page in your browser
	@mkdir -p reviews
	$(BIN)/quotes extract seeds/ --indirect --with-text --out reviews/seeds.jsonl --quiet
	$(BIN)/quotes review reviews/seeds.jsonl

review-team: install ## start Label Studio with the predictions of seeds/, and say how to get in
	$(BIN)/python scripts/review_team.py

score: install ## how good it is on seeds/: figures, and build/report.html
	@mkdir -p build
	$(BIN)/quotes extract seeds/ --indirect --with-text --out build/predictions.jsonl --quiet
	$(BIN)/quotes score build/predictions.jsonl annotations/gold.jsonl \
	  --history annotations/history.jsonl --html build/report.html

format: install ## rewrite the code in the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

accuracy: install ## the figures on PolNeAR's dev part, held against annotations/floors.json
	$(BIN)/python scripts/accuracy.py

bench: install ## words a second beside spaCy's full pipeline and textacy, memory, growth
	$(BIN)/python scripts/bench.py

# Property tests on other examples each time, then the commands on damaged files. What is found stays found:
# the examples in .hypothesis/, the files in build/fuzz/finds/, for `scripts/fuzz.py --replay`.
fuzz: install ## look for inputs that break it, MINUTES=10 long; property tests first
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -n auto -m hypothesis
	$(BIN)/python scripts/fuzz.py --minutes $(MINUTES)

ablation: install ## what each rule is worth, into docs/ablation.md
	$(BIN)/python scripts/ablate.py ../shared/polnear/dev --out docs/ablation.md

lock: ## resolve pyproject.toml anew into requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.lock

lock-server: ## resolve Label Studio anew into quotes/labelstudio/server.lock (needs uv)
	echo 'label-studio==1.23.*' | uv pip compile - --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --quiet --output-file quotes/labelstudio/server.lock

clean: ## remove the environment and all caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
