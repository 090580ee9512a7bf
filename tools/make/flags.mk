# SPDX-License-Identifier: BSD-3-Clause
# How it is compiled and linked.

ifndef BOARD

# Its programs are static, so that its emulator needs nothing else of it. cmocka comes as source: its
# package would make this a machine of two architectures. tests/run finds in O/VARIANT/run-with
# how the programs run, or in skip why nothing is built and they do not.
ifneq ($(machine),)
emulator := $(shell command -v qemu-$(machine) || command -v qemu-$(machine)-static)
compiles := $(shell $(CC) -E -include stdio.h -x c /dev/null >/dev/null 2>&1 && echo yes)
# OpenSSL and expat come unpacked (tools/fetch-deps).
foreign := $(deps)/$(machine)
foreign_includes := -isystem $(foreign)/usr/include -isystem $(foreign)/usr/include/$(machine)-linux-gnu
foreign_libraries := -L$(foreign)/usr/lib/$(machine)-linux-gnu
# A static OpenSSL could look up hosts and load modules, which the linker warns of; nothing here does.
quieter = 2>$@.said; status=$$?; sed -e '/: in function /{N;/ in statically linked applications /d}' -e '/ in statically linked applications /d' $@.said >&2; \
	rm -f $@.said; exit $$status
foreign_ready := $(if $(wildcard $(fetched)),$(wildcard $(foreign)/.fetched),not yet)
skip := $(if $(and $(compiles),$(emulator),$(foreign_ready)),,$(CC) with a C library$(comma) qemu-$(machine)$(comma) and \
	OpenSSL and expat for $(machine) are needed)
cmocka := $B/cmocka.o
cmocka_define := $(addprefix -DHAVE_,INTTYPES_H MALLOC_H SIGNAL_H STRINGS_H SIGLONGJMP STRSIGNAL \
	GCC_THREAD_LOCAL_STORAGE)
static := -static
endif

# What the set-up server of the simulator is made of, beside lwIP; the tools do without.
server_libraries := $(foreign_libraries) -lssl -lcrypto -lexpat

# Fuzz tests are linked with libFuzzer, which comes with clang's run-time.
ifeq ($(FUZZ),1)
skip := $(if $(shell echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return !d && n; }' | \
	clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null && echo yes),,clang with libFuzzer is needed (libclang-rt-dev))
endif

endif

warnings := -Wall -Wextra $(WERROR) -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef
sanitizers := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
sanitize := $(if $(call on,SAN),$(sanitizers))
# Counters see the lines as they are written. The tests themselves are not counted; where one repeats much,
# SLOW_BUILD lets it repeat less.
coverage := $(if $(call on,COV),--coverage -O0)
$(call obj,$(unit) $(bench) $(explore)): coverage := $(if $(call on,COV),-DSLOW_BUILD=1)
# Addresses of lwIP's variables are fixed at link time, so that lwip_world can be copied in and out.
position := -fno-pic -fno-pie -fno-common
fuzzed := $(if $(call on,FUZZ),-fsanitize=fuzzer-no-link)
# What is built is the same wherever sources, build folder and fetched libraries lie. With coverage
# counters it is not: programs write them to where their objects are.
libraries := $(mbedtls_dir)=build/deps/mbedtls $(lwip_dir)=build/deps/lwip
prefix_maps = $(CURDIR)=. $O=build $(libraries) $(foreach l,$(libraries),$(call real,$(subst =, ,$l)))
# The compiler follows links to system headers. There is nothing to follow before they are fetched.
real = $(addsuffix =$(lastword $1),$(realpath $(firstword $1)))
anywhere = $(if $(call on,COV),,$(prefix_maps:%=-ffile-prefix-map=%))
# -MD, not -MMD: lwipopts.h is included by headers of the -isystem folder.
common = -std=c11 $(CFLAGS) $(optimisation) $(position) $(sanitize) $(fuzzed) $(anywhere) -MD -MP
ldflags := -no-pie $(static) $(LDFLAGS) $(sanitize) $(coverage)
# Where mold is there it links what nobody ships, in a third of the time; for another machine gold, in half of it.
linker := $(if $(machine),$(if $(shell command -v $(CROSS_COMPILE)ld.gold),gold),$(if $(shell command -v ld.mold),mold))
$(unit_programs) $(fuzz_programs) $(if $(sanitize)$(machine),$(programs) $(bench_programs) $(explore_program)): ldflags += $(linker:%=-fuse-ld=%)

# One of the store's tests repeats more than it takes to build.
$(if $(quick_tests),$(call obj,$(fuzz) $(filter-out $(if $(quickly),,tests/unit/store/%),$(unit)))): optimisation := -O0
# What of it fuzz tests run is run often.
often := sim/net/% $(if $(call on,FUZZ),sim/base/% sim/scenario/% sim/server/%)
$(if $(quickly),$(call obj,$(filter-out $(often),$(sim)))): optimisation := -O0

mbedtls_define := -DMBEDTLS_CONFIG_FILE='"fw/net/mbedtls_config.h"'
ifndef BOARD
mbedtls_define += -DFW_TLS_TESTS=1
endif
includes := -I. -Ifw/net -isystem $(lwip_dir)/src/include -isystem $(mbedtls_dir)/include $(mbedtls_define) \
	$(foreign_includes)
$(call obj,$(core)): includes := -I.
$(call obj,$(unit)): includes += $(if $(cmocka),-isystem $(cmocka_dir)/include)

# ASan would put red zones between the variables, and copying them would be reported.
is_clang = $(findstring clang,$(shell $(CC) --version 2>/dev/null))
lwip_sanitize := $(if $(call on,SAN),$(if $(is_clang),-mllvm -asan-globals=0,--param asan-globals=0))
# What lwIP frees twice, or writes beyond its end, its own checks find at once.
$(if $(call on,FUZZ),$(lwip_objects)): includes += -DMEMP_SANITY_CHECK=1 -DMEM_SANITY_CHECK=1 -DMEMP_OVERFLOW_CHECK=1
library_flags = $(common) -Wall -Wextra -fdata-sections $(lwip_sanitize)
lwip_flags = $(library_flags) $(includes)
# The same text in each variant that links it: its headers are all in the one folder, or said here.
mbedtls_flags = $(library_flags) -I. -isystem $(mbedtls_dir)/include $(mbedtls_define)

# --- what was built with other flags, or from other files, is built anew -------------------------

ifndef BOARD
# But for where it lies: that shows nowhere.
flags := $(CC) $(warnings) $(filter-out $(anywhere),$(lwip_flags)) $(cmocka_define) $(coverage) $(ldflags) $(LDLIBS)
$(call stamp_of,$B/flags,$(flags))
# A program whose source has gone is older than none of its objects.
$(call stamp_of,$B/sources,$(sort $(proviso) $(ztcagent) $(usbkey) $(meirun) $(explore)))
$(if $(machine),$(call stamp_of,$B/run-with,$(emulator)))
$(if $(machine)$(call on,FUZZ),$(call stamp_of,$B/skip,$(skip)))
endif
