# SPDX-License-Identifier: BSD-3-Clause
# How an object is made.

objects := $(sort $(call obj,$(proviso) $(ztcagent) $(usbkey) $(meirun) $(unit) $(bench) $(fuzz) $(explore) \
	$(filter %.c,$(subst :, ,$(links)))) $(lwip_objects) $(mbedtls_objects))
object_folders := $(call folders_of,$(filter $B/%,$(objects)) $(programs) $(unit_programs) $(bench_programs) \
	$(fuzz_programs) $(explore_program))

$B/lwip/%.o: $B/flags | $(fetched) $(object_folders)
	$(call say,CC,$(lwip_dir)/$*.c)
	$(quiet)$(CC) $(lwip_flags) -c $(lwip_dir)/$*.c -o $@

# Its place is known before it is fetched.
$(lwip_dir)/%.c: | $(fetched) ;

$B/mbedtls/%.o: $B/flags | $(fetched) $(object_folders)
	$(call say,CC,$(mbedtls_dir)/$*.c)
	$(quiet)$(CC) $(mbedtls_flags) -c $(mbedtls_dir)/$*.c -o $@

$(lwip_joined): $(lwip_objects) $(mbedtls_objects) $B/flags tools/lwip-world.lds | $(object_folders)
	$(call say,LD,$@)
	$(quiet)$(CC) -r -nostdlib -Wl,-T,tools/lwip-world.lds $(lwip_objects) $(mbedtls_objects) -o $@

$B/%.o: %.c $B/flags | $(fetched) $(object_folders)
	$(call say,CC,$<)
	$(quiet)$(CC) $(common) $(warnings) $(coverage) $(includes) -c $< -o $@

$B/cmocka.o: $B/flags | $(call ready,test) $(object_folders)
	$(call say,CC,$(cmocka_dir)/src/cmocka.c)
	$(quiet)$(CC) $(CFLAGS) $(position) $(anywhere) $(cmocka_define) -I$(cmocka_dir)/include \
		-c $(cmocka_dir)/src/cmocka.c -o $@

$(object_folders):
	$(quiet)mkdir -p $@

-include $(patsubst %.o,%.d,$(objects))
