# SPDX-License-Identifier: BSD-3-Clause
# How an object is made.

$B/lwip/%.o: $B/flags | $(fetched)
	$(call say,CC,$(lwip_dir)/$*.c)
	$(quiet)mkdir -p $(@D)
	$(quiet)$(CC) $(lwip_flags) -c $(lwip_dir)/$*.c -o $@

# Its place is known before it is fetched.
$(lwip_dir)/%.c: | $(fetched) ;

$B/mbedtls/%.o: $B/flags | $(fetched)
	$(call say,CC,$(mbedtls_dir)/$*.c)
	$(quiet)mkdir -p $(@D)
	$(quiet)$(CC) $(mbedtls_flags) -c $(mbedtls_dir)/$*.c -o $@

$(lwip_joined): $(lwip_objects) $(mbedtls_objects) $B/flags tools/lwip-world.lds
	$(call say,LD,$@)
	$(quiet)$(CC) -r -nostdlib -Wl,-T,tools/lwip-world.lds $(lwip_objects) $(mbedtls_objects) -o $@

$B/%.o: %.c $B/flags | $(fetched)
	$(call say,CC,$<)
	$(quiet)mkdir -p $(@D)
	$(quiet)$(CC) $(common) $(warnings) $(coverage) $(includes) -c $< -o $@

$B/cmocka.o: $B/flags | $(call ready,test)
	$(call say,CC,$(cmocka_dir)/src/cmocka.c)
	$(quiet)mkdir -p $(@D)
	$(quiet)$(CC) $(CFLAGS) $(position) $(anywhere) $(cmocka_define) -I$(cmocka_dir)/include \
		-c $(cmocka_dir)/src/cmocka.c -o $@

-include $(patsubst %.o,%.d,$(sort $(call obj,$(proviso) $(ztcagent) $(usbkey) $(meirun) $(unit) $(bench) $(fuzz) $(explore)) \
	$(lwip_objects) $(mbedtls_objects)))
