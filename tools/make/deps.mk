# SPDX-License-Identifier: BSD-3-Clause
# What is fetched: lwIP, mbedTLS and, for another machine, cmocka. `tools/fetch-deps` says how.

deps := $O/deps
lwip_dir := $(or $(LWIP_DIR),$(deps)/lwip)
mbedtls_dir := $(or $(MBEDTLS_DIR),$(deps)/mbedtls)
cmocka_dir := $(or $(CMOCKA_DIR),$(deps)/cmocka)

# One stamp for each source of them: what is true of one says nothing of another.
ready = $(deps)/ready-$1$(subst /,_,$(LWIP_DIR:%=-%)$(MBEDTLS_DIR:%=-%)$(CMOCKA_DIR:%=-%))
fetched := $(call ready,$(if $(BOARD),board,$(if $(machine),test,build)))

# Scripts and other tools look for them in the build folder.
ifneq ($(DEPS_DIR),)
$(deps):
	$(quiet)mkdir -p $(DEPS_DIR) $O && ln -sfn $(abspath $(DEPS_DIR)) $@
endif

$(foreach w,build board test,$(call ready,$w)): $(deps)/ready-%: tools/fetch-deps $(if $(DEPS_DIR),| $(deps))
	$(quiet)DEPS_DIR=$(deps) tools/fetch-deps $(firstword $(subst -, ,$*))
	$(quiet)touch $@
