# SPDX-License-Identifier: BSD-3-Clause
# What the firmware takes of each board, against its limits.

measuring := size stack size-baseline stack-baseline
.PHONY: $(measuring)

size: measured ## flash and RAM of each board's firmware; fails above the limits
	$(quiet)$(measure_size)

stack: measured ## its worst-case stack, with the deepest path; fails above what is reserved
	$(quiet)$(measure_stack)

size-baseline: measured ## store what `make size DIFF=1` compares with
	$(quiet)$(call store_baseline,size,tools/size $(call size_images) --tsv)

stack-baseline: measured ## store what `make stack DIFF=1` compares with
	$(quiet)$(call store_baseline,stack,tools/stack $(call stack_images) --tsv)

# Of each board an image of its own, so that nobody's is overwritten. Release and profile do not change
# what it takes; without a seed it would lack what draws from one. The limits are those of the firmware
# without the texts; what these add is printed for information. With TLS and the configuration service
# there is one for the board that has the memory: what the other one lacks is seen from the table.
size_limits := $(foreach b,$(boards),--limit '$b:base flash=60K ram=28K') \
	--limit 'mps2-an385-tls-manage:all flash=220K ram=64K' \
	--limit 'mps2-an385-tls-manage-machine:all flash=205K ram=112K' \
	--limit 'lm3s6965evb-manage-machine:all flash=256K ram=48K'
# Images share objects, so that those that do are made one after the other.
measured := $(foreach k,plain texts tls-manage machine,measured-$k)
# With a machine to manage: one with all there is, and one without TLS, which fits into what the other board has.
machine_images := mps2-an385-tls-manage-machine lm3s6965evb-manage-machine

# $1: what is behind the board's name in the folder's, $2: in the image's
size_of = $(foreach b,$(boards),$b$2=$O/$b$1/size/firmware.map --elf $b$2=$O/$b$1/size/firmware.elf)
# $1: "" or -texts
size_images = $(call size_of,$1) $(if $1,,$(call size_of,-tls-manage,-tls-manage) \
	$(foreach i,$(machine_images),$i=$O/$i/size/firmware.map --elf $i=$O/$i/size/firmware.elf))
# The folders by name: an older image beside this one may have larger frames.
stack_images = --calls tools/stack-calls.txt $(foreach b,$(boards),$b=$O/$b$1/size/firmware.elf \
	$(foreach d,hal size shared/. lwip/. mbedtls/.,--su $b=$O/$b$1/$d))

.PHONY: measured $(measured)
measured: $(measured)
measured-texts: | measured-plain

measured_image := IMAGE=size RELEASE=6.0 OEM=intel UUID= SEED=00112233445566778899aabbccddeeff
measured-plain measured-texts measured-tls-manage: measured-%: | $(fetched)
	+$(quiet)set -e; for board in $(boards); do \
		$(MAKE) -s $(native) BOARD=$$board TEXTS=$(if $(filter texts,$*),1,0) \
			$(foreach v,TLS MANAGE ANYWAY,$v=$(if $(filter tls-manage,$*),1,0)) $(measured_image) \
			$O/$$board$(patsubst %,-%,$(filter-out plain,$*))/size/firmware.elf; \
	done

measured-machine: | $(fetched)
	+$(quiet)set -e; for image in $(machine_images); do \
		case $$image in *-tls-*) tls=1 board=$${image%-tls-*} ;; *) tls=0 board=$${image%-manage-*} ;; esac; \
		$(MAKE) -s $(native) BOARD=$$board TLS=$$tls MANAGE=1 MACHINE=1 ANYWAY=1 $(measured_image) $O/$$image/size/firmware.elf; \
	done

# $1: size or stack, $2: arguments that are not for the images with texts
define measure
export CROSS=arm-none-eabi-; status=0; \
tools/$1 $(call $1_images) $2 $(if $(call on,DIFF),--diff tools/$1-baseline.tsv) || status=$$?; \
tools/$1 $(call $1_images) --tsv >$O/$1.tsv || status=$$?; \
echo 'With TEXTS=1 this differs:'; \
tools/$1 $(call $1_images,-texts) --diff $O/$1.tsv || status=$$?; \
exit $$status
endef
measure_size = $(call measure,size,$(size_limits))
measure_stack = $(call measure,stack)

# $1: size or stack, $2: the command that prints it
define store_baseline
{ echo "# $$(arm-none-eabi-gcc --version | head -n 1); make $1-baseline" && CROSS=arm-none-eabi- $2; } \
	>$O/$1.tsv && mv $O/$1.tsv tools/$1-baseline.tsv
endef
