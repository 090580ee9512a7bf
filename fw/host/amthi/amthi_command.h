// SPDX-License-Identifier: BSD-3-Clause
#ifndef HOST_AMTHI_COMMAND_H
#define HOST_AMTHI_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include "fw/core/bytes.h"
#include "fw/host/amthi/amthi_message.h"
#include "fw/host/amthi/amthi_reply.h"

/* Shared by amthi.c, which has the table of commands, and the commands. */

/* A request and its answer. The dispatcher has checked the request's length; of an ANSI string only
 * the characters are left. */
struct amthi_exchange {
    struct amthi_reply reply;
    const struct amthi_view *view;
    const uint8_t *payload;
    size_t len;
    struct amthi_effects *effects;
};

/* Carries out a command; returns its status. */
typedef uint32_t amthi_handler(struct amthi_exchange *x);

/* amthi_setup.c */
amthi_handler amthi_get_mode, amthi_unprovision, amthi_get_state, amthi_get_audit_record,
    amthi_generate_rng_seed, amthi_start, amthi_set_otp, amthi_get_tls_mode, amthi_enumerate_hashes,
    amthi_get_hash, amthi_get_rng_seed_status, amthi_set_suffix, amthi_get_zero_touch,
    amthi_get_suffix, amthi_set_zero_touch, amthi_get_pid, amthi_get_config_server, amthi_stop,
    amthi_start_ex;
/* amthi_network.c */
amthi_handler amthi_get_tcpip, amthi_get_mac_addresses, amthi_get_dns_suffix_list,
    amthi_set_enterprise_access, amthi_user_initiated, amthi_get_remote_access_status,
    amthi_get_lan_interface, amthi_get_user_initiated_interfaces, amthi_get_ipv6_interface,
    amthi_get_host_fqdn, amthi_set_host_fqdn;
/* amthi_info.c */
amthi_handler amthi_get_code_versions, amthi_get_security_parameters, amthi_get_admin_entry_status,
    amthi_get_power_policy, amthi_get_features_state, amthi_get_reset_reason,
    amthi_get_redirection_state, amthi_get_uuid, amthi_get_local_system_account,
    amthi_get_amt_state;

/* amthi_name.c: makes the payload effects->text if it is a DNS name; else INVALID_PARAMETER. */
uint32_t amthi_accept_name(struct amthi_exchange *x, enum amthi_action action, uint32_t max);

#endif
