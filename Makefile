# Sextant: what people and CI run. Each target installs what it needs from Debian's packages.

SWIFT ?= swift
PREFIX ?= /usr/local
# Swift's libraries are linked in, so that one build serves to run here, to install and to package for machines without a toolchain.
RELEASE := $(SWIFT) build -c release --product sextant --static-swift-stdlib
PROGRAM = .build/release/sextant

SOURCES := Sources Tests Benchmarks Examples/embed/Sources Examples/embed/Package.swift Package.swift

.PHONY: help build track test test-areas test-slow example docs format check-format check-conversions fuzz sanitize install uninstall deb test-deb clean packages test-packages

help: ## What there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

packages:
	@Scripts/install-packages build

test-packages:
	@Scripts/install-packages test

build: packages ## Build the release program, .build/release/sextant
	$(RELEASE)

# The boxes are the clip's own truth and stand for a detector's: they show the tracker alone, and say nothing of detection. Without --detections the program finds
# what moves itself, which is coarser.
track: build ## Track a sample clip from its annotated boxes and say where the result is
	@mkdir -p out
	$(PROGRAM) track samples/crossing.mp4 --detections samples/crossing/truth.ndjson.gz --output out/crossing.ndjson --overlay out/crossing.mp4 --overwrite
	@echo "Tracks:  out/crossing.ndjson ($$(wc -l < out/crossing.ndjson) records)"
	@echo "Overlay: out/crossing.mp4"

# Tests stand in areas, each with a budget in minutes on 2 cores: together under 25. An area is the tests whose names match its expression;
# what matches none belongs to the house. An area whose modules do not exist yet has no tests and takes no time.
#            area     minutes  tests
TEST_AREAS = readers  4        ^RecordsTests|FuzzTests \
             networks 4        ^Network[A-Za-z]*Tests|^SplinesTests \
             models   3        ^Model[A-Za-z]*Tests|^PictureTrainingTests \
             view     3        ^Viewer[A-Za-z]*Tests|^CountingTests|ViewBrowser \
             batch    3        ^CommandTests
HOUSE_MINUTES = 8
# What needs servers, browsers or minutes: suites of these names, in make test-slow alone.
SLOW_TESTS = LiveTests|SlowTests

test: packages test-packages .build-browser example ## Run all tests but the slow ones, optimised
	$(SWIFT) test -c release --quiet --skip '$(SLOW_TESTS)'

test-areas: packages test-packages .build-browser ## Run the same tests area by area, each within its budget of minutes
	SWIFT="$(SWIFT)" Scripts/test "$(HOUSE_MINUTES)" '$(SLOW_TESTS)' $(foreach word,$(TEST_AREAS),'$(word)')

test-slow: packages test-packages .build-python .build-browser ## Run the tests that need servers, browsers, other people's readers or a long run
	$(SWIFT) test -c release --quiet --filter '$(SLOW_TESTS)'

# Readers of streams that tests compare with, from PyPI.
.build-python:
	python3 -m venv $@ && $@/bin/pip install --quiet pandas pyarrow duckdb matplotlib snakemake kubernetes || { rm -rf $@; exit 1; }

# What drives Debian's Chromium in the tests of the viewer, from PyPI. Without it those tests are skipped, which they say.
.build-browser:
	python3 -m venv $@ && $@/bin/pip install --quiet playwright numpy pillow || { rm -rf $@; echo "The browser tests will be skipped: PyPI's playwright cannot be installed" >&2; }

example: packages ## Build and run Examples/embed, another package that uses the tracker
	SEXTANT_LAYERS=Tracking $(SWIFT) run -c release --quiet --package-path Examples/embed embed | tail -n 1 | grep -q '^track 2 ended: finished$$'

docs: ## Write the pages of the libraries to .build-docs
	SWIFT="$(SWIFT)" Scripts/documentation

format: ## Lay out every Swift file as .swift-format says
	$(SWIFT) format format --in-place --recursive --parallel $(SOURCES)

check-format: ## Fail where a Swift file is laid out otherwise
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

check-conversions: build test-packages ## Fail where a number of the program becomes an integer and nothing says what bounds it
	Scripts/check-conversions $(PROGRAM)

fuzz: packages ## Give every reader 20,000 mutated inputs (make test gives it 2,000)
	SEXTANT_FUZZ=20000 SEXTANT_LAYERS=Records $(SWIFT) test -c release --scratch-path .build-fuzz --filter FuzzTests

sanitize: packages ## Run the C faces and every parser under the address and undefined-behaviour sanitizers, threads under ThreadSanitizer
	SWIFT="$(SWIFT)" Scripts/sanitize

install: build ## Install the program, its manual page, completions and schema under PREFIX
	Scripts/install $(PROGRAM) "$(DESTDIR)$(PREFIX)"

uninstall: ## Remove what install has put under PREFIX
	Scripts/install --remove "$(DESTDIR)$(PREFIX)"

deb: build ## Build a Debian package, out/sextant_VERSION_ARCHITECTURE.deb
	Scripts/install-packages dpkg-dev
	Scripts/package $(PROGRAM) out

test-deb: deb ## Install the package in a bare Debian 12, track a clip there, remove it again (as root)
	Scripts/install-packages debootstrap man-db
	Scripts/test-package out/sextant_*.deb

clean: ## Remove everything that was built
	rm -rf .build .build-* out
