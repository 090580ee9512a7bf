# SPDX-License-Identifier: BSD-3-Clause
# What the programs are made of.

# What only surrounds what fuzz tests look into is linked as gcc's sanitizers have it (tools/make/tests.mk).
lender := $O/gcc-san
around := $(addprefix sim/,cmd/% console/% live/% pc/% report/% run/% world/%)
lent := $(if $(call on,FUZZ),$(around))
obj = $(patsubst %.c,$B/%.o,$(filter-out $(lent),$1)) $(patsubst %.c,$(lender)/%.o,$(filter $(lent),$1))

core := $(wildcard fw/core/*.c)
fw := $(filter-out fw/board/main.c,$(wildcard fw/*.c fw/*/*.c fw/*/*/*.c))
hal := $(wildcard hal/virtual/*.c hal/linux/*.c)
sim := $(wildcard sim/*/*.c)
agent := tools/ztcagent/agent.c
secret := tools/secret.c
options := tools/options.c
line := tools/line.c
ztcagent := $(sort $(agent) $(wildcard tools/ztcagent/*.c)) $(secret) $(options) $(line) $(core)
proviso := $(fw) $(hal) $(sim) $(agent) $(secret) $(options) $(line)
mei := tools/mei/driver.c
meirun := $(wildcard tools/meirun/*.c) $(mei)
preload := tools/meipreload/meipreload.c $(mei)
usbkey := $(wildcard tools/usbkey/*.c) $(secret) $(options) $(core) $(wildcard fw/host/usbkey/usbkey*.c)
unit := $(wildcard tests/unit/*/test_*.c)
unit := $(filter-out $(if $(machine),$(shell grep -lE '^// (once|plain): ' $(unit)),$(if $(call on,SAN),$(shell \
	grep -l '^// plain: ' $(unit)))),$(unit))
# What set-up servers in scenarios show of themselves.
certificates := $O/certificates/certificates.oem

# Folders are there before what lies in them: made once, not for each file.
folders_of = $(sort $(patsubst %/,%,$(dir $1)))

lwip := $(addprefix src/core/,def dns inet_chksum init ip mem memp netif pbuf raw stats sys tcp \
	tcp_in tcp_out udp) \
	$(addprefix src/core/ipv4/,acd dhcp etharp icmp ip4 ip4_addr ip4_frag) \
	src/netif/ethernet
mbedtls := $(addprefix library/,platform_util sha256)
mbedtls_tls := $(addprefix library/,aes asn1parse asn1write bignum cipher cipher_wrap constant_time \
	gcm md md2 md5 memory_buffer_alloc oid pk pk_wrap pkparse pkwrite platform rsa rsa_internal sha1 \
	sha512 ssl_ciphersuites ssl_msg ssl_srv ssl_tls x509 x509_create x509_crt x509write_crt)
mbedtls_host := $(mbedtls) $(mbedtls_tls) $(addprefix library/,base64 pem ssl_cli)
mbedtls_objects := $(mbedtls_host:%=$(if $(lent),$(lender),$B)/mbedtls/%.o)
lwip_objects := $(lwip:%=$B/lwip/%.o)
lwip_joined := $B/lwip.o

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
group_@sim := $(call obj,$(filter-out sim/cmd/main.c,$(sim)) $(hal) $(agent) $(options) $(line))
resolve = $(sort $(foreach w,$1,$(if $(filter @%,$w),$(or $(group_$w),$(error unknown group $w)),\
	$(call obj,$w))))

fuzz_programs := $(fuzz:tests/fuzz/%.c=$B/bin/%)
programs := $(addprefix $B/bin/,proviso ztcagent usbkey meirun) $B/meipreload.so
links_to_programs := $(if $(filter $B/bin,$(bin)),,$(addprefix $(bin)/,proviso ztcagent usbkey meirun))
bench_programs := $(bench:tests/bench/%.c=$B/bench/%)
explore_program := $B/explore/explore
# All in one folder: their names differ.
unit_program = $B/unit/$(basename $(notdir $1))
unit_programs := $(foreach t,$(unit),$(call unit_program,$t))

# A board is a folder hal/<board> with board.mk, memory.lds and its sources; the template is a port to
# begin with.
boards := $(filter-out template,$(patsubst hal/%/board.mk,%,$(wildcard hal/*/board.mk)))
