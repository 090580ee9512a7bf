# SPDX-License-Identifier: BSD-3-Clause
# What is built and where: compiler, options with folders of their own, build folder.

O ?= $(or $(BUILD),build)
# The same folder has one name, however it was given: dependency files hold names.
override O := $(patsubst $(CURDIR)/%,%,$(abspath $O))
$(if $(filter $(CURDIR) /,$O),$(error O=$O: expected a folder of its own))

ifeq ($(origin CC),default)
CC := gcc
endif
ifndef BOARD
ifdef CROSS
CROSS_COMPILE := $(CROSS)-linux-gnu-
endif
ifneq ($(CROSS_COMPILE),)
override CC := $(CROSS_COMPILE)gcc
endif
endif
machine := $(firstword $(subst -, ,$(notdir $(CROSS_COMPILE))))
# For another make, whatever this one was called with.
native := CROSS= CROSS_COMPILE=
ifeq ($(FUZZ),1)
override CC := clang
override SAN := 1
endif
# Nobody ships the tests, so they are built quickly; and what is built to be tested once more is, most of all the
# world that it is tested in.
quick_tests := $(if $(CFLAGS),,yes)
quickly := $(if $(CFLAGS),,$(machine)$(filter 1,$(SAN)))
CFLAGS ?= $(if $(quickly),-O1 -g1,-O2 -g)
WERROR ?= -Werror

$(foreach v,SAN COV FUZZ V TEXTS TLS MANAGE ANYWAY BENCH DIFF,$(if $(filter-out 0 1,$($v)),$(error $v is 0 or 1, not "$($v)")))
on = $(filter 1,$($1))

compiler := $(notdir $(firstword $(filter-out ccache,$(CC))))
variant := $(if $(call on,FUZZ),fuzz,$(or $(machine),$(compiler))$(if $(call on,SAN),-san)$(if $(call on,COV),-cov))
B := $O/$(variant)
bin := $(if $(filter gcc,$(variant)),$O/bin,$B/bin)

ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -r --no-print-directory -j$(shell nproc)
endif
# `make clean run` means one after the other, however many jobs there are.
ifneq ($(filter clean distclean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

# make -n
dry_run := $(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS))))

comma := ,
space := $(subst ,, )
quiet := $(if $(call on,V),,@)
# Make itself says it: a process for each line would take longer than some compilations.
say = $(if $(quiet),$(info $(space) $1  $2))

# A stamp is a file with a text. It is written anew when the text is another one than when it was
# written, and so is made anew what depends on it; nothing is removed, and nothing written while this is read.
# $(call stamp_of,FILE,TEXT)
stamp_of = $(eval stamps += $1)$(eval text_of_$1 := $$2)$(if $(call same,$(file <$1),$2),,$(eval $1: FORCE))
same = $(call within,$(strip $1),$(strip $2))
within = $(and $(findstring <$1>,<$2>),$(findstring <$2>,<$1>))
stamps :=
