/* rot.c - letters moved round the alphabet (rot13 and the 24 others). One pass: behind a "(" or
 * before "://" and before a blank at a line's start stand the words that tell the step ("require(",
 * "http://", "import "); where one stands, its lines are turned back. */
#include "unpack/decoded.h"

enum { REGIONS_MOST = 32 };

typedef struct {
    const char *word;
    uint8_t len;
    bool is_strong; /* seven letters do not fit by chance; four may */
} Word;

#define WORD(text, is_strong)                                                                      \
    {                                                                                              \
        text, sizeof(text) - 1, is_strong                                                          \
    }
static const Word before_paren[] = { WORD("require", true),      WORD("exec", false),
                                     WORD("eval", false),        WORD("compile", true),
                                     WORD("function", true),     WORD("getattr", true),
                                     WORD("fromcharcode", true), WORD("system", true),
                                     WORD("urlopen", true),      WORD("print", false),
                                     WORD("decode", true),       WORD("popen", false) };
static const Word before_colon[] = { WORD("http", true), WORD("https", true) };
static const Word at_line[] = { WORD("import", true), WORD("const", true), WORD("function", true) };

static bool is_letter(uint8_t byte) { return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'; }

/* The step from `word` to the letters at `at` (1…25), or 0 when they are none. */
static unsigned step_of(RtStr text, size_t at, RtStr word)
{
    unsigned step = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (!is_letter(text.at[at + i]))
            return 0;
        unsigned here = ((text.at[at + i] | 0x20u) + 26u - word.at[i]) % 26u;
        if (i > 0 && here != step)
            return 0;
        step = here;
    }
    return step;
}

static unsigned match(const Word *words, size_t count, RtStr text, size_t from, size_t to,
                      bool *ret_is_strong)
{
    for (size_t i = 0; i < count; i++) {
        if (to - from != words[i].len)
            continue;
        unsigned step =
            step_of(text, from, (RtStr){ (const uint8_t *)words[i].word, words[i].len });
        if (step > 0) {
            *ret_is_strong = words[i].is_strong;
            return step;
        }
    }
    return 0;
}

static size_t letters_before(RtStr text, size_t at)
{
    size_t from = at;
    if (at < 4 || !is_letter(text.at[at - 4])) /* no word is shorter */
        return at;
    while (from > 0 && at - from < 16 && is_letter(text.at[from - 1]))
        from--;
    return from;
}

/* The step that a word near `at` tells, or 0. */
static unsigned step_at(RtStr text, size_t at, bool *ret_is_strong)
{
    if (text.at[at] == '(')
        return match(before_paren, RT_COUNT(before_paren), text, letters_before(text, at), at,
                     ret_is_strong);
    if (text.at[at] == ':' && text.len - at > 3 && text.at[at + 1] == '/' && text.at[at + 2] == '/')
        return match(before_colon, RT_COUNT(before_colon), text, letters_before(text, at), at,
                     ret_is_strong);
    /* A line begins: its first word, up to a blank. */
    size_t to = at + 1;
    if (text.len - at < 6 || !is_letter(text.at[at + 5]))
        return 0;
    while (to < text.len && to - at < 12 && is_letter(text.at[to]))
        to++;
    return to < text.len && text.at[to] == ' '
               ? match(at_line, RT_COUNT(at_line), text, at + 1, to, ret_is_strong)
               : 0;
}

static void turn(RtDecoded *decoded, RtStr text, size_t from, size_t to, unsigned step)
{
    RtArena *arena = decoded->sink->arena;
    if (to - from > rt_arena_left(arena) / 4)
        return;
    uint8_t *out = rt_arena_bytes(arena, to - from);
    for (size_t i = from; i < to; i++) {
        uint8_t byte = text.at[i];
        unsigned base = byte & 0x20 ? 'a' : 'A';
        out[i - from] = is_letter(byte) ? (uint8_t)((byte - base + 26 - step) % 26 + base) : byte;
    }
    (void)rt_decoded_keep(decoded, decoded->name, from, to - from, (RtStr){ out, to - from });
}

static size_t line_end(RtStr text, size_t at)
{
    size_t end = rt_str_find_byte(rt_str_from(text, at), '\n');
    return end == RT_NOT_FOUND ? text.len : at + end;
}

/* Lines that belong together: turned by the same step, nothing turned otherwise between them. */
typedef struct {
    size_t from, to;
    unsigned step;
    bool is_strong;
} Region;

static bool emit(RtDecoded *decoded, RtStr text, const Region *region)
{
    if (region->is_strong)
        turn(decoded, text, region->from, region->to, region->step);
    return region->is_strong;
}

/* The next place a telling word may end or begin at: one vector search each, since brackets and
 * breaks are few. */
typedef struct {
    RtStr text;
    size_t paren, colon, line;
} Places;

static size_t find_from(RtStr text, size_t from, RtStr what)
{
    size_t at = what.len == 1 ? rt_str_find_byte(rt_str_from(text, from), what.at[0])
                              : rt_str_find(rt_str_from(text, from), what);
    return at == RT_NOT_FOUND ? text.len : from + at;
}

static size_t next_place(Places *places, size_t from)
{
    if (places->paren < from)
        places->paren = find_from(places->text, from, RT_STR("("));
    if (places->colon < from)
        places->colon = find_from(places->text, from, RT_STR("://"));
    if (places->line < from)
        places->line = find_from(places->text, from, RT_STR("\n"));
    size_t next = places->paren < places->colon ? places->paren : places->colon;
    return next < places->line ? next : places->line;
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr text = layer->bytes;
    RtDecoded decoded = rt_decoded_start("rot", self, sink);
    Region region = { 0 };
    Places places = { .text = text };
    if (text.len == 0)
        return;
    size_t line = 0, end = line_end(text, 0);
    uint32_t regions = 0;
    for (size_t at = next_place(&places, 1); at < text.len && regions < REGIONS_MOST;
         at = next_place(&places, at + 1)) {
        if (at > end) {
            line = end + 1;
            end = line_end(text, line);
        }
        bool strong_here = false;
        unsigned step = step_at(text, at, &strong_here);
        if (step == 0)
            continue;
        if (step != region.step) {
            regions += emit(&decoded, text, &region);
            region = (Region){ .from = line, .step = step };
        }
        region.is_strong |= strong_here;
        region.to = text.at[at] == '\n' ? line_end(text, at + 1) : end;
    }
    (void)emit(&decoded, text, &region);
    rt_decoded_done(&decoded);
}

const RtDecoder rt_decoder_rot = { .name = "rot",
                                   .decode = decode,
                                   .wants = RT_ASKS_DECODE | RT_ASKS_EVAL | RT_ASKS_OBFUSCATED };
