# Everything starts here. Nothing has to be installed by hand: python3 (3.11 to 3.13), make and git are enough.
SHELL := /bin/sh
PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
# Everything here starts short processes by the hundred (inspections, functions, workers): each would compile the code.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run story install test check style types layers audit crash bench bench-reminders coldstart fuzz prove docs clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-15s %s\n", $$1, $$2 }'

install: ## Make .venv and fetch the store programs
	@infra/local/bootstrap.sh run

run: install ## Run everything on this machine, play the story, go on until Ctrl-C
	@$(PYTHON) -m infra.local.supervisor --story

story: install ## Play the story against the running instance, or a fresh one that ends after it
	@$(PYTHON) -m infra.local.play

check: ## Check style, types and the layers
	@infra/local/bootstrap.sh test
	@$(MAKE) --no-print-directory -j 2 --output-sync=target types audit style layers

style:
	$(PYTHON) -m ruff check .

types:
	$(PYTHON) -m mypy

layers:
	.venv/bin/lint-imports

audit:
	$(PYTHON) -m tests.shape.audit

test: ## Check, then run every test
	@infra/local/bootstrap.sh test
	@# On the core that the type checker leaves free: fetch files that a test misses with a reason, compile what is imported.
	@{ $(PYTHON) -m tests.intake.fetch_corpus; $(PYTHON) -m pytest --collect-only; } >/dev/null 2>&1 &
	@$(MAKE) --no-print-directory check
	$(PYTHON) -m pytest -p tests.infra.seconds -p tests.spread -n 4 --dist loadfile --durations=10

crash: install ## Kill front, worker and stores at random during uploads (about 10 minutes)
	@infra/local/bootstrap.sh test
	$(PYTHON) -m tests.crash.random_kills

bench: install ## Measure beside the floor of bare store calls, and the cold start (about 5 minutes)
	@infra/local/bootstrap.sh test
	$(PYTHON) -m tests.policies.bench
	$(PYTHON) -m tests.bench
	@$(MAKE) --no-print-directory coldstart

bench-reminders: install ## What a reminder costs, and what that makes for a country (about 5 minutes)
	@infra/local/bootstrap.sh test
	$(PYTHON) -m tests.bench.reminders

coldstart: install ## Start the packaged functions through the real runtime client (about a minute)
	@infra/local/bootstrap.sh test
	$(PYTHON) -m infra.package --stage test --out build/test
	$(PYTHON) -m tests.bench.coldstart --package build/test

fuzz: install ## Fuzz the specification for every role (about 7 minutes)
	@infra/local/bootstrap.sh test
	$(PYTHON) -m tests.http.fuzz 9000

prove: install ## The proofs too long for `make test`: decisions, kills, interleavings, real stores, reminders, strain (one to two hours)
	@infra/local/bootstrap.sh test
	$(PYTHON) -m tests.policies.table
	$(PYTHON) -m tests.policies.second_reading
	$(PYTHON) -m tests.policies.mutation
	$(PYTHON) -m tests.crash.matrix --doubles 4000
	$(PYTHON) -m tests.crash.matrix --real 300
	$(PYTHON) -m tests.interleavings --all
	$(PYTHON) -m tests.bench.strain # two minutes: a week without mail, a record full of choices, 25 readers at once
	$(PYTHON) -m tests.http.fuzz 9000
	$(PYTHON) -m tests.reminders.agreement
	$(PYTHON) -m tests.bench.reminders --million

docs: install ## Write what is generated: docs/openapi.json, docs/access_rules.html, chalicelib/routes.csv
	$(PYTHON) -m infra.routes
	$(PYTHON) -m infra.specification
	$(PYTHON) -m infra.access_rules

clean: ## Remove what was built; the instance in .carnet goes too
	rm -rf .venv .carnet build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
