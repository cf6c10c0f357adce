# SPDX-License-Identifier: Apache-2.0
# `make demo`, `make test`: each target sees to what it needs and says what is missing.

SWIFT ?= swift
CONFIGURATION ?= release
ARGS ?=
# With CI=true a warning is an error, and an import that a target does not declare is too.
ifeq ($(CI),true)
export MALLA_WARNINGS_AS_ERRORS := 1
STRICT := --explicit-target-dependency-import-check error
endif

.PHONY: help build demo bench bench-allocations test check lint format escapes generated setup setup-tests setup-bench clean

help:
	@echo "make demo              build and run the demo (ARGS=--once: the story without a terminal)"
	@echo "make bench             malla-proxy beside Envoy, HAProxy and nginx (ARGS='--scenario http1 -o json')"
	@echo "make bench-allocations heap allocations for a request, against committed limits"
	@echo "make test              build everything and run every test"
	@echo "make check             lint, generated code, counts of escapes"
	@echo "make format            rewrite the sources in the project's format"

setup:
	@Scripts/setup build

setup-tests:
	@Scripts/setup tests

setup-bench:
	@Scripts/setup bench

build: setup
	$(SWIFT) build -c $(CONFIGURATION) --product malla
	$(SWIFT) build -c $(CONFIGURATION) --product malla-proxy
	$(SWIFT) build -c $(CONFIGURATION) --product malla-demo

demo: build
	"$$($(SWIFT) build -c $(CONFIGURATION) --show-bin-path)/malla" demo $(ARGS)

# Whole-program optimisation over module borders, no run-time checks of exclusive access (tests run with them), the Swift library
# linked in; in a directory of its own, because other flags would build everything anew.
BENCH_BUILD := -c release --scratch-path .build/bench -Xswiftc -cross-module-optimization \
	-Xswiftc -enforce-exclusivity=unchecked --static-swift-stdlib

bench: setup setup-bench
	$(SWIFT) build $(BENCH_BUILD) --product malla-proxy
	Benchmarks/bench.py --malla "$$($(SWIFT) build $(BENCH_BUILD) --show-bin-path)/malla-proxy" $(ARGS)

# Heap allocations for a request, against the limits in Benchmarks/allocations.json.
bench-allocations: setup
	$(SWIFT) build $(BENCH_BUILD) --product allocation-bench
	Benchmarks/allocations.py "$$($(SWIFT) build $(BENCH_BUILD) --show-bin-path)/allocation-bench" $(ARGS)

# One build serves the programs and the tests: same configuration, same flags.
test: setup-tests
	$(SWIFT) build $(STRICT) --build-tests
	$(SWIFT) test $(STRICT) --skip-build

check: lint generated escapes

lint:
	$(SWIFT) format lint --strict --parallel --recursive --configuration .swift-format $$(Scripts/handwritten)

format:
	$(SWIFT) format --in-place --parallel --recursive --configuration .swift-format $$(Scripts/handwritten)

generated:
	@if [ -x Scripts/check-generated ]; then Scripts/check-generated; else echo "generated: no Scripts/check-generated yet"; fi

escapes:
	@Scripts/escapes

clean:
	$(SWIFT) package clean
