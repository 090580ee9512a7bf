# SPDX-License-Identifier: BSD-3-Clause
# `make help` lists the targets. The parts are in tools/make, those of a board's image in hal/boards.mk.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: FORCE

## O=build             everything that is built, and fetched, goes below this folder (BUILD=dir means the same)
## DEPS_DIR=O/deps     where fetched sources are kept; several build folders may share one
## CC=gcc              compiler: gcc or clang; each has its own folder below O
## CROSS_COMPILE=s390x-linux-gnu-
##                     for another machine: what its gcc is called before "gcc"; tests run in qemu-s390x.
##                     CROSS=s390x is short for it. With BOARD the default is arm-none-eabi-
## SAN=1               with address and undefined-behaviour sanitizers, in a folder of its own
## COV=1               with coverage counters, in a folder of its own
## FUZZ=1              for the fuzz tests: clang, both sanitizers, in O/fuzz
## CFLAGS="-O2 -g"     optimisation and debugging; with SAN, FUZZ or another machine -O1 -g1
## WERROR=             let a compiler's newer warnings pass
## LWIP_DIR=dir        use this lwIP source tree instead of fetching one
## MBEDTLS_DIR=dir     use this mbedTLS source tree instead of fetching one
## CMOCKA_DIR=dir      with CROSS_COMPILE: use this cmocka source tree instead of fetching one
## BOARD=name          a board's image instead; an unknown name prints the list
## SCENARIO=file       bench: the story whose instructions are counted
## DIFF=1              size, stack: only what has changed since the stored baseline
## RANDOM=60           mutants: so many random changes of one token instead; RANDOM="60 2" another 60
## ONLY=text           run only the tests with this text in their name
## V=1                 show the commands

include tools/make/variant.mk
include tools/make/deps.mk
include tools/make/sources.mk
include tools/make/flags.mk
ifdef BOARD
include hal/boards.mk
else
include tools/make/rules.mk
include tools/make/programs.mk
include tools/make/tests.mk
include tools/make/images.mk
include tools/make/size.mk

include tools/make/install.mk

.PHONY: all programs run map pages format lint compile_commands.json clean distclean help

all: $(programs) $(links_to_programs) ## build the programs (the default); with BOARD the image

run: all ## the main job: one scenario on 5.0.2 beside 5.0.3; with BOARD the image in QEMU
	$(quiet)$(bin)/proviso compare sim/scenarios/thread.scn --release 5.0.2 --release 5.0.3

programs: $(stamps) $(if $(skip),,all $(unit_programs) $(if $(machine)$(sanitize),,$(bench_programs) $(explore_program)))
	@:

compile_commands.json: | $(fetched) ## how each file is compiled, for editors: O/compile_commands.json
	$(quiet)$(MAKE) --always-make --dry-run --no-print-directory MAKELEVEL=1 V=1 programs | \
		tools/compile-commands >$O/$@.new && mv $O/$@.new $O/$@

map: ## which room includes which, as a Mermaid chart; fails where they go in a circle
	$(quiet)tools/map

pages: all $(bench_programs) ## make the generated parts of the pages (*.md) anew
	$(quiet)OBJ=$B PROVISO=$(bin)/proviso tools/pages-sync

lint: $(call ready,test) ## other people's checkers read the sources: a table of what they find; FILES="a.c b.sh" only these
	$(quiet)LWIP_DIR='$(lwip_dir)' MBEDTLS_DIR='$(mbedtls_dir)' tools/lint $(FILES)

format: ## lay the sources out, with the clang-format that they were laid out with
	$(quiet)tools/format -i

clean: ## remove what was built, keep what was fetched
	$(quiet)[ ! -d $O ] || find $O -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} +

distclean: ## remove what was built and fetched
	$(quiet)rm -rf $O

makefiles = Makefile hal/boards.mk $(wildcard tools/make/*.mk)
help: ## this list
	@awk -F ':.*## ' '/^[a-z_.-]+:.*## / { printf "  %-21s %s\n", $$1, $$2 }' $(makefiles)
	@sed -n 's/^## /  /p' $(makefiles)

endif

$(stamps):
	$(quiet)mkdir -p $(@D)
	$(quiet)printf '%s\n' '$(subst ','\'',$(text_of_$@))' >$@
