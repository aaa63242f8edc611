# cuda.mk: the GPU engine.  Included by the Makefile; on a bare machine with a GPU
# (nvcc, gcc, make) it also stands alone:  make -f cuda/cuda.mk cuda-check cuda-bench
#   NVCC=...       another compiler than nvcc
#   SANITIZERS=... tools of compute-sanitizer for cuda-sanitize
#   CUDA_ARCH=...  architectures of the library, as "75 90" (default: those nvcc knows, from
#                  7.5 to what it has newest); the newest is kept as PTX too
BUILD ?= build
Q     ?= $(if $(V),,@)
NVCC  ?= $(firstword $(shell command -v nvcc 2>/dev/null) $(wildcard /usr/local/cuda/bin/nvcc))

CUDA_KNOWN := $(if $(NVCC),$(sort $(patsubst sm_%,%,$(filter-out %a %f,$(shell $(NVCC) --list-gpu-code 2>/dev/null)))))
# sort puts 100 before 75: two digits first.
CUDA_KNOWN := $(filter-out 1%,$(CUDA_KNOWN)) $(filter 1%,$(CUDA_KNOWN))
CUDA_ARCH  ?= $(filter-out 50 52 53 60 61 62 70 72,$(CUDA_KNOWN))
CUDA_CODE   = $(foreach a,$(CUDA_ARCH),-gencode arch=compute_$(a),code=sm_$(a)) \
              -gencode arch=compute_$(lastword $(CUDA_ARCH)),code=compute_$(lastword $(CUDA_ARCH))
# Warnings are errors in CI alone: a GPU machine may have another compiler.
CUDA_FLAGS := -std=c++17 -O3 -I. -lineinfo --threads 0 -Xcompiler -Wall,-Wextra,-fPIC,-fvisibility=hidden \
              $(if $(CI),-Werror all-warnings)
CUDA_HEAD  := $(wildcard cuda/*.h cuda/*.cuh cuda/lab/*.h cuda/lab/*.cuh base/error.h)

# Plain C, for programs that must build where there is only gcc and nvcc.
CUDA_CFLAGS := -D_GNU_SOURCE -std=c17 -O2 -g -I. -Wall -Wextra -Wshadow -Wstrict-prototypes -pthread \
               $(if $(CI),-Werror)
CUDA_PLAIN  := $(wildcard base/*.c miner/*.c) cuda/adapter.c cuda/finish.c cuda/lab/traces.c \
               cuda/lab/check_names.c
CUDA_CASES  := tests/cuda/cases.c tests/support/databases.c tests/support/naive.c
CUDA_HOST   := $(wildcard base/*.h miner/*.h cuda/*.h cuda/lab/*.h tests/support/*.h tests/cuda/*.h)
CUDA_OBJ    := $(BUILD)/cuda/cuda/engine.o $(BUILD)/cuda/cuda/library.o

.PHONY: tests cuda cuda-check cuda-equal cuda-sanitize cuda-bench cuda-compile cuda-host-check

ifeq ($(NVCC),)
cuda cuda-check cuda-equal cuda-sanitize cuda-bench cuda-compile:
	@echo "no nvcc: the GPU engine is not built; put nvcc on the PATH or give NVCC=" >&2
	@[ $@ = cuda ]
else
cuda: $(BUILD)/libtracelode_cuda.so
endif

$(BUILD)/cuda/%.o: %.cu $(CUDA_HEAD)
	@mkdir -p $(@D)
	@echo "  NVCC  $@"
	$(Q)$(NVCC) $(CUDA_FLAGS) $(CUDA_CODE) -c -o $@ $<

# What fails goes through tl_error: its one C file is part of the library.
$(BUILD)/libtracelode_cuda.so: $(CUDA_OBJ) $(BUILD)/cuda/base/error.o
	@echo "  NVCC  $@"
	$(Q)$(NVCC) -shared $(CUDA_CODE) -o $@ $^

$(BUILD)/cuda/%.o: %.c $(CUDA_HOST)
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(CC) $(CUDA_CFLAGS) -fPIC -fvisibility=hidden -c -o $@ $<

# ---- on a machine with a GPU --------------------------------------------------

ifneq ($(NVCC),)
CUDA_C_OBJ = $(patsubst %.c,$(BUILD)/cuda/%.o,$(1))

$(BUILD)/cuda/check: $(call CUDA_C_OBJ,tests/cuda/check.c $(CUDA_CASES) $(CUDA_PLAIN)) $(CUDA_OBJ) \
                     $(BUILD)/cuda/cuda/lab/ladder.o
$(BUILD)/cuda/bench: $(call CUDA_C_OBJ,cuda/lab/bench.c $(CUDA_PLAIN)) $(CUDA_OBJ) \
                     $(BUILD)/cuda/cuda/lab/ladder.o
$(BUILD)/cuda/check $(BUILD)/cuda/bench:
	@echo "  NVCC  $@"
	$(Q)$(NVCC) $(CUDA_CODE) -o $@ $^ -lm -Xcompiler -pthread

cuda-check: cuda-equal cuda-sanitize

# The full sizes.
cuda-equal: $(BUILD)/cuda/check
	$(BUILD)/cuda/check

# Small ones under compute-sanitizer, which may be beside nvcc only.
SANITIZERS        ?= memcheck racecheck initcheck synccheck
COMPUTE_SANITIZER ?= $(firstword $(shell command -v compute-sanitizer 2>/dev/null) \
                       $(wildcard $(dir $(NVCC))compute-sanitizer))
cuda-sanitize: $(BUILD)/cuda/check | $(if $(filter cuda-check,$(MAKECMDGOALS)),cuda-equal)
	@if [ -z "$(COMPUTE_SANITIZER)" ]; then \
	  echo "skip  compute-sanitizer is not installed: $(SANITIZERS) not run"; exit 0; fi; \
	failed=0; for tool in $(SANITIZERS); do \
	  echo "compute-sanitizer --tool $$tool"; \
	  timeout 140 $(COMPUTE_SANITIZER) --tool $$tool --error-exitcode 3 $(BUILD)/cuda/check quick || \
	    { echo "FAIL  $$tool (exit $$?; 124: out of time)"; failed=1; }; done; exit $$failed

# Not while the check runs.
cuda-bench: $(BUILD)/cuda/bench | $(filter cuda-check,$(MAKECMDGOALS))
	$(BUILD)/cuda/bench $(LARGEST)

# ---- without a GPU -------------------------------------------------------------

# nvcc for every architecture from 7.5 on, nothing kept.
cuda-compile:
	@for a in $(CUDA_ARCH); do for f in cuda/engine.cu cuda/library.cu cuda/lab/ladder.cu; do \
	  echo "  NVCC  sm_$$a $$f"; \
	  $(NVCC) $(CUDA_FLAGS) -gencode arch=compute_$$a,code=sm_$$a -c -o /dev/null $$f || exit 1; done; done
endif

# The same device code and host side on a model of a GPU, under ASan and UBSan.
CXX ?= g++
CUDA_MODEL_FLAGS := -g -O1 -I. -Wall -Wextra $(if $(CI),-Werror) -pthread -fno-omit-frame-pointer \
                    -fsanitize=address,undefined -fno-sanitize-recover=undefined
CUDA_MODEL_SRC := cuda/engine.cu cuda/library.cu cuda/lab/ladder.cu tests/cuda/fake_cuda.cpp
CUDA_MODEL_C   := tests/cuda/test_device_host.c $(CUDA_CASES) $(CUDA_PLAIN)
CUDA_MODEL_OBJ := $(patsubst %,$(BUILD)/cuda/model/%.o,$(CUDA_MODEL_SRC) $(CUDA_MODEL_C))

# Small blocks, so that small databases fill several.
$(BUILD)/cuda/model/%.o: % $(CUDA_HEAD) $(CUDA_HOST) tests/cuda/fake/cuda_runtime.h
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(if $(filter %.c,$<),$(CC) -D_GNU_SOURCE -std=c17 -Wshadow -Wstrict-prototypes,$(CXX) -x c++ \
	  -std=c++17 -Itests/cuda/fake -DTL_BLOCK=64 -DTL_ROWS=2) $(CUDA_MODEL_FLAGS) -c -o $@ $<

$(BUILD)/tests/test_cuda_device_host: $(CUDA_MODEL_OBJ)
	@mkdir -p $(@D)
	$(Q)$(CXX) $(CUDA_MODEL_FLAGS) -o $@ $^ -lm

# A library for tests of what the program does with one.
tests: $(BUILD)/tests/libtracelode_cuda_fake.so
$(BUILD)/tests/libtracelode_cuda_fake.so: tests/cuda/fake_library.c base/error.c cuda/library.h base/error.h
	@mkdir -p $(@D)
	@echo "  CC    $@"
	$(Q)$(CC) $(CUDA_CFLAGS) -fPIC -fvisibility=hidden -shared -o $@ $(filter %.c,$^)

cuda-host-check: $(BUILD)/tests/test_cuda_device_host
	$<
