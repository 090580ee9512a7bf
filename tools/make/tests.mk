# SPDX-License-Identifier: BSD-3-Clause
# The tests: what is built for them, and the kinds that tests/run knows.

.PHONY: test test-programs check test-unit test-scn test-sh test-board peers siege claims cov fuzz check-fuzz \
	fuzz-programs explore mutants bench

kinds := unit,scn$(if $(machine),,$(comma)sh)

# Scenarios name their certificates from where they lie themselves, and tests name much in build/. With
# another build folder they run in a copy of the tree, whose build/ is that folder.
ifneq ($O,build)
tree := $O/tree
in_tree := cd $(tree) && O=$(abspath $O)$(space)
folders := O DEPS_DIR LWIP_DIR MBEDTLS_DIR CMOCKA_DIR
absolute = $(foreach f,$(folders),$(if $(filter $f=%,$1),$f=$(abspath $(patsubst $f=%,%,$1))))
MAKEOVERRIDES := $(foreach d,$(filter-out BUILD=%,$(MAKEOVERRIDES)),$(or $(call absolute,$d),$d))
endif

.PHONY: $(tree)
$(tree):
	$(quiet)rm -rf $@ && mkdir -p $@
	$(quiet)cp -a fw hal sim tests tools Makefile LICENSE $(wildcard *.md) \
		$(filter-out .git,$(wildcard .[a-z]*)) $@
	$(quiet)ln -s .. $@/build

# It builds while it tests, so it gets this make's jobs; but `make -n` would run it.
jobs := $(if $(dry_run),,+)
again = $(MAKE)
test: $(call ready,test) $(certificates) $(tree) ## every test, once more with sanitizers or on another machine where that shows more
	+$(quiet)$(MAKE) programs
	+$(quiet)$(MAKE) board-images
	$(jobs)$(quiet)$(in_tree)MEANWHILE='$(again) -C $(CURDIR) test-programs' OTHER=s390x \
		tests/run $(variant)=$(kinds),board,siege gcc-san=unit,scn,sh s390x=unit fuzz=fuzz

# In two steps: to ask for FUZZ=1 is to have clang.
build_fuzz_programs = +$(quiet)$(MAKE) CC=gcc $(native) FUZZ=0 SAN=1 COV=0 lent && $(MAKE) $(native) COV=0 FUZZ=1 fuzz-programs

# What is still built while tests that mostly wait have begun.
test-programs:
	+$(quiet)$(MAKE) CC=gcc $(native) SAN=1 COV=0 programs
	$(build_fuzz_programs)
	+$(quiet)$(MAKE) CROSS= CROSS_COMPILE=s390x-linux-gnu- SAN=0 COV=0 programs

check: programs $(certificates) $(tree) ## the tests of this variant only
	$(quiet)$(in_tree)tests/run $(variant)=$(kinds)

test-board: all board-images $(tree) ## the boards' images in QEMU
	$(quiet)$(in_tree)tests/run $(variant)=board

peers: $(call ready,test) all peer-images $(tree) ## other people's programs provision and read the device
	$(quiet)rm -f $O/$(variant)/clients
	$(quiet)$(in_tree)LEASE_SECONDS=$(or $(LEASE_SECONDS),600) tests/run $(variant)=peers; \
		status=$$?; cat $(abspath $O)/$(variant)/clients 2>/dev/null; exit $$status

siege: $(call ready,test) all $(tree) ## what strangers try, at length: takes a quarter of an hour
	$(quiet)$(in_tree)SIEGE=long tests/run $(variant)=siege

$(certificates): tests/certificates | $(fetched)
	$(call say,CERT,$(@D))
	$(quiet)tests/certificates $(@D)

test-unit: $(unit_programs) $(certificates) $(tree) ## the unit tests
	$(quiet)$(in_tree)tests/run $(variant)=unit

test-scn: all $(certificates) $(tree) ## the scenarios
	$(quiet)$(in_tree)tests/run $(variant)=scn

test-sh: all $(certificates) $(tree) ## the script tests
	$(quiet)$(in_tree)tests/run $(variant)=sh

claims: all $(unit_programs) $(certificates) $(tree) ## what the sources say of the device: each claim with its run
	$(quiet)$(in_tree)VARIANT=$(variant) tests/claims

# What the counters have to show, lines/branches in percent.
cov_limits := fw/core=100/97 fw/store=98/97 fw/host=98/97 fw/manage=98/94 fw/net=97/90 fw/device=97/90 \
	hal/linux=85/75 sim=90/80 tools=85/75

cov: $(call ready,test) $(certificates) ## lines and branches that the tests reach of each room; O/missed lists the others
	+$(quiet)$(MAKE) CC=gcc $(native) SAN=0 COV=1 programs
	$(quiet)tools/cov --clear $O/gcc-cov
	$(quiet)export TEST_TIMEOUT=$(or $(TEST_TIMEOUT),900); tests/run gcc-cov=unit,scn && \
		ONLY=' sh cli/' tests/run gcc-cov=sh && ONLY=' sh live/' tests/run gcc-cov=sh
	$(quiet)tools/cov $(cov_limits:%=--limit %) --missed $O/missed $O/gcc-cov

fuzz: $(certificates) $(tree) ## each fuzz test for FUZZ_SECONDS=60, and a table of what they found (needs clang)
	$(build_fuzz_programs)
	$(quiet)$(in_tree)tests/fuzz/run $(or $(FUZZ_SECONDS),60)

check-fuzz: $(certificates) $(tree) ## each fuzz test from its stored seeds, for the number of runs that it names
	$(build_fuzz_programs)
	$(quiet)$(in_tree)tests/run fuzz=fuzz

fuzz-programs: $(if $(skip),,$(fuzz_programs))
	@:

explore: $(explore_program) $(certificates) ## what anybody can do to the device, step by step, and what must hold: takes many minutes
	$(quiet)$(explore_program) --certificates $(dir $(certificates)) --plan full

mutants: $(explore_program) $(certificates) $(tree) ## plants known mistakes into a copy, one by one, and shows which test notices
	$(quiet)$(in_tree)VARIANT=$(variant) tests/explore/$(if $(RANDOM),random-mutants $(RANDOM),mutants)

bench: all $(bench_programs) $(certificates) $(tree) ## the benchmarks: counts and ratios
	$(quiet)$B/bench/day
	@echo
	$(quiet)$(in_tree)OBJ=$(abspath $B) tests/bench/instructions.sh $(SCENARIO)
