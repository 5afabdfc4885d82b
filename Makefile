# The two commands are `make run` and `make test`. Both install what they need and
# is not there, and say so.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
export PATH := $(PATH):$(HOME)/.cargo/bin

LISTEN ?= 127.0.0.1:8311
TARGET := $(or $(CARGO_TARGET_DIR),target)

.PHONY: help run test lint bless clean-demo

help:
	@echo 'make run         build, load the demonstration districts, serve http://$(LISTEN)'
	@echo 'make test        every test: Rust, PostgreSQL, stories, calendar, browser'
	@echo 'make lint        format and lints, without changing anything'
	@echo 'make bless       accept what the tests print now as their snapshots'
	@echo 'make clean-demo  forget the demonstration; the next run begins anew'

run:
	@scripts/build.sh -p doorstep
	@exec $(TARGET)/debug/doorstep demo --data data/demo --listen $(LISTEN)

test:
	@scripts/test.sh

lint:
	@scripts/need.sh rust cc
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	@if command -v shellcheck >/dev/null; then shellcheck scripts/*.sh .ci/run; else echo 'shellcheck is not here: the scripts were not checked'; fi

bless:
	@scripts/bless.sh

clean-demo:
	rm -rf data/demo
