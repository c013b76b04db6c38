# One command for each task; the work is in tools/, so that every one also runs without make.
.DEFAULT_GOAL := help
.PHONY: help setup environments images demo test lint sanity units foreign-text molecule \
	controllers differential attacks attack-races field faults bench dist clean distclean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 14

setup: environments ## make the Python environments in .venv
	@echo "  ready: .venv/core-2.16, .venv/core-2.19"

environments:
	@tools/setup

test: ## a short run of all below but races and bench (under 40 minutes)
	@tools/test

lint: environments ## yamllint, ansible-lint, ruff, mypy, vermin, shellcheck, sizes
	@tools/lint

units: environments ## unit and property tests on every Python (PYTHONS='2.7 3.13': on these)
	@tools/units $(PYTHONS)

foreign-text: environments ## hard texts for every parser of strangers' texts (PYTHONS=2.7)
	@tools/foreign-text $(PYTHONS)

sanity: environments ## ansible-test sanity (SANITY='2.21 targets': only with these)
	@tools/sanity $(SANITY)

images: ## build the images of the test hosts
	@tests/hosts/engine
	@tests/images/build

molecule: environments ## all scenarios on the test hosts, or one: make molecule SCENARIO=name
	@tools/molecule $(SCENARIO)

controllers: environments images ## the playbooks on each ansible-core (CORES='2.12 2.21': on these)
	@tools/controllers $(CORES)

differential: environments images ## our reading of files against httpd's (TREES=--short: a minute)
	@tools/differential $(TREES)

attacks: environments images ## what others on a host may try (ATTACKS=--short: seven minutes)
	@tools/attacks $(ATTACKS)

field: environments images ## hosts as people have them (FIELD=--short: on two layouts)
	@tools/field $(FIELD)

attack-races: environments images ## those that have to win a race, many times (TRIES=20: so often)
	@tools/attack-races --tries $(or $(TRIES),20)

faults: environments images ## faults at each system call (half an hour; SWEEP=--short: 5 minutes)
	@tools/faults $(SWEEP)

bench: environments images ## switches under load, ours and others' (hours; see bench/README.md)
	@.venv/core-2.16/bin/python bench/switch_under_load $(BENCH)

demo: environments images ## see a switch happen on a test host
	@python3 tools/demo.py

dist: environments ## build the collection's archive into .cache/dist
	@tools/dist

clean: ## remove the test hosts
	@tests/hosts/hosts down --all

distclean: clean ## also remove the environments, all caches and the images
	@tools/distclean
