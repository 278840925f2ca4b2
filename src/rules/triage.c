/* triage.c - which files deserve a parse. A syntax tree costs about a hundred times the
 * decompression of the same bytes, so the first pass's classes of words decide; the figures behind
 * each line stand in docs/RULES.md. */
#include "rules/rules.h"

/* Small files that run without the victim calling anything are read whatever they say. */
enum {
    ALWAYS_BYTES = 16 << 10,
    ADDRESS_BYTES = 32 << 10,
    BUNDLE_BYTES = 128 << 10,
    INSTALL_BYTES = 256 << 10,
    HALF_BYTES = 2 << 10
};

static bool is_c(const char *language, const char *name)
{
    return language && rt_str_equal(rt_str_from_c(language), rt_str_from_c(name));
}

static RtTriageFamily family_of(const char *language)
{
    static const struct {
        const char *language;
        RtTriageFamily family;
    } families[] = {
        { "javascript", RT_FAMILY_JS }, { "typescript", RT_FAMILY_JS },
        { "tsx", RT_FAMILY_JS },        { "jsx", RT_FAMILY_JS },
        { "python", RT_FAMILY_PYTHON }, { "shell", RT_FAMILY_SHELL },
        { "batch", RT_FAMILY_SHELL },   { "powershell", RT_FAMILY_SHELL },
    };
    for (size_t i = 0; i < RT_COUNT(families); i++)
        if (is_c(language, families[i].language))
            return families[i].family;
    return RT_FAMILY_ANY;
}

uint32_t rt_rules_asks(const RtHits *hits, const char *language)
{
    RtTriageFamily family = family_of(language);
    if (language && family != RT_FAMILY_ANY)
        return hits->asks[RT_FAMILY_ANY] | hits->asks[family];
    uint32_t asks = 0;
    for (size_t i = 0; i < RT_FAMILIES; i++)
        asks |= hits->asks[i];
    return asks;
}

/* What only a syntax tree can settle: does what is fetched or decoded reach an interpreter, does
 * what is secret reach the net. One half of such a pair alone is what every library has. */
static bool is_pair(uint32_t asks, size_t len)
{
    const uint32_t obtains = RT_ASKS_NET | RT_ASKS_DECODE | RT_ASKS_CHAIN | RT_ASKS_HOST;
    const uint32_t acts = RT_ASKS_EVAL | RT_ASKS_PROC;
    const uint32_t takes = RT_ASKS_SECRET | RT_ASKS_ENV;
    if ((asks & obtains) && (asks & acts))
        return true;
    if ((asks & takes) && (asks & (RT_ASKS_NET | RT_ASKS_HOST)))
        return true;
    if ((asks & RT_ASKS_NET) && (asks & RT_ASKS_DECODE) && len <= ADDRESS_BYTES)
        return true; /* an encoded address */
    return (asks & RT_ASKS_NET) && (asks & RT_ASKS_HOST);
}

/* A bundle holds every word somewhere: only what few bundles have together counts there. */
static bool is_rare_in_bundles(uint32_t asks)
{
    if (!(asks & RT_ASKS_NET))
        return false;
    if ((asks & (RT_ASKS_EVAL | RT_ASKS_PROC)) && (asks & (RT_ASKS_HOST | RT_ASKS_CHAIN)))
        return true;
    if ((asks & RT_ASKS_SECRET) && (asks & RT_ASKS_ENV) && (asks & RT_ASKS_HOST))
        return true;
    return (asks & RT_ASKS_PROC) && (asks & RT_ASKS_SECRET);
}

/* One act alone, which matters when it happens at load. */
static bool is_act(uint32_t asks, RtTriageFamily family, size_t len)
{
    const uint32_t acts =
        RT_ASKS_PROC | RT_ASKS_SECRET | RT_ASKS_PERSIST | RT_ASKS_HOST | RT_ASKS_NET;
    const uint32_t payload =
        family == RT_FAMILY_PYTHON ? RT_ASKS_LONG | RT_ASKS_BLOB : RT_ASKS_LONG;
    if ((asks & RT_ASKS_EVAL) && len <= HALF_BYTES)
        return true; /* the half of a pair that runs what another package left behind */
    return (asks & acts) || ((asks & RT_ASKS_EVAL) && (asks & payload));
}

/* A test or an example that nothing loads: half the bytes of large distributions, and nothing of
 * them runs. */
static bool is_bystander(const RtLayer *layer)
{
    return (layer->roles & (RT_ROLE_TEST | RT_ROLE_DOCS)) && !(layer->roles & RT_ROLE_REACHED) &&
           layer->phase < RT_WHEN_BUILD && layer->via == RT_VIA_ENTRY;
}

bool rt_rules_worth_parsing(const RtLayer *layer)
{
    uint32_t asks = layer->interest;
    size_t len = layer->bytes.len;
    if ((layer->roles & RT_ROLE_TYPES) && !(layer->roles & RT_ROLE_REACHED))
        return false;
    RtTriageFamily family = family_of(layer->language);
    if (family == RT_FAMILY_SHELL || is_c(layer->language, "php"))
        return asks != 0 || len <= ALWAYS_BYTES; /* no grammar: cheap */
    bool is_inner = layer->via == RT_VIA_DECODED || layer->via == RT_VIA_EVALUATED ||
                    layer->via == RT_VIA_WRITTEN;
    bool is_bundle = len > BUNDLE_BYTES && family == RT_FAMILY_JS;
    if (asks & (RT_ASKS_OBFUSCATED | RT_ASKS_HIDDEN))
        return true;
    if ((family == RT_FAMILY_PYTHON || family == RT_FAMILY_JS) && is_bystander(layer))
        return (asks & RT_ASKS_HOST) && (asks & (RT_ASKS_NET | RT_ASKS_PROC | RT_ASKS_EVAL)) &&
               len <= ADDRESS_BYTES;
    if (layer->phase >= RT_WHEN_BUILD || (is_inner && len <= INSTALL_BYTES))
        return asks != 0; /* whatever its size: filler must not buy an install script its freedom */
    if ((layer->roles & RT_ROLE_CONFIG) && len <= ALWAYS_BYTES)
        return asks != 0;
    if (layer->phase >= RT_WHEN_IMPORT && len <= ALWAYS_BYTES && is_act(asks, family, len))
        return true;
    return is_bundle && !is_inner ? layer->phase >= RT_WHEN_IMPORT && is_rare_in_bundles(asks)
                                  : is_pair(asks, len);
}
