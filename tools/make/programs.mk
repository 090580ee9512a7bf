# SPDX-License-Identifier: BSD-3-Clause
# How objects become programs, and which.

define link
$(call say,LD,$@)
$(quiet)$(CC) $(ldflags) $(filter %.o,$^) $1 $(LDLIBS) -o $@ $(quieter)
endef

$B/bin/proviso: $(call obj,$(proviso)) $(lwip_joined)
	$(call link,$(server_libraries))

$B/bin/ztcagent: $(call obj,$(ztcagent))
	$(call link)

$B/bin/usbkey: $(call obj,$(usbkey))
	$(call link)

$B/bin/meirun: $(call obj,$(meirun))
	$(call link)

# It goes into other people's programs: position independent, and without a sanitizer's run-time.
$B/meipreload.so: $(preload) tools/mei/driver.h hal/linux/hostbus.h $B/flags | $(fetched) $(object_folders)
	$(call say,LD,$@)
	$(quiet)$(CC) -std=c11 $(CFLAGS) -U_FORTIFY_SOURCE $(warnings) $(anywhere) -I. -fPIC -shared $(LDFLAGS) $(preload) -o $@

$(foreach t,$(unit),$(eval $(call unit_program,$t): $(call obj,$t) \
	$(call resolve,$(call links_of,$t))))
$(foreach t,$(bench),$(eval $(t:tests/bench/%.c=$B/bench/%): $(call obj,$t) \
	$(call resolve,$(call links_of,$t))))

$(call obj,$(unit)): | $(if $(cmocka),$(call ready,test))

$(unit_programs) $(bench_programs): $(cmocka)
	$(call link,$(if $(cmocka),,-lcmocka) -Wl$(comma)--as-needed $(server_libraries))

$(explore_program): $(call obj,$(explore)) $(call resolve,@fw @sim @lwip)
	$(call link,$(server_libraries))

$(explore_program): ldflags += -Wl,--wrap=tls_identity_step

$B/bench/instructions: ldflags += -Wl,--wrap=device_poll

$(foreach t,$(fuzz),$(eval $(t:tests/fuzz/%.c=$B/bin/%): $(call obj,$t) \
	$(call resolve,$(call links_of,$t))))

# What this variant lends to the fuzz tests.
.PHONY: lent
lent: $(call obj,$(filter $(around),$(sim))) $(mbedtls_objects)

$(fuzz_programs):
	$(call link,-fsanitize=fuzzer -Wl$(comma)--as-needed $(server_libraries))

$(links_to_programs): $O/bin/%: $B/bin/%
	$(quiet)mkdir -p $(@D)
	$(quiet)ln -sfn ../$(variant)/bin/$* $@

$(programs) $(unit_programs) $(bench_programs) $(explore_program) $(fuzz_programs): $B/flags $B/sources | $(object_folders)
