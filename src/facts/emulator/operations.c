/* operations.c - what the world asks of C: files of the package, marks, codecs, digests. The
 * numbers are world/core.js's. */
#include "base/base64.h"
#include "base/hash.h"
#include "facts/emulator/inflate.h"
#include "facts/emulator/marks.h"
#include "facts/emulator/run.h"

enum {
    OP_EVENT,
    OP_MARK,
    OP_LEARNED,
    OP_FIND,
    OP_TEXT,
    OP_BYTES,
    OP_SOURCE,
    OP_DIGEST,
    OP_HMAC,
    OP_CIPHER,
    OP_DERIVE,
    OP_INFLATE,
    OP_ENCODE,
    OP_DECODE,
    OP_MARKS,
    OP_WROTE,
    OP_NOTE,
    OP_FORWARD,
    OP_OPTION,
    OP_SCRIPT,
    OP_RUNS
};
enum {
    FILES = 400,
    FILE_KEEP = 2 << 20,
    FINDS = 4000,
    INFLATE_LIMIT = 16 << 20,
    RESERVE = 8 << 20
};
/* What Node puts in front of a module; only its length matters here. */
#define WRAPPER "(function (exports, require, module, __filename, __dirname) { "
static const RtJsValue none = { .type = RT_JS_UNDEFINED };

static RtStr text_arg(const RtJsValue *args, size_t count, size_t i)
{
    return i < count ? args[i].text : RT_STR("");
}
static double number_arg(const RtJsValue *args, size_t count, size_t i)
{
    return i < count && args[i].type == RT_JS_NUMBER ? args[i].number : 0;
}
static RtJsValue bytes_value(RtStr bytes)
{
    return (RtJsValue){ .type = RT_JS_BYTES, .text = bytes };
}

/* ---- files
 * ----------------------------------------------------------------------------------------------------------
 */

RtLayerId rt_run_find(RtRun *run, RtStr relative, RtStr *ret_name)
{
    if (relative.len > 600 || ++run->finds > FINDS)
        return 0;
    RtStr path = run->root.len == 0
                     ? rt_str_format(run->arena, "/%.*s", RT_FMT(relative))
                     : rt_str_format(run->arena, "/%.*s/%.*s", RT_FMT(run->root), RT_FMT(relative));
    RtLayerId id = run->sink->find(run->sink, run->from, path);
    if (id == 0)
        return 0;
    RtStr name = run->sink->get_layer(run->sink, id)->name;
    if (run->root.len != 0 && rt_str_starts(name, run->root) && name.len > run->root.len)
        name = rt_str_from(name, run->root.len + 1);
    *ret_name = name;
    return id;
}

static RtStr root_of(const RtRun *run)
{
    if (strcmp(run->world.platform, "win32") == 0)
        return RT_STR("C:\\Users\\dev\\project");
    return strcmp(run->world.platform, "darwin") == 0 ? RT_STR("/Users/dev/project")
                                                      : RT_STR("/home/dev/project");
}

/* The name under which the world compiles an own file. */
static RtStr script_name(RtRun *run, RtStr relative)
{
    bool win = strcmp(run->world.platform, "win32") == 0;
    RtStr full = rt_str_format(run->arena, "%.*s%c%.*s", RT_FMT(root_of(run)), win ? '\\' : '/',
                               RT_FMT(relative));
    if (!win)
        return full;
    uint8_t *at = rt_arena_bytes(run->arena, full.len);
    for (size_t i = 0; i < full.len; i++)
        at[i] = full.at[i] == '/' ? '\\' : full.at[i];
    return (RtStr){ at, full.len };
}

static RtJsValue give_source(RtRun *run, RtStr relative, int attempt)
{
    RtStr name;
    RtLayerId id = rt_run_find(run, relative, &name);
    if (id == 0)
        return none;
    RtStr source = rt_run_source(run, id, name, attempt);
    if (source.len == 0)
        return none;
    uint32_t columns = source.at[0] == 'm' ? 0 : (uint32_t)sizeof WRAPPER - 1;
    RtStr script = script_name(run, relative);
    uint32_t index = rt_run_script(run, (RtRunScript){ .name = script,
                                                       .layer = id,
                                                       .parent = RT_NO_SCRIPT,
                                                       .columns_before = columns,
                                                       .hash = id });
    if (index != RT_NO_SCRIPT)
        run->scripts[index].columns_before = columns;
    return RT_JS_MAKE_TEXT(source);
}

static RtJsValue wrote(RtRun *run, const RtJsValue *args, size_t count)
{
    uint32_t event = (uint32_t)number_arg(args, count, 2);
    if (run->file_count >= FILES || event >= run->event_count)
        return none;
    RtStr content = text_arg(args, count, 1);
    bool keeps = content.len <= FILE_KEEP && run->text_bytes < FILE_KEEP * 2 &&
                 rt_arena_left(run->arena) > RESERVE;
    if (keeps)
        run->text_bytes += content.len;
    RT_PUSH(run->arena, run->files, run->file_count, run->file_capacity) =
        (RtRunFile){ .path = rt_str_copy(run->arena, text_arg(args, count, 0)),
                     .content = keeps ? rt_str_copy(run->arena, content) : RT_STR(""),
                     .event = event };
    return none;
}

/* ---- marks
 * -----------------------------------------------------------------------------------------------------------
 */

static RtJsValue mark(RtRun *run, const RtJsValue *args, size_t count)
{
    RtFrom from = (RtFrom)number_arg(args, count, 1);
    uint32_t slot = rt_slot(run->slots, text_arg(args, count, 0), from);
    double event = count > 2 ? args[2].number : -1;
    if (event >= 0 && event < (double)run->event_count &&
        run->slots->items[slot].event == RT_NO_EVENT)
        run->slots->items[slot].event = (uint32_t)event;
    uint8_t *out = rt_arena_bytes(run->arena, RT_MARK_LEN);
    rt_mark_write(slot, from == RT_FROM_NET ? run->world.salt_net : run->world.salt_local, out);
    return RT_JS_MAKE_TEXT(((RtStr){ out, RT_MARK_LEN }));
}

static RtJsValue learned(RtRun *run, RtStr name)
{
    uint64_t key = rt_str_hash(name);
    for (size_t i = 0; i < run->slots->count; i++) {
        const RtSlot *slot = &run->slots->items[i];
        if (slot->is_learned && slot->key == key && rt_str_equal(slot->name, name))
            return RT_JS_MAKE_TEXT(slot->learned);
    }
    return none;
}

static RtJsValue origin(RtRun *run, RtStr text)
{
    uint32_t slot;
    if (!rt_marks_first(rt_str_sub(text, 0, 1 << 20), &slot) || slot >= run->slots->count)
        return none;
    const RtSlot *found = &run->slots->items[slot];
    RtText out = { .arena = run->arena };
    rt_text_add(&out, RT_STR("[\""));
    for (size_t i = 0; i < found->name.len; i++) {
        uint8_t c = found->name.at[i];
        rt_text_byte(&out, c < 0x20 || c == '"' || c == '\\' ? '_' : c);
    }
    rt_text_format(&out, "\",%d,%d]", (int)found->from,
                   found->event == RT_NO_EVENT ? -1 : (int)found->event);
    return RT_JS_MAKE_TEXT(rt_text_str(&out));
}

/* ---- codecs
 * ------------------------------------------------------------------------------------------------------------
 */

static RtStr utf8_of(RtArena *arena, RtStr bytes)
{
    if (rt_utf8_is_valid(bytes))
        return bytes;
    RtText out = { .arena = arena };
    for (size_t i = 0; i < bytes.len;) {
        uint32_t rune;
        size_t len = rt_utf8_take(bytes, i, &rune);
        rt_text_rune(&out, len == 0 ? 0xfffd : rune);
        i += len == 0 ? 1 : len;
    }
    return rt_text_str(&out);
}

static RtStr latin1_of(RtArena *arena, RtStr bytes, uint8_t mask)
{
    RtText out = { .arena = arena };
    for (size_t i = 0; i < bytes.len; i++)
        rt_text_rune(&out, bytes.at[i] & mask);
    return rt_text_str(&out);
}

static RtStr base64_of(RtArena *arena, RtStr bytes, bool url)
{
    const char *letters = url ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                              : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t *out = rt_arena_bytes(arena, (bytes.len + 2) / 3 * 4);
    size_t len = 0;
    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t three = (uint32_t)bytes.at[i] << 16 |
                         (i + 1 < bytes.len ? (uint32_t)bytes.at[i + 1] << 8 : 0) |
                         (i + 2 < bytes.len ? bytes.at[i + 2] : 0);
        size_t real = bytes.len - i < 3 ? bytes.len - i + 1 : 4;
        for (size_t k = 0; k < 4 && (k < real || !url); k++)
            out[len++] = k < real ? (uint8_t)letters[three >> (18 - 6 * k) & 63] : '=';
    }
    return (RtStr){ out, len };
}

static RtStr utf16_bytes(RtArena *arena, RtStr text)
{
    RtText out = { .arena = arena };
    for (size_t i = 0; i < text.len;) {
        uint32_t rune;
        size_t len = rt_utf8_take(text, i, &rune);
        rune = len == 0 ? 0xfffd : rune;
        i += len == 0 ? 1 : len;
        if (rune >= 0x10000) {
            uint32_t high = 0xd800 + ((rune - 0x10000) >> 10);
            rt_text_byte(&out, (uint8_t)high);
            rt_text_byte(&out, (uint8_t)(high >> 8));
            rune = 0xdc00 + ((rune - 0x10000) & 0x3ff);
        }
        rt_text_byte(&out, (uint8_t)rune);
        rt_text_byte(&out, (uint8_t)(rune >> 8));
    }
    return rt_text_str(&out);
}

static RtStr narrow_bytes(RtArena *arena, RtStr text)
{
    uint8_t *out = rt_arena_bytes(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len;) {
        uint32_t rune;
        size_t step = rt_utf8_take(text, i, &rune);
        out[len++] = (uint8_t)(step == 0 ? text.at[i] : rune);
        i += step == 0 ? 1 : step;
    }
    return (RtStr){ out, len };
}

static RtStr hex_bytes(RtArena *arena, RtStr text)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t *out = rt_arena_bytes(arena, text.len / 2 + 1);
    size_t len = 0;
    for (size_t i = 0; i + 1 < text.len; i += 2) {
        const char *high = memchr(digits, text.at[i] | 0x20, 16),
                   *low = memchr(digits, text.at[i + 1] | 0x20, 16);
        if (high == NULL || low == NULL || text.at[i] < '0' || text.at[i + 1] < '0')
            break;
        out[len++] = (uint8_t)((high - digits) << 4 | (low - digits));
    }
    return (RtStr){ out, len };
}

/* As Node decodes: letters that are none of base64's are skipped, "=" ends it. */
static RtStr base64_bytes(RtArena *arena, RtStr text)
{
    uint8_t *out = rt_arena_bytes(arena, text.len);
    size_t len = 0;
    uint32_t bits = 0, have = 0;
    for (size_t i = 0; i < text.len && text.at[i] != '='; i++) {
        uint8_t c = text.at[i];
        int value = c >= 'A' && c <= 'Z'   ? c - 'A'
                    : c >= 'a' && c <= 'z' ? c - 'a' + 26
                    : c >= '0' && c <= '9' ? c - '0' + 52
                    : c == '+' || c == '-' ? 62
                    : c == '/' || c == '_' ? 63
                                           : -1;
        if (value < 0)
            continue;
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[len++] = (uint8_t)(bits >> have);
        }
    }
    return (RtStr){ out, len };
}

/* Text to bytes. What is marked in the open was never really encoded: it stays. */
static RtStr encode(RtArena *arena, RtStr text, RtStr encoding)
{
    uint32_t slot;
    bool packed =
        rt_str_equal(encoding, RT_STR("hex")) || rt_str_starts(encoding, RT_STR("base64"));
    if (packed && rt_marks_first(rt_str_sub(text, 0, 4096), &slot))
        return text;
    if (rt_str_equal(encoding, RT_STR("hex")))
        return hex_bytes(arena, text);
    if (packed)
        return base64_bytes(arena, text);
    if (rt_str_equal(encoding, RT_STR("utf16le")))
        return utf16_bytes(arena, text);
    if (rt_str_equal(encoding, RT_STR("latin1")) || rt_str_equal(encoding, RT_STR("ascii")))
        return narrow_bytes(arena, text);
    return text;
}

static RtStr decode(RtArena *arena, RtStr bytes, RtStr encoding)
{
    if (rt_str_equal(encoding, RT_STR("hex")))
        return rt_hex(arena, bytes);
    if (rt_str_starts(encoding, RT_STR("base64")))
        return base64_of(arena, bytes, encoding.len > 6);
    if (rt_str_equal(encoding, RT_STR("latin1")))
        return latin1_of(arena, bytes, 0xff);
    if (rt_str_equal(encoding, RT_STR("ascii")))
        return latin1_of(arena, bytes, 0x7f);
    if (rt_str_equal(encoding, RT_STR("utf16le")))
        return rt_utf16le_text(arena, bytes);
    return utf8_of(arena, bytes);
}

static RtJsValue digest(RtRun *run, int op, const RtJsValue *args, size_t count)
{
    RtStr out;
    bool good;
    if (op == OP_DIGEST)
        good = rt_digest(run->arena, text_arg(args, count, 0), text_arg(args, count, 1), &out);
    else if (op == OP_HMAC)
        good = rt_hmac(run->arena, text_arg(args, count, 0), text_arg(args, count, 1),
                       text_arg(args, count, 2), &out);
    else if (op == OP_CIPHER)
        good = rt_cipher(run->arena, text_arg(args, count, 0),
                         number_arg(args, count, 1) != 0 ||
                             (count > 1 && args[1].type == RT_JS_BOOL && args[1].number != 0),
                         text_arg(args, count, 2), text_arg(args, count, 3),
                         text_arg(args, count, 4), &out);
    else if (rt_str_equal(text_arg(args, count, 0), RT_STR("pbkdf2")))
        good = rt_pbkdf2(run->arena, text_arg(args, count, 5), text_arg(args, count, 1),
                         text_arg(args, count, 2), (uint32_t)number_arg(args, count, 3),
                         (size_t)number_arg(args, count, 4), &out);
    else
        good = rt_scrypt(run->arena, text_arg(args, count, 1), text_arg(args, count, 2),
                         (uint64_t)number_arg(args, count, 4), (size_t)number_arg(args, count, 3),
                         &out);
    return good ? bytes_value(out) : none;
}

static RtJsValue inflate(RtRun *run, RtStr how, RtStr bytes)
{
    RtInflateForm form = rt_str_ends(how, RT_STR("gzip"))   ? RT_INFLATE_GZIP
                         : rt_str_ends(how, RT_STR("zlib")) ? RT_INFLATE_ZLIB
                         : rt_str_ends(how, RT_STR("raw"))  ? RT_INFLATE_RAW
                                                            : RT_INFLATE_ANY;
    if (rt_str_starts(how, RT_STR("store-")))
        return bytes_value(rt_deflate_stored(run->arena, form, bytes));
    RtStr out;
    size_t left = rt_arena_left(run->arena) / 6;
    bool known = form != RT_INFLATE_ANY || rt_str_equal(how, RT_STR("any"));
    return known && rt_inflate(run->arena, form, bytes, left < INFLATE_LIMIT ? left : INFLATE_LIMIT,
                               &out)
               ? bytes_value(out)
               : none;
}

/* ---- notes and options
 * ----------------------------------------------------------------------------------------------------
 */

static void note(RtRun *run, RtStr what, RtStr detail)
{
    if (rt_str_equal(what, RT_STR("platform")))
        run->saw_platform = true;
    else if (rt_str_equal(what, RT_STR("ci")))
        run->saw_ci = true;
    else if (rt_str_equal(what, RT_STR("words")))
        run->saw_words = true;
    else if (rt_str_equal(what, RT_STR("threw")))
        run->threw = true;
    else if (rt_str_equal(what, RT_STR("host")))
        run->host = rt_str_copy(run->arena, detail);
    else if (rt_str_equal(what, RT_STR("missing")) && run->missing_count < RT_COUNT(run->missing) &&
             detail.len < 80)
        run->missing[run->missing_count++] = rt_str_copy(run->arena, detail);
}

static RtJsValue option(RtRun *run, RtStr name)
{
    if (rt_str_equal(name, RT_STR("platform")))
        return RT_JS_MAKE_TEXT(rt_str_from_c(run->world.platform));
    if (rt_str_equal(name, RT_STR("world")))
        return RT_JS_MAKE_TEXT(rt_str_from_c(run->world.answers));
    if (rt_str_equal(name, RT_STR("ci")))
        return RT_JS_MAKE_TEXT(run->world.ci ? RT_STR("1") : RT_STR(""));
    if (rt_str_equal(name, RT_STR("argued")))
        return RT_JS_MAKE_NUMBER(run->world.argued);
    if (rt_str_equal(name, RT_STR("hook")))
        return RT_JS_MAKE_TEXT(run->entry->hook);
    if (rt_str_equal(name, RT_STR("defined")))
        return RT_JS_MAKE_TEXT(run->defined.len == 0 ? RT_STR("[]") : run->defined);
    return none;
}

static RtJsValue event(RtRun *run, const RtJsValue *args, size_t count)
{
    RtFactKind kind;
    RtStr texts[4] = { text_arg(args, count, 1), text_arg(args, count, 2), text_arg(args, count, 3),
                       text_arg(args, count, 4) };
    if (!rt_fact_find(text_arg(args, count, 0), &kind))
        return RT_JS_MAKE_NUMBER(-1);
    uint32_t id = rt_run_event(run, kind, texts);
    return RT_JS_MAKE_NUMBER(id == RT_NO_EVENT ? -1 : (double)id);
}

static RtJsValue script(RtRun *run, const RtJsValue *args, size_t count)
{
    RtStr text = text_arg(args, count, 0);
    double number = number_arg(args, count, 1);
    uint32_t from =
        number >= 0 && number < (double)run->event_count ? (uint32_t)number : RT_NO_EVENT;
    uint64_t hash = rt_plain_hash(run->arena, text);
    RtStr name = rt_str_format(run->arena, "text#%016llx", (unsigned long long)hash);
    bool written = from != RT_NO_EVENT && run->events[from].kind == RT_FACT_CODE_REQUIRE;
    rt_run_script(
        run,
        (RtRunScript){ .name = name,
                       .text = rt_str_copy(run->arena, text),
                       .shown = written ? run->events[from].args[0] : RT_STR(""),
                       .hash = hash,
                       .parent = from == RT_NO_EVENT ? RT_NO_SCRIPT : run->events[from].script,
                       .event = from,
                       .columns_before =
                           number_arg(args, count, 3) != 0 ? (uint32_t)sizeof WRAPPER - 1 : 0 });
    return RT_JS_MAKE_TEXT(name);
}

RtJsValue rt_run_call(void *ctx, int op, const RtJsValue *args, size_t count)
{
    RtRun *run = ctx;
    RtStr first = text_arg(args, count, 0), name;
    if (rt_arena_left(run->arena) < RESERVE / 2 + first.len * 3)
        return none; /* the script has had its share of memory */
    switch (op) {
    case OP_EVENT:
        return event(run, args, count);
    case OP_MARK:
        return mark(run, args, count);
    case OP_LEARNED:
        return learned(run, first);
    case OP_FIND:
        return count > 1 || rt_run_find(run, first, &name) == 0 ? none : RT_JS_MAKE_TEXT(name);
    case OP_TEXT:
    case OP_BYTES: {
        RtLayerId id = rt_run_find(run, first, &name);
        if (id == 0)
            return none;
        RtStr bytes = run->sink->get_layer(run->sink, id)->bytes;
        return op == OP_BYTES ? bytes_value(bytes) : RT_JS_MAKE_TEXT(utf8_of(run->arena, bytes));
    }
    case OP_SOURCE:
        return give_source(run, first, (int)number_arg(args, count, 1));
    case OP_DIGEST:
    case OP_HMAC:
    case OP_CIPHER:
    case OP_DERIVE:
        return digest(run, op, args, count);
    case OP_INFLATE:
        return inflate(run, first, text_arg(args, count, 1));
    case OP_ENCODE:
        return bytes_value(encode(run->arena, first, text_arg(args, count, 1)));
    case OP_DECODE:
        return RT_JS_MAKE_TEXT(decode(run->arena, first, text_arg(args, count, 1)));
    case OP_MARKS:
        return origin(run, first);
    case OP_WROTE:
        return wrote(run, args, count);
    case OP_NOTE:
        note(run, first, text_arg(args, count, 1));
        return none;
    case OP_FORWARD:
        rt_js_clock_forward(run->js, number_arg(args, count, 0));
        return none;
    case OP_OPTION:
        return option(run, first);
    case OP_SCRIPT:
        return script(run, args, count);
    case OP_RUNS:
        return RT_JS_MAKE_BOOL(!rt_run_is_outside(run, first));
    default:
        return none;
    }
}
