/* intel_command.c - ratter intel: what is known, in and out. One word per thing to do; each reads
 * its own flags from one table, and refuses those of the others. */
#include "intel_command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/escape.h"

static const Flag flags[] = {
    [INTEL_STORE] = { "store", 0, "FILE", NULL,
                      "the store (the one in the user's data directory)" },
    [INTEL_JSON] = { "json", 0, NULL, NULL, "lookup, status, import: answer in JSON" },
    [INTEL_SEED] = { "seed", 0, NULL, NULL, "import: what ships with ratter" },
    [INTEL_SOURCE] = { "source", 0, "NAME", NULL,
                       "import: under which name; its next import replaces it (the path)" },
    [INTEL_FORMAT] = { "format", 'f', "NAME", NULL, "import, export: a format of the list below" },
    [INTEL_TLP] = { "tlp", 0, "LEVEL", NULL,
                    "import: mark at least so; export: leave out what is marked stricter (clear)" },
    [INTEL_NO_JAIL] = { "no-jail", 0, NULL, NULL, "read feeds without the jail (debugging only)" },
    [INTEL_OUTPUT] = { "output", 'o', "FILE", NULL, "export: into a file, whole or not at all" },
    [INTEL_FINDINGS] = { "findings", 0, "REPORT", NULL,
                         "export: what a scan judged malicious (its json or jsonl)" },
    [INTEL_SIGN] = { "sign", 0, "KEY", NULL, "export: sign the file: FILE.minisig" },
    [INTEL_VERIFY] = { "verify", 0, "KEY", NULL,
                       "import: only what FEED.minisig fits, by this public key" },
    [INTEL_HELP] = { "help", 'h', NULL, NULL, "show this help" },
};

static FlagSet intel_flags(RtArena *arena)
{
    (void)arena;
    return (FlagSet){ flags, RT_COUNT(flags) };
}

static const struct {
    const char *word, *operands;
    size_t least, most;
    unsigned flags; /* bits of those it takes, beside --store and --help */
    int (*run)(Intel *intel);
} words_of[] = {
    { "import", "FEED... | --seed", 0, SIZE_MAX,
      1U << INTEL_SEED | 1U << INTEL_SOURCE | 1U << INTEL_FORMAT | 1U << INTEL_TLP |
          1U << INTEL_NO_JAIL | 1U << INTEL_JSON | 1U << INTEL_VERIFY,
      intel_import },
    { "export", "", 0, 0,
      1U << INTEL_FORMAT | 1U << INTEL_TLP | 1U << INTEL_SOURCE | 1U << INTEL_NO_JAIL |
          1U << INTEL_OUTPUT | 1U << INTEL_FINDINGS | 1U << INTEL_SIGN,
      intel_export },
    { "keygen", "FILE", 1, 1, 0, intel_keygen },
    { "lookup", "WHAT...", 1, SIZE_MAX, 1U << INTEL_JSON, intel_lookup },
    { "status", "", 0, 0, 1U << INTEL_JSON, intel_status },
    { "diff", "FEED", 1, 1,
      1U << INTEL_SOURCE | 1U << INTEL_FORMAT | 1U << INTEL_TLP | 1U << INTEL_NO_JAIL, intel_diff },
    { "verify", "", 0, 0, 0, intel_verify },
};

/* Makes the folders above `path`, for this user alone. */
static int make_folders(RtArena *arena, const char *path)
{
    char *copy = (char *)(uintptr_t)rt_str_c(arena, rt_str_from_c(path));
    for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(copy, 0700) != 0 && errno != EEXIST)
            return complain("cannot make %s: %s", escaped_c(arena, copy), strerror(errno));
        *slash = '/';
    }
    return 0;
}

int intel_open(Intel *intel, bool writable)
{
    ratter_error error = { 0 };
    if (intel->store == NULL)
        intel->store = intel_store(intel->arena, "auto");
    if (intel->store == NULL)
        return complain("neither XDG_DATA_HOME nor HOME names a folder; name the store: --store");
    if (writable && !intel->has_store_flag) {
        int status = make_folders(intel->arena, intel->store);
        if (status != 0)
            return status;
    }
    intel->handle = ratter_intel_open(intel->store, writable, &error);
    return intel->handle != NULL ? 0 : complain("%s", escaped_c(intel->arena, error.text));
}

void intel_day(RtText *out, int64_t seconds)
{
    struct tm day;
    time_t when = (time_t)seconds;
    if (seconds <= 0 || gmtime_r(&when, &day) == NULL)
        rt_text_format(out, "unknown");
    else
        rt_text_format(out, "%04d-%02d-%02d", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

/* ---- import and diff ------------------------------------------------------------------------ */

static void say_malformed(void *context, const char *line)
{
    Intel *intel = context;
    fprintf(stderr, "ratter: left out: %s\n", escaped_c(intel->arena, line));
}

static ratter_intel_import_options import_options(Intel *intel)
{
    return (ratter_intel_import_options){
        .source = intel->values[INTEL_SOURCE],
        .format = intel->values[INTEL_FORMAT],
        .tlp = intel->values[INTEL_TLP],
        .no_jail = intel->given & 1U << INTEL_NO_JAIL ? 1 : 0,
        .now = (int64_t)time(NULL),
        .say = say_malformed,
        .context = intel,
    };
}

static void tell_import(Intel *intel, const char *path, const ratter_intel_import_result *result)
{
    RtText *out = &intel->out;
    if (intel->given & 1U << INTEL_JSON) {
        rt_text_format(out, "{\"feed\":");
        rt_json_quote(out, rt_str_from_c(path));
        rt_text_format(out, ",\"source\":");
        rt_json_quote(out, rt_str_from_c(result->source));
        rt_text_format(out,
                       ",\"format\":\"%s\",\"unchanged\":%s,\"added\":%llu,\"dropped\":%llu,"
                       "\"kept\":%llu,\"malformed\":%llu,\"ignored\":%llu}\n",
                       result->format, result->unchanged ? "true" : "false",
                       (unsigned long long)result->added, (unsigned long long)result->dropped,
                       (unsigned long long)result->kept, (unsigned long long)result->malformed,
                       (unsigned long long)result->ignored);
        return;
    }
    rt_escape_terminal(out, rt_str_from_c(path), false);
    if (result->unchanged) {
        rt_text_format(out, ": unchanged since its last import\n");
        return;
    }
    rt_text_format(out, ": %s, %llu entries added, %llu dropped, %llu records as they were",
                   result->format[0] ? result->format : "nothing",
                   (unsigned long long)result->added, (unsigned long long)result->dropped,
                   (unsigned long long)result->kept);
    if (result->ignored > 0)
        rt_text_format(out, ", %llu that speak of no malware", (unsigned long long)result->ignored);
    if (result->malformed > 0)
        rt_text_format(out, ", %llu malformed and left out", (unsigned long long)result->malformed);
    rt_text_byte(out, '\n');
}

int intel_import(Intel *intel)
{
    bool has_seed = (intel->given & 1U << INTEL_SEED) != 0;
    if (intel->count == 0 && !has_seed)
        return complain("import what? a feed (file, zip or folder), or --seed");
    if (intel->count > 1 && intel->values[INTEL_SOURCE] != NULL)
        return complain("--source names one feed, and %zu are given", intel->count);
    int status = intel_open(intel, true);
    ratter_error error = { 0 };
    if (status == 0 && has_seed) {
        if (ratter_intel_import_seed(intel->handle, (int64_t)time(NULL), &error) != 0)
            return complain("%s", escaped_c(intel->arena, error.text));
        if (!(intel->given & 1U << INTEL_JSON))
            rt_text_format(&intel->out, "what ships with ratter: in the store\n");
    }
    for (size_t i = 0; i < intel->count && status == 0; i++) {
        ratter_intel_import_options options = import_options(intel);
        ratter_intel_import_result result;
        const char *path = intel->operands[i], *key = intel->values[INTEL_VERIFY];
        int failed =
            key != NULL
                ? ratter_intel_import_signed(intel->handle, path, key, &options, &result, &error)
                : ratter_intel_import(intel->handle, path, &options, &result, &error);
        if (failed != 0)
            status = complain("%s", escaped_c(intel->arena, error.text));
        else
            tell_import(intel, intel->operands[i], &result);
    }
    return status;
}

typedef struct {
    RtArena *arena;
    RtStr *lines[2]; /* dropped, added */
    size_t count[2], capacity[2];
} Changes;

static RtStr entry_line(RtArena *arena, const ratter_intel_entry *entry)
{
    RtText line = { .arena = arena };
    const char *parts[] = { entry->ecosystem[0] ? entry->ecosystem : entry->kind, entry->value,
                            entry->versions, entry->id, entry->campaign };
    for (size_t i = 0; i < RT_COUNT(parts); i++) {
        if (parts[i][0] == 0)
            continue;
        if (line.len > 0)
            rt_text_byte(&line, ' ');
        rt_escape_terminal(&line, rt_str_from_c(parts[i]), false);
    }
    return rt_text_str(&line);
}

static void note_change(void *context, int sign, const ratter_intel_entry *entry)
{
    Intel *intel = context;
    Changes *changes = intel->changes;
    size_t side = sign > 0;
    RT_PUSH(changes->arena, changes->lines[side], changes->count[side], changes->capacity[side]) =
        entry_line(changes->arena, entry);
}

static int by_text(const void *a, const void *b)
{
    return rt_str_compare(*(const RtStr *)a, *(const RtStr *)b);
}

/* What stands on one side only: a record that was written anew and says the same is no change. */
static size_t write_changes(Changes *changes, RtText *out)
{
    size_t at[2] = { 0, 0 }, written = 0;
    for (size_t side = 0; side < 2; side++)
        if (changes->count[side] > 0)
            qsort(changes->lines[side], changes->count[side], sizeof(RtStr), by_text);
    while (at[0] < changes->count[0] || at[1] < changes->count[1]) {
        int order = at[0] == changes->count[0] ? 1
                    : at[1] == changes->count[1]
                        ? -1
                        : rt_str_compare(changes->lines[0][at[0]], changes->lines[1][at[1]]);
        if (order != 0) {
            size_t side = order > 0;
            rt_text_format(out, "%c ", side ? '+' : '-');
            rt_text_add(out, changes->lines[side][at[side]]);
            rt_text_byte(out, '\n');
            written++;
        }
        at[0] += order <= 0;
        at[1] += order >= 0;
    }
    return written;
}

int intel_diff(Intel *intel)
{
    int status = intel_open(intel, true);
    if (status != 0)
        return status;
    ratter_error error = { 0 };
    ratter_intel_import_options options = import_options(intel);
    ratter_intel_import_result result;
    Changes changes = { .arena = intel->arena };
    intel->changes = &changes;
    options.dry_run = 1;
    options.change = note_change;
    if (ratter_intel_import(intel->handle, intel->operands[0], &options, &result, &error) != 0)
        return complain("%s", escaped_c(intel->arena, error.text));
    return write_changes(&changes, &intel->out) > 0 ? RATTER_FOUND : RATTER_DONE;
}

/* ---- lookup --------------------------------------------------------------------------------- */

static void json_pair(RtText *out, const char *key, const char *value)
{
    rt_text_format(out, "\"%s\":", key);
    rt_json_quote(out, rt_str_from_c(value));
    rt_text_byte(out, ',');
}

static void show_json(Intel *intel, const ratter_intel_entry *entry)
{
    RtText *out = &intel->out;
    rt_text_byte(out, '{');
    json_pair(out, "asked", intel->asked);
    json_pair(out, "kind", entry->kind);
    json_pair(out, "role", entry->role);
    json_pair(out, "ecosystem", entry->ecosystem);
    json_pair(out, "value", entry->value);
    json_pair(out, "versions", entry->versions);
    json_pair(out, "id", entry->id);
    json_pair(out, "campaign", entry->campaign);
    json_pair(out, "source", entry->source);
    json_pair(out, "reference", entry->reference);
    json_pair(out, "summary", entry->summary);
    json_pair(out, "tlp", entry->tlp);
    rt_text_format(out,
                   "\"confidence\":%u,\"modified\":%lld,\"valid_from\":%lld,"
                   "\"valid_until\":%lld}\n",
                   entry->confidence, (long long)entry->modified, (long long)entry->valid_from,
                   (long long)entry->valid_until);
}

static void text_pair(RtText *out, const char *label, const char *value)
{
    if (value[0] == 0)
        return;
    rt_text_format(out, "    %-11s", label);
    rt_escape_terminal(out, rt_str_from_c(value), false);
    rt_text_byte(out, '\n');
}

static void show_entry(void *context, const ratter_intel_entry *entry)
{
    Intel *intel = context;
    RtText *out = &intel->out;
    if (intel->given & 1U << INTEL_JSON) {
        show_json(intel, entry);
        return;
    }
    bool is_package = strcmp(entry->kind, "package") == 0;
    bool expired = entry->valid_until > 0 && entry->valid_until < (int64_t)time(NULL);
    rt_text_format(out, "  %s ", is_package ? entry->ecosystem : entry->kind);
    rt_escape_terminal(out, rt_str_from_c(entry->value), false);
    rt_text_format(out, "%s\n", expired ? "  (no longer valid)" : "");
    text_pair(out, "what", entry->summary);
    if (is_package)
        text_pair(out, "versions", entry->versions[0] ? entry->versions : "all");
    text_pair(out, "role", strcmp(entry->role, "not-said") == 0 ? "" : entry->role);
    text_pair(out, "id", entry->id);
    text_pair(out, "campaign", entry->campaign);
    text_pair(out, "says", entry->reference);
    rt_text_format(out, "    %-11sconfidence %u of 100, TLP:%s, as of ", "source",
                   entry->confidence, entry->tlp);
    intel_day(out, entry->modified);
    rt_text_format(out, ", from ");
    rt_escape_terminal(out, rt_str_from_c(entry->source), false);
    rt_text_byte(out, '\n');
}

int intel_lookup(Intel *intel)
{
    int status = intel_open(intel, false), found = 0;
    for (size_t i = 0; i < intel->count && status == 0; i++) {
        ratter_error error = { 0 };
        intel->asked = intel->operands[i];
        RtText answers = intel->out;
        intel->out = (RtText){ .arena = intel->arena };
        int count = ratter_intel_lookup(intel->handle, intel->asked, show_entry, intel, &error);
        RtStr text = rt_text_str(&intel->out);
        intel->out = answers;
        if (count < 0)
            return complain("%s", escaped_c(intel->arena, error.text));
        if (!(intel->given & 1U << INTEL_JSON)) {
            rt_escape_terminal(&intel->out, rt_str_from_c(intel->asked), false);
            rt_text_format(&intel->out, "%s\n", count == 0 ? ": nothing is known of it" : "");
        }
        rt_text_add(&intel->out, text);
        found += count;
    }
    return status != 0 ? status : found > 0 ? RATTER_FOUND : RATTER_DONE;
}

/* ---- status and verify ---------------------------------------------------------------------- */

static void show_source(void *context, const ratter_intel_source *source)
{
    Intel *intel = context;
    RtText *out = &intel->out;
    intel->sources++;
    if (intel->given & 1U << INTEL_JSON) {
        rt_text_byte(out, '{');
        json_pair(out, "source", source->name);
        json_pair(out, "format", source->format);
        rt_text_format(out,
                       "\"imported\":%lld,\"newest\":%lld,\"packages\":%llu,\"indicators\":%llu,"
                       "\"withdrawn\":%llu}\n",
                       (long long)source->imported, (long long)source->newest,
                       (unsigned long long)source->packages, (unsigned long long)source->indicators,
                       (unsigned long long)source->withdrawn);
        return;
    }
    rt_escape_terminal(out, rt_str_from_c(source->name), false);
    rt_text_format(out, "\n    %llu packages, %llu indicators, %llu withdrawn; newest of ",
                   (unsigned long long)source->packages, (unsigned long long)source->indicators,
                   (unsigned long long)source->withdrawn);
    intel_day(out, source->newest);
    if (source->imported > 0) {
        rt_text_format(out, "; imported ");
        intel_day(out, source->imported);
        long long days = ((long long)time(NULL) - (long long)source->imported) / 86400;
        rt_text_format(out, days > 0 ? " (%lld days ago)" : " (today)", days);
    } else {
        rt_text_format(out, "; ships with ratter");
    }
    rt_text_byte(out, '\n');
}

int intel_status(Intel *intel)
{
    ratter_error error = { 0 };
    int status = intel_open(intel, false);
    if (status != 0)
        return status;
    if (ratter_intel_status(intel->handle, show_source, intel, &error) != 0)
        return complain("%s", escaped_c(intel->arena, error.text));
    if (intel->sources <= 1 && !(intel->given & 1U << INTEL_JSON))
        rt_text_format(&intel->out, "Nothing was imported yet: ratter intel import FEED\n");
    return 0;
}

static void say_fault(void *context, const char *line)
{
    Intel *intel = context;
    rt_escape_terminal(&intel->out, rt_str_from_c(line), false);
    rt_text_byte(&intel->out, '\n');
}

int intel_verify(Intel *intel)
{
    ratter_error error = { 0 };
    if (intel->store == NULL)
        intel->store = intel_store(intel->arena, "auto");
    if (intel->store == NULL)
        return complain("neither XDG_DATA_HOME nor HOME names a folder; name the store: --store");
    int faults = ratter_intel_verify(intel->store, say_fault, intel, &error);
    if (faults < 0) {
        complain("%s", escaped_c(intel->arena, error.text));
        return error.status;
    }
    const char *shown = escaped_c(intel->arena, intel->store);
    if (faults == 0)
        rt_text_format(&intel->out, "%s: whole\n", shown);
    else
        rt_text_format(&intel->out,
                       "%s: %d faults; move it away and import the feeds again "
                       "(what they say is not lost)\n",
                       shown, faults);
    return faults == 0 ? RATTER_DONE : RATTER_FOUND;
}

/* ---- reading the command line --------------------------------------------------------------- */

static int find_word(Intel *intel, const char *word, size_t *ret_at)
{
    const char *names[RT_COUNT(words_of)];
    for (size_t i = 0; i < RT_COUNT(words_of); i++) {
        names[i] = words_of[i].word;
        if (strcmp(word, names[i]) == 0)
            return *ret_at = i, 0;
    }
    const char *meant = nearest(word, names, RT_COUNT(names));
    const char *safe = escaped_c(intel->arena, word);
    if (meant != NULL)
        return complain("intel has no %s; did you mean %s?", safe, meant);
    return complain("intel has no %s; ratter help intel lists what it has", safe);
}

static int check_flags(const Intel *intel, size_t at)
{
    unsigned allowed = words_of[at].flags | 1U << INTEL_STORE | 1U << INTEL_HELP;
    for (size_t i = 0; i < RT_COUNT(flags); i++)
        if ((intel->given & 1U << i) && !(allowed & 1U << i))
            return complain("intel %s takes no --%s", words_of[at].word, flags[i].name);
    if (intel->count < words_of[at].least || intel->count > words_of[at].most)
        return complain("intel %s takes %s", words_of[at].word,
                        words_of[at].operands[0] ? words_of[at].operands : "nothing");
    return 0;
}

/* 0, an exit status, or -1 when help was asked for. */
static int read_words(Intel *intel, size_t count, char *const *words)
{
    ArgReader reader = {
        .arena = intel->arena, .flags = intel_flags(intel->arena), .words = words, .count = count
    };
    const char **operands = RT_NEW_ARRAY(intel->arena, const char *, count + 1);
    for (;;) {
        Arg arg = args_next(&reader);
        if (arg.kind == ARG_BAD)
            return complain("%s", reader.error.text);
        if (arg.kind == ARG_END)
            break;
        if (arg.kind == ARG_OPERAND) {
            operands[intel->count++] = arg.value;
            continue;
        }
        size_t at = (size_t)(arg.flag - flags);
        if (at == INTEL_HELP)
            return -1;
        intel->given |= 1U << at;
        intel->values[at] = arg.value;
    }
    intel->operands = operands;
    intel->store = intel->values[INTEL_STORE];
    intel->has_store_flag = intel->store != NULL;
    return 0;
}

static int run_intel(RtArena *arena, size_t count, char *const *words)
{
    Intel intel = { .arena = arena, .out = { .arena = arena } };
    size_t at = 0;
    int status = read_words(&intel, count, words);
    if (status != 0)
        return status < 0 ? command_print_help(arena, &command_intel) : status;
    if (intel.count == 0)
        return complain("intel what? import, export, lookup, status, diff, verify or keygen");
    status = find_word(&intel, intel.operands[0], &at);
    if (status != 0)
        return status;
    intel.operands++;
    intel.count--;
    status = check_flags(&intel, at);
    if (status != 0)
        return status;
    status = words_of[at].run(&intel);
    ratter_intel_close(intel.handle);
    int printed = intel.out.len > 0 ? print(rt_text_str(&intel.out)) : 0;
    return printed != 0 ? printed : status;
}

static void list_formats(RtText *out)
{
    size_t count = 0;
    const ratter_intel_format *formats = ratter_intel_formats(&count);
    rt_text_format(out, "\nFormats:\n");
    for (size_t i = 0; i < count; i++)
        rt_text_format(out, "  %-8s %-4s %s\n", formats[i].name,
                       formats[i].reads ? formats[i].writes ? "both" : "in" : "out",
                       formats[i].title);
}

const Command command_intel = {
    .name = "intel",
    .summary = "import, ask and share what is known of packages and indicators",
    .usage = "import|export|lookup|status|diff|verify|keygen [FLAG]... [ARGUMENT]...",
    .details =
        "  import FEED...   a file, a zip (OSV's all.zip) or a folder; what the same source said\n"
        "                   before and says no more is dropped; all of it or nothing\n"
        "  export           what the store holds, or with --findings what a scan found; victims\n"
        "                   are never published as actors\n"
        "  lookup WHAT...   a purl, name@version, a name, a domain, an address, a URL, a hash\n"
        "  status           sources, counts and ages\n"
        "  diff FEED        what importing it would change\n"
        "  verify           read all of the store and tell what is wrong with it\n"
        "  keygen FILE      keys for --sign (FILE) and --verify (FILE.pub), of minisign's kind\n"
        "\n"
        "Exit status: 0 done, and nothing found; 1 something is known (lookup), would change\n"
        "(diff) or is at fault (verify); 2 wrong use, or ratter failed: nothing has changed;\n"
        "4 there was nothing to export.\n"
        "\n"
        "Examples:\n"
        "  ratter intel import all.zip\n"
        "  ratter intel lookup pkg:npm/left-pad@1.3.0\n"
        "  ratter scan --format jsonl DIR >found; ratter intel export --findings found -f osv\n",
    .flags = intel_flags,
    .more_help = list_formats,
    .operands = "import export lookup status diff verify keygen",
    .run = run_intel,
};
