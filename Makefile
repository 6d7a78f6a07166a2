# Sextant: what people and CI run. Each target installs what it needs from Debian's packages.

SWIFT ?= swift
PREFIX ?= /usr/local
RELEASE := $(SWIFT) build -c release --product sextant
PROGRAM = .build/release/sextant

SOURCES := Sources Tests Benchmarks Package.swift

.PHONY: help build track test format check-format sanitize install uninstall clean packages

help: ## What there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

packages:
	@Scripts/install-packages

build: packages ## Build the release program, .build/release/sextant
	$(RELEASE)

track: build ## Track a sample clip and say where the result is
	@mkdir -p out
	$(PROGRAM) track samples/traffic.mp4 --output out/traffic.ndjson --overlay out/traffic.mp4 --overwrite
	@echo "Tracks:  out/traffic.ndjson ($$(wc -l < out/traffic.ndjson) records)"
	@echo "Overlay: out/traffic.mp4"

test: packages ## Run all tests, optimised
	$(SWIFT) test -c release --quiet

format: ## Lay out every Swift file as .swift-format says
	$(SWIFT) format format --in-place --recursive --parallel $(SOURCES)

check-format: ## Fail where a Swift file is laid out otherwise
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

sanitize: packages ## Run the C faces and every parser under the address and undefined-behaviour sanitizers, threads under ThreadSanitizer
	SWIFT="$(SWIFT)" Scripts/sanitize

install: packages ## Install the program, its manual page and completions under PREFIX
	Scripts/install "$(SWIFT)" "$(DESTDIR)$(PREFIX)"

uninstall: ## Remove what install has put under PREFIX
	Scripts/install --remove "$(DESTDIR)$(PREFIX)"

clean: ## Remove everything that was built
	rm -rf .build .build-* out
