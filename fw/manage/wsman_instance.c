// SPDX-License-Identifier: BSD-3-Clause
#include "fw/manage/wsman_instance.h"

#include <string.h>

#define ANONYMOUS "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"

static const char *key_value(const struct wsman_class *c, const struct wsman_key *k,
                             const struct manage_view *v, uint32_t instance)
{
    if (!k->value)
        return c->fixed_id ? c->fixed_id : c->id(v, instance);
#if FW_MACHINE
    if (k->value == wsman_second_id)
        return c->id(v, instance + WSMAN_SECOND);
#endif
    return k->value[0] ? k->value : c->name;
}

static bool is_in(const struct wsman_key *k, const char *reference)
{
    return k->reference && reference ? strcmp(k->reference, reference) == 0
                                     : k->reference == reference;
}

/* --- selectors */

#define NO_KEY UINT8_MAX

static uint8_t find_key(const struct wsman_class *c, const char *reference, const char *name)
{
    for (uint8_t i = 0; i < c->key_count; i++)
        if (is_in(&c->keys[i], reference) && strcmp(c->keys[i].name, name) == 0)
            return i;
    return NO_KEY;
}

static bool has_reference(const struct wsman_class *c, const char *name)
{
    for (uint8_t i = 0; i < c->key_count; i++)
        if (is_in(&c->keys[i], name))
            return true;
    return false;
}

/* Goes through the selectors of a request. */
struct selectors {
    const struct wsman_class *class;
    const struct soap_request *request;
    const char *reference; /* the one that the last selector is in; NULL = none */
    uint8_t seen;          /* keys, as bits: LIMIT_SELECTORS is enough for any class */
};

/* The key that a selector stands for, or NO_KEY with *why; SELECTED: it opens a reference, with the
 * selectors that follow. */
static uint8_t next_key(struct selectors *s, uint8_t i, enum wsman_selection *why)
{
    const struct soap_request *r = s->request;
    const char *name = soap_selector_name(r, i);
    bool nested = (r->nested >> i & 1u) != 0;
    uint8_t key;

    *why = SELECTS_UNKNOWN;
    if (!nested && has_reference(s->class, name)) {
        s->reference = name;
        /* A reference is not a text, nor is it empty. */
        *why = i + 1 < r->selectors && (r->nested >> (i + 1) & 1u) && !soap_selector_value(r, i)[0]
                   ? SELECTED
                   : SELECTS_NONE;
        return NO_KEY;
    }
    if (!nested)
        s->reference = NULL;
    else if (!s->reference)
        return NO_KEY;
    key = find_key(s->class, s->reference, name);
    if (key != NO_KEY && (s->seen >> key & 1u)) {
        *why = SELECTS_TWICE;
        return NO_KEY;
    }
    if (key != NO_KEY)
        s->seen |= (uint8_t)(1u << key);
    return key;
}

static enum wsman_selection is_selected(const struct wsman_class *c, const struct manage_view *v,
                                        const struct soap_request *r, uint32_t instance)
{
    struct selectors s = {c, r, NULL, 0};
    enum wsman_selection why, result = SELECTED;

    for (uint8_t i = 0; i < r->selectors; i++) {
        uint8_t key = next_key(&s, i, &why);

        if (key != NO_KEY)
            why = strcmp(key_value(c, &c->keys[key], v, instance), soap_selector_value(r, i)) == 0
                      ? SELECTED
                      : SELECTS_NONE;
        if (why == SELECTS_UNKNOWN || why == SELECTS_TWICE)
            return why;
        if (why != SELECTED)
            result = why;
    }
    return result;
}

enum wsman_selection wsman_select(const struct wsman_class *c, const struct manage_view *v,
                                  const struct soap_request *r, uint32_t *first, uint32_t *count)
{
    uint32_t instances = wsman_class_instances(c, v);

    *first = *count = 0;
    for (uint32_t i = 0; i < instances; i++) {
        enum wsman_selection selection = is_selected(c, v, r, i);

        if (selection == SELECTS_UNKNOWN || selection == SELECTS_TWICE)
            return selection;
        if (selection == SELECTED && (*count)++ == 0)
            *first = i;
    }
    return *count ? SELECTED : SELECTS_NONE;
}

/* --- references */

static void write_key(struct out *o, const char *name, const char *value)
{
    out_text(o, "<c:Selector Name=\"");
    out_text(o, name);
    out_text(o, "\">");
    out_escaped(o, value);
    out_end_tag(o, "c", "Selector");
}

static void begin_parameters(struct out *o, const char *address, const char *space,
                             const char *class)
{
    out_element(o, "b", "Address", address);
    out_text(o, "<b:ReferenceParameters><c:ResourceURI>");
    out_text(o, space);
    out_text(o, class);
    out_text(o, "</c:ResourceURI><c:SelectorSet>");
}

static void end_parameters(struct out *o)
{
    out_text(o, "</c:SelectorSet></b:ReferenceParameters>");
}

/* The inside of the reference that begins with this key; *key is then the last one in it. */
static void write_inner(struct out *o, const struct wsman_class *c, const struct manage_view *v,
                        uint32_t instance, uint8_t *key)
{
    const struct wsman_key *k = &c->keys[*key];

    begin_parameters(o, "default", k->space, k->class);
    write_key(o, k->name, key_value(c, k, v, instance));
    while (*key + 1 < c->key_count && is_in(k + 1, k->reference)) {
        k++;
        (*key)++;
        write_key(o, k->name, key_value(c, k, v, instance));
    }
    end_parameters(o);
}

void wsman_write_reference(struct out *o, const char *prefix, const char *name,
                           const struct wsman_class *c, const struct manage_view *v,
                           uint32_t instance)
{
    out_start_tag(o, prefix, name);
    begin_parameters(o, ANONYMOUS, c->space, c->name);
    for (uint8_t i = 0; i < c->key_count; i++) {
        const struct wsman_key *k = &c->keys[i];

        if (!k->reference) {
            write_key(o, k->name, key_value(c, k, v, instance));
            continue;
        }
        out_text(o, "<c:Selector Name=\"");
        out_text(o, k->reference);
        out_text(o, "\"><b:EndpointReference>");
        write_inner(o, c, v, instance, &i);
        out_text(o, "</b:EndpointReference></c:Selector>");
    }
    end_parameters(o);
    out_end_tag(o, prefix, name);
}

/* The key properties of an association are references. */
static void write_associated(struct out *o, const struct wsman_class *c,
                             const struct manage_view *v, uint32_t instance)
{
    for (uint8_t i = 0; i < c->key_count; i++) {
        const struct wsman_key *k = &c->keys[i];

        if (!k->reference)
            continue;
        out_start_tag(o, "g", k->reference);
        write_inner(o, c, v, instance, &i);
        out_end_tag(o, "g", k->reference);
    }
}

#if FW_MACHINE
static void write_fixed(struct out *o, const struct wsman_class *c, const struct manage_view *v,
                        uint32_t instance)
{
    for (uint8_t i = 0; i < c->key_count; i++)
        if (!c->keys[i].reference)
            out_element(o, "g", c->keys[i].name, key_value(c, &c->keys[i], v, instance));
    for (const struct wsman_property *p = c->properties; p->name; p++)
        out_element(o, "g", p->name, p->value);
}
#endif

static const char *instance_class(const struct wsman_class *c)
{
#if FW_MACHINE
    if (c->shown_as)
        return c->shown_as;
#endif
    return c->name;
}

void wsman_write_instance(struct out *o, const struct wsman_class *c, const struct manage_view *v,
                          uint32_t instance)
{
    out_start_tag(o, "g", instance_class(c));
#if FW_MACHINE
    if (c->properties)
        write_fixed(o, c, v, instance);
#endif
    if (c->read)
        c->read(o, v, instance);
    write_associated(o, c, v, instance);
    out_end_tag(o, "g", instance_class(c));
}
