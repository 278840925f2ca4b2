/* manifest.c - the common part of the manifest readers. Searching for a fact's place is bounded for
 * the whole file (SEARCH_LIMIT), so that fifty thousand scripts in a megabyte cost no quadratic
 * time: later facts have no span. */
#include "ecosystem/manifest.h"

#include "base/words.h"

enum { SEARCH_LIMIT = 64 * 1024 * 1024, ANCHOR_LIMIT = 96, PIECE_LIMIT = 64 };

RtStr rt_path_name(RtStr path)
{
    size_t slash = rt_str_rfind_byte(path, '/');
    return slash == RT_NOT_FOUND ? path : rt_str_from(path, slash + 1);
}

RtStr rt_path_folder(RtStr path)
{
    size_t slash = rt_str_rfind_byte(path, '/');
    return slash == RT_NOT_FOUND ? RT_STR("") : rt_str_sub(path, 0, slash);
}

RtStr rt_path_stem(RtStr path)
{
    RtStr name = rt_path_name(path);
    size_t dot = rt_str_rfind_byte(name, '.');
    return dot == RT_NOT_FOUND || dot == 0 ? name : rt_str_sub(name, 0, dot);
}

RtStr rt_path_suffix(RtStr path)
{
    RtStr name = rt_path_name(path);
    size_t dot = rt_str_rfind_byte(name, '.');
    return dot == RT_NOT_FOUND || dot == 0 ? RT_STR("") : rt_str_from(name, dot + 1);
}

bool rt_path_has_folder(RtStr path, RtStr folder)
{
    RtStr rest = rt_path_folder(path), piece;
    while (rt_str_next(&rest, '/', &piece))
        if (rt_str_equal(piece, folder))
            return true;
    return false;
}

bool rt_path_is(RtStr path, RtStr tail)
{
    return rt_str_ends(path, tail) &&
           (path.len == tail.len || path.at[path.len - tail.len - 1] == '/');
}

bool rt_path_is_asset(RtStr path)
{
    return rt_word_in(
        rt_path_suffix(path),
        "woff woff2 ttf otf eot png jpg jpeg gif svg ico webp bmp mp3 mp4 wav ogg webm css "
        "scss less pdf txt md csv dat db sqlite");
}

size_t rt_manifest_locate(RtManifest *manifest, RtStr needle)
{
    if (needle.len == 0 || manifest->spent > SEARCH_LIMIT)
        return RT_NOT_FOUND;
    RtStr ahead = rt_str_from(manifest->text, manifest->at);
    size_t found = rt_str_find(ahead, needle);
    manifest->spent += found == RT_NOT_FOUND ? ahead.len : found;
    if (found != RT_NOT_FOUND) {
        manifest->at += found;
        return manifest->at;
    }
    found = rt_str_find(rt_str_sub(manifest->text, 0, manifest->at), needle);
    manifest->spent += found == RT_NOT_FOUND ? manifest->at : found;
    return found;
}

/* The part of `text` that JSON or TOML leaves as it is: what one can search for. */
static RtStr plain_part(RtStr text)
{
    size_t len = 0;
    while (len < text.len && len < ANCHOR_LIMIT && text.at[len] >= ' ' && text.at[len] != '"' &&
           text.at[len] != '\\' && text.at[len] < 0x7f)
        len++;
    return rt_str_sub(text, 0, len);
}

static RtFact new_fact(RtManifest *manifest, RtFactKind kind, RtStr anchor)
{
    RtStr needle = plain_part(anchor);
    size_t from = rt_manifest_locate(manifest, needle);
    RtFact fact = { .kind = kind, .witness = RT_SEEN_IN_MANIFEST, .layer = manifest->self };
    if (from != RT_NOT_FOUND) {
        fact.from = from;
        fact.len = needle.len == anchor.len || needle.len == ANCHOR_LIMIT ? anchor.len : needle.len;
        if (fact.len > manifest->text.len - from)
            fact.len = needle.len;
    }
    return fact;
}

RtFactId rt_manifest_fact(RtManifest *manifest, RtFactKind kind, RtStr anchor, RtStr a0, RtStr a1,
                          RtStr a2)
{
    RtFact fact = new_fact(manifest, kind, anchor);
    fact.args[0] = a0;
    fact.args[1] = a1;
    fact.args[2] = a2;
    return manifest->sink->fact(manifest->sink, fact);
}

RtFactId rt_manifest_package(RtManifest *manifest, RtStr ecosystem, RtStr name, RtStr version,
                             RtStr description)
{
    RtFact fact = new_fact(manifest, RT_FACT_PACKAGE, name);
    fact.args[0] = ecosystem;
    fact.args[1] = name;
    fact.args[2] = version;
    fact.args[3] = rt_str_sub(description, 0, 4096);
    return manifest->sink->fact(manifest->sink, fact);
}

void rt_manifest_anomaly(RtManifest *manifest, RtStr what, RtStr detail)
{
    rt_sink_anomaly(manifest->sink, manifest->self, what, rt_str_sub(detail, 0, 512));
}

bool rt_manifest_is_root(const RtManifest *manifest, RtStr file_name)
{
    RtText path = { .arena = manifest->sink->arena };
    for (int level = 0; level < 8; level++) {
        rt_text_add(&path, RT_STR("../"));
        RtText full = { .arena = manifest->sink->arena };
        rt_text_add(&full, rt_text_str(&path));
        rt_text_add(&full, file_name);
        RtLayerId found = manifest->sink->find(manifest->sink, manifest->self, rt_text_str(&full));
        if (found != 0 && found != manifest->self)
            return false;
    }
    return true;
}

const RtJson *rt_manifest_json(RtManifest *manifest, bool is_config)
{
    RtArena *arena = manifest->sink->arena;
    RtJsonOptions strict = { 0 }, lenient = { .lenient = true };
    const RtJson *root = rt_json_read(arena, manifest->text, &strict);
    RtJsonOptions *used = &strict;
    if (root == NULL) {
        used = &lenient;
        root = rt_json_read(arena, manifest->text, &lenient);
        bool bom = rt_str_starts(manifest->text, RT_STR("\xEF\xBB\xBF"));
        if (root != NULL && !is_config)
            rt_manifest_anomaly(manifest,
                                bom ? RT_STR("manifest-bom") : RT_STR("manifest-not-strict-json"),
                                RT_STR(""));
    }
    if (used->duplicates > 0)
        rt_manifest_anomaly(manifest, RT_STR("manifest-duplicate-keys"),
                            rt_str_format(arena, "%u", used->duplicates));
    if (used->too_deep)
        rt_manifest_anomaly(manifest, RT_STR("manifest-too-deep"), RT_STR(""));
    if (root == NULL && !used->too_deep)
        rt_manifest_anomaly(manifest, RT_STR("manifest-malformed"),
                            rt_str_format(arena, "byte %zu", used->error_at));
    if (root != NULL && root->kind != RT_JSON_OBJECT) {
        rt_manifest_anomaly(manifest, RT_STR("manifest-not-an-object"), RT_STR(""));
        return NULL;
    }
    return root;
}

void rt_manifest_inline(RtManifest *manifest, RtStr body, const char *suffix)
{
    if (body.len < 3)
        return;
    RtArena *arena = manifest->sink->arena;
    RtLayer layer = { .parent = manifest->self,
                      .via = RT_VIA_DECODED,
                      .name = rt_str_format(arena, "inline-script.%s", suffix),
                      .bytes = body,
                      .phase = manifest->phase };
    RtStr needle = plain_part(body);
    size_t from = rt_manifest_locate(manifest, needle);
    if (needle.len >= 3 && from != RT_NOT_FOUND) {
        layer.source.from = from;
        layer.source.len = needle.len;
    }
    manifest->sink->layer(manifest->sink, layer);
}

/* Words that only introduce the command proper. */
static size_t skip_wrappers(const RtWord *words, size_t count)
{
    size_t i = 0;
    while (i < count) {
        RtStr word = words[i].text;
        size_t equals = rt_str_find_byte(word, '=');
        bool assignment = equals != RT_NOT_FOUND && equals > 0 &&
                          rt_str_find_byte(rt_str_sub(word, 0, equals), '/') == RT_NOT_FOUND;
        if (rt_word_in(word, "if then else elif do while until ! { sudo env exec nohup command "
                             "time call cross-env start @ "
                             "npx dotenv -- nice") ||
            assignment || (i > 0 && rt_word_in(word, "/b /min /wait -y --yes -E")))
            i++;
        else
            break;
    }
    return i;
}

static bool is_interpreter(RtStr program, const char **ret_suffix)
{
    static const char *const kinds[][2] = {
        { "node nodejs node.exe bun deno ts-node tsx babel-node electron iojs nodemon esno", "js" },
        { "python python3 python2 py pythonw python.exe pythonw.exe python3.exe pypy pypy3 uv",
          "py" },
        { "sh bash zsh dash ksh ash source . sh.exe bash.exe", "sh" },
        { "php", "php" },
        { "ruby", "rb" },
        { "perl", "pl" },
        { "powershell pwsh powershell.exe", "ps1" },
        { "cmd cmd.exe", "bat" },
        { "wscript cscript mshta wscript.exe cscript.exe", "vbs" },
    };
    for (size_t i = 0; i < RT_COUNT(kinds); i++) {
        if (rt_word_in(program, kinds[i][0])) {
            *ret_suffix = kinds[i][1];
            return true;
        }
    }
    return false;
}

/* The first word that can be a file: no option, no option's argument that we know of. */
static RtStr file_argument(const RtWord *words, size_t count, size_t at)
{
    for (; at < count; at++) {
        RtStr word = words[at].text;
        if (words[at].is_operator) {
            at++;
            continue;
        }
        if (rt_word_in(word, "run -S -File /c -W ignore watch")) /* deno run, python -W ignore */
            continue;
        if (rt_word_in(word, "-r --require --import --loader --env-file -m")) {
            at++;
            continue;
        }
        if (word.len > 0 && word.at[0] != '-')
            return word;
    }
    return RT_STR("");
}

static void visit_piece(RtManifest *manifest, const RtPiece *piece, RtShellKind kind,
                        RtCommandVisit visit, void *ctx)
{
    const RtWord *words;
    size_t count = rt_words_split(manifest->sink->arena, piece->text, kind, NULL, &words);
    size_t at = skip_wrappers(words, count);
    if (at >= count)
        return;
    RtStr program = words[at].text;
    const char *suffix = NULL;
    size_t slash = rt_str_rfind_byte(program, '/');
    bool local = rt_str_starts(program, RT_STR("./")) || rt_str_starts(program, RT_STR("../")) ||
                 rt_str_starts(program, RT_STR(".\\"));
    if (!is_interpreter(slash != RT_NOT_FOUND && !local ? rt_path_name(program) : program,
                        &suffix)) {
        if (local || rt_word_in(rt_path_suffix(program), "js cjs mjs sh py bat cmd ps1 exe vbs"))
            visit(ctx, program, piece->text);
        return;
    }
    for (size_t i = at + 1; i < count; i++) {
        RtStr word = words[i].text;
        if (rt_word_in(word, "-r --require --import") && i + 1 < count &&
            words[i + 1].text.len > 0 && words[i + 1].text.at[0] == '.')
            visit(ctx, words[i + 1].text, piece->text);
        bool body = rt_word_in(word, "-e --eval -p --print -pe") ||
                    (rt_word_in(word, "-c -lc") && !rt_word_in(program, "node bun deno"));
        if (body && i + 1 < count) {
            if (rt_str_equal(rt_str_from_c(suffix), RT_STR("sh")))
                rt_manifest_command_files(manifest, words[i + 1].text, visit, ctx);
            else if (!rt_word_in(rt_str_from_c(suffix), "bat pl rb"))
                rt_manifest_inline(manifest, words[i + 1].text, suffix);
            return;
        }
        if (word.len > 0 && word.at[0] != '-')
            break;
    }
    RtStr file = file_argument(words, count, at + 1);
    if (file.len > 0)
        visit(ctx, file, piece->text);
}

void rt_manifest_command_files(RtManifest *manifest, RtStr command, RtCommandVisit visit, void *ctx)
{
    RtShellKind kind = rt_words_guess(command);
    const RtPiece *pieces;
    size_t count = rt_words_pieces(manifest->sink->arena, command, kind, PIECE_LIMIT, &pieces);
    for (size_t i = 0; i < count; i++)
        visit_piece(manifest, &pieces[i], kind, visit, ctx);
}
