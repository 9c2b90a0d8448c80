# thresh. The two commands a newcomer needs: make run, make check. `make help` lists the others.
.DEFAULT_GOAL := all
SHELL := /bin/bash

PREFIX ?= /usr/local
DESTDIR ?=
B ?= build
CC := $(if $(filter default undefined,$(origin CC)),gcc,$(CC))
OPT ?= -O2
CFLAGS ?= $(OPT) -g
WARN := -Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wformat=2 $(if $(CI),-Werror)
# for stores of PostgreSQL: without the package libpq-dev they are an error that says so
PQ := $(shell pkg-config --exists libpq 2>/dev/null && echo -DHAVE_LIBPQ && pkg-config --cflags libpq)
CPPFLAGS_ALL := -D_GNU_SOURCE -Isrc $(PQ) $(CPPFLAGS)
CFLAGS_ALL := -std=c11 $(WARN) $(CFLAGS) $(SAN)
LIBS := -lyaml -lcjson -lsqlite3 -lcrypto -lpcre2-8 -larchive -liberty -lm
# V=1 shows the commands
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))
JOBS := $(shell nproc 2>/dev/null || echo 2)
# not under somebody's own -j
par = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(JOBS))

SRC := $(filter-out src/main.c,$(wildcard src/*.c src/*/*.c src/*/*/*.c))
SRC := $(filter-out src/runtime/% $(if $(PQ),,src/store/postgres_%),$(SRC))
OBJ := $(SRC:src/%.c=$(B)/obj/%.o)
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/test_*.c))
CLI_TESTS := $(wildcard tests/cli/*.t)

# Any goal but these starts by installing what is missing; a second look costs a few milliseconds.
NO_DEPS := help clean install uninstall deb
deps_group = $(if $(filter lint,$(MAKECMDGOALS)),build check lint,$(if $(filter lint-fast,$(MAKECMDGOALS)),lint-fast,$(if $(filter check check-% mutate signatures bench bench-%,$(MAKECMDGOALS)),build check,build)))
ifeq ($(filter $(NO_DEPS),$(MAKECMDGOALS)),)
ifeq ($(MAKE_RESTARTS)$(THRESH_NO_DEPS),)
DEPS := $(shell tools/install-deps $(deps_group) >&2 || echo failed)
ifneq ($(DEPS),)
$(error what is missing could not be installed: see above)
endif
export THRESH_NO_DEPS := 1
endif
endif

.PHONY: all
all: ## build the program
	@$(MAKE) --no-print-directory $(par) $(B)/thresh $(if $(filter build,$(B)),thresh)

thresh: $(B)/thresh
	@ln -sfn $(B)/thresh $@

$(B)/thresh: $(B)/obj/main.o $(B)/libthresh.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libthresh.a: $(OBJ)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/obj/%.o: src/%.c $(B)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# The runtime's sources are inside the program: see src/build/embed.c.
$(B)/obj/build/embed.o: $(wildcard src/runtime/*)
# And the dictionaries: see src/corpus/shipped.c.
$(B)/obj/corpus/shipped.o: $(wildcard dictionaries/*.dict)
# And the canary: see src/night/canary.c.
$(B)/obj/night/canary.o: harnesses/canary.c

# And the library that is loaded into commands which fail: see src/target/place.c. It runs in any program, so it is built plain.
$(B)/place.so: src/runtime/place.c src/runtime/fault.c $(wildcard src/runtime/*.h) $(B)/flags
	$(call say,CC,$@)
	$(Q)$(CC) -O2 -g1 -fPIC -fno-omit-frame-pointer -D_GNU_SOURCE -shared -s -o $@ src/runtime/place.c src/runtime/fault.c
$(B)/obj/target/place.o: $(B)/place.so
$(B)/obj/target/place.o: CPPFLAGS_ALL += -DPLACE_SO='"$(B)/place.so"'

# Objects depend on how they were made: other flags make them anew.
.PHONY: FORCE
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LIBS)' | cmp -s - $@ || echo '$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LIBS)' > $@

$(B)/tests/%: tests/unit/%.c $(B)/libthresh.a
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -Itests/unit $(CFLAGS_ALL) -MMD -MP -MF $@.d $(LDFLAGS) -o $@ $< $(FAKE) $(B)/libthresh.a -lcmocka $(LIBS)

# Tests that include fake.h have targets that are tables: see there.
FAKED := $(patsubst tests/unit/%.c,$(B)/tests/%,$(shell grep -l '^#include "fake.h"' tests/unit/test_*.c))
$(FAKED): $(B)/tests/fake.o tests/unit/fake.wrap
$(FAKED): FAKE := $(B)/tests/fake.o @tests/unit/fake.wrap
$(B)/tests/fake.o: tests/unit/fake.c $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -Itests/unit $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# Tests of mutations, whose sources go into targets, not into the library.
MUTATIONS := $(patsubst %,$(B)/tests/runtime/%.o,edits layout lexicon records sums)
$(B)/tests/test_structure $(B)/tests/test_records: $(MUTATIONS)
$(B)/tests/test_structure $(B)/tests/test_records: FAKE := $(MUTATIONS)
$(B)/tests/runtime/%.o: src/runtime/%.c $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

-include $(OBJ:.o=.d) $(B)/obj/main.d $(UNIT:=.d) $(B)/tests/fake.d $(MUTATIONS:.o=.d)

.PHONY: run
run: all ## fuzz cJSON and libyaml for 90 seconds: the demonstration
	@tools/demo || test $$? -eq 1 # 1: bugs are open, which is what it shows

.PHONY: check
check: ## all tests
	@$(MAKE) --no-print-directory $(par) $(B)/thresh $(UNIT) $(if $(filter build,$(B)),thresh)
	@tools/fetch-targets
	@THRESH=$(abspath $(B))/thresh TOP=$(CURDIR) BUILD=$(abspath $(B)) tools/run-tests $(UNIT) $(CLI_TESTS)

# (the sanitizers hide from gcc how long a number or a string can be)
.PHONY: check-asan
check-asan: ## all tests, with the program itself under ASan and UBSan
	@ASAN_OPTIONS=detect_leaks=1:$$ASAN_OPTIONS UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
	$(MAKE) --no-print-directory B=build/asan OPT=-O1 SAN="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -Wno-format-truncation" check

.PHONY: check-long
check-long: export CHECK_LONG = 1
check-long: check-asan ## what takes long: all tests under sanitizers, hostile targets, the parser fuzzed, the power cut
	@$(MAKE) --no-print-directory all
	@THRESH=$(abspath $(B))/thresh tools/attack
	@THRESH=$(abspath $(B))/thresh tools/soak
	@THRESH=$(abspath $(B))/thresh tools/crash-images -n 10000 -r 60
	@THRESH=$(abspath $(B))/thresh tools/crash-faults

.PHONY: mutate
mutate: all ## do the tests notice? faults from tests/data/mutants, one by one, in a copy
	@tools/mutate

.PHONY: signatures
signatures: $(B)/tests/test_signatures ## write tests/data/signatures anew, for its diff to be reviewed
	@THRESH_UPDATE=1 TOP=$(CURDIR) $< >/dev/null
	@git --no-pager diff --stat -- tests/data/signatures

.PHONY: lint lint-fast
lint: ## format, layers, sizes, shell, static analysis
	@tools/lint
lint-fast: ## the same without static analysis: seconds
	@tools/lint fast

.PHONY: format
format: ## rewrite the sources as clang-format wants them
	clang-format -i $(wildcard src/*.[ch] src/*/*.[ch] src/*/*/*.[ch] tests/unit/*.[ch] harnesses/*.[ch])

.PHONY: bench bench-minimize bench-explore bench-night bench-store bench-workers
bench: all ## benchmarks, as ratios against named peers in the same run
	@tools/fetch-targets
	@tools/bench
bench-minimize: all ## the reducer against afl-tmin and libFuzzer
	@tools/fetch-targets
	@tools/bench-minimize
bench-explore: all ## thresh against libFuzzer and AFL++ alone, for equal CPU time
	@tools/fetch-targets
	@tools/bench-explore coverage
	@tools/bench-explore bugs
bench-night: all ## a compressed year: what 365 campaigns leave behind, and what the driver costs
	@tools/bench-night
bench-store: ## leases and new findings a second, SQLite beside PostgreSQL
	@tools/bench-store
bench-workers: all ## workers on a shared store against a campaign of one machine
	@tools/fetch-targets
	@tools/bench-workers

.PHONY: install
install: ## into PREFIX, below DESTDIR
	@test -x $(B)/thresh || { echo 'make install: run make first' >&2; exit 2; }
	install -D -m 755 $(B)/thresh $(DESTDIR)$(PREFIX)/bin/thresh
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(B)/thresh help --man > $(DESTDIR)$(PREFIX)/share/man/man1/thresh.1
	$(B)/thresh help --completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/thresh
	$(B)/thresh help --completion zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_thresh
	$(B)/thresh help --completion fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/thresh.fish
	install -d $(DESTDIR)$(PREFIX)/share/thresh/runtime $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/share/pkgconfig
	install -m 644 src/runtime/*.[ch] $(DESTDIR)$(PREFIX)/share/thresh/runtime/
	install -D -m 644 tools/package/thresh-config.cmake $(DESTDIR)$(PREFIX)/share/cmake/thresh/thresh-config.cmake
	install -m 644 tools/package/harness.meson $(DESTDIR)$(PREFIX)/share/thresh/
	@! test -f src/runtime/thresh.h || install -m 644 src/runtime/thresh.h $(DESTDIR)$(PREFIX)/include/
	printf 'prefix=%s\nruntime=$${prefix}/share/thresh/runtime\n\nName: thresh\nDescription: replay runtime and harness header of thresh\nVersion: %s\nCflags: -I$${prefix}/include\n' \
		'$(PREFIX)' "$$($(B)/thresh --version | cut -d' ' -f2)" > $(DESTDIR)$(PREFIX)/share/pkgconfig/thresh.pc

.PHONY: uninstall
uninstall: ## what make install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/thresh $(DESTDIR)$(PREFIX)/share/man/man1/thresh.1 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/thresh \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_thresh \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/thresh.fish \
		$(DESTDIR)$(PREFIX)/include/thresh.h $(DESTDIR)$(PREFIX)/share/pkgconfig/thresh.pc
	rm -rf $(DESTDIR)$(PREFIX)/share/thresh $(DESTDIR)$(PREFIX)/share/cmake/thresh

.PHONY: deb
deb: ## a Debian package, in build
	@tools/package/deb $(B)

.PHONY: clean
clean: ## remove what was built (not .thresh, not targets)
	rm -rf build thresh

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\)\( [a-z-]*\)*:.*## \(.*\)/  \1\t\3/p' $(MAKEFILE_LIST) | expand -t 20
