/* lock_xml.c - a scanner over tags: comments, declarations and CDATA are passed over, the five
 * entities everybody knows are the only ones understood. */
#include "ecosystem/lockfiles/lock_xml.h"

static RtStr unescaped(RtArena *arena, RtStr text)
{
    static const struct {
        const char *entity, *byte;
    } known[] = {
        { "&lt;", "<" }, { "&gt;", ">" }, { "&amp;", "&" }, { "&quot;", "\"" }, { "&apos;", "'" }
    };
    if (rt_str_find_byte(text, '&') == RT_NOT_FOUND)
        return text;
    RtText plain = { .arena = arena };
    for (size_t at = 0; at < text.len;) {
        size_t used = 0;
        for (size_t i = 0; i < RT_COUNT(known) && text.at[at] == '&' && used == 0; i++)
            if (rt_str_starts(rt_str_from(text, at), rt_str_from_c(known[i].entity))) {
                rt_text_add(&plain, rt_str_from_c(known[i].byte));
                used = strlen(known[i].entity);
            }
        if (used == 0)
            rt_text_byte(&plain, text.at[at]);
        at += used ? used : 1;
    }
    return rt_text_str(&plain);
}

RtStr rt_xml_attribute(const RtXml *xml, const char *name)
{
    RtStr rest = xml->attributes, wanted = rt_str_from_c(name);
    while (rest.len > 0) {
        size_t equals = rt_str_find_byte(rest, '=');
        if (equals == RT_NOT_FOUND)
            break;
        RtStr key = rt_str_trim(rt_str_sub(rest, 0, equals));
        rest = rt_str_trim(rt_str_from(rest, equals + 1));
        if (rest.len == 0 || (rest.at[0] != '"' && rest.at[0] != '\''))
            break;
        size_t end = rt_str_find_byte(rt_str_from(rest, 1), rest.at[0]);
        if (end == RT_NOT_FOUND)
            break;
        if (rt_str_equal(key, wanted))
            return unescaped(xml->arena, rt_str_sub(rest, 1, end));
        rest = rt_str_from(rest, end + 2);
    }
    return RT_STR("");
}

bool rt_xml_is(const RtXml *xml, const char *tail)
{
    RtStr rest = rt_str_from_c(tail);
    for (uint32_t depth = xml->depth; depth-- > 0;) {
        size_t slash = rt_str_rfind_byte(rest, '/');
        RtStr name = slash == RT_NOT_FOUND ? rest : rt_str_from(rest, slash + 1);
        if (!rt_str_equal(xml->names[depth], name))
            return false;
        if (slash == RT_NOT_FOUND)
            return true;
        rest = rt_str_sub(rest, 0, slash);
    }
    return false;
}

/* Past "<!--…-->", "<?…?>", "<![CDATA[…]]>", "<!…>"; 0 when it is a tag. */
static size_t skip_special(RtStr rest)
{
    static const struct {
        const char *open, *close;
    } kinds[] = { { "<!--", "-->" }, { "<?", "?>" }, { "<![CDATA[", "]]>" }, { "<!", ">" } };
    for (size_t i = 0; i < RT_COUNT(kinds); i++) {
        if (!rt_str_starts(rest, rt_str_from_c(kinds[i].open)))
            continue;
        size_t end = rt_str_find(rest, rt_str_from_c(kinds[i].close));
        return end == RT_NOT_FOUND ? rest.len : end + strlen(kinds[i].close);
    }
    return 0;
}

/* The end of a tag, quotes respected; RT_NOT_FOUND when there is none. */
static size_t tag_end(RtStr rest)
{
    uint8_t quote = 0;
    for (size_t i = 1; i < rest.len; i++) {
        uint8_t byte = rest.at[i];
        if (quote != 0)
            quote = byte == quote ? 0 : quote;
        else if (byte == '"' || byte == '\'')
            quote = byte;
        else if (byte == '>')
            return i;
    }
    return RT_NOT_FOUND;
}

typedef struct {
    RtLockWriter *out;
    RtXml xml;
    RtXmlVisit *visit;
    void *context;
    uint32_t too_deep;
} Scanner;

static void take_tag(Scanner *scanner, RtStr tag, RtStr text)
{
    RtXml *xml = &scanner->xml;
    bool closes = tag.len > 0 && tag.at[0] == '/';
    if (closes) {
        if (scanner->too_deep > 0) {
            scanner->too_deep--;
        } else if (xml->depth > 0) {
            xml->text = unescaped(xml->arena, rt_str_trim(text));
            xml->attributes = RT_STR("");
            scanner->visit(scanner->context, xml, true);
            xml->depth--;
        }
        return;
    }
    bool is_empty = tag.len > 0 && tag.at[tag.len - 1] == '/';
    tag.len -= is_empty;
    if (xml->depth >= RT_XML_DEPTH) {
        scanner->too_deep += !is_empty;
        return;
    }
    size_t end = 0;
    while (end < tag.len && tag.at[end] > ' ')
        end++;
    RtStr name = rt_str_sub(tag, 0, end);
    size_t colon = rt_str_rfind_byte(name, ':');
    xml->names[xml->depth++] = colon == RT_NOT_FOUND ? name : rt_str_from(name, colon + 1);
    xml->attributes = rt_str_from(tag, end);
    xml->text = RT_STR("");
    scanner->visit(scanner->context, xml, false);
    if (is_empty) {
        xml->attributes = RT_STR("");
        scanner->visit(scanner->context, xml, true);
        xml->depth--;
    }
}

void rt_xml_read(RtLockWriter *out, RtXmlVisit *visit, void *context)
{
    Scanner scanner = {
        .out = out, .xml = { .arena = out->arena }, .visit = visit, .context = context
    };
    RtStr rest = out->text;
    const uint8_t *text_from = rest.at;
    for (;;) {
        size_t open = rt_str_find_byte(rest, '<');
        if (open == RT_NOT_FOUND)
            break;
        rest = rt_str_from(rest, open);
        size_t special = skip_special(rest);
        if (special > 0) {
            rest = rt_str_from(rest, special);
            continue;
        }
        size_t end = tag_end(rest);
        if (end == RT_NOT_FOUND) {
            rt_lock_broken(out, RT_STR("malformed"), RT_STR("a tag without its end"),
                           rt_lock_line_at(out, rest.at));
            return;
        }
        RtStr text = { text_from, (size_t)(rest.at - text_from) };
        scanner.xml.line = rt_lock_line_at(out, rest.at);
        take_tag(&scanner, rt_str_sub(rest, 1, end - 1), text);
        rest = rt_str_from(rest, end + 1);
        text_from = rest.at;
    }
    if (scanner.xml.depth > 0)
        rt_lock_broken(out, RT_STR("malformed"), RT_STR("an element without its end"), 0);
}
