/* escape.c - untrusted text made safe to show. One walk finds the runes that deceive; each writer
 * says how it spells them. The list of deceivers: C0, DEL, C1, bidi controls (Trojan Source),
 * zero-width marks, soft hyphen, variation selectors and tag characters (both carry payloads), line
 * and paragraph separators. */
#include "base/escape.h"

#include "base/json.h"

static bool is_invisible(uint32_t rune)
{
    return rune == 0xAD || rune == 0x34F || rune == 0x61C || rune == 0x115F || rune == 0x1160 ||
           rune == 0x17B4 || rune == 0x17B5 || (rune >= 0x180B && rune <= 0x180F) ||
           (rune >= 0x200B && rune <= 0x200F) || (rune >= 0x2028 && rune <= 0x202E) ||
           (rune >= 0x2060 && rune <= 0x206F) || rune == 0x3164 ||
           (rune >= 0xFE00 && rune <= 0xFE0F) || rune == 0xFEFF || rune == 0xFFA0 ||
           (rune >= 0xFFF9 && rune <= 0xFFFB) || (rune >= 0xE0000 && rune <= 0xE0FFF);
}

static bool is_control(uint32_t rune) { return rune < 0x20 || (rune >= 0x7F && rune <= 0x9F); }

void rt_escape_terminal(RtText *out, RtStr text, bool keep_newlines)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t rune = 0;
        size_t len = rt_utf8_take(text, at, &rune);
        if (len == 0)
            rt_text_format(out, "\\x%02x", text.at[at]);
        else if (rune == '\n' && !keep_newlines)
            rt_text_add(out, RT_STR("\\n"));
        else if (rune == '\n' || rune == '\t')
            rt_text_byte(out, (uint8_t)rune);
        else if (is_control(rune))
            rt_text_format(out, "\\x%02x", rune);
        else if (is_invisible(rune))
            rt_text_format(out, "\\u{%x}", rune);
        else
            rt_text_add(out, (RtStr){ text.at + at, len });
        at += len > 0 ? len : 1;
    }
}

RtStr rt_escaped(RtArena *arena, RtStr text)
{
    RtText out = { .arena = arena };
    rt_escape_terminal(&out, text, false);
    return rt_text_str(&out);
}

/* XML 1.0 §2.2 forbids C0 but tab, LF, CR, and U+FFFE/FFFF even as references: they show as \xNN.
 */
static void escape_html_rune(RtText *out, uint32_t rune, RtStr bytes)
{
    switch (rune) {
    case '&':
        rt_text_add(out, RT_STR("&amp;"));
        return;
    case '<':
        rt_text_add(out, RT_STR("&lt;"));
        return;
    case '>':
        rt_text_add(out, RT_STR("&gt;"));
        return;
    case '"':
        rt_text_add(out, RT_STR("&quot;"));
        return;
    case '\'':
        rt_text_add(out, RT_STR("&#39;"));
        return;
    case '\t':
    case '\n':
        rt_text_byte(out, (uint8_t)rune);
        return;
    default:
        break;
    }
    if (is_control(rune))
        rt_text_format(out, "\\x%02x", rune);
    else if (is_invisible(rune) || (rune & 0xFFFE) == 0xFFFE)
        rt_text_format(out, "\\u{%x}", rune);
    else
        rt_text_add(out, bytes);
}

void rt_escape_html(RtText *out, RtStr text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t rune = 0;
        size_t len = rt_utf8_take(text, at, &rune);
        if (len == 0)
            rt_text_format(out, "\\x%02x", text.at[at]);
        else
            escape_html_rune(out, rune, (RtStr){ text.at + at, len });
        at += len > 0 ? len : 1;
    }
}

void rt_defang(RtText *out, RtStr url)
{
    static const struct {
        RtStr scheme, tame;
    } schemes[] = {
        { { (const uint8_t *)"http", 4 }, { (const uint8_t *)"hxxp", 4 } },
        { { (const uint8_t *)"ws", 2 }, { (const uint8_t *)"wxs", 3 } },
        { { (const uint8_t *)"ftp", 3 }, { (const uint8_t *)"fxp", 3 } },
    };
    size_t host = 0;
    size_t mark = rt_str_find(url, RT_STR("://"));
    if (mark != RT_NOT_FOUND) {
        RtStr scheme = rt_str_sub(url, 0, mark);
        for (size_t i = 0; i < RT_COUNT(schemes); i++)
            if (rt_str_equal_nocase(rt_str_sub(scheme, 0, schemes[i].scheme.len),
                                    schemes[i].scheme)) {
                rt_text_add(out, schemes[i].tame);
                scheme = rt_str_from(scheme, schemes[i].scheme.len);
                break;
            }
        rt_text_add(out, scheme);
        rt_text_add(out, RT_STR("://"));
        host = mark + 3;
    }
    size_t at = host;
    for (; at < url.len && url.at[at] != '/' && url.at[at] != '?' && url.at[at] != '#'; at++) {
        if (url.at[at] == '.')
            rt_text_add(out, RT_STR("[.]"));
        else
            rt_text_byte(out, url.at[at]);
    }
    rt_text_add(out, rt_str_from(url, at));
}

static void quote_rune(RtText *out, uint32_t rune, RtStr bytes)
{
    if (rune == '"' || rune == '\\') {
        rt_text_byte(out, '\\');
        rt_text_byte(out, (uint8_t)rune);
    } else if (rune == '\n') {
        rt_text_add(out, RT_STR("\\n"));
    } else if (rune == '\t') {
        rt_text_add(out, RT_STR("\\t"));
    } else if (rune == '\r') {
        rt_text_add(out, RT_STR("\\r"));
    } else if (rune >= 0x10000 && is_invisible(rune)) {
        rt_text_format(out, "\\u%04x\\u%04x", 0xD800 + ((rune - 0x10000) >> 10),
                       0xDC00 + ((rune - 0x10000) & 0x3FF));
    } else if (is_control(rune) || is_invisible(rune)) {
        rt_text_format(out, "\\u%04x", rune);
    } else {
        rt_text_add(out, bytes);
    }
}

void rt_json_quote(RtText *out, RtStr text)
{
    rt_text_byte(out, '"');
    for (size_t at = 0; at < text.len;) {
        size_t plain = at; /* most text needs nothing: copy it in runs */
        while (plain < text.len && text.at[plain] >= 0x20 && text.at[plain] < 0x7F &&
               text.at[plain] != '"' && text.at[plain] != '\\')
            plain++;
        if (plain > at) {
            rt_text_add(out, (RtStr){ text.at + at, plain - at });
            at = plain;
            continue;
        }
        uint32_t rune = 0;
        size_t len = rt_utf8_take(text, at, &rune);
        if (len == 0)
            rt_text_rune(out, 0xFFFD);
        else
            quote_rune(out, rune, (RtStr){ text.at + at, len });
        at += len > 0 ? len : 1;
    }
    rt_text_byte(out, '"');
}
