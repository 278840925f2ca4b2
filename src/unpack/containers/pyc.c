/* pyc.c - Python byte code, as a .pyc file or marshalled (exec(marshal.loads(…))): its strings as
 * one text layer.
 *
 * Byte code is not run and not disassembled here; but its names and constants stand in it in clear,
 * in the order of the code ("requests", "get", "https://…"), and text rules read them. Source:
 * CPython's Python/marshal.c; the magic numbers end in CR LF by design
 * (Lib/importlib/_bootstrap_external.py). */
#include "model/model.h"

enum { WORD_LEAST = 3, STRINGS_MOST = 4 << 20 };

/* A code object: 'c', alone or with the flag for references, then small counts. */
static bool is_code(RtStr bytes)
{
    if (bytes.len < 32 || (bytes.at[0] != 0xE3 && bytes.at[0] != 'c'))
        return false;
    for (size_t i = 0; i < 2; i++) /* arguments, positional-only or keyword-only: below 65,536 */
        if (bytes.at[3 + 4 * i] != 0 || bytes.at[4 + 4 * i] != 0)
            return false;
    return rt_str_find_byte(rt_str_sub(bytes, 1, 24), 0) != RT_NOT_FOUND && !rt_str_is_text(bytes);
}

static bool is_file(RtStr bytes)
{
    if (bytes.len < 40 || bytes.at[2] != '\r' || bytes.at[3] != '\n')
        return false;
    static const size_t headers[] = { 8, 12, 16 }; /* Python 2, to 3.6, from 3.7 */
    for (size_t i = 0; i < RT_COUNT(headers); i++)
        if (is_code(rt_str_from(bytes, headers[i])))
            return true;
    return false;
}

static int bid(RtStr bytes) { return is_file(bytes) ? 85 : is_code(bytes) ? 55 : 0; }

static bool is_plain(uint8_t byte)
{
    return (byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\t';
}

static void open_pyc(RtStr bytes, RtLayerId self, RtSink *sink)
{
    RtText strings = { .arena = sink->arena, .limit = STRINGS_MOST };
    for (size_t at = 0; at < bytes.len;) {
        size_t from = at;
        while (at < bytes.len && is_plain(bytes.at[at]))
            at++;
        if (at - from >= WORD_LEAST) {
            rt_text_add(&strings, rt_str_sub(bytes, from, at - from));
            rt_text_byte(&strings, '\n');
        }
        at += at == from;
    }
    rt_sink_fact(sink, self, RT_FACT_BINARY, RT_SEEN_IN_TEXT, RT_STR("pyc"), (RtStr){ 0 });
    if (strings.len > 0)
        (void)sink->layer(sink, (RtLayer){ .parent = self,
                                           .via = RT_VIA_DECODED,
                                           .name = RT_STR("strings"),
                                           .bytes = rt_text_str(&strings),
                                           .source = { 0, bytes.len } });
}

const RtContainer rt_container_pyc = { .name = "pyc", .bid = bid, .open = open_pyc };
