# schemadiff: `make help` lists the targets.

VERSION  := 0.1.0
PREFIX   ?= /usr/local
CC       ?= cc
CI       ?=
SAN      ?= 0
CRASH    ?= 0
B        ?= build/$(VARIANT)
VARIANT  := $(notdir $(firstword $(CC)))$(if $(filter 1,$(SAN)),-san)$(if $(filter 1,$(CRASH)),-crash)$(if $(SQLITE),-sqlite)

PKGS     := sqlite3 libcjson
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wwrite-strings $(if $(CI),-Werror)
SAN_FLAGS_1   := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DSD_ARENA_DEBUG
CRASH_FLAGS_1 := -DSD_CRASH_TEST
CFLAGS   ?= -O2 -g
THREADS  := -pthread
HARDEN   := $(if $(filter 1,$(SAN)),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong
ALL_CFLAGS := -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -DSD_VERSION='"$(VERSION)"' -I. $(WARN) $(CFLAGS) $(THREADS) \
            $(HARDEN) $(SAN_FLAGS_$(SAN)) $(CRASH_FLAGS_$(CRASH)) $(shell pkg-config --cflags $(PKGS) libpq libgit2 2>/dev/null)
LIBS     := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lmd
# SQLITE=FOLDER links the amalgamation (sqlite3.c, sqlite3.h) that lies there instead
SQLITE   ?=
ifneq ($(SQLITE),)
ALL_CFLAGS := -I$(SQLITE) $(ALL_CFLAGS)
LIBS     := $(SQLITE)/sqlite3.o -lcjson -lmd -lm -ldl
endif
LDFLAGS_ALL := $(LDFLAGS) $(THREADS) $(SAN_FLAGS_$(SAN))

LIB_SRC  := $(filter-out cmd/main.c,$(wildcard core/*/*.c introspect/*.c diff/*.c render/*.c cmd/*.c cmd/work/*.c))
LIB_OBJ  := $(LIB_SRC:%.c=$(B)/%.o)
LIB      := $(B)/libschemadiff.a
BIN      := $(B)/schemadiff
UNIT     := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))

.DELETE_ON_ERROR:
.PHONY: all
all: $(BIN) ## build the program

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(AR) qcs $@ $^

$(BIN): $(B)/cmd/main.o $(LIB)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(LIB)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS) -lcmocka

PROPERTY := $(B)/tests/property/property
$(PROPERTY): $(patsubst %.c,$(B)/%.o,$(wildcard tests/property/*.c)) $(LIB)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS) $(shell pkg-config --libs libpq 2>/dev/null)

FINGERPRINT := $(B)/tests/fingerprint/fingerprint
$(FINGERPRINT): $(patsubst %.c,$(B)/%.o,$(wildcard tests/fingerprint/*.c tests/property/random*.c)) $(LIB)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

## ---- dependencies ------------------------------------------------------------------

SUDO     := $(if $(filter 0,$(shell id -u)),,sudo)
DEPS_RUN := gcc make pkg-config libsqlite3-dev libpq-dev libgit2-dev libcjson-dev libmd-dev sqlite3
DEPS_DEV := libcmocka-dev bats perl python3 clang libclang-rt-dev universal-ctags git postgresql python3-jsonschema python3-yaml pre-commit
missing   = $(strip $(foreach p,$(1),$(if $(shell dpkg-query -W -f '$${Status}' $(p) 2>/dev/null | \
            grep 'ok installed'),,$(p))))
install_missing = @set -e; m="$(call missing,$(1))"; [ -z "$$m" ] || { \
            echo "installing $$m"; $(SUDO) apt-get update -q=2; \
            DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -q=2 -y --no-install-recommends $$m; }

.PHONY: deps deps-dev
deps: ## install the Debian packages that building and running need
	$(call install_missing,$(DEPS_RUN))

deps-dev: deps ## ... and those that the tests need
	$(call install_missing,$(DEPS_DEV))

## ---- the main job, for a first look ------------------------------------------------

.PHONY: demo
demo: deps ## run the main job on an SQLite database: schema file, script, result, way back
	@$(MAKE) --no-print-directory all
	@sh docs/demo.sh $(abspath $(BIN))

## ---- tests -------------------------------------------------------------------------

SEEDS    ?= 300
SEEDS_PG ?= 100
KILLS    ?= 10
KILLS_PG ?= 5
STRIDE   ?= 47
STRIDE_PG ?= 199
STRIDE_FRESH ?= 9
FUZZ_SECONDS ?= 15

# compiling may use every processor; tests print in order
PARALLEL  = $(MAKE) --no-print-directory -j$(shell nproc)
.PHONY: programs fuzzers
programs: $(BIN) $(UNIT) $(PROPERTY) $(FINGERPRINT)

.PHONY: check check-unit check-golden check-cli check-property check-fingerprint check-san check-crash
check: deps-dev ## install what is missing and pass all tests
	@$(PARALLEL) programs
	@$(PARALLEL) SAN=1 programs
	@$(PARALLEL) fuzzers
	@$(MAKE) --no-print-directory check-unit check-golden check-cli check-html check-property check-fingerprint check-crash
	@$(MAKE) --no-print-directory check-matrix VERSIONS="12 18" SEEDS_PG=50
	@SHORT=1 ONLY=claims $(MAKE) --no-print-directory check-load
	@$(MAKE) --no-print-directory check-oracle
	@$(MAKE) --no-print-directory check-san fuzz lint
	@echo "all checks passed"

# every test that talks to PostgreSQL has a server of its own: PG=18 chooses its version
PG       ?=
WITH_PG   = tests/pg/with_server.sh $(PG)

check-unit: $(UNIT) ## unit tests (cmocka)
	@$(WITH_PG) sh -ec 'for t in $(UNIT); do $$t; done'
	@$(MAKE) --no-print-directory conformance

.PHONY: conformance
CONFORMANCE := $(filter $(B)/tests/unit/test_graph%,$(UNIT))
conformance: $(CONFORMANCE) ## Alembic's scenarios of revision graphs: how many there are, and how many come out the same
	@sh -ec 'for t in $(CONFORMANCE); do out=$$($$t 2>&1) || { echo "$$out"; exit 1; }; \
	  echo "$$out" | grep " scenarios: "; done' | awk '{ print } \
	  match($$0, /[0-9]+ scenarios/) { all += substr($$0, RSTART) } match($$0, /[0-9]+ as in Alembic/) { same += substr($$0, RSTART) } \
	  match($$0, /[0-9]+ different on purpose/) { other += substr($$0, RSTART) } \
	  match($$0, /[0-9]+ without a counterpart/) { none += substr($$0, RSTART) } \
	  END { printf "%d scenarios of Alembic: %d as there, %d different on purpose, %d without a counterpart\n", all, same, other, none; \
	    exit !all || all != same + other + none }'

check-golden: $(BIN) ## golden folders: what diff shows; script and law of each change, on both engines
	@SCHEMADIFF=$(abspath $(BIN)) bash tests/golden-diff/run.sh
	@SCHEMADIFF=$(abspath $(BIN)) $(WITH_PG) bash tests/golden/run.sh

check-cli: $(BIN) ## the program from outside (bats), as many files at once as there are processors
	@SCHEMADIFF=$(abspath $(BIN)) $(WITH_PG) prove -j$(shell nproc) -e bats --ext .bats tests/cli

check-property: $(PROPERTY) ## random schema pairs with rows on both engines: SEEDS=300 SEEDS_PG=100
	@$(PROPERTY) 1 $(SEEDS)
	@$(WITH_PG) $(PROPERTY) -e postgresql 1 $(SEEDS_PG)

SEEDS_FINGERPRINT ?= 300
check-fingerprint: $(FINGERPRINT) ## what leaves a fingerprint alone and what changes it: SEEDS_FINGERPRINT=300
	@$(FINGERPRINT) 1 $(SEEDS_FINGERPRINT)
	@rm -rf $(FINGERPRINT)-files && mkdir $(FINGERPRINT)-files
	@$(FINGERPRINT) -d $(FINGERPRINT)-files 1 $(SEEDS_FINGERPRINT)
	@python3 tests/fingerprint/fingerprint.py tests/fingerprint/samples $(FINGERPRINT)-files

VERSIONS ?= 12 13 14 16 17 18
.PHONY: check-matrix
check-matrix: deps-dev $(PROPERTY) $(UNIT) ## PostgreSQL of other versions (npm has their servers): VERSIONS="12 … 18" SEEDS_PG=100
	@set -e; for v in $(VERSIONS); do echo "PostgreSQL $$v"; \
	  tests/pg/with_server.sh $$v sh -ec 'for t in introspect_pg postgres postgres_ask postgres_settle; do \
	    $(B)/tests/unit/test_$$t; done; $(PROPERTY) -e postgresql 1 $(SEEDS_PG)'; done

check-crash: ## stopped at every write, killed at random moments: KILLS=10 STRIDE=47 STRIDE_PG=199 STRIDE_FRESH=9
	@$(PARALLEL) CRASH=1 B=build/crash all
	@bash tests/torture/crash.sh $(abspath build/crash/schemadiff) $(KILLS)
	@bash tests/torture/history.sh sqlite $(abspath build/crash/schemadiff) $(STRIDE)
	@$(WITH_PG) bash tests/torture/history.sh postgresql $(abspath build/crash/schemadiff) $(STRIDE_PG)
	@bash tests/torture/fresh.sh sqlite $(abspath build/crash/schemadiff) $(STRIDE_FRESH)
	@$(WITH_PG) bash tests/torture/fresh.sh postgresql $(abspath build/crash/schemadiff) $(STRIDE_FRESH)
	@bash tests/torture/rebuild/run.sh $(KILLS)
	@$(WITH_PG) bash tests/torture/pg.sh $(abspath build/crash/schemadiff) $(KILLS_PG)

check-san: ## unit and property tests under ASan and UBSan
	@$(MAKE) --no-print-directory SAN=1 check-unit check-property check-fingerprint SEEDS=60 SEEDS_PG=20 SEEDS_FINGERPRINT=20

# A browser is a large guest: it is fetched where nobody minds, and done without elsewhere.
.PHONY: check-html
check-html: $(BIN) ## the pages of diff in headless Chromium, as on a phone and a desk; SHOTS=FOLDER keeps pictures
	@command -v chromium >/dev/null || $(MAKE) --no-print-directory deps-browser || true
	@bash tests/browser/run.sh $(abspath $(BIN))

.PHONY: deps-browser
deps-browser:
	$(call install_missing,chromium)

NEWEST   := build/newest
$(NEWEST)/sqlite3.o:
	@mkdir -p $(NEWEST)
	cd $(NEWEST) && npm pack --silent better-sqlite3 >/dev/null && tar xzf better-sqlite3-*.tgz --strip-components=3 \
	  package/deps/sqlite3
	$(CC) -O2 -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_FTS5 -c -o $@ $(NEWEST)/sqlite3.c

.PHONY: check-newest
check-newest: deps-dev $(NEWEST)/sqlite3.o ## golden and property tests on the newest SQLite (npm's better-sqlite3 has it)
	@$(MAKE) --no-print-directory SQLITE=$(NEWEST) all check-golden check-property SEEDS=200
	@SD_TARGET=3.53 $(MAKE) --no-print-directory SQLITE=$(NEWEST) check-property SEEDS=200

.PHONY: check-load
check-load: $(BIN) ## PostgreSQL: lock claims against pg_locks; each change while an application works: SHORT=1 for some
	@SCHEMADIFF=$(abspath $(BIN)) $(WITH_PG) tests/load/run.sh

.PHONY: check-oracle
check-oracle: $(BIN) ## PostgreSQL: changes to a database like real ones, judged by pg_dump; CORPUS=FOLDER for more of them
	@bash tests/corpus/pg.sh $(abspath $(BIN)) $(or $(CORPUS),-) $(PG)

.PHONY: torture
torture: deps-dev ## the long forms: thousands of pairs, hundreds of kills, an hour of fuzzing each
	@$(MAKE) --no-print-directory check-property SEEDS=5000 SEEDS_PG=2000
	@$(MAKE) --no-print-directory check-matrix SEEDS_PG=500
	@$(MAKE) --no-print-directory check-load
	@$(MAKE) --no-print-directory check-crash KILLS=200 KILLS_PG=100 STRIDE=1 STRIDE_PG=7 STRIDE_FRESH=1
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=3600

FUZZERS  := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_OBJ  = $(LIB_SRC:%.c=build/fuzz/%.o)
build/fuzz/%.o: %.c Makefile
	@mkdir -p $(@D)
	clang $(filter-out -fstack-protector-strong -D_FORTIFY_SOURCE=2,$(ALL_CFLAGS)) -O1 \
	  -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -MMD -MP -c -o $@ $<
build/fuzz/libschemadiff.a: $(FUZZ_OBJ)
	@rm -f $@
	$(AR) qcs $@ $^
build/fuzz/%: build/fuzz/tests/fuzz/fuzz_%.o build/fuzz/libschemadiff.a
	clang -fsanitize=fuzzer,address,undefined -o $@ $^ $(LIBS)
.SECONDARY:

fuzzers: $(FUZZERS:%=build/fuzz/%)

.PHONY: fuzz
fuzz: $(FUZZERS:%=build/fuzz/%) ## every parser under libFuzzer: FUZZ_SECONDS=15 each
	@set -e; for f in $(FUZZERS); do mkdir -p build/fuzz/new/$$f; \
	  echo "fuzzing $$f for $(FUZZ_SECONDS) s"; \
	  build/fuzz/$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=0 \
	    -verbosity=0 -artifact_prefix=build/fuzz/ build/fuzz/new/$$f tests/fuzz/corpus/$$f; done; \
	  echo "$(words $(FUZZERS)) passed, 0 failed"

.PHONY: bench bench-pg bench-history
bench: $(BIN) ## times against the floor and Alembic, side by side: SIZES="10 100 1000 5000" GATE=1
	@bash tests/bench/run.sh $(abspath $(BIN))
	@$(MAKE) --no-print-directory bench-history

HISTORIES ?= 2000 20000
bench-history: $(BIN) ## every command over a long history: HISTORIES="2000 20000" RUNS=9 GATE=1
	@$(WITH_PG) python3 tests/bench/history_times.py $(abspath $(BIN)) "$(HISTORIES)"

bench-pg: $(BIN) ## the same on PostgreSQL, and against pg_dump
	@$(WITH_PG) bash tests/bench/pg.sh $(abspath $(BIN))

.PHONY: check-corpus
check-corpus: $(BIN) ## run against real databases: CORPUS=FOLDER
	@bash tests/corpus/run.sh $(abspath $(BIN)) $(CORPUS)

## ---- the house ---------------------------------------------------------------------

OUR_C := $(shell git ls-files '*.c' '*.h' 2>/dev/null)

.PHONY: lint tidy format format-check
lint: ## layering, lengths, banned calls
	@bash tests/lint.sh

tidy: ## clang-tidy, one file at a time
	@set -e; for f in $(LIB_SRC); do clang-tidy --quiet $$f -- $(ALL_CFLAGS); done

format: ## clang-format all sources
	clang-format -i $(OUR_C)

format-check: ## say which sources clang-format would change
	clang-format --dry-run -Werror $(OUR_C)

## ---- installation ------------------------------------------------------------------

BASH_COMPLETIONS = $(DESTDIR)$(PREFIX)/share/bash-completion/completions/schemadiff
ZSH_COMPLETIONS  = $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_schemadiff
FISH_COMPLETIONS = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/schemadiff.fish
MAN_PAGE         = $(DESTDIR)$(PREFIX)/share/man/man1/schemadiff.1
SHARE            = $(DESTDIR)$(PREFIX)/share/schemadiff

.PHONY: install uninstall
install: all ## install under PREFIX (and DESTDIR): program, man page, completions, JSON Schemas
	install -D -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/schemadiff
	install -d $(dir $(BASH_COMPLETIONS)) $(dir $(ZSH_COMPLETIONS)) $(dir $(FISH_COMPLETIONS)) $(dir $(MAN_PAGE))
	$(BIN) completion bash > $(BASH_COMPLETIONS)
	$(BIN) completion zsh > $(ZSH_COMPLETIONS)
	$(BIN) completion fish > $(FISH_COMPLETIONS)
	$(BIN) man > $(MAN_PAGE)
	install -D -m 644 -t $(SHARE) schemas/schema.schema.json schemas/config.schema.json schemas/check.schema.json

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/schemadiff $(BASH_COMPLETIONS) $(ZSH_COMPLETIONS) $(FISH_COMPLETIONS) $(MAN_PAGE)
	rm -rf $(SHARE)

.PHONY: clean help
clean: ## remove the build folder
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

-include $(shell find build -name '*.d' 2>/dev/null)
