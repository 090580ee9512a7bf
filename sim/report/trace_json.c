// SPDX-License-Identifier: BSD-3-Clause
#include "sim/report/trace_json.h"

#include <inttypes.h>

#include "sim/base/json.h"
#include "sim/net/packet.h"
#include "sim/scenario/names.h"

static void text_field(FILE *out, const char *name, const char *text)
{
    if (!text)
        return;
    fprintf(out, ",\"%s\":", name);
    json_string(out, text);
}

static void ip_field(FILE *out, const char *name, uint32_t ip)
{
    char text[16];

    ip_text(ip, text);
    fprintf(out, ",\"%s\":\"%s\"", name, text);
}

static void address_fields(FILE *out, const struct packet *packet)
{
    char src[16], dst[16];

    ip_text(packet->src_ip, src);
    ip_text(packet->dst_ip, dst);
    if (packet->kind == PACKET_ARP || packet->kind == PACKET_ICMP)
        fprintf(out, ",\"src\":\"%s\",\"dst\":\"%s\"", src, dst);
    else
        fprintf(out, ",\"src\":\"%s:%u\",\"dst\":\"%s:%u\"", src, (unsigned)packet->src_port, dst,
                (unsigned)packet->dst_port);
}

static void tcp_fields(FILE *out, const struct packet *packet)
{
    static const struct {
        uint8_t flag;
        char letter;
    } flags[] = {
        {PACKET_TCP_SYN, 'S'}, {PACKET_TCP_FIN, 'F'}, {PACKET_TCP_RST, 'R'}, {PACKET_TCP_ACK, 'A'}};

    fputs(",\"flags\":\"", out);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (packet->tcp_flags & flags[i].flag)
            fputc(flags[i].letter, out);
    fprintf(out, "\",\"data\":%zu", packet->payload_len);
}

static void frame_fields(FILE *out, const struct world_event *event)
{
    static const char *const proto[] = {
        [PACKET_OTHER] = "other", [PACKET_ARP] = "arp", [PACKET_DHCP] = "dhcp",
        [PACKET_DNS] = "dns",     [PACKET_UDP] = "udp", [PACKET_TCP] = "tcp",
        [PACKET_ICMP] = "icmp",
    };
    struct packet packet;
    bool good = packet_parse(event->frame, event->len, &packet);

    fprintf(out, ",\"from\":\"%s\",\"len\":%zu,\"proto\":\"%s\"", lan_sender_names[event->sender],
            event->len, proto[packet.kind]);
    if (good && packet.kind != PACKET_OTHER)
        address_fields(out, &packet);
    if (good && packet.kind == PACKET_TCP)
        tcp_fields(out, &packet);
}

static void hello_fields(FILE *out, const struct world_event *event)
{
    ip_field(out, "from", event->ip);
    fprintf(out, ",\"port\":%u", (unsigned)event->port);
    if (event->hello)
        fprintf(out, ",\"version\":%u,\"retry\":%" PRIu32, (unsigned)event->hello->version,
                event->hello->retry);
    else
        fputs(",\"version\":null,\"retry\":null", out);
    fputs(",\"bytes\":\"", out);
    for (size_t i = 0; i < event->len; i++)
        fprintf(out, "%02x", event->frame[i]);
    fputc('"', out);
}

/* Text of the serial line byte by byte: it may hold anything. */
static void console_fields(FILE *out, const struct world_event *event)
{
    ip_field(out, "ip", event->ip);
    if (event->kind == WORLD_CONSOLE_CALL) {
        text_field(out, "result", call_result_words[event->result]);
        fprintf(out, ",\"http\":%u,\"status\":%" PRIu32 ",\"value\":%" PRIu32,
                (unsigned)event->port, event->value, event->number);
    } else if (event->kind == WORLD_CONSOLE_SOL) {
        text_field(out, "state", sol_state_words[event->result]);
    } else if (event->kind == WORLD_CONSOLE) {
        text_field(out, "text", event->text);
    } else {
        fputs(",\"bytes\":\"", out);
        for (size_t i = 0; i < event->len; i++)
            fprintf(out, "%02x", event->frame[i]);
        fputc('"', out);
    }
}

void trace_json_event(FILE *out, const struct world_event *event)
{
    static const char *const kind[] = {
        [WORLD_FRAME] = "frame",
        [WORLD_DEVICE] = "device",
        [WORLD_PC] = "pc",
        [WORLD_AGENT] = "agent",
        [WORLD_HELLO] = "hello",
        [WORLD_SCA] = "sca",
        [WORLD_SCA_LOG] = "sca-log",
        [WORLD_SCA_OPERATION] = "sca-operation",
        [WORLD_SCA_STAGE] = "sca-stage",
        [WORLD_CONSOLE] = "console",
        [WORLD_CONSOLE_CALL] = "console-call",
        [WORLD_CONSOLE_SOL] = "console-sol",
        [WORLD_SERIAL] = "serial",
    };

    fprintf(out, "{\"t_us\":%" PRIu64 ",\"kind\":\"%s\"", event->time_us, kind[event->kind]);
    switch (event->kind) {
    case WORLD_FRAME:
        frame_fields(out, event);
        break;
    case WORLD_DEVICE:
        fprintf(out, ",\"event\":\"%s\",\"value\":%" PRIu32, trace_word(event->trace),
                event->value);
        text_field(out, "text", event->text);
        text_field(out, "source", event->source);
        break;
    case WORLD_HELLO:
        hello_fields(out, event);
        break;
    case WORLD_SCA:
        ip_field(out, "ip", event->ip);
        fprintf(out, ",\"port\":%u", (unsigned)event->port);
        text_field(out, "text", event->text);
        break;
    case WORLD_SCA_OPERATION:
        ip_field(out, "ip", event->ip);
        fprintf(out, ",\"http\":%u,\"status\":%" PRIu32, (unsigned)event->port, event->value);
        text_field(out, "text", event->text);
        break;
    case WORLD_SCA_STAGE:
        ip_field(out, "ip", event->ip);
        text_field(out, "stage", sca_stage_names[event->port]);
        text_field(out, "text", event->text);
        break;
    case WORLD_CONSOLE:
    case WORLD_CONSOLE_CALL:
    case WORLD_CONSOLE_SOL:
    case WORLD_SERIAL:
        console_fields(out, event);
        break;
    default:
        text_field(out, "text", event->text);
        break;
    }
    fputs("}\n", out);
}
