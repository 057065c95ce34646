# Targets are explained by `make help`. Everything runs in .venv; scripts/setup makes it and keeps it up to date.

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-mines docs test test-long coverage lint format bench bench-engine fuzz fuzz-api soak soak-advice soak-compare soak-register kill kill-server fill-disk restart-database backup-under-load wheelhouse check-versions licences clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make or update .venv with all tools for development
	@scripts/setup dev

demo: ## check the six example sites; verdicts here, maps and JSON in out/
	@scripts/setup runtime
	@.venv/bin/zoning demo --out out

demo-mines: ## the mine-restoration desk with 180 schematic parcels; page, plan and register in out/mines (a few minutes)
	@scripts/setup dev
	@scripts/demo-mines

docs: ## build the documentation site in Chinese and English, without a network; out/site
	@scripts/setup dev
	@.venv/bin/python scripts/docs_site

test: ## all that CI runs: lint, types, directions, spelling, tests
	@scripts/setup dev
	@scripts/check

test-long: ## the tests with all zones, examples and editions of their long form (about an hour)
	@scripts/setup dev
	@ZONING_LONG=1 scripts/check

coverage: ## the same, and how much of the code the tests run (at least 90 %)
	@scripts/setup dev
	@scripts/check coverage

lint: ## the same without the tests
	@scripts/setup dev
	@scripts/check lint

format: ## let ruff format the code and repair what it can
	@scripts/setup dev
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

bench: ## measure speed and memory against their targets, the engine on a small province (a few minutes)
	@scripts/setup dev
	@.venv/bin/python scripts/bench

bench-engine: ## the engine against its peers: 10,000 sites, nine layers, 1,000,000 fields (about 20 minutes; joins the history)
	@scripts/setup bench
	@.venv/bin/python scripts/bench engine

fuzz: ## read 20,000 damaged boundary files; only footprints or refusals may come of them (about 5 minutes)
	@scripts/setup dev
	@.venv/bin/python scripts/fuzz.py

fuzz-api: ## ask a throw-away server whatever its OpenAPI documents allow, and more; no answer may be a fault (about 6 minutes)
	@scripts/setup dev
	@.venv/bin/python scripts/fuzz_api.py

soak: ## compare prepared layers with their files on 10,000 random sites (about half an hour)
	@scripts/setup dev
	@.venv/bin/python scripts/soak.py

soak-advice: ## check the advice on 300 random sites again, and look for places nearer by on a fine grid (about 15 minutes)
	@scripts/setup dev
	@.venv/bin/python scripts/soak_advice.py

soak-compare: ## the verdicts that change between 200 random pairs of editions, against a full run (about 15 minutes)
	@scripts/setup dev
	@.venv/bin/python scripts/soak_compare.py

soak-register: ## 1,000 random histories of a register against a plain dictionary, and 200 kills of a writer (about 10 minutes)
	@scripts/setup dev
	@.venv/bin/python scripts/soak_register.py
	@.venv/bin/python scripts/kill_register.py

kill: ## kill batch and layers prepare at 50 random moments each; what is taken up again must come out the same
	@scripts/setup dev
	@.venv/bin/python scripts/kill_prepare.py
	@.venv/bin/python scripts/kill_batch.py

kill-server: ## a server killed at random moments during 200 uploads, cases and notes (about 15 minutes)
	@scripts/setup dev
	@.venv/bin/python scripts/kill_server.py

fill-disk: ## a server on a disk that is filled 20 times; needs unshare (about 10 minutes)
	@scripts/setup dev
	@.venv/bin/python scripts/fill_disk.py

restart-database: ## 20 restarts of PostgreSQL under a server (about 10 minutes)
	@scripts/setup dev
	@.venv/bin/python scripts/restart_database.py

backup-under-load: ## 10 backups of a server while people work (about 10 minutes)
	@scripts/setup dev
	@.venv/bin/python scripts/backup_under_load.py

wheelhouse: ## all that an installation without network needs, in dist/wheelhouse; then installs and uses it with the network cut
	@scripts/wheelhouse
	@scripts/check_wheelhouse

check-versions: ## a broad part of the tests with the oldest and the newest dependencies that are allowed
	@scripts/check_versions oldest
	@scripts/check_versions newest

licences: ## write LICENSES.md and dist/sbom.cdx.json anew from what is installed
	@scripts/setup dev
	@.venv/bin/python scripts/licences.py
	@.venv/bin/python scripts/sbom.py dist/sbom.cdx.json

clean: ## remove .venv, out/ and all caches
	rm -rf .venv out dist build htmlcov .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
