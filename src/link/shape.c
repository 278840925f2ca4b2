/* shape.c - code as a row of token classes, and MinHash over its runs of eight.
 *
 * No parser: what is compared has often been decoded, cut or obfuscated, and a lexer that knows
 * strings, numbers, names and comments of the C family, Python and shells reads all of it. Names
 * become one class unless they are words of a language, so that renaming changes nothing and
 * another order of statements changes little. TLSH over the bytes was the alternative; it follows
 * literals, which are what a campaign changes from package to package. */
#include "link/shape.h"

#include <string.h>

#include "base/words.h"

enum { RUN = 8, WORD_MOST = 10 };

static const char words[] =
    "if else for while do switch case break continue return function var let const new delete "
    "typeof instanceof in of try catch finally throw class extends async await yield import export "
    "default void def lambda with as from pass raise except and or not is None True False elif "
    "then "
    "fi done esac end true false null this require exec eval";

/* Classes beyond single bytes; words of a language have hashes above them. */
enum { LITERAL = 256, NAME };

typedef struct {
    RtStr rest;
    bool hash_comments;
    uint8_t
        before; /* the last byte of punctuation or 'w': does `/` divide or open an expression? */
} Lexer;

static bool is_name_byte(uint8_t c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c >= 0x80;
}

/* FNV-1a: shapes are stored and compared across builds, so no hash of base/str.h. */
static uint32_t hash_word(RtStr word)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ word.at[i]) * 16777619u;
    return hash | 1u << 31;
}

/* Past a literal that starts here and ends with `quote`, or with its line unless it may go on. */
static size_t literal_len(RtStr text, uint8_t quote)
{
    bool multiline = quote == '`';
    for (size_t i = 1; i < text.len; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] == quote)
            return i + 1;
        else if (text.at[i] == '\n' && !multiline)
            return i;
    }
    return text.len;
}

static size_t comment_len(const Lexer *lexer)
{
    RtStr text = lexer->rest;
    bool slashes = rt_str_starts(text, RT_STR("//"));
    if (slashes || (lexer->hash_comments && text.at[0] == '#')) {
        size_t end = rt_str_find_byte(text, '\n');
        return end == RT_NOT_FOUND ? text.len : end;
    }
    if (!rt_str_starts(text, RT_STR("/*")))
        return 0;
    size_t end = rt_str_find(rt_str_from(text, 2), RT_STR("*/"));
    return end == RT_NOT_FOUND ? text.len : end + 4;
}

static bool opens_regex(const Lexer *lexer)
{
    return lexer->rest.at[0] == '/' && !lexer->hash_comments && lexer->before != 'w' &&
           lexer->before != ')' && lexer->before != ']';
}

/* Next token's class, 0 at the end. Punctuation stands for itself. */
static uint32_t next_token(Lexer *lexer)
{
    while (lexer->rest.len != 0) {
        uint8_t c = lexer->rest.at[0];
        size_t len = comment_len(lexer);
        if (c <= ' ' || len != 0) {
            lexer->rest = rt_str_from(lexer->rest, len != 0 ? len : 1);
            continue;
        }
        uint32_t class = c;
        len = 1;
        if (c == '"' || c == '\'' || c == '`' || opens_regex(lexer)) {
            len = literal_len(lexer->rest, c);
            class = LITERAL;
        } else if (is_name_byte(c)) {
            while (len < lexer->rest.len && is_name_byte(lexer->rest.at[len]))
                len++;
            RtStr word = rt_str_sub(lexer->rest, 0, len);
            if (c >= '0' && c <= '9')
                class = LITERAL;
            else if (len <= WORD_MOST && rt_word_in(word, words))
                class = hash_word(word);
            else
                class = NAME;
        }
        lexer->before = class >= LITERAL ? 'w' : c;
        lexer->rest = rt_str_from(lexer->rest, len);
        return class;
    }
    return 0;
}

static uint64_t mix(uint64_t x) /* splitmix64's finalizer */
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* One hash per run, spread over the slots by multiplying with odd constants. */
static void take_run(const uint32_t *run, size_t at, RtShape *shape)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < RUN; i++)
        hash = mix(hash ^ run[(at + i) % RUN]);
    for (size_t k = 0; k < RT_SHAPE_SLOTS; k++) {
        uint32_t value = (uint32_t)(mix(hash + k * 0x9e3779b97f4a7c15u) >> 32);
        if (value < shape->slots[k])
            shape->slots[k] = value;
    }
}

bool rt_shape_of(RtStr code, bool hash_comments, RtShape *ret_shape)
{
    Lexer lexer = { .rest = rt_str_sub(code, 0, RT_SHAPE_BYTES), .hash_comments = hash_comments };
    RtShape shape = { .tokens = 0 };
    uint32_t run[RUN], class;
    memset(shape.slots, 0xff, sizeof shape.slots);
    while ((class = next_token(&lexer)) != 0) {
        run[shape.tokens % RUN] = class;
        shape.tokens++;
        if (shape.tokens >= RUN)
            take_run(run, shape.tokens % RUN, &shape);
    }
    if (shape.tokens < RT_SHAPE_TOKENS)
        return false;
    *ret_shape = shape;
    return true;
}

uint32_t rt_shape_common(const RtShape *a, const RtShape *b)
{
    uint32_t common = 0;
    for (size_t i = 0; i < RT_SHAPE_SLOTS; i++)
        common += a->slots[i] == b->slots[i];
    return common;
}
