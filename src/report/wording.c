/* wording.c - names, numbers, order and advice that the report formats share.
 *
 * The advice on what to rotate is derived from what the evidence says is read, because a list of
 * everything is not followed; only when nothing is known does it fall back to everything. */
#include "report/wording.h"

#include <stdlib.h>

RtStr rt_report_label(RtArena *arena, const RtArtifact *artifact)
{
    if (artifact->name.len == 0)
        return artifact->path;
    RtText text = { .arena = arena };
    rt_text_add(&text, artifact->name);
    if (artifact->version.len) {
        rt_text_byte(&text, '@');
        rt_text_add(&text, artifact->version);
    }
    return rt_text_str(&text);
}

RtStr rt_report_score(RtArena *arena, double score, unsigned digits)
{
    unsigned scale = 1;
    for (unsigned i = 0; i < digits; i++)
        scale *= 10;
    if (!(score > 0)) /* NaN as well */
        score = 0;
    if (score > 1)
        score = 1;
    unsigned parts = (unsigned)(score * scale + 0.5);
    return rt_str_format(arena, "%u.%0*u", parts / scale, (int)digits, parts % scale);
}

RtStr rt_report_confidence(RtArena *arena, const RtReport *report)
{
    return rt_report_score(arena, report->verdict.score > 0.99 ? 0.99 : report->verdict.score, 2);
}

RtStr rt_report_count(RtArena *arena, uint64_t count)
{
    RtStr digits = rt_str_format(arena, "%llu", (unsigned long long)count);
    RtText text = { .arena = arena };
    for (size_t i = 0; i < digits.len; i++) {
        if (i > 0 && (digits.len - i) % 3 == 0)
            rt_text_byte(&text, ',');
        rt_text_byte(&text, digits.at[i]);
    }
    return rt_text_str(&text);
}

static int compare_findings(const void *left, const void *right)
{
    const RtFinding *a = *(const RtFinding *const *)left;
    const RtFinding *b = *(const RtFinding *const *)right;
    if (a->level != b->level)
        return a->level > b->level ? -1 : 1;
    if (a->phase != b->phase)
        return a->phase > b->phase ? -1 : 1;
    if (a->witness != b->witness)
        return a->witness > b->witness ? -1 : 1;
    int order = rt_str_compare(a->rule, b->rule);
    return order ? order : (a > b) - (a < b); /* one array: its order, not the heap's */
}

const RtFinding *const *rt_report_findings(RtArena *arena, const RtReport *report)
{
    const RtFinding **sorted = RT_NEW_ARRAY(arena, const RtFinding *, report->finding_count + 1);
    for (size_t i = 0; i < report->finding_count; i++)
        sorted[i] = &report->findings[i];
    qsort(sorted, report->finding_count, sizeof(RtFinding *), compare_findings);
    return sorted;
}

static int compare_reports(const void *left, const void *right)
{
    const RtReport *a = *(const RtReport *const *)left;
    const RtReport *b = *(const RtReport *const *)right;
    if (a->verdict.level != b->verdict.level)
        return a->verdict.level > b->verdict.level ? -1 : 1;
    int order = rt_str_compare(a->artifact.path, b->artifact.path);
    return order ? order : rt_str_compare(a->artifact.purl, b->artifact.purl);
}

const RtReport *const *rt_report_worst_first(RtArena *arena, const RtReport *const *reports,
                                             size_t count)
{
    const RtReport **sorted = RT_NEW_ARRAY(arena, const RtReport *, count + 1);
    for (size_t i = 0; i < count; i++)
        sorted[i] = reports[i];
    qsort(sorted, count, sizeof(RtReport *), compare_reports);
    return sorted;
}

RtStr rt_report_layer_path(RtArena *arena, const RtEvidence *evidence)
{
    if (evidence->layer_count < 2)
        return (RtStr){ 0 };
    size_t first = 1;
    /* An archive in an archive: its entries are part of the file's name already. */
    while (first < evidence->layer_count && evidence->layers[first].len > 0 &&
           rt_str_ends(evidence->file, evidence->layers[first]))
        first++;
    if (first == evidence->layer_count)
        return (RtStr){ 0 };
    RtText text = { .arena = arena };
    rt_text_add(&text, RT_STR("raw"));
    for (size_t i = first; i < evidence->layer_count; i++) {
        rt_text_add(&text, RT_STR(" → "));
        rt_text_add(&text, evidence->layers[i]);
    }
    return rt_text_str(&text);
}

RtStr rt_report_file(const RtReport *report, const RtEvidence *evidence)
{
    return evidence->file.len ? evidence->file : report->artifact.path;
}

RtPhase rt_report_phase(const RtReport *report)
{
    RtPhase best = RT_WHEN_UNKNOWN;
    for (size_t i = 0; i < report->finding_count; i++)
        if (report->findings[i].level >= RT_STRONG && report->findings[i].phase > best)
            best = report->findings[i].phase;
    for (size_t i = 0; i < report->step_count && best == RT_WHEN_UNKNOWN; i++)
        best = report->story[i].phase;
    return best;
}

RtStr rt_report_trigger(const RtReport *report, RtPhase phase)
{
    static const struct {
        const char *ecosystem, *install;
    } clients[] = {
        { "npm", "npm install" }, { "pypi", "pip install" },  { "composer", "composer install" },
        { "gem", "gem install" }, { "cargo", "cargo build" },
    };
    switch (phase) {
    case RT_WHEN_INSTALL:
        for (size_t i = 0; i < RT_COUNT(clients); i++)
            if (rt_str_equal(report->artifact.ecosystem, rt_str_from_c(clients[i].ecosystem)))
                return rt_str_from_c(clients[i].install);
        return RT_STR("installation");
    case RT_WHEN_OPEN:
        return RT_STR("opening the folder");
    case RT_WHEN_BUILD:
        return RT_STR("build");
    case RT_WHEN_IMPORT:
        return RT_STR("import");
    case RT_WHEN_CALLED:
        return RT_STR("a call");
    case RT_WHEN_UNKNOWN:
        break;
    }
    return (RtStr){ 0 };
}

size_t rt_report_advice(const RtReport *report, const RtFinding *const *findings, RtStr *ret_advice,
                        size_t limit)
{
    size_t count = 0;
    for (size_t i = 0; i < report->finding_count && count < limit; i++) {
        RtStr advice = findings[i]->advice;
        bool known = advice.len == 0 || findings[i]->level < RT_WEAK;
        for (size_t k = 0; k < count && !known; k++)
            known = rt_str_equal(ret_advice[k], advice);
        if (!known)
            ret_advice[count++] = advice;
    }
    return count;
}

/* Which words in the evidence or the story mean that a secret of this kind is within reach. */
static const struct {
    const char *word;
    uint8_t kind;
} secret_words[] = {
    { ".npmrc", 0 },          { "npm_token", 0 },   { ".pypirc", 0 },
    { "env.read *", 1 },      { "process.env", 1 }, { "os.environ", 1 },
    { "environment", 1 },     { ".env", 1 },        { "github", 2 },
    { ".git-credent", 2 },    { ".netrc", 2 },      { ".ssh", 3 },
    { "id_rsa", 3 },          { "id_ed25519", 3 },  { ".aws", 4 },
    { ".azure", 4 },          { "gcloud", 4 },      { ".kube", 4 },
    { "169.254.169.254", 4 }, { ".docker", 4 },     { "wallet", 5 },
    { "solana", 5 },          { "metamask", 5 },    { "keystore", 5 },
    { "mnemonic", 5 },        { "exodus", 5 },      { "login data", 6 },
    { "cookies", 6 },         { "local state", 6 }, { "browser", 6 },
    { "keychain", 7 },        { "clipboard", 7 },   { "key strokes", 7 },
    { "keylog", 7 },
};
static const char *const secret_kinds[] = {
    "npm and PyPI tokens",
    "every secret in the environment and in .env files",
    "GitHub and git credentials",
    "SSH keys",
    "cloud, Docker and Kubernetes keys",
    "wallets (move the funds)",
    "passwords and sessions saved in browsers",
    "passwords in the keychain and whatever was typed or copied",
};

static uint32_t secrets_in(RtStr text)
{
    uint32_t kinds = 0;
    for (size_t i = 0; i < RT_COUNT(secret_words); i++)
        if (rt_str_find_nocase(text, rt_str_from_c(secret_words[i].word)) != RT_NOT_FOUND)
            kinds |= 1U << secret_words[i].kind;
    return kinds;
}

RtStr rt_report_rotate(RtArena *arena, const RtReport *report)
{
    uint32_t kinds = 0;
    for (size_t i = 0; i < report->step_count; i++)
        kinds |= secrets_in(report->story[i].says);
    for (size_t i = 0; i < report->finding_count; i++)
        for (size_t k = 0; k < report->findings[i].evidence_count; k++)
            kinds |= secrets_in(report->findings[i].evidence[k].says);
    if (kinds == 0)
        return RT_STR("npm, PyPI and GitHub tokens, cloud and SSH keys, wallets, passwords and "
                      "sessions saved in browsers, every secret in the environment");
    RtText text = { .arena = arena };
    for (size_t i = 0; i < RT_COUNT(secret_kinds); i++) {
        if (!(kinds & 1U << i))
            continue;
        if (text.len)
            rt_text_add(&text, RT_STR("; "));
        rt_text_add(&text, rt_str_from_c(secret_kinds[i]));
    }
    return rt_text_str(&text);
}

/* Length of "http://" and its kin at `at`, or 0. */
static size_t scheme_at(RtStr text, size_t at)
{
    static const char *const schemes[] = { "http://", "https://", "ws://", "wss://" };
    for (size_t i = 0; i < RT_COUNT(schemes); i++) {
        RtStr scheme = rt_str_from_c(schemes[i]);
        if (rt_str_equal_nocase(rt_str_sub(text, at, scheme.len), scheme))
            return scheme.len;
    }
    return 0;
}

void rt_report_defang(RtText *out, RtStr text)
{
    size_t at = 0;
    while (at < text.len) {
        size_t scheme = scheme_at(text, at);
        if (scheme == 0) {
            rt_text_byte(out, text.at[at++]);
            continue;
        }
        for (size_t i = 0; i < scheme; i++) {
            uint8_t byte = text.at[at++];
            bool is_t = byte == 't' || byte == 'T';
            rt_text_byte(out, is_t ? 'x' : byte);
        }
        while (at < text.len && text.at[at] > ' ' && text.at[at] != '/' && text.at[at] != '"') {
            if (text.at[at] == '.')
                rt_text_add(out, RT_STR("[.]"));
            else
                rt_text_byte(out, text.at[at]);
            at++;
        }
    }
}

void rt_report_uri_path(RtText *out, RtStr path)
{
    for (size_t i = 0; i < path.len; i++) {
        uint8_t byte = path.at[i];
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_' ||
                     byte == '~' || byte == '/';
        if (plain)
            rt_text_byte(out, byte);
        else
            rt_text_format(out, "%%%02X", byte);
    }
}

RtStr rt_report_trait(RtArena *arena, const RtTrait *trait)
{
    RtText out = { .arena = arena };
    rt_text_format(&out, "%.*s %.*s: %.*s", RT_FMT(rt_trait_family_name(trait->family)),
                   RT_FMT(trait->id), RT_FMT(trait->says));
    if (trait->file.len != 0 && trait->line != 0)
        rt_text_format(&out, " (%.*s:%u)", RT_FMT(trait->file), trait->line);
    else if (trait->file.len != 0)
        rt_text_format(&out, " (%.*s)", RT_FMT(trait->file));
    return rt_text_str(&out);
}

RtStr rt_report_resembles(RtArena *arena, const RtReport *report)
{
    if (report->attributions == NULL || report->attributions->count == 0)
        return RT_STR("");
    const RtAttribution *best = &report->attributions->items[0];
    RtText out = { .arena = arena };
    rt_text_format(&out, "%.*s (%.*s)", RT_FMT(best->title),
                   RT_FMT(rt_attribution_level_name(best->level)));
    for (size_t i = 0; i < best->trait_count; i++) {
        if (best->traits[i].weight >= 0)
            rt_text_format(&out, "%s %.*s", i ? ";" : ":", RT_FMT(best->traits[i].says));
    }
    return rt_text_str(&out);
}
