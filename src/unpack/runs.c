/* runs.c - see runs.h. A run goes on over
 *   - a line break with blanks around it, when the piece before is long (wrapped base64),
 *   - a closing quote, blanks, + . & or nothing, and an opening quote ("abc" + "def", 'abc'\n
 * 'def'),
 *   - a backslash before a line break, and the two characters \n inside a string.
 * Only pieces of at least CUT_LEAST symbols are sewn, so that word lists stay words. */
#include "unpack/runs.h"

#include <string.h>

enum { CUT_LEAST = 16, WRAP_LEAST = 40, GAP_MOST = 256 };

/* Value plus one, so that zero says "no symbol". */
const uint8_t rt_runs_base64[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['-'] = 63,
    ['/'] = 64, ['_'] = 64,
};

const uint8_t rt_runs_hex[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

RtRuns rt_runs_start(RtArena *arena, RtStr text, const uint8_t is_symbol[256], size_t least)
{
    return (
        RtRuns){ .text = text, .is_symbol = is_symbol, .least = least, .sewn = { .arena = arena } };
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_quote(uint8_t byte) { return byte == '"' || byte == '\'' || byte == '`'; }

static size_t skip_blanks(RtStr text, size_t at, bool *ret_has_break)
{
    size_t most = text.len - at > GAP_MOST ? at + GAP_MOST : text.len;
    for (; at < most; at++) {
        if (text.at[at] == '\n')
            *ret_has_break = true;
        if (text.at[at] == '\\' && at + 1 < text.len &&
            (text.at[at + 1] == '\n' || text.at[at + 1] == '\r' || text.at[at + 1] == 'n'))
            *ret_has_break = true, at++; /* NOLINT: both halves of an escaped break */
        else if (!is_blank(text.at[at]))
            break;
    }
    return at;
}

/* From behind a piece of `piece_len` symbols to where the next piece starts, or `at` itself when
 * the run is over. */
static size_t over_cut(RtStr text, size_t at, size_t piece_len)
{
    if (at >= text.len || piece_len < CUT_LEAST)
        return at;
    bool has_break = false;
    if (!is_quote(text.at[at])) {
        size_t to = skip_blanks(text, at, &has_break);
        return has_break && piece_len >= WRAP_LEAST ? to : at;
    }
    uint8_t quote = text.at[at];
    size_t to = skip_blanks(text, at + 1, &has_break);
    if (to < text.len && (text.at[to] == '+' || text.at[to] == '.' || text.at[to] == '&'))
        to = skip_blanks(text, to + 1, &has_break);
    while (to < text.len && (text.at[to] == 'b' || text.at[to] == 'f' || text.at[to] == 'r') &&
           to + 1 < text.len && text.at[to + 1] == quote)
        to++; /* Python's b"…" b"…" */
    return to < text.len && text.at[to] == quote ? to + 1 : at;
}

static size_t piece_end(const RtRuns *runs, size_t at)
{
    const uint8_t *text = runs->text.at;
    size_t len = runs->text.len;
    while (at < len && runs->is_symbol[text[at]])
        at++;
    return at;
}

/* Symbols at four places up to `half` bytes from here. */
static bool reaches(const uint8_t is_symbol[256], const uint8_t *here, ptrdiff_t side, size_t half)
{
    ptrdiff_t far = (ptrdiff_t)half * side, quarter = (ptrdiff_t)(half / 4) * side;
    return is_symbol[here[far]] && is_symbol[here[quarter]] && is_symbol[here[2 * quarter]] &&
           is_symbol[here[3 * quarter]];
}

/* Finds the next run's first piece: *ret_from and its end. Runs shorter than `least` that nothing
 * can follow are passed over here, in the tight loop. */
static bool first_piece(RtRuns *runs, size_t *ret_from, size_t *ret_end)
{
    size_t shortest = runs->least < CUT_LEAST ? runs->least : CUT_LEAST;
    const uint8_t *is_symbol = runs->is_symbol;
    size_t at = runs->at, half = shortest / 2;
    while (at < runs->text.len) {
        /* A run of `shortest` holds every shortest-th byte, and half of it lies to one side of
         * that: ordinary words are turned away by a few look-ups. */
        size_t probe = at + shortest - 1;
        if (probe >= runs->text.len)
            return false;
        const uint8_t *here = runs->text.at + probe;
        if (!is_symbol[*here]) {
            at = probe + 1;
            continue;
        }
        if (!reaches(is_symbol, here, -1, half) &&
            (probe + half >= runs->text.len || !reaches(is_symbol, here, 1, half))) {
            at = probe + 1; /* what holds the probe ends before half of it on both sides */
            continue;
        }
        size_t from = probe;
        while (from > at && runs->is_symbol[runs->text.at[from - 1]])
            from--;
        size_t end = piece_end(runs, probe);
        if (end - from >= shortest) {
            *ret_from = from;
            *ret_end = end;
            return true;
        }
        at = end;
    }
    return false;
}

bool rt_runs_next(RtRuns *runs, RtRun *ret_run)
{
    size_t from = 0, end = 0;
    while (first_piece(runs, &from, &end)) {
        RtStr symbols = { runs->text.at + from, end - from };
        runs->sewn.len = 0;
        for (;;) {
            size_t next = over_cut(runs->text, end, end - from);
            size_t next_end = next > end ? piece_end(runs, next) : end;
            if (next_end == next || next == end)
                break;
            if (runs->sewn.len == 0)
                rt_text_add(&runs->sewn, symbols);
            rt_text_add(&runs->sewn, (RtStr){ runs->text.at + next, next_end - next });
            symbols = rt_text_str(&runs->sewn);
            end = next_end;
            if (next_end - next < CUT_LEAST) /* the short last piece */
                break;
        }
        runs->at = end;
        if (symbols.len >= runs->least) {
            *ret_run = (RtRun){ .from = from, .len = end - from, .symbols = symbols };
            return true;
        }
    }
    runs->at = runs->text.len;
    return false;
}

size_t rt_runs_decode_base64(RtStr symbols, uint8_t *out)
{
    size_t len = 0, at = 0;
    for (; symbols.len - at >= 4; at += 4) {
        uint32_t word = (uint32_t)(rt_runs_base64[symbols.at[at]] - 1) << 18 |
                        (uint32_t)(rt_runs_base64[symbols.at[at + 1]] - 1) << 12 |
                        (uint32_t)(rt_runs_base64[symbols.at[at + 2]] - 1) << 6 |
                        (uint32_t)(rt_runs_base64[symbols.at[at + 3]] - 1);
        out[len++] = (uint8_t)(word >> 16);
        out[len++] = (uint8_t)(word >> 8);
        out[len++] = (uint8_t)word;
    }
    uint32_t rest = 0;
    size_t left = symbols.len - at;
    for (size_t i = 0; i < left; i++)
        rest |= (uint32_t)(rt_runs_base64[symbols.at[at + i]] - 1) << (18 - 6 * i);
    if (left >= 2)
        out[len++] = (uint8_t)(rest >> 16);
    if (left == 3)
        out[len++] = (uint8_t)(rest >> 8);
    return len;
}

size_t rt_runs_decode_hex(RtStr symbols, uint8_t *out)
{
    for (size_t i = 0; i + 1 < symbols.len; i += 2)
        out[i / 2] =
            (uint8_t)((rt_runs_hex[symbols.at[i]] - 1) << 4 | (rt_runs_hex[symbols.at[i + 1]] - 1));
    return symbols.len / 2;
}

RtBlobs rt_blobs_start(RtArena *arena, RtStr text)
{
    return (RtBlobs){ .base64 = rt_runs_start(arena, text, rt_runs_base64, 16),
                      .hex = rt_runs_start(arena, text, rt_runs_hex, 16),
                      .arena = arena };
}

static uint8_t *scratch(RtBlobs *blobs, size_t len)
{
    if (len > blobs->scratch_len) {
        if (len > rt_arena_left(blobs->arena) / 4)
            return NULL;
        blobs->scratch_len = len < 4096 ? 4096 : len;
        blobs->scratch = rt_arena_bytes(blobs->arena, blobs->scratch_len);
    }
    return blobs->scratch;
}

static bool is_all_hex(RtStr symbols)
{
    for (size_t i = 0; i < symbols.len; i++)
        if (!rt_runs_hex[symbols.at[i]])
            return false;
    return true;
}

/* Ciphertext stands in quotes and mixes its symbols; identifiers and paths do not. */
static bool is_quoted_mixture(const RtRuns *runs, const RtRun *run)
{
    uint8_t before = run->from > 0 ? runs->text.at[run->from - 1] : '"';
    if (!is_quote(before) && before != '\n' && before != ',')
        return false;
    bool upper = false, lower = false, digit = false;
    RtStr head = rt_str_sub(run->symbols, 0, 64);
    for (size_t i = 0; i < head.len; i++) {
        upper |= head.at[i] >= 'A' && head.at[i] <= 'Z';
        lower |= head.at[i] >= 'a' && head.at[i] <= 'z';
        digit |= head.at[i] >= '0' && head.at[i] <= '9';
    }
    return digit || (upper && lower);
}

bool rt_blobs_next(RtBlobs *blobs, size_t least, RtRun *ret_run, RtStr *ret_bytes)
{
    for (;;) {
        bool is_hex = false;
        if (!rt_runs_next(&blobs->base64, ret_run)) {
            if (!rt_runs_next(&blobs->hex, ret_run))
                return false;
            is_hex = true;
        }
        bool all_hex = is_all_hex(rt_str_sub(ret_run->symbols, 0, 64));
        if (ret_run->symbols.len / 2 < least || is_hex != all_hex)
            continue; /* hex symbols are base64 symbols, too: such runs come in the second round */
        if (!is_quoted_mixture(is_hex ? &blobs->hex : &blobs->base64, ret_run))
            continue;
        uint8_t *out = scratch(blobs, ret_run->symbols.len);
        if (!out)
            continue;
        size_t len = is_hex ? rt_runs_decode_hex(ret_run->symbols, out)
                            : rt_runs_decode_base64(ret_run->symbols, out);
        if (len < least)
            continue;
        *ret_bytes = (RtStr){ out, len };
        return true;
    }
}
