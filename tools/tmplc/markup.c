/*
 * markup.c - where in the HTML the reader stands, byte by byte.
 *
 * A strict reader of a strict dialect: values are quoted, '<' in text is &lt;, nothing stands between a
 * name and its '='.  So the browser's reading and ours cannot differ.  A name view grows with each byte;
 * where a form interrupts a name the view is only too short, never outside the source.
 */
#include "tmplc.h"

#include <strings.h>

/* Names are separated by blanks. */
static const char URL_ATTRIBUTES[] = " href src action formaction poster data srcset xlink:href "
                                     "hx-get hx-post hx-put hx-patch hx-delete ";
static const char RAW_ELEMENTS[] = " title textarea ";
static const char SCRIPT_ELEMENTS[] = " script style ";
static const char VERBATIM_ELEMENTS[] = " pre textarea ";
static const char NAMED_ELEMENTS[] = " input select textarea ";

static bool starts_like(struct str s, struct str head)
{
    return s.len >= head.len && strncasecmp(s.data, head.data, (size_t)head.len) == 0;
}

static bool is_like(struct str s, struct str name)
{
    return s.len == name.len && starts_like(s, name);
}

static bool is_listed(struct str s, const char *list)
{
    struct str name, rest = str_of(list);
    while (rest.len > 0) {
        (void)str_cut(rest, ' ', &name, &rest);
        if (name.len > 0 && is_like(s, name))
            return true;
    }
    return false;
}

/* A whole attribute name has been read: some may not be used at all, some settle a later check. */
static void end_attribute_name(struct markup *m, struct source *src)
{
    struct str name = m->attribute;
    if (is_like(name, STR("style")))
        source_error(src, src->line, "a style attribute: the security policy forbids it, use a class");
    else if (starts_like(name, STR("on")) || starts_like(name, STR("hx-on")))
        source_error(src, src->line, "an event handler (%.*s): the security policy forbids it",
                     STR_ARG(name));
    else if (is_like(name, STR("srcdoc")))
        source_error(src, src->line, "a srcdoc attribute: its value would be markup");
    m->has_src |= is_like(name, STR("src"));
    m->has_alt |= is_like(name, STR("alt"));
    m->has_label |= is_like(name, STR("id")) || starts_like(name, STR("aria-label"));
}

static void end_value(struct markup *m, struct source *src)
{
    struct str value = m->value;
    bool is_local = str_starts(value, STR("#")) || str_starts(value, STR("?")) ||
                    (str_starts(value, STR("/")) && !str_starts(value, STR("//")));
    bool is_contact = str_starts(value, STR("mailto:")) || str_starts(value, STR("tel:"));
    if (m->address == ADDRESS_EMPTY)
        source_error(src, src->line, "an empty address");
    else if (m->address == ADDRESS_STATIC && starts_like(value, STR("javascript:")))
        source_error(src, src->line, "a javascript: address");
    else if (m->address == ADDRESS_STATIC && !is_local && !is_contact)
        source_error(src, src->line, "an address starts with one '/', '#' or '?', or is one {{ value }}");
    m->is_hidden |= is_like(m->attribute, STR("type")) && is_like(value, STR("hidden"));
    m->address = ADDRESS_NONE;
    m->place = PLACE_TAG;
    m->is_glued = true;
}

static void end_start_tag(struct markup *m, struct source *src)
{
    struct str name = m->element;
    bool is_script = is_like(name, STR("script"));
    bool is_unseen = m->is_hidden && is_like(name, STR("input"));
    m->place = is_listed(name, SCRIPT_ELEMENTS) ? PLACE_SCRIPT
               : is_listed(name, RAW_ELEMENTS)  ? PLACE_RAW
                                                : PLACE_TEXT;
    m->is_verbatim |= is_listed(name, VERBATIM_ELEMENTS);
    m->has_complained = m->place == PLACE_SCRIPT && (!is_script || !m->has_src);
    if (m->has_complained)
        source_error(src, src->line, "%s: the security policy forbids it",
                     is_script ? "a <script> without src" : "a <style> element");
    else if (is_like(name, STR("img")) && !m->has_alt)
        source_error(src, src->line, "an <img> without alt");
    else if (is_listed(name, NAMED_ELEMENTS) && !m->has_label && !is_unseen)
        source_error(src, src->line, "<%.*s> without id or aria-label", STR_ARG(name));
}

static void end_tag(struct markup *m, struct source *src)
{
    m->is_glued = false;
    if (!m->is_end_tag) {
        end_start_tag(m, src);
        return;
    }
    m->place = PLACE_TEXT;
    if (is_listed(m->element, VERBATIM_ELEMENTS))
        m->is_verbatim = false;
}

static void start_tag(struct markup *m, struct source *src, bool is_end_tag)
{
    *m = (struct markup){ .place = PLACE_TAG_NAME, .is_end_tag = is_end_tag, .is_verbatim = m->is_verbatim };
    m->element.data = src->text.data + src->at + (is_end_tag ? 2 : 1);
}

static void step_text(struct markup *m, struct source *src, struct str rest)
{
    bool is_end_tag = str_starts(rest, STR("</"));
    char name = rest.len > 2 ? rest.data[is_end_tag ? 2 : 1] : ' ';
    if (rest.data[0] != '<' || starts_like(rest, STR("<!doctype ")))
        return;
    if ((name >= 'a' && name <= 'z') || (name >= 'A' && name <= 'Z') || name == '{')
        start_tag(m, src, is_end_tag);
    else if (str_starts(rest, STR("<!--")))
        m->place = PLACE_COMMENT;
    else
        source_error(src, src->line, "a '<' that starts no tag: write &lt;");
}

static void step_raw(struct markup *m, struct source *src, struct str rest)
{
    if (str_starts(rest, STR("</")) && starts_like(str_slice(rest, 2, rest.len), m->element)) {
        start_tag(m, src, true);
    } else if (m->place == PLACE_SCRIPT && !is_blank(rest.data[0]) && !m->has_complained) {
        source_error(src, src->line, "a <script> with content: put it into a file");
        m->has_complained = true;
    }
}

static void step_tag(struct markup *m, struct source *src, struct str rest)
{
    char c = rest.data[0];
    if (c == '>') {
        end_tag(m, src);
    } else if (is_blank(c)) {
        m->is_glued = false;
    } else if (c == '/' || c == '"' || c == '\'' || c == '=' || c == '<') {
        if (!str_starts(rest, STR("/>")))
            source_error(src, src->line, "unexpected %c inside a tag", c);
    } else {
        if (m->is_end_tag)
            source_error(src, src->line, "an end tag with an attribute");
        else if (m->is_glued)
            source_error(src, src->line, "no blank before an attribute");
        m->place = PLACE_ATTRIBUTE;
        m->attribute = str_slice(rest, 0, 1);
    }
}

static void step_tag_name(struct markup *m, struct source *src, struct str rest)
{
    bool is_slash = rest.data[0] == '/';
    if (is_blank(rest.data[0]) || rest.data[0] == '>' || (is_slash && m->element.len > 0)) {
        m->place = PLACE_TAG;
        step_tag(m, src, rest);
    } else if (!is_slash) {
        m->element.len++;
    }
}

static void step_attribute(struct markup *m, struct source *src, struct str rest)
{
    char c = rest.data[0];
    char next = rest.len > 1 ? rest.data[1] : ' ';
    if (c == '=' && (next == '"' || next == '\'')) {
        end_attribute_name(m, src);
        m->place = PLACE_VALUE;
        m->quote = '\0';
        m->address = is_listed(m->attribute, URL_ATTRIBUTES) ? ADDRESS_EMPTY : ADDRESS_NONE;
    } else if (c == '=') {
        if (next != '{') /* a form complains for itself */
            source_error(src, src->line, "an attribute value without quotes");
        m->place = PLACE_TAG;
    } else if (is_blank(c) || c == '>' || c == '/') {
        end_attribute_name(m, src);
        m->place = PLACE_TAG;
        step_tag(m, src, rest);
    } else if (c == '"' || c == '\'' || c == '<') {
        source_error(src, src->line, "unexpected %c in an attribute name", c);
    } else {
        m->attribute.len++;
    }
}

static void refuse_address(struct markup *m, struct source *src, int line, const char *why)
{
    if (m->address != ADDRESS_WRONG)
        source_error(src, line, "%s", why);
    m->address = ADDRESS_WRONG;
}

static const char MIXED[] = "an address is either one {{ value }} or fixed text, nothing mixed";

static void step_value(struct markup *m, struct source *src, struct str rest)
{
    if (m->quote == '\0') {
        m->quote = rest.data[0];
        m->value = str_slice(rest, 1, rest.len);
        m->value.len = 0;
    } else if (rest.data[0] == m->quote) {
        end_value(m, src);
    } else {
        m->value.len++;
        if (m->address == ADDRESS_EMPTY)
            m->address = ADDRESS_STATIC;
        else if (m->address == ADDRESS_VALUE)
            refuse_address(m, src, src->line, MIXED);
    }
}

void markup_step(struct markup *m, struct source *src)
{
    struct str rest = str_slice(src->text, src->at, src->text.len);
    switch (m->place) {
    case PLACE_TEXT: step_text(m, src, rest); break;
    case PLACE_TAG_NAME: step_tag_name(m, src, rest); break;
    case PLACE_TAG: step_tag(m, src, rest); break;
    case PLACE_ATTRIBUTE: step_attribute(m, src, rest); break;
    case PLACE_VALUE: step_value(m, src, rest); break;
    case PLACE_RAW:
    case PLACE_SCRIPT: step_raw(m, src, rest); break;
    case PLACE_COMMENT:
        if (rest.data[0] == '>' && str_ends(str_slice(src->text, 0, src->at), STR("--")))
            m->place = PLACE_TEXT;
        break;
    }
}

enum value_kind markup_value(struct markup *m, struct source *src, int line)
{
    bool is_safe = m->place == PLACE_TEXT || m->place == PLACE_VALUE || m->place == PLACE_RAW;
    if (!is_safe) {
        if (!m->has_complained)
            source_error(src, line, "a value in %s", markup_place_name(m));
        m->has_complained = m->place == PLACE_SCRIPT;
        return VALUE_REFUSED;
    }
    if (m->address == ADDRESS_NONE)
        return VALUE_PLAIN;
    if (m->address != ADDRESS_EMPTY) {
        refuse_address(m, src, line, MIXED);
        return VALUE_REFUSED;
    }
    m->address = ADDRESS_VALUE;
    return VALUE_URL;
}

void markup_control(struct markup *m, struct source *src, int line)
{
    if (m->place == PLACE_ATTRIBUTE)
        end_attribute_name(m, src);
    if (m->place == PLACE_TAG_NAME || m->place == PLACE_ATTRIBUTE) {
        m->place = PLACE_TAG;
        m->is_glued = true;
    } else if (m->address != ADDRESS_NONE) {
        refuse_address(m, src, line, "a form inside an address: put it around the whole attribute");
    } else if (m->place == PLACE_SCRIPT && !m->has_complained) {
        source_error(src, line, "a form in %s", markup_place_name(m));
        m->has_complained = true;
    }
}

bool markup_same(const struct markup *a, const struct markup *b)
{
    bool is_free = a->place == PLACE_TEXT || a->place == PLACE_COMMENT;
    return a->place == b->place && a->is_verbatim == b->is_verbatim &&
           (is_free || a->element.data == b->element.data) &&
           (a->place != PLACE_VALUE || a->attribute.data == b->attribute.data);
}

const char *markup_place_name(const struct markup *m)
{
    static const char *const names[] = {
        [PLACE_TEXT] = "text",
        [PLACE_TAG_NAME] = "a tag name",
        [PLACE_TAG] = "a tag, outside a quoted attribute value",
        [PLACE_ATTRIBUTE] = "an attribute name",
        [PLACE_VALUE] = "an attribute value",
        [PLACE_COMMENT] = "an HTML comment",
        [PLACE_RAW] = "<title> or <textarea>",
        [PLACE_SCRIPT] = "<script> or <style>",
    };
    return m->place == PLACE_TEXT && m->is_verbatim ? "<pre>" : names[m->place];
}
