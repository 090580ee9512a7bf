# `make help` lists the targets.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

## CC=gcc            compiler: gcc or clang; each has its own folder under build/
## CROSS=s390x       for another machine, with s390x-linux-gnu-gcc; its tests run in qemu-s390x
## SAN=1             with address and undefined-behaviour sanitizers, in a folder of its own
## COV=1             with coverage counters, in a folder of its own
## FUZZ=1            for the fuzz tests: clang, both sanitizers, in build/fuzz
## CFLAGS="-O2 -g"   optimisation and debugging; with SAN, FUZZ or CROSS -O1 -g1
## WERROR=           let a compiler's newer warnings pass
## LWIP_DIR=dir      use this lwIP source tree instead of fetching one
## MBEDTLS_DIR=dir   use this mbedTLS source tree instead of fetching one
## BOARD=name        a board's image instead; an unknown name prints the list
## SCENARIO=file     bench: the story whose instructions are counted
## DIFF=1            size, stack: only what has changed since the stored baseline
## CMOCKA_DIR=dir    with CROSS: use this cmocka source tree instead of fetching one
## ONLY=text         run only the tests with this text in their name
## V=1               show the commands

ifeq ($(origin CC),default)
CC := gcc
endif
ifdef CROSS
override CC := $(CROSS)-linux-gnu-gcc
endif
ifeq ($(FUZZ),1)
override CC := clang
override SAN := 1
endif
# What is built to be tested once more is built quickly: most of all the tests, and the world that they play in.
quickly := $(if $(CFLAGS),,$(CROSS)$(filter 1,$(SAN)))
CFLAGS ?= $(if $(quickly),-O1 -g1,-O2 -g)
WERROR ?= -Werror

$(foreach v,SAN COV FUZZ V TEXTS TLS MANAGE ANYWAY BENCH DIFF,$(if $(filter-out 0 1,$($v)),$(error $v is 0 or 1, not "$($v)")))
on = $(filter 1,$($1))

compiler := $(notdir $(firstword $(filter-out ccache,$(CC))))
variant := $(if $(call on,FUZZ),fuzz,$(or $(CROSS),$(compiler))$(if $(call on,SAN),-san)$(if $(call on,COV),-cov))
B := build/$(variant)
bin := $(if $(filter gcc,$(variant)),build/bin,$(B)/bin)
lwip_dir := $(or $(LWIP_DIR),build/deps/lwip)
cmocka_dir := $(or $(CMOCKA_DIR),build/deps/cmocka)

# One stamp for each source of lwIP, mbedTLS and cmocka: what is true of one says nothing of another.
stamp = build/deps/ready-$1$(subst /,_,$(LWIP_DIR:%=-%)$(MBEDTLS_DIR:%=-%)$(CMOCKA_DIR:%=-%))
fetched := $(call stamp,build)

ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -r --no-print-directory -j$(shell nproc)
endif
# `make clean run` means one after the other, however many jobs there are.
ifneq ($(filter clean distclean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

comma := ,
kinds := unit,scn$(if $(CROSS),,$(comma)sh)
quiet := $(if $(call on,V),,@)
say = $(if $(quiet),@echo '  $1  $2')

# --- sources ---------------------------------------------------------------------------------

obj = $(patsubst %.c,$(B)/%.o,$1)

core := $(wildcard fw/core/*.c)
fw := $(filter-out fw/board/main.c,$(wildcard fw/*.c fw/*/*.c fw/*/*/*.c))
hal := $(wildcard hal/virtual/*.c hal/linux/*.c)
sim := $(wildcard sim/*/*.c)
agent := tools/ztcagent/agent.c
secret := tools/secret.c
ztcagent := $(sort $(agent) $(wildcard tools/ztcagent/*.c)) $(secret) $(core)
proviso := $(fw) $(hal) $(sim) $(agent) $(secret)
usbkey := $(wildcard tools/usbkey/*.c) $(secret) $(core) $(wildcard fw/host/usbkey/usbkey*.c)
unit := $(wildcard tests/unit/*/test_*.c)
ifdef CROSS
unit := $(filter-out $(shell grep -l '^// once: ' $(unit)),$(unit))
endif
# What set-up servers in scenarios show of themselves.
certificates := build/certificates/certificates.oem

lwip := $(addprefix src/core/,def dns inet_chksum init ip mem memp netif pbuf raw stats sys tcp \
	tcp_in tcp_out udp) \
	$(addprefix src/core/ipv4/,acd dhcp etharp icmp ip4 ip4_addr ip4_frag) \
	src/netif/ethernet
mbedtls_dir := $(or $(MBEDTLS_DIR),build/deps/mbedtls)
mbedtls := $(addprefix library/,platform_util sha256)
mbedtls_tls := $(addprefix library/,aes asn1parse asn1write bignum cipher cipher_wrap constant_time \
	gcm md md2 md5 memory_buffer_alloc oid pk pk_wrap pkparse pkwrite platform rsa rsa_internal sha1 \
	sha512 ssl_ciphersuites ssl_msg ssl_srv ssl_tls x509 x509_create x509_crt x509write_crt)
mbedtls_host := $(mbedtls) $(mbedtls_tls) $(addprefix library/,base64 pem ssl_cli)
mbedtls_objects := $(mbedtls_host:%=$(B)/mbedtls/%.o)
lwip_objects := $(lwip:%=$(B)/lwip/%.o)
lwip_joined := $(B)/lwip.o

# A unit test, fuzz test or benchmark says what it links in a comment: "// links: fw/core/hello.c @lwip".
fuzz := $(wildcard tests/fuzz/fuzz_*.c)
bench := $(wildcard tests/bench/*.c)
explore := $(wildcard tests/explore/*.c)
links := $(shell awk 'sub("^// links:", "") { for (i = 1; i <= NF; i++) print FILENAME ":" $$i }' \
	$(unit) $(fuzz) $(bench) /dev/null)
links_of = $(patsubst $1:%,%,$(filter $1:%,$(links)))
group_@lwip := $(lwip_joined)
group_@core := $(call obj,$(core))
group_@amthi := $(call obj,$(wildcard fw/host/amthi/*.c))
group_@mebx := $(call obj,$(wildcard fw/host/mebx/*.c))
group_@fw := $(call obj,$(fw))
group_@sim := $(call obj,$(filter-out sim/cmd/main.c,$(sim)) $(hal) $(agent))
resolve = $(sort $(foreach w,$1,$(if $(filter @%,$w),$(or $(group_$w),$(error unknown group $w)),\
	$(call obj,$w))))

fuzz_programs := $(fuzz:tests/fuzz/%.c=$(B)/bin/%)
programs := $(B)/bin/proviso $(B)/bin/ztcagent $(B)/bin/usbkey $(B)/meipreload.so
bench_programs := $(bench:tests/bench/%.c=$(B)/bench/%)
explore_program := $(B)/explore/explore
# All in one folder: their names differ.
unit_program = $(B)/unit/$(basename $(notdir $1))
unit_programs := $(foreach t,$(unit),$(call unit_program,$t))

# --- another machine -------------------------------------------------------------------------

# Its programs are static, so that its emulator needs nothing else of it. cmocka comes as source: its
# package would make this a machine of two architectures. tests/run finds in build/VARIANT/run-with
# how the programs run, or in skip why nothing is built and they do not.
ifdef CROSS
emulator := $(shell command -v qemu-$(CROSS) || command -v qemu-$(CROSS)-static)
compiles := $(shell $(CC) -E -include stdio.h -x c /dev/null >/dev/null 2>&1 && echo yes)
skip := $(if $(and $(compiles),$(emulator)),,$(CC) with a C library and qemu-$(CROSS) are needed)
cmocka := $(B)/cmocka.o
cmocka_define := $(addprefix -DHAVE_,INTTYPES_H MALLOC_H SIGNAL_H STRINGS_H SIGLONGJMP STRSIGNAL \
	GCC_THREAD_LOCAL_STORAGE)
static := -static
endif

# Fuzz tests are linked with libFuzzer, which comes with clang's run-time.
ifeq ($(FUZZ),1)
skip := $(if $(shell echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return !d && n; }' | \
	clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null && echo yes),,clang with libFuzzer is needed (libclang-rt-dev))
endif

# A board is a folder hal/<board> with board.mk, memory.lds and its sources; the template is a port to
# begin with.
boards := $(filter-out template,$(patsubst hal/%/board.mk,%,$(wildcard hal/*/board.mk)))

# --- flags -----------------------------------------------------------------------------------

warnings := -Wall -Wextra $(WERROR) -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef
sanitizers := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
sanitize := $(if $(call on,SAN),$(sanitizers))
coverage := $(if $(call on,COV),--coverage)
# Addresses of lwIP's variables are fixed at link time, so that lwip_world can be copied in and out.
position := -fno-pic -fno-pie -fno-common
fuzzed := $(if $(call on,FUZZ),-fsanitize=fuzzer-no-link)
# -MD, not -MMD: lwipopts.h is included by headers of the -isystem folder.
common = -std=c11 $(CFLAGS) $(optimisation) $(position) $(sanitize) $(fuzzed) -MD -MP
ldflags := -no-pie $(static) $(LDFLAGS) $(sanitize) $(coverage)

$(if $(quickly),$(if $(call on,FUZZ),,$(call obj,$(unit) $(filter-out sim/net/%,$(sim))))): optimisation := -O0

mbedtls_define := -DMBEDTLS_CONFIG_FILE='"fw/net/mbedtls_config.h"'
ifndef BOARD
mbedtls_define += -DFW_TLS_TESTS=1
endif
includes := -I. -Ifw/net -isystem $(lwip_dir)/src/include -isystem $(mbedtls_dir)/include $(mbedtls_define)
$(call obj,$(core)): includes := -I.
$(call obj,$(unit)): includes += $(if $(cmocka),-isystem $(cmocka_dir)/include)

# ASan would put red zones between the variables, and copying them would be reported.
is_clang = $(findstring clang,$(shell $(CC) --version 2>/dev/null))
lwip_sanitize := $(if $(call on,SAN),$(if $(is_clang),-mllvm -asan-globals=0,--param asan-globals=0))
# What lwIP frees twice, or writes beyond its end, its own checks find at once.
$(if $(call on,FUZZ),$(lwip_objects)): includes += -DMEMP_SANITY_CHECK=1 -DMEM_SANITY_CHECK=1 -DMEMP_OVERFLOW_CHECK=1
# Which way arithmetic goes tells a fuzzer nothing, and counting it takes most of a hand-shake's time.
$(patsubst %,$(B)/mbedtls/library/%.o,aes bignum gcm md5 sha1 sha256 sha512): fuzzed :=
lwip_flags = $(common) -Wall -Wextra -fdata-sections $(lwip_sanitize) $(includes)

ifdef BOARD
include hal/boards.mk
else

# --- what was built with other flags, or from other files, is built anew ------------------------

measuring := size stack size-baseline stack-baseline
ifneq ($(filter-out help clean distclean format map $(measuring),$(or $(MAKECMDGOALS),all)),)
flags := $(CC) $(warnings) $(lwip_flags) $(cmocka_define) $(coverage) $(ldflags) $(LDLIBS)
sources := $(proviso) $(ztcagent) $(usbkey) $(explore) $(links)
ifneq ($(file <$(B)/flags),$(flags))
$(shell rm -rf $(B) && mkdir -p $(B))
$(file >$(B)/flags,$(flags))
endif
ifneq ($(file <$(B)/sources),$(sources))
$(shell rm -rf $(B)/bin $(B)/unit)
$(file >$(B)/sources,$(sources))
endif
ifdef CROSS
$(file >$(B)/run-with,$(emulator))
endif
ifneq ($(CROSS)$(call on,FUZZ),)
$(file >$(B)/skip,$(skip))
endif
-include $(patsubst %.o,%.d,$(sort $(call obj,$(proviso) $(ztcagent) $(usbkey) $(unit) $(bench) $(fuzz) $(explore)) $(lwip_objects) $(mbedtls_objects)))
endif

# --- targets ---------------------------------------------------------------------------------

.PHONY: all programs run test test-programs check test-unit test-scn test-sh test-board board-images \
	peers siege peer-images claims fuzz check-fuzz fuzz-programs map pages format bench explore mutants clean distclean help $(measuring)

all: $(bin)/proviso $(bin)/ztcagent $(bin)/usbkey $(B)/meipreload.so ## build the programs (the default)

run: all ## the main job: one scenario on 5.0.2 beside 5.0.3
	$(quiet)$(bin)/proviso compare sim/scenarios/thread.scn --release 5.0.2 --release 5.0.3

programs: $(if $(skip),,all $(unit_programs) $(if $(CROSS)$(sanitize),,$(bench_programs) $(explore_program)))
	@:

test: $(call stamp,test) $(certificates) ## every test, once more with sanitizers or on another machine where that shows more
	+$(quiet)$(MAKE) programs
	+$(quiet)$(MAKE) board-images
	+$(quiet)MEANWHILE='$(MAKE) test-programs' OTHER=s390x \
		tests/run $(variant)=$(kinds),board,siege clang-san=unit,scn,sh s390x=unit fuzz=fuzz

# What is still built while tests that mostly wait have begun.
test-programs:
	+$(quiet)$(MAKE) CC=clang CROSS= SAN=1 COV=0 programs
	+$(quiet)$(MAKE) CROSS= COV=0 FUZZ=1 fuzz-programs
	+$(quiet)$(MAKE) CROSS=s390x SAN=0 COV=0 programs

check: programs $(certificates) ## the tests of this variant only
	$(quiet)tests/run $(variant)=$(kinds)

test-board: all board-images ## the boards' images in QEMU
	$(quiet)tests/run $(variant)=board

peers: $(call stamp,test) all peer-images ## other people's programs provision and read the device
	$(quiet)tests/run $(variant)=peers

siege: $(call stamp,test) all ## what strangers try, at length: takes a quarter of an hour
	$(quiet)SIEGE=long tests/run $(variant)=siege

# Of each board, the two machines of the forum thread, one that was given no seed, one with the
# configuration service; of one board, three with TLS, one with both for a set-up server, and two that count
# instructions. The others' seed is known to everybody: they are for tests.
test_seed := 000102030405060708090a0b0c0d0e0f
peer-images: $(call stamp,board)
	+$(quiet)$(MAKE) BOARD=mps2-an385 TLS=1 MANAGE=1 RELEASE=5.0.3 OEM=intel SEED=$(test_seed) IMAGE=test-5.0.3-intel image

board-images: $(call stamp,board) peer-images
	+$(quiet)set -e; for board in $(boards); do \
		$(MAKE) BOARD=$$board RELEASE=5.0.2 OEM=intel SEED=$(test_seed) IMAGE=test-5.0.2-intel image; \
		$(MAKE) BOARD=$$board RELEASE=5.0.3 OEM=bmp-off SEED=$(test_seed) IMAGE=test-5.0.3-bmp-off image; \
		$(MAKE) BOARD=$$board RELEASE=5.0.2 OEM=intel SEED= IMAGE=test-no-seed image; \
		$(MAKE) BOARD=$$board MANAGE=1 RELEASE=5.0.3 OEM=bmp-off SEED=$(test_seed) IMAGE=test-5.0.3-bmp-off image; \
	done; \
	$(MAKE) BOARD=mps2-an385 TLS=1 RELEASE=5.0.2 OEM=intel SEED=$(test_seed) IMAGE=test-5.0.2-intel image; \
	$(MAKE) BOARD=mps2-an385 TLS=1 RELEASE=6.0 OEM=intel SEED=$(test_seed) IMAGE=test-6.0-intel image; \
	$(MAKE) BOARD=mps2-an385 TLS=1 RELEASE=5.0.3 OEM=psk-loaded SEED=$(test_seed) IMAGE=test-5.0.3-psk-loaded image; \
	for machine in 5.0.2-intel 5.0.3-psk-loaded; do \
		$(MAKE) BOARD=mps2-an385 TLS=1 MANAGE=1 BENCH=1 RELEASE=$${machine%%-*} OEM=$${machine#*-} \
			SEED=$(test_seed) IMAGE=bench-$$machine image; \
	done

$(certificates): tests/certificates | $(fetched)
	$(call say,CERT,$(@D))
	$(quiet)tests/certificates $(@D)

test-unit: $(unit_programs) $(certificates) ## the unit tests
	$(quiet)tests/run $(variant)=unit

test-scn: all $(certificates) ## the scenarios
	$(quiet)tests/run $(variant)=scn

test-sh: all $(certificates) ## the script tests
	$(quiet)tests/run $(variant)=sh

claims: all $(unit_programs) $(certificates) ## what the sources say of the device: each claim with its run
	$(quiet)VARIANT=$(variant) tests/claims

fuzz: $(certificates) ## each fuzz test for FUZZ_SECONDS=60, and a table of what they found (needs clang)
	+$(quiet)$(MAKE) CROSS= COV=0 FUZZ=1 fuzz-programs
	$(quiet)tests/fuzz/run $(or $(FUZZ_SECONDS),60)

check-fuzz: $(certificates) ## each fuzz test from its stored seeds, for the number of runs that it names
	+$(quiet)$(MAKE) CROSS= COV=0 FUZZ=1 fuzz-programs
	$(quiet)tests/run fuzz=fuzz

fuzz-programs: $(if $(skip),,$(fuzz_programs))
	@:

explore: $(explore_program) $(certificates) ## what anybody can do to the device, step by step, and what must hold: takes many minutes
	$(quiet)$(explore_program) --certificates $(dir $(certificates)) --plan full

mutants: $(explore_program) $(certificates) ## plants known mistakes into a copy, one by one, and shows which test notices
	$(quiet)VARIANT=$(variant) tests/explore/mutants

bench: all $(bench_programs) $(certificates) ## the benchmarks: counts and ratios
	$(quiet)$(B)/bench/day
	@echo
	$(quiet)OBJ=$(CURDIR)/$(B) tests/bench/instructions.sh $(SCENARIO)

size: measured ## flash and RAM of each board's firmware; fails above the limits
	$(quiet)$(measure_size)

stack: measured ## its worst-case stack, with the deepest path; fails above what is reserved
	$(quiet)$(measure_stack)

size-baseline: measured ## store what `make size DIFF=1` compares with
	$(quiet)$(call store_baseline,size,tools/size $(call size_images) --tsv)

stack-baseline: measured ## store what `make stack DIFF=1` compares with
	$(quiet)$(call store_baseline,stack,tools/stack $(call stack_images) --tsv)

map: ## which room includes which, as a Mermaid chart; fails where they go in a circle
	$(quiet)tools/map

pages: all $(bench_programs) ## make the generated parts of the pages (*.md) anew
	$(quiet)OBJ=$(B) PROVISO=$(bin)/proviso tools/pages-sync

format: ## lay the sources out
	$(quiet)find fw hal sim tests tools -name '*.[ch]' -exec clang-format -i {} +

clean: ## remove what was built, keep what was fetched
	$(quiet)[ ! -d build ] || find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} +

distclean: ## remove what was built and fetched
	$(quiet)rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile hal/boards.mk
	@sed -n 's/^## /  /p' Makefile hal/boards.mk

endif

# --- what the firmware takes -----------------------------------------------------------------

ifndef BOARD

# Of each board an image of its own, so that nobody's is overwritten. Release and profile do not change
# what it takes; without a seed it would lack what draws from one. The limits are those of the firmware
# without the texts; what these add is printed for information. With TLS and the configuration service
# there is one for the board that has the memory: what the other one lacks is seen from the table.
size_limits := $(foreach b,$(boards),--limit '$b:base flash=60K ram=28K') \
	--limit 'mps2-an385-tls-manage:all flash=220K ram=64K'
measured := $(boards) $(boards:%=%-texts) $(boards:%=%-tls-manage)

# $1: what is behind the board's name in the folder's, $2: in the image's
size_of = $(foreach b,$(boards),$b$2=build/$b$1/size/firmware.map --elf $b$2=build/$b$1/size/firmware.elf)
# $1: "" or -texts
size_images = $(call size_of,$1) $(if $1,,$(call size_of,-tls-manage,-tls-manage))
# The folders by name: an older image beside this one may have larger frames.
stack_images = --calls tools/stack-calls.txt $(foreach b,$(boards),$b=build/$b$1/size/firmware.elf \
	$(foreach d,fw hal lwip mbedtls size,--su $b=build/$b$1/$d))

.PHONY: measured $(measured:%=measured-%)
measured: $(measured:%=measured-%)

$(measured:%=measured-%): measured-%: | $(fetched)
	+$(quiet)$(MAKE) -s BOARD=$(patsubst %-tls-manage,%,$(*:%-texts=%)) TEXTS=$(if $(filter %-texts,$*),1,0) \
		$(foreach v,TLS MANAGE ANYWAY,$v=$(if $(filter %-tls-manage,$*),1,0)) IMAGE=size RELEASE=6.0 OEM=intel \
		UUID= SEED=00112233445566778899aabbccddeeff build/$*/size/firmware.elf

# $1: size or stack, $2: arguments that are not for the images with texts
define measure
export CROSS=arm-none-eabi-; status=0; \
tools/$1 $(call $1_images) $2 $(if $(call on,DIFF),--diff tools/$1-baseline.tsv) || status=$$?; \
tools/$1 $(call $1_images) --tsv >build/$1.tsv || status=$$?; \
echo 'With TEXTS=1 this differs:'; \
tools/$1 $(call $1_images,-texts) --diff build/$1.tsv || status=$$?; \
exit $$status
endef
measure_size = $(call measure,size,$(size_limits))
measure_stack = $(call measure,stack)

# $1: size or stack, $2: the command that prints it
define store_baseline
{ echo "# $$(arm-none-eabi-gcc --version | head -n 1); make $1-baseline" && CROSS=arm-none-eabi- $2; } \
	>build/$1.tsv && mv build/$1.tsv tools/$1-baseline.tsv
endef

endif

# --- dependencies ----------------------------------------------------------------------------

$(sort $(fetched) $(call stamp,board) $(call stamp,test)): build/deps/ready-%: tools/fetch-deps
	$(quiet)tools/fetch-deps $(firstword $(subst -, ,$*))
	$(quiet)touch $@

# --- rules -----------------------------------------------------------------------------------

ifndef BOARD

$(B)/lwip/%.o: | $(fetched)
	$(call say,CC,$(lwip_dir)/$*.c)
	$(quiet)mkdir -p $(@D)
	$(quiet)$(CC) $(lwip_flags) -c $(lwip_dir)/$*.c -o $@

# Its place is known before it is fetched.
$(lwip_dir)/%.c: | $(fetched) ;

$(B)/mbedtls/%.o: | $(fetched)
	$(call say,CC,$(mbedtls_dir)/$*.c)
	$(quiet)mkdir -p $(@D)
	$(quiet)$(CC) $(lwip_flags) -c $(mbedtls_dir)/$*.c -o $@

$(lwip_joined): $(lwip_objects) $(mbedtls_objects) tools/lwip-world.lds
	$(call say,LD,$@)
	$(quiet)$(CC) -r -nostdlib -Wl,-T,tools/lwip-world.lds $(lwip_objects) $(mbedtls_objects) -o $@

$(B)/%.o: %.c | $(fetched)
	$(call say,CC,$<)
	$(quiet)mkdir -p $(@D)
	$(quiet)$(CC) $(common) $(warnings) $(coverage) $(includes) -c $< -o $@

$(B)/cmocka.o: | $(call stamp,test)
	$(call say,CC,$(cmocka_dir)/src/cmocka.c)
	$(quiet)$(CC) $(CFLAGS) $(position) $(cmocka_define) -I$(cmocka_dir)/include \
		-c $(cmocka_dir)/src/cmocka.c -o $@

define link
$(call say,LD,$@)
$(quiet)mkdir -p $(@D)
$(quiet)$(CC) $(ldflags) $(filter %.o,$^) $1 $(LDLIBS) -o $@
endef

$(B)/bin/proviso: $(call obj,$(proviso)) $(lwip_joined)
	$(call link)

$(B)/bin/ztcagent: $(call obj,$(ztcagent))
	$(call link)

$(B)/bin/usbkey: $(call obj,$(usbkey))
	$(call link)

# It goes into other people's programs: position independent, and without a sanitizer's run-time.
$(B)/meipreload.so: tools/meipreload/meipreload.c hal/linux/hostbus.h
	$(call say,LD,$@)
	$(quiet)mkdir -p $(@D)
	$(quiet)$(CC) -std=c11 $(CFLAGS) -U_FORTIFY_SOURCE $(warnings) -I. -fPIC -shared $(LDFLAGS) $< -o $@

$(foreach t,$(unit),$(eval $(call unit_program,$t): $(call obj,$t) \
	$(call resolve,$(call links_of,$t))))
$(foreach t,$(bench),$(eval $(t:tests/bench/%.c=$(B)/bench/%): $(call obj,$t) \
	$(call resolve,$(call links_of,$t))))

$(call obj,$(unit)): | $(if $(cmocka),$(call stamp,test))

$(unit_programs): $(cmocka)
	$(call link,$(if $(cmocka),,-lcmocka))

$(bench_programs): $(cmocka)
	$(call link,$(if $(cmocka),,-lcmocka))

$(explore_program): $(call obj,$(explore)) $(call resolve,@fw @sim @lwip)
	$(call link)

$(explore_program): ldflags += -Wl,--wrap=tls_identity_step

$(B)/bench/instructions: ldflags += -Wl,--wrap=device_poll

$(foreach t,$(fuzz),$(eval $(t:tests/fuzz/%.c=$(B)/bin/%): $(call obj,$t) \
	$(call resolve,$(call links_of,$t))))

$(fuzz_programs):
	$(call link,-fsanitize=fuzzer)

build/bin/%: build/gcc/bin/%
	$(quiet)mkdir -p $(@D)
	$(quiet)ln -sfn ../gcc/bin/$* $@

endif
