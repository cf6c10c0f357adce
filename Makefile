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

.PHONY: help build demo bench bench-allocations soak test check sanitize lint format escapes generated setup setup-tests setup-bench clean

help:
	@echo "make demo              build and run the demo (ARGS=--once: the story without a terminal)"
	@echo "make bench             malla-proxy beside Envoy, HAProxy and nginx (ARGS='--scenario http1 -o json')"
	@echo "make bench-allocations heap allocations for a request, against committed limits"
	@echo "make test              build everything and run every test"
	@echo "make soak              memory while 10 GiB pass slowly, and over ten million requests"
	@echo "make check             lint, generated code, counts of escapes, the tests under both sanitizers"
	@echo "make sanitize          only the last of these (ARGS=ProxyTests: only these tests)"
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

soak: setup setup-bench
	$(SWIFT) build $(BENCH_BUILD) --product malla-proxy
	Benchmarks/soak.py --malla "$$($(SWIFT) build $(BENCH_BUILD) --show-bin-path)/malla-proxy" $(ARGS)

# One build serves the programs and the tests: same configuration, same flags. Whole meshes and other proxies beside ours run after
# the rest: together they would wait for a processor longer than their deadlines allow.
WHOLE := ^(IntegrationTests|DifferentialTests|XDSTransportTests)\.

test: setup-tests
	$(SWIFT) build $(STRICT) --build-tests
	$(SWIFT) test $(STRICT) --skip-build --skip '$(WHOLE)'
	$(SWIFT) test $(STRICT) --skip-build --filter '$(WHOLE)'

check: lint generated escapes sanitize

# One test after the other: a sanitizer makes each of them slow enough. Builds of their own, because every object differs. What
# lives as long as the process (event loops, caches of the Swift library) is no leak.
UNSANITIZED := IntegrationTests|DifferentialTests
SANITIZED := $(if $(ARGS),--filter '^($(ARGS))',--skip '^($(UNSANITIZED))\.')

sanitize: setup-tests
	@echo "sanitize: $(or $(ARGS),every test but $(UNSANITIZED): whole meshes and other proxies keep deadlines that a sanitizer breaks)"
	$(SWIFT) build --build-tests --sanitize=address --scratch-path .build/address
	ASAN_OPTIONS="detect_leaks=0:suppressions=$(CURDIR)/Scripts/address-sanitizer.suppressions" \
		$(SWIFT) test --skip-build --sanitize=address --scratch-path .build/address --no-parallel $(SANITIZED)
	$(SWIFT) build --build-tests --sanitize=thread --scratch-path .build/thread
	TSAN_OPTIONS="suppressions=$(CURDIR)/Scripts/thread-sanitizer.suppressions" \
		$(SWIFT) test --skip-build --sanitize=thread --scratch-path .build/thread --no-parallel $(SANITIZED)

lint:
	$(SWIFT) format lint --strict --parallel --recursive --configuration .swift-format $$(Scripts/handwritten)

format:
	$(SWIFT) format --in-place --parallel --recursive --configuration .swift-format $$(Scripts/handwritten)

generated:
	@Scripts/check-generated

escapes:
	@Scripts/escapes

clean:
	$(SWIFT) package clean
