# Everything a person or a machine runs here. Needs Python 3.11 or newer (with venv), make, and PyPI; all else goes into .venv.
#   make demo     audit an invented contact history and say where the report lies
#   make test     run every test
#   make pages    the law as pages: a table across places and a page for each rule, in out/rules; writes docs/across.md too
#   make check    lint, format, types, import rules
#   make format   bring the code into our format
#   make bench    measure forbear beside its peers: SIZE=5M by default, SIZE=100M for the long run (durable_rules wants a C compiler)
#   make soak     a million random timelines through the plain engine and the kernel: SOAK=20000 for a short run, SEED=7 BATCH=4 for one part of one
#   make chaos    the gate under fire: killed fifty times on each store, 64 clients on two processes, a disk that fails
#   make mutate   change the source in small steps and name the changes that no test notices: MUTANTS="forbear.engines.*" for some (docs/mutation.md)
#   make bench-gate  measure the gate beside its floors and Redis, in one run
#   make model    train the weights of signals from labelled texts: DATA=../shared/data (docs/signals.md)
#   make eval     measure signals on the part of those texts that nothing was tuned by, and write docs/signals.md and benchmarks/signals.json
#   make leads    measure how often lawful operators look like a tactic: src/forbear/leads/rates.toml and docs/tactics/
#   make suite    write conformance/suite.json anew from the law
#   make lock     write constraints/ anew from pyproject.toml (UPGRADE=--upgrade takes the newest releases)

PYTHON  ?= python3
PYTEST  ?= -n 2
UPGRADE ?=
SIZE    ?= 5M
SOAK    ?= 1000000
SEED    ?=
BATCH   ?=
KILLS   ?= 50
MUTANTS ?=
DAY     ?=
DATA    ?= ../shared/data
PART    ?= test
BIN     := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# These files are newer than all they depend on as long as .venv is up to date.
RUN := .venv/.installed-run
DEV := .venv/.installed-dev
BENCH := .venv/.installed-bench
MUTATE := .venv/.installed-mutate

# Pip must not run twice at once in one .venv.
.NOTPARALLEL:
.PHONY: demo pages test check lint style types rooms format glossary picture errors bench soak chaos bench-gate mutate model eval leads suite lock clean
.DELETE_ON_ERROR:

demo: $(RUN)
	$(BIN)/python examples/make_history.py --out out/example
	$(BIN)/forbear audit out/example/contacts.csv --facts out/example/facts.csv --mapping examples/mapping.toml --law cn,us --out out/report
	@echo "The report for people: out/report/report.html (open it in a browser). Every finding: out/report/findings.csv"

# docs/across.md holds the table on the day that it names; DAY=2026-09-01 takes another.
pages: $(RUN)
	$(BIN)/forbear rules --pages out/rules
	$(BIN)/python docs/across.py $(DAY)
	@echo "Open out/rules/index.html in a browser."

test: $(DEV)
	$(BIN)/python -m pytest $(PYTEST)

# `make -k check` goes on after a failure and tells all.
check: lint style types rooms

lint: $(DEV)
	$(BIN)/ruff check

style: $(DEV)
	$(BIN)/ruff format --check

types: $(DEV)
	$(BIN)/mypy

rooms: $(DEV)
	$(BIN)/lint-imports --no-logo

format: $(DEV)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# docs/glossary.md is src/forbear/terms.py as people read it.
glossary: $(RUN)
	$(BIN)/python docs/glossary.py

# docs/imports.svg: who imports whom.
picture: $(DEV)
	$(BIN)/python docs/imports.py

# docs/errors.md is every error as tests/errors meets it.
errors: $(DEV)
	$(BIN)/python docs/errors.py

bench: $(BENCH)
	$(BIN)/python -m benchmarks.run --size $(SIZE)

soak: $(DEV)
	$(BIN)/python -m benchmarks.soak --timelines $(SOAK) $(if $(SEED),--seed $(SEED)) $(if $(BATCH),--batch $(BATCH))

chaos: $(DEV)
	KILLS=$(KILLS) $(BIN)/python -m pytest -s -n 0 tests/doors/gate/test_fire.py tests/doors/gate/test_theorems.py tests/doors/gate/ledger/test_verify.py

bench-gate: $(BENCH)
	$(BIN)/python -m benchmarks.gate

# What was found stays in mutants/: `.venv/bin/mutmut browse` walks through it.
mutate: $(MUTATE)
	HYPOTHESIS_PROFILE=quick $(BIN)/mutmut run $(MUTANTS)
	$(BIN)/mutmut results

model: $(BENCH)
	$(BIN)/python -m benchmarks.signals.train --data $(DATA)

eval: $(BENCH)
	$(BIN)/python -m benchmarks.signals.evaluate --data $(DATA) --part $(PART)

suite: $(DEV)
	$(BIN)/python conformance/make.py

leads: $(DEV)
	$(BIN)/python -m benchmarks.leads.rates

clean:
	rm -rf .venv out mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "forbear needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv

$(RUN): .venv/pyvenv.cfg pyproject.toml constraints/run.txt
	$(INSTALL) --require-hashes -r constraints/run.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	$(BIN)/python -m forbear.doors.audit.ready
	@touch $@

$(DEV): $(RUN) constraints/dev.txt
	$(INSTALL) --require-hashes -r constraints/dev.txt
	@touch $@

$(BENCH): $(RUN) constraints/bench.txt
	$(INSTALL) --require-hashes -r constraints/bench.txt
	@touch $@

$(MUTATE): $(DEV) constraints/mutate.txt
	$(INSTALL) --require-hashes -r constraints/mutate.txt
	@touch $@

# The oldest Python we promise decides, so that every newer one can install the same releases. Options of the machine (mirrors, local
# folders) are used but never written down: tests/test_constraints.py.
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile pyproject.toml --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host $(UPGRADE)

lock: $(DEV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "make lock wants a .venv of Python 3.11: make clean, then make PYTHON=python3.11 lock"; exit 1; }
	$(COMPILE) --extra build --output-file constraints/run.txt
	$(COMPILE) --extra build --extra dev --extra spark --constraint constraints/run.txt --output-file constraints/dev.txt
	$(COMPILE) --extra build --extra bench --constraint constraints/dev.txt --output-file constraints/bench.txt
	$(COMPILE) --extra build --extra mutate --constraint constraints/dev.txt --output-file constraints/mutate.txt
