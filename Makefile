# tracelode: make, make demo, make check, make install (see README.md).
#   asan=1   build with AddressSanitizer and UBSan into build/asan
#   tsan=1   build with ThreadSanitizer into build/tsan
#   V=1      print the commands
VERSION := 0.1.0
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= gcc
CFLAGS  ?= -O2 -g

ifdef asan
BUILD    ?= build/asan
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
else ifdef tsan
BUILD    ?= build/tsan
SANITIZE := -fsanitize=thread
else
BUILD    ?= build
SANITIZE :=
endif
GEN := $(BUILD)/gen
Q   := $(if $(V),,@)

PACKAGES := libxml-2.0 libpcre2-8 sqlite3 libarchive libxxhash jansson inih zlib liblzma libzstd
PC_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PC_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lcsv -lbz2

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes $(if $(CI),-Werror)
ALL_CPPFLAGS = -I. -I$(GEN) -D_GNU_SOURCE -DTL_VERSION='"$(VERSION)"' $(PC_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS   = -std=c17 -pthread $(WARNINGS) $(CFLAGS) $(SANITIZE)
ALL_LDFLAGS  = -pthread $(SANITIZE) $(LDFLAGS)

EMBEDDED := $(sort $(wildcard corpus/*.ini)) sql/schema.sql $(sort $(wildcard sql/tables/*.sql)) \
            $(sort $(wildcard reports/html/* reports/figures/*))
LIB_SRC  := $(filter-out sql/extension.c,$(wildcard base/*.c stats/*.c miner/*.c cuda/*.c sql/*.c \
            extract/*.c extract/grammar/*.c reports/*.c)) $(GEN)/embedded.c
CLI_SRC  := $(wildcard tools/cli/*.c)
LIB_OBJ  := $(patsubst %.c,$(BUILD)/obj/%.o,$(LIB_SRC))
CLI_OBJ  := $(patsubst %.c,$(BUILD)/obj/%.o,$(CLI_SRC))
SUPPORT  := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/support/*.c))
UNIT     := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
# Each fuzz target on the inputs kept for it, without a fuzzer.
REPLAY   := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/tests/test_fuzz_%,$(wildcard tests/fuzz/fuzz_*.c))
BENCH    := $(patsubst tools/bench/%.c,$(BUILD)/bench/%,$(wildcard tools/bench/*.c))
EXAMPLES := $(patsubst examples/%.c,$(BUILD)/examples/%,$(wildcard examples/*.c))

all: $(BUILD)/tracelode $(BUILD)/tracelode.so $(if $(SANITIZE),,cuda)

include cuda/cuda.mk

$(BUILD)/tracelode: $(CLI_OBJ) $(BUILD)/libtracelode.a
	@echo "  CC    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PC_LIBS) -lm

$(BUILD)/libtracelode.a: $(LIB_OBJ)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $^

# The SQL functions for sqlite3's shell, Python and others.
EXTENSION_SRC := sql/extension.c sql/functions.c $(wildcard stats/*.c) base/arena.c base/error.c base/str.c
$(BUILD)/tracelode.so: $(EXTENSION_SRC) $(wildcard sql/functions.h stats/*.h base/*.h)
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -DTL_SQLITE_EXTENSION -fPIC -fvisibility=hidden -shared $(ALL_LDFLAGS) -o $@ $(EXTENSION_SRC) -lm

COMMIT := $(shell git rev-parse --short=12 HEAD 2>/dev/null)
$(BUILD)/obj/reports/manifest.o: CPPFLAGS += -DTL_COMMIT='"$(COMMIT)"'

$(BUILD)/obj/%.o: %.c | deps-hint
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(GEN)/embedded.c: $(EMBEDDED) tools/embed.sh
	@mkdir -p $(@D)
	tools/embed.sh $(EMBEDDED) >$@.part
	mv $@.part $@

$(BUILD)/obj/$(GEN)/embedded.o: $(GEN)/embedded.c
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# ---- set-up ------------------------------------------------------------------

deps:
	tools/deps.sh build

deps-check: ; tools/deps.sh build check

deps-hint:
	@pkg-config --exists $(PACKAGES) 2>/dev/null || { \
	  echo "missing libraries: run 'make deps', or install what tools/deps.sh lists" >&2; exit 1; }

# ---- the main job on the sample ----------------------------------------------

demo: deps
	$(MAKE) all
	$(BUILD)/tracelode run corpus/sample/Posts.xml --site sample -o $(BUILD)/demo
	@echo "The report is $(BUILD)/demo/index.html, its tables are in $(BUILD)/demo/tables,"
	@echo "and the store for SQL is $(BUILD)/demo/study.db."

# ---- tests -------------------------------------------------------------------

check: deps-check
	$(MAKE) all tests examples
	BUILD=$(BUILD) tests/run.sh

# The same with 100 kills a dump and thousands of databases on the model of a GPU.
check-long: deps-check
	$(MAKE) all tests examples
	BUILD=$(BUILD) TL_LONG=1 TL_KILLS=100 TL_TEST_LIMIT=3000 tests/run.sh

# Line and branch coverage; fails where a branch of the framer, the escapers or stats/ is not covered.
coverage: deps-check
	$(MAKE) BUILD=build/coverage CFLAGS="-O0 -g --coverage" LDFLAGS=--coverage all tests examples
	BUILD=build/coverage TL_TEST_LIMIT=3000 tests/run.sh
	tests/coverage.sh build/coverage

# The long road: valgrind over the commands, all real data three times, 10 GB through a pipe.
soak: all bench
	BUILD=$(BUILD) tests/soak/valgrind.sh
	BUILD=$(BUILD) tests/soak/soak.sh

tests: $(UNIT) $(REPLAY) $(BUILD)/tests/test_cuda_device_host
examples: $(EXAMPLES)

$(BUILD)/tests/%: tests/unit/%.c $(SUPPORT) $(BUILD)/libtracelode.a
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -MF $@.d $(ALL_LDFLAGS) -o $@ $< $(SUPPORT) \
	  $(BUILD)/libtracelode.a $(PC_LIBS) -lcmocka -lm

$(BUILD)/tests/test_fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(wildcard tests/fuzz/*.h) $(SUPPORT) $(BUILD)/libtracelode.a
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -DTL_FUZZ_TARGET='"$*"' $(ALL_LDFLAGS) -o $@ $< tests/fuzz/replay.c $(SUPPORT) \
	  $(BUILD)/libtracelode.a $(PC_LIBS) -lcmocka -lm

# It makes allocations fail.
$(BUILD)/tests/test_no_memory: private ALL_LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=csv_parse

$(BUILD)/examples/%: examples/%.c $(BUILD)/libtracelode.a
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(BUILD)/libtracelode.a -lm

check-layers:
	tools/check-layers.sh

# ---- benchmarks and fuzzing ----------------------------------------------------

bench: $(BENCH)

$(BUILD)/bench/%: tools/bench/%.c $(BUILD)/libtracelode.a
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(BUILD)/libtracelode.a $(PC_LIBS) -lm

bench-mine: all bench
	$(BUILD)/bench/bench_mine $(or $(ARGS),$(wildcard ../shared/data/spmf/*.gz))

bench-grammar: all bench
	$(BUILD)/bench/bench_grammar $(ARGS)

bench-taxonomy: all bench
	$(BUILD)/bench/bench_taxonomy $(ARGS)

bench-match: all bench
	BUILD=$(BUILD) tools/bench/bench_match.sh $(ARGS)

bench-extract: all bench
	BUILD=$(BUILD) tools/bench/bench_extract.sh $(ARGS)

bench-report: all bench
	BUILD=$(BUILD) tools/bench/bench_report.sh $(ARGS)

# libFuzzer programs, with clang; `make check-fuzz SECONDS=30` runs each that long.
SECONDS ?= 30
FUZZ    := $(patsubst tests/fuzz/%.c,$(BUILD)/programs/%,$(wildcard tests/fuzz/fuzz_*.c))

fuzz:
	$(MAKE) BUILD=build/fuzz CC=clang CFLAGS="-O1 -g" \
	  SANITIZE="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" fuzz-programs

fuzz-programs: $(FUZZ)

$(BUILD)/programs/%: tests/fuzz/%.c $(wildcard tests/fuzz/*.h) $(SUPPORT) $(BUILD)/libtracelode.a
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $< $(SUPPORT) \
	  $(BUILD)/libtracelode.a $(PC_LIBS) -lcmocka -lm

check-fuzz: fuzz
	BUILD=build/fuzz tests/fuzz/run.sh $(SECONDS)

# ---- installation --------------------------------------------------------------

# The C interface of the miner: tl_miner.h with the headers it includes, and the library.
PUBLIC := miner/miner.h base/cancel.h base/error.h base/model.h base/str.h
D       = $(DESTDIR)$(PREFIX)

install: all
	install -D -m 755 $(BUILD)/tracelode "$(D)/bin/tracelode"
	install -D -m 755 $(BUILD)/tracelode.so "$(D)/lib/tracelode/tracelode.so"
	install -D -m 644 $(BUILD)/libtracelode.a "$(D)/lib/libtracelode.a"
	if [ -e $(BUILD)/libtracelode_cuda.so ]; then \
	  install -D -m 755 $(BUILD)/libtracelode_cuda.so "$(D)/lib/tracelode/libtracelode_cuda.so"; fi
	for header in $(PUBLIC); do install -D -m 644 $$header "$(D)/include/tracelode/$$header"; done
	echo '#include "miner/miner.h"' >"$(D)/include/tracelode/tl_miner.h"
	mkdir -p "$(D)/lib/pkgconfig"
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' tools/package/tracelode.pc.in >"$(D)/lib/pkgconfig/tracelode.pc"
	mkdir -p "$(D)/share/man/man1" "$(D)/share/bash-completion/completions" "$(D)/share/zsh/site-functions" \
	  "$(D)/share/fish/vendor_completions.d"
	$(BUILD)/tracelode help --man >"$(D)/share/man/man1/tracelode.1"
	$(BUILD)/tracelode help --completion bash >"$(D)/share/bash-completion/completions/tracelode"
	$(BUILD)/tracelode help --completion zsh >"$(D)/share/zsh/site-functions/_tracelode"
	$(BUILD)/tracelode help --completion fish >"$(D)/share/fish/vendor_completions.d/tracelode.fish"

uninstall:
	rm -f "$(D)/bin/tracelode" "$(D)/lib/libtracelode.a" "$(D)/lib/pkgconfig/tracelode.pc"
	rm -rf "$(D)/lib/tracelode" "$(D)/include/tracelode"
	rm -f "$(D)/share/man/man1/tracelode.1" "$(D)/share/bash-completion/completions/tracelode" \
	  "$(D)/share/zsh/site-functions/_tracelode" "$(D)/share/fish/vendor_completions.d/tracelode.fish"

deb: all
	tools/package/deb.sh $(BUILD) $(VERSION)

clean:
	rm -rf build

.PHONY: all deps deps-check deps-hint demo check check-long tests examples check-layers bench bench-mine \
        bench-grammar bench-taxonomy bench-match bench-extract bench-report coverage soak fuzz fuzz-programs check-fuzz install uninstall deb clean
.SECONDARY: $(SUPPORT)
-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(SUPPORT:.o=.d) $(addsuffix .d,$(UNIT))
