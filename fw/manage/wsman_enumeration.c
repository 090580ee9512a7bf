// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/wsman_enumeration.h"

#include <string.h>

#include "fw/core/hex.h"
#include "fw/manage/wsman_instance.h"

/* How much a reply may hold: of the request, or as much as fits. */
struct bounds {
    uint32_t elements, characters;
};

/* XML Schema's positiveInteger; what is larger than 10^9 counts as that, which is more than there
 * is. Left alone if it is not there. False: it is none. */
static bool read_positive(const struct soap_request *r, enum soap_field field, uint32_t *out)
{
    const char *c = soap_text(r, field);
    uint32_t number = 0;

    if (!soap_has(r, field))
        return true;
    for (; *c >= '0' && *c <= '9'; c++)
        number = number < 100000000u ? number * 10u + (uint32_t)(*c - '0') : 1000000000u;
    *out = number;
    return *c == '\0' && number > 0;
}

static bool read_bounds(const struct soap_request *r, struct bounds *out)
{
    *out = (struct bounds){UINT32_MAX, UINT32_MAX};
    return read_positive(r, SOAP_MAX_ELEMENTS, &out->elements) &&
           read_positive(r, SOAP_MAX_CHARACTERS, &out->characters);
}

static bool read_mode(const struct soap_request *r, uint8_t *out)
{
    static const char *const name[] = {[WSMAN_OBJECTS] = "",
                                       [WSMAN_REFERENCES] = "EnumerateEPR",
                                       [WSMAN_BOTH] = "EnumerateObjectAndEPR"};

    for (uint8_t i = 0; i < sizeof(name) / sizeof(name[0]); i++)
        if (strcmp(soap_text(r, SOAP_MODE), name[i]) == 0) {
            *out = i;
            return true;
        }
    return false;
}

bool wsman_filter_is_foreign(const struct soap_request *r)
{
    return r->filter && strcmp(soap_text(r, SOAP_DIALECT), WSMAN_SELECTOR_DIALECT) != 0;
}

static void write_context(struct out *o, const struct wsman_enumeration *e)
{
    out_start_tag(o, "d", "EnumerationContext");
    out_print(o, "%8X", e->id);
    out_text(o, "-0000-0000-0000-000000000000");
    out_end_tag(o, "d", "EnumerationContext");
}

/* Takes a free one, or else the oldest. */
static struct wsman_enumeration *new_enumeration(struct wsman *w)
{
    struct wsman_enumeration *e = &w->enumeration[0];

    for (int i = 1; i < LIMIT_ENUMERATIONS; i++)
        if (w->enumeration[i].id < e->id)
            e = &w->enumeration[i];
    e->id = ++w->enumerations;
    return e;
}

static struct wsman_enumeration *find_enumeration(struct wsman_exchange *x)
{
    static const char rest[] = "-0000-0000-0000-000000000000";
    const char *text = soap_text(x->request, SOAP_CONTEXT);
    uint32_t id = 0;

    for (int i = 0; i < 8; i++) {
        int digit = hex_digit(*text);

        if (digit < 0)
            return NULL;
        id = id << 4 | (uint32_t)digit;
        text++;
    }
    if (strcmp(text, rest) != 0)
        return NULL;
    for (int i = 0; id != 0 && i < LIMIT_ENUMERATIONS; i++) {
        struct wsman_enumeration *e = &x->wsman->enumeration[i];

        if (e->id == id && e->class == x->class)
            return e;
    }
    return NULL;
}

/* Room kept for the end of the reply, which may contain the context. */
#define REPLY_END 140u

static void write_item(struct wsman_exchange *x, const struct wsman_enumeration *e)
{
    if (e->mode == WSMAN_BOTH)
        out_text(x->out, "<c:Item>");
    if (e->mode != WSMAN_REFERENCES)
        wsman_write_instance(x->out, x->class, x->view, e->next);
    if (e->mode != WSMAN_OBJECTS)
        wsman_write_reference(x->out, "b", "EndpointReference", x->class, x->view, e->next);
    if (e->mode == WSMAN_BOTH)
        out_text(x->out, "</c:Item>");
}

/* Writes items, and how far they go is kept. What is false where there are more, but none of them
 * fits: *why. */
static bool write_items(struct wsman_exchange *x, struct wsman_enumeration *e,
                        const struct bounds *bounds, enum wsman_fault *why)
{
    struct out *o = x->out;
    size_t begin = o->len;
    uint8_t first = e->next;

    for (uint32_t left = bounds->elements; left > 0 && e->next < e->end; left--) {
        size_t from = o->len;

        write_item(x, e);
        *why = o->full || o->cap - o->len < REPLY_END ? FAULT_ITEM : FAULT_CHARACTERS;
        if (*why == FAULT_ITEM || o->len - begin > bounds->characters) {
            o->len = from;
            o->full = false;
            break;
        }
        e->next++;
    }
    return e->next > first || e->next == e->end;
}

/* Of what is there now: between Enumerate and Pull instances may have gone. */
static void clip(struct wsman_exchange *x, struct wsman_enumeration *e)
{
    uint32_t instances = wsman_class_instances(x->class, x->view);

    if (e->end > instances)
        e->end = (uint8_t)instances;
    if (e->next > e->end)
        e->next = e->end;
}

/* The first items in the same reply. The context, which comes before them, is then empty if they
 * are all. */
static void write_optimized(struct wsman_exchange *x, struct wsman_enumeration *e,
                            const struct bounds *bounds)
{
    struct out *o = x->out;
    size_t at = o->len + sizeof("<d:EnumerationContext>") - 1, items;
    enum wsman_fault why;

    write_context(o, e);
    items = o->len - (sizeof("</d:EnumerationContext>") - 1);
    out_text(o, "<c:Items>");
    write_items(x, e, bounds, &why);
    out_text(o, "</c:Items>");
    if (e->next < e->end || o->full)
        return;
    out_text(o, "<c:EndOfSequence></c:EndOfSequence>");
    e->id = 0;
    memmove(o->text + at, o->text + items, o->len - items);
    o->len -= items - at;
}

uint16_t wsman_enumerate(struct wsman_exchange *x)
{
    struct bounds bounds;
    struct wsman_enumeration *e;
    uint32_t first = 0, count = wsman_class_instances(x->class, x->view);
    uint8_t mode;

    if (!read_bounds(x->request, &bounds))
        return wsman_fault(x, FAULT_XML);
    if (!read_mode(x->request, &mode))
        return wsman_fault(x, FAULT_MODE);
    if (wsman_filter_is_foreign(x->request))
        return wsman_fault(x, FAULT_DIALECT);
    if (x->request->filter) {
        enum wsman_selection selection =
            wsman_select(x->class, x->view, x->request, &first, &count);

        if (selection == SELECTS_UNKNOWN || selection == SELECTS_TWICE)
            return wsman_fault(x, FAULT_FILTER);
    }
    e = new_enumeration(x->wsman);
    e->class = x->class;
    e->next = (uint8_t)first;
    e->end = (uint8_t)(first + count);
    e->mode = mode;
    wsman_begin(x, WSMAN_ENUMERATION, "/EnumerateResponse", "");
    out_start_tag(x->out, "d", "EnumerateResponse");
    if (x->request->optimize)
        write_optimized(x, e, &bounds);
    else
        write_context(x->out, e);
    out_end_tag(x->out, "d", "EnumerateResponse");
    return wsman_finish(x);
}

/* A context in the reply means that there are more. */
uint16_t wsman_pull(struct wsman_exchange *x)
{
    struct wsman_enumeration *e = find_enumeration(x);
    struct out *o = x->out;
    struct bounds bounds;
    enum wsman_fault why;

    if (!e)
        return wsman_fault(x, FAULT_CONTEXT);
    if (!read_bounds(x->request, &bounds))
        return wsman_fault(x, FAULT_XML);
    clip(x, e);
    wsman_begin(x, WSMAN_ENUMERATION, "/PullResponse", "");
    out_text(o, "<d:PullResponse><d:Items>");
    if (!write_items(x, e, &bounds, &why))
        return wsman_fault(x, why);
    out_end_tag(o, "d", "Items");
    if (e->next < e->end) {
        write_context(o, e);
    } else {
        out_text(o, "<d:EndOfSequence></d:EndOfSequence>");
        e->id = 0;
    }
    out_end_tag(o, "d", "PullResponse");
    return wsman_finish(x);
}

uint16_t wsman_release(struct wsman_exchange *x)
{
    struct wsman_enumeration *e = find_enumeration(x);

    if (!e)
        return wsman_fault(x, FAULT_CONTEXT);
    e->id = 0;
    wsman_begin(x, WSMAN_ENUMERATION, "/ReleaseResponse", "");
    return wsman_finish(x);
}
