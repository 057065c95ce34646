# Targets are explained by `make help`. Everything runs in .venv; scripts/setup makes it and keeps it up to date.

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format bench fuzz clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make or update .venv with all tools for development
	@scripts/setup dev

demo: ## check the six example sites; verdicts here, maps and JSON in out/
	@scripts/setup runtime
	@.venv/bin/zoning demo --out out

test: ## all that CI runs: lint, types, directions, spelling, tests with coverage
	@scripts/setup dev
	@scripts/check

lint: ## the same without the tests
	@scripts/setup dev
	@scripts/check lint

format: ## let ruff format the code and repair what it can
	@scripts/setup dev
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

bench: ## measure speed and memory against their targets
	@scripts/setup dev
	@.venv/bin/python scripts/bench.py

fuzz: ## read 20,000 damaged boundary files; only footprints or refusals may come of them (about 5 minutes)
	@scripts/setup dev
	@.venv/bin/python scripts/fuzz.py

clean: ## remove .venv, out/ and all caches
	rm -rf .venv out dist build htmlcov .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
