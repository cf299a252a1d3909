# pg2any: `make help` lists the targets. Every target does its own set-up.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export npm_config_fund := false
export npm_config_audit := false
export npm_config_update_notifier := false

BIN     := node_modules/.bin
TOOLS   := node_modules/.package-lock.json
BUILT   := dist/.built
SOURCES := $(shell find src -name '*.ts' -o -name '*.tsx' 2>/dev/null)

# Servers of docker-compose.yml to start beside PostgreSQL: mysql, sqlserver, kafka, pg2any, monitoring, all (comma separated).
PROFILE ?= mysql
COMPOSE := COMPOSE_PROFILES=$(PROFILE) docker compose
ALL     := COMPOSE_PROFILES=all docker compose

# Load of `make test-data`: rows per second, seconds, insert/update/delete, seed. (SECONDS is bash's own clock,
# so it counts only when given: `make test-data SECONDS=30`.)
LOAD := RATE SECONDS MIX SEED
LOAD_ENV = $(foreach name,$(LOAD),$(if $(filter command% environment%,$(origin $(name))),$(name)='$($(name))'))

.PHONY: help setup check build test demo test-data bench docker-up docker-down psql mysql show-data clean

help: ## Show this list
	@printf '\npg2any: PostgreSQL to MySQL, MariaDB, SQL Server, SQLite and Kafka, exactly once\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[36mmake %-12s\033[0m %s\n", $$1, $$2 }' Makefile \
	  | if [ -t 1 ] && [ -z "$${NO_COLOR:-}" ]; then cat; else sed $$'s/\033\[[0-9]*m//g'; fi
	@printf '\nFirst time? `make demo` needs nothing but Node and npm.\n\n'

setup: $(TOOLS) ## Install the packages (done by every target that needs them)

$(TOOLS): package.json package-lock.json
	npm ci --loglevel=error
	@touch $@

build: $(BUILT) ## Compile src/ to dist/

$(BUILT): $(SOURCES) tsconfig.json tsconfig.build.json $(TOOLS)
	$(BIN)/tsc -p tsconfig.build.json
	@touch $@

check: setup build ## Types, lint and format
	$(BIN)/tsc -p tsconfig.json
	$(BIN)/biome check .

test: setup build ## All tests against real servers; ends with "N passed, N failed"
	@$(BIN)/vitest run $(ARGS)

demo: setup build ## Copy, live load, kill -9, resume, verify (ARGS='--destination mysql://… --seconds 10')
	@node bin/pg2any.js demo $(ARGS)

test-data: setup ## Shop schema and live load into CDC_SOURCE_URL (RATE=500 SECONDS=60 MIX=60/30/10 SEED=1)
	@env -u SECONDS $(LOAD_ENV) $(BIN)/tsx scripts/test-data.ts

bench: setup build ## Interleaved speed ratios for MariaDB, SQLite and Kafka
	@$(BIN)/tsx scripts/bench/index.ts $(ARGS)

docker-up: ## Start PostgreSQL and PROFILE=mysql with pg2any (or sqlserver, kafka, pg2any, monitoring, all) in containers
	$(COMPOSE) up --detach --wait

docker-down: ## Stop the Compose servers (VOLUMES=1 removes their data too)
	$(ALL) down $(if $(VOLUMES),--volumes)

psql: ## SQL prompt on the source (CDC_SOURCE_URL, or the Compose one)
	@if [ -n "$${CDC_SOURCE_URL:-}" ]; then psql "$$CDC_SOURCE_URL"; \
	else $(ALL) exec postgres psql --username=postgres shop; fi

mysql: ## SQL prompt on the Compose MySQL
	@$(ALL) exec mysql sh -c 'MYSQL_PWD="$$(cat $$MYSQL_ROOT_PASSWORD_FILE)" exec mysql --user=root shop'

show-data: setup ## Rows per table at the source and at the destination
	@$(BIN)/tsx scripts/show-data.ts

clean: ## Remove what was built and what the demo left (packages and caches stay)
	rm -rf dist demo coverage *.tsbuildinfo
