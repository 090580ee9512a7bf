# SPDX-License-Identifier: BSD-3-Clause
# Rules for a board's image; the Makefile includes this when BOARD is given.

ifeq ($(filter $(BOARD),$(boards)),)
$(error unknown board "$(BOARD)"; there are: $(boards))
endif

## RELEASE=6.0         BOARD: the firmware release that the board is
## OEM=intel           BOARD: the OEM profile that it ships with
## TEXTS=1             BOARD: with the texts that only the trace shows: reasons and sources of rules,
##                     names of commands and statuses
## TLS=0               BOARD: 1 with TLS on the set-up port; without it the port resets every connection
## MANAGE=0            BOARD: 1 with the configuration service; without it its port resets every connection
## MACHINE=0           BOARD: with MANAGE=1, 1 also manages the machine behind it: power, serial line, users, log
## BENCH=0             BOARD: 1 says on the console what each hand-shake takes (with TLS, mps2-an385 only)
## ANYWAY=1            BOARD: link also what does not fit, to see how large it is
## TAP=proviso0        BOARD: run, gdb: the network interface (root); without root QEMU's own network
## UUID=               BOARD: its UUID; without one it is made from the board's MAC address
## IMAGE=name          BOARD: the image's folder under O/<board>; default RELEASE-OEM
## SEED=               BOARD: hexadecimal digits that nobody can guess, its only entropy; a run in
##                     QEMU draws its own
RELEASE ?= 6.0
OEM ?= intel
TEXTS ?= 0
TLS ?= 0
MANAGE ?= 0
MACHINE ?= 0
ANYWAY ?= 0
BENCH ?= 0
UUID ?=
SEED ?=
DOMAIN ?= proviso.example

# A seed of this build folder's own, for runs in QEMU.
ifneq ($(filter run gdb,$(MAKECMDGOALS)),)
ifeq ($(SEED),)
ifeq ($(dry_run),)
$(shell mkdir -p $O; [ -s $O/seed ] || od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n' >$O/seed)
endif
SEED := $(file <$O/seed)
IMAGE := $(or $(IMAGE),run-$(RELEASE)-$(OEM))
endif
endif

include hal/$(BOARD)/board.mk # cpu, port (its folders), qemu, flash commands

options := $(if $(call on,TLS),-tls)$(if $(call on,MANAGE),-manage)$(if $(call on,MACHINE),-machine)$(if $(call on,TEXTS),-texts)
B := $O/$(BOARD)$(options)
# What boards of the same processor share, as $O/cortex-m3-mthumb-tls; links in $B lead there. One board
# is built after the other for that.
processor := $(subst =,-,$(subst $(space),,$(patsubst -mcpu=%,%,$(cpu))))
S := $O/$(processor)$(options)
# With a configuration service only these ask for TLS (tests/cli/layers.sh); all else is the same with it and without.
asks_for_tls := $(wildcard fw/device*.c) fw/core/trace.c fw/board/trace_line.c $(wildcard fw/net/tls*.c)
T := $O/$(processor)$(subst -tls,,$(options))-both
# The libraries depend on less (tests/cli/layers.sh): lwIP on there being a service at all, mbedTLS on TLS.
L := $O/$(processor)-lwip$(if $(call on,TLS)$(call on,MANAGE),-served)
M := $O/$(processor)-mbedtls$(if $(call on,TLS),-tls)
image_name := $(or $(IMAGE),$(RELEASE)-$(OEM))
config := $B/$(image_name)
elf := $(config)/firmware.elf
image := $(config)/firmware.bin

prefix := $(or $(CROSS_COMPILE),arm-none-eabi-)
override CC := $(prefix)gcc
CFLAGS := -Os -g
built_in := -DFW_TEXTS=$(TEXTS) -DFW_TLS=$(TLS) -DFW_MANAGE=$(MANAGE) -DFW_MACHINE=$(MACHINE)
built_in_both := $(subst -DFW_TLS=0,-DFW_TLS=1,$(built_in))
library_flags = -DFW_TEXTS=0 -DFW_MACHINE=0 $(board_flags) -Wall -Wextra
flags_of_lwip = -DFW_TLS=0 -DFW_MANAGE=$(if $(call on,TLS)$(call on,MANAGE),1,0) $(library_flags)
flags_of_mbedtls = -DFW_TLS=$(TLS) -DFW_MANAGE=1 $(library_flags)
board_flags := -std=c11 $(CFLAGS) $(cpu) \
	-ffunction-sections -fdata-sections -fno-common \
	-fstack-usage -fcallgraph-info=su -MD -MP
picolibc := --specs=picolibc.specs

# What differs from one image of a board to another is compiled into the image's own folder.
own := fw/board/main.c hal/cortex-m/seed.c $(if $(call on,BENCH),tests/bench/board/count.c)
machine_only := fw/board/machine.c $(wildcard hal/*/serial.c) fw/core/event_log.c fw/core/machine.c fw/core/redirection.c $(wildcard fw/redirect/*.c) \
	fw/device_machine.c fw/device_redirect.c \
	fw/manage/class_inventory.c \
	$(foreach area,log network power redirection,fw/manage/class_$(area).c fw/manage/operation_$(area).c)
without := $(if $(call on,TLS),,$(wildcard fw/net/tls*.c)) \
	$(if $(call on,MANAGE),,fw/device_manage.c fw/device_pending.c fw/net/plain_carrier.c $(wildcard fw/manage/*.c)) \
	$(if $(call on,MACHINE),,$(machine_only)) \
	$(if $(call on,TLS)$(call on,MANAGE),,fw/net/connection.c fw/net/turns.c)
board_sources := $(filter-out $(own) $(without),$(fw) $(foreach d,$(port),$(wildcard $d/*.c)))
# Linked in this order, wherever they lie.
folder_of = $(if $(filter hal/$(BOARD)/%,$1),$B,$(if $(call on,MANAGE),$(if $(filter $(asks_for_tls),$1),$S,$T),$S))
board_objects := $(foreach f,$(board_sources),$(call folder_of,$f)/$(f:.c=.o))
own_objects := $(own:%.c=$(config)/%.o)
lwip_board := $(lwip:%=$L/lwip/%.o)
mbedtls_board := $(patsubst %,$M/mbedtls/%.o,$(sort $(mbedtls) $(if $(call on,TLS),$(mbedtls_tls)) $(if $(call on,MANAGE),library/md5)))

object_folders := $(call folders_of,$(board_objects) $(own_objects) $(lwip_board) $(mbedtls_board))
$(object_folders):
	$(quiet)mkdir -p $@

$(call stamp_of,$B/flags,$(CC) $(built_in) $(board_flags) $(warnings))
$(call stamp_of,$S/flags,$(CC) $(built_in) $(board_flags) $(warnings))
$(call stamp_of,$T/flags,$(CC) $(built_in_both) $(board_flags) $(warnings))
$(call stamp_of,$L/flags,$(CC) $(flags_of_lwip))
$(call stamp_of,$M/flags,$(CC) $(flags_of_mbedtls))
$(call stamp_of,$B/sources,$(board_objects) $(lwip_board) $(mbedtls_board))
$(call stamp_of,$(config)/wanted,'$(BOARD)' '$(RELEASE)' '$(OEM)' '$(UUID)' '$(SEED)')
-include $(patsubst %.o,%.d,$(board_objects) $(own_objects) $(lwip_board) $(mbedtls_board))

.PHONY: all image run gdb flash

all: image
	$(quiet)$(prefix)size $(elf)

image: $(image)
	@:

# Root has TAP interfaces, everybody has QEMU's own network.
TAP ?= $(if $(filter 0,$(shell id -u)),proviso0)
qemu_run := tools/board-run $(BOARD) $(image) $(if $(TAP),--tap $(TAP),--user $(DOMAIN)) $(STATE:%=--state %)

run: $(image)
	$(quiet)$(qemu_run)

gdb: $(image) ## with BOARD: the image in QEMU, stopped at its first instruction under gdb
	$(quiet)command -v gdb-multiarch >/dev/null || { echo "gdb-multiarch is not installed" >&2; exit 2; }
	$(quiet)gdb-multiarch -q -ex 'target remote | exec $(qemu_run) --serial file:$(config)/console -- -S -gdb stdio' $(elf)

flash: $(if $(openocd_board),$(elf)) ## with BOARD: write the image to the board, where OpenOCD knows it
ifdef openocd_board
	$(quiet)command -v openocd >/dev/null || { echo "openocd is not installed" >&2; exit 2; }
	$(quiet)openocd -f $(openocd_board) -c 'program $(elf) verify reset exit'
else
	@echo "$(BOARD): $(flash_hint)" >&2; exit 2
endif

# Its headers are as new as what they say.
$(config)/given: $(config)/wanted tools/board-config fw/core/release.h
	$(quiet)tools/board-config $(config) $(text_of_$<)
	$(quiet)touch $@

$(own_objects): $(config)/%.o: %.c $B/flags $(config)/given | $(fetched) $(object_folders)
	$(call say,CC,$<)
	$(quiet)$(CC) $(built_in) $(board_flags) $(anywhere) $(warnings) $(includes) -I$(config) $(picolibc) -c $< -o $@

$(core:%.c=$S/%.o) $(core:%.c=$T/%.o): includes := -I.

$(filter $B/%,$(board_objects)): $B/%.o: %.c $B/flags | $(fetched) $(object_folders)
	$(compile_for_board)

$(filter $S/%,$(board_objects)): $S/%.o: %.c $S/flags | $(fetched) $(object_folders)
	$(compile_for_board)

$(filter $T/%,$(board_objects)): $T/%.o: %.c $T/flags | $(fetched) $(object_folders)
	$(compile_for_board)
$(filter $T/%,$(board_objects)): built_in := $(built_in_both)

define compile_for_board
$(call say,CC,$<)
$(quiet)$(CC) $(built_in) $(board_flags) $(anywhere) $(warnings) $(includes) $(picolibc) -c $< -o $@
endef

$(lwip_board): $L/lwip/%.o: $L/flags | $(fetched) $(object_folders)
	$(call say,CC,$(lwip_dir)/$*.c)
	$(quiet)$(CC) $(flags_of_lwip) $(anywhere) $(includes) $(picolibc) -c $(lwip_dir)/$*.c -o $@

$(mbedtls_board): $M/mbedtls/%.o: $M/flags | $(fetched) $(object_folders)
	$(call say,CC,$(mbedtls_dir)/$*.c)
	$(quiet)$(CC) $(flags_of_mbedtls) $(anywhere) $(includes) $(picolibc) -c $(mbedtls_dir)/$*.c -o $@

# What is loaded: the flash alone, without the places in RAM that a loader would clear.
$(image): $(elf)
	$(quiet)$(prefix)objcopy -O binary $< $@

$(elf): $(config)/given $B/flags $B/sources $(board_objects) $(own_objects) $(lwip_board) $(mbedtls_board) hal/cortex-m/sections.lds hal/$(BOARD)/memory.lds
	$(call say,LD,$@)
	$(quiet)ln -sfn ../$(notdir $S) $B/shared $(if $(call on,MANAGE),&& ln -sfn ../$(notdir $T) $B/both) && ln -sfn ../$(notdir $L) $B/lwip && ln -sfn ../$(notdir $M) $B/mbedtls
	$(quiet)$(CC) $(CFLAGS) $(cpu) $(picolibc) -nostartfiles -Wl,--gc-sections -Wl,--fatal-warnings \
		-Wl,-Map=$(@:.elf=.map) -Lhal/$(BOARD) -T hal/cortex-m/sections.lds $(filter %.o,$^) -o $@ \
		$(if $(call on,BENCH),-Wl$(comma)--wrap=device_poll) \
		$(if $(call on,ANYWAY),-Wl$(comma)--noinhibit-exec 2>$@.errors || { cat $@.errors >&2; exit 1; })
