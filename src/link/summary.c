/* summary.c - facts become resources.
 *
 * Two sweeps over the facts say what flowed where: forwards, what came from the network or a
 * decoder; backwards, what ends in code, a process or the network. Flows point to earlier facts
 * only, so each sweep is one pass. Then every fact that touches something shared gives a resource;
 * the same deed on the same thing is one, with what is known of all of them.
 *
 * What could make a pair (written from outside, read into code) is kept before what only could be
 * one half of a likeness, so that filler cannot push it out. */
#include "link/summary.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/words.h"
#include "link/resource.h"
#include "link/shape.h"

enum {
    CANDIDATES = 8192,
    SLOTS = CANDIDATES * 2,
    README_LEAST = 200,
    COMMAND_BYTES = 4096,
    PIECES = 16,
    NAME_LEAST = 3,
};

typedef struct {
    RtResource resource;
    RtLayerId layer;
    uint64_t from;
    uint32_t order;
} Candidate;

typedef struct {
    const RtLinkView *view;
    RtArena *arena;
    RtStr own_name;
    uint8_t *from, *to; /* RT_TAINT_* per fact */
    Candidate *items;
    size_t count, capacity;
    uint16_t *slots; /* 1 + index */
    uint32_t left_out;
} Collector;

static void sweep(Collector *collector)
{
    const RtLinkView *view = collector->view;
    for (RtFactId id = 1; id < view->fact_count; id++) {
        const RtFact *fact = &view->facts[id];
        for (size_t i = 0; i < fact->because_count; i++) {
            RtFactId cause = fact->because[i];
            RtFactKind kind = view->facts[cause].kind;
            collector->from[id] |= collector->from[cause];
            if (kind == RT_FACT_NET_REQUEST || kind == RT_FACT_NET_CONNECT)
                collector->from[id] |= RT_TAINT_FROM_NET;
            if (kind == RT_FACT_DATA_DECODE)
                collector->from[id] |= RT_TAINT_FROM_DECODED;
        }
    }
    for (RtFactId id = (RtFactId)view->fact_count; id-- > 1;) {
        const RtFact *fact = &view->facts[id];
        uint8_t ends = collector->to[id];
        if (fact->kind == RT_FACT_CODE_EVAL)
            ends |= RT_TAINT_TO_CODE;
        else if (fact->kind == RT_FACT_PROC_EXEC)
            ends |= RT_TAINT_TO_PROCESS;
        else if (fact->kind == RT_FACT_NET_REQUEST || fact->kind == RT_FACT_NET_CONNECT)
            ends |= RT_TAINT_TO_NET;
        for (size_t i = 0; i < fact->because_count; i++)
            collector->to[fact->because[i]] |= ends;
    }
}

static bool same(const RtResource *a, const RtResource *b)
{
    return a->kind == b->kind && a->deed == b->deed && rt_str_equal(a->text, b->text);
}

static void add(Collector *collector, RtResource resource, RtLayerId layer, uint64_t from)
{
    if (resource.text.len == 0 || resource.text.len > RT_SUMMARY_TEXT ||
        rt_resource_is_known(resource.kind, resource.text))
        return;
    size_t slot =
        (size_t)(rt_str_hash(resource.text) * 31 + resource.kind * 16 + resource.deed) % SLOTS;
    for (; collector->slots[slot] != 0; slot = (slot + 1) % SLOTS) {
        RtResource *old = &collector->items[collector->slots[slot] - 1].resource;
        if (!same(old, &resource))
            continue;
        old->taint |= resource.taint;
        if (resource.phase > old->phase)
            old->phase = resource.phase;
        return;
    }
    if (collector->count == CANDIDATES) {
        collector->left_out++;
        return;
    }
    RT_PUSH(collector->arena, collector->items, collector->count, collector->capacity) =
        (Candidate){ resource, layer, from, (uint32_t)collector->count };
    collector->slots[slot] = (uint16_t)collector->count;
}

/* One deed of a fact. */
static void add_deed(Collector *collector, RtFactId id, RtResourceKind kind, RtDeed deed,
                     RtStr text, uint8_t taint)
{
    const RtFact *fact = &collector->view->facts[id];
    RtResource resource = {
        .kind = kind, .deed = deed, .taint = taint, .phase = fact->phase, .text = text
    };
    add(collector, resource, fact->layer, fact->from);
}

static bool is_own(const Collector *collector, RtStr path)
{
    RtStr mark = RT_STR("$NM/");
    if (!rt_str_starts(path, mark) || collector->own_name.len == 0)
        return false;
    RtStr inside = rt_str_from(path, mark.len);
    return rt_str_starts(inside, collector->own_name) &&
           (inside.len == collector->own_name.len || inside.at[collector->own_name.len] == '/');
}

static void add_path(Collector *collector, RtFactId id, RtDeed deed, RtStr raw, uint8_t taint)
{
    RtStr key = rt_resource_key(collector->arena, raw);
    if (key.len != 0) {
        add_deed(collector, id, RT_RESOURCE_REGISTRY, deed, key, taint);
        return;
    }
    RtStr path = rt_resource_path(collector->arena, raw);
    if (path.len != 0 && !is_own(collector, path))
        add_deed(collector, id, RT_RESOURCE_FILE, deed, path, taint);
}

/* Files that a command line names: words with a slash, or below a head. */
static void add_command(Collector *collector, RtFactId id, RtStr command)
{
    const RtPiece *pieces;
    const RtWord *words;
    command = rt_str_sub(command, 0, COMMAND_BYTES);
    RtShellKind kind = rt_words_guess(command);
    size_t count = rt_words_pieces(collector->arena, command, kind, PIECES, &pieces);
    for (size_t i = 0; i < count; i++) {
        size_t word_count = rt_words_split(collector->arena, pieces[i].text, kind, NULL, &words);
        for (size_t k = 0; k < word_count; k++) {
            RtStr word = words[k].text;
            bool is_path = rt_str_find_byte(word, '/') != RT_NOT_FOUND ||
                           rt_str_find_byte(word, '\\') != RT_NOT_FOUND;
            if (is_path && !words[k].is_operator && word.at[0] != '-')
                add_path(collector, id, RT_DEED_RUNS, word, 0);
        }
    }
}

static RtStr package_of(RtStr module)
{
    if (rt_str_starts(module, RT_STR("node:")) || module.len == 0 || module.at[0] == '.' ||
        module.at[0] == '/' || rt_str_find_byte(module, ':') != RT_NOT_FOUND ||
        rt_str_has(module, RT_STR("\xEF\xBF\xBC")))
        return RT_STR("");
    size_t slash = rt_str_find_byte(module, '/');
    if (slash != RT_NOT_FOUND && module.at[0] == '@') {
        size_t more = rt_str_find_byte(rt_str_from(module, slash + 1), '/');
        slash = more == RT_NOT_FOUND ? more : slash + 1 + more;
    }
    return slash == RT_NOT_FOUND ? module : rt_str_sub(module, 0, slash);
}

static void add_require(Collector *collector, RtFactId id)
{
    const RtFact *fact = &collector->view->facts[id];
    RtStr module = fact->args[0], package = package_of(module);
    uint8_t taint = collector->to[id];
    if (collector->from[id] & (RT_TAINT_FROM_DECODED | RT_TAINT_FROM_NET))
        taint |= RT_TAINT_HIDDEN_NAME;
    if (package.len != 0 && (taint & RT_TAINT_HIDDEN_NAME))
        add_deed(collector, id, RT_RESOURCE_PACKAGE, RT_DEED_REQUIRES, package, taint);
    else if (package.len == 0 && module.len != 0 && module.at[0] != '.')
        add_path(collector, id, RT_DEED_RUNS, module, 0);
}

/* Without the version: "name@1.2" and "@scope/name@1". */
static RtStr without_version(RtStr spec)
{
    size_t at = rt_str_rfind_byte(spec, '@');
    return at == RT_NOT_FOUND || at == 0 ? spec : rt_str_sub(spec, 0, at);
}

static void add_install(Collector *collector, RtFactId id)
{
    const RtFact *fact = &collector->view->facts[id];
    RtStr names = fact->args[2], name;
    uint8_t taint = collector->from[id] & RT_TAINT_FROM_DECODED ? RT_TAINT_HIDDEN_NAME : 0;
    if (!rt_str_equal(fact->args[0], RT_STR("package-manager install")))
        return;
    while (rt_str_next(&names, ' ', &name)) {
        if (name.len != 0 && name.at[0] != '-')
            add_deed(collector, id, RT_RESOURCE_PACKAGE, RT_DEED_INSTALLS,
                     without_version(package_of(name)), taint);
    }
}

static bool is_base58(uint8_t c)
{
    return ((c >= '1' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')) && c != 'I' &&
           c != 'O' && c != 'l';
}

static bool is_hex(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* Accounts and contracts: 0x and 40 or 64 hex digits, T and 33 base58 digits (TRON). */
static void add_wallets(Collector *collector, RtFactId id, RtStr text)
{
    text = rt_str_sub(text, 0, COMMAND_BYTES);
    for (size_t i = 0; i + 34 <= text.len; i++) {
        bool is_eth = text.at[i] == '0' && (text.at[i + 1] | 0x20) == 'x';
        bool edge = i == 0 || !is_base58(text.at[i - 1]);
        if (!edge || (!is_eth && text.at[i] != 'T'))
            continue;
        size_t len = is_eth ? 2 : 1;
        while (i + len < text.len &&
               (is_eth ? is_hex(text.at[i + len]) : is_base58(text.at[i + len])))
            len++;
        if (is_eth ? len == 42 || len == 66 : len == 34)
            add_deed(collector, id, RT_RESOURCE_CONSTANT, RT_DEED_HOLDS,
                     rt_str_lower(collector->arena, rt_str_sub(text, i, len)), 0);
        i += len - 1;
    }
}

static void add_port(Collector *collector, RtFactId id, RtDeed deed, uint64_t port, uint8_t taint)
{
    if (port > 0 && port < 65536)
        add_deed(collector, id, RT_RESOURCE_PORT, deed,
                 rt_str_format(collector->arena, "%u", (unsigned)port), taint);
}

static void add_network(Collector *collector, RtFactId id)
{
    const RtFact *fact = &collector->view->facts[id];
    uint8_t taint = collector->to[id];
    uint32_t port = 0;
    uint64_t written = 0;
    bool is_socket = fact->kind == RT_FACT_NET_CONNECT;
    if (is_socket && rt_str_find_byte(fact->args[0], '\\') == 0) { /* a named pipe */
        add_path(collector, id, RT_DEED_CONNECTS, fact->args[0], taint);
        return;
    }
    RtStr host = rt_resource_host(collector->arena, fact->args[0], &port);
    if (is_socket && port == 0 && rt_str_number(fact->args[1], &written) && written < 65536)
        port = (uint32_t)written;
    if (rt_resource_is_local(host))
        add_port(collector, id, RT_DEED_CONNECTS, port, taint);
    else if (rt_str_find_byte(host, '.') != RT_NOT_FOUND)
        add_deed(collector, id, RT_RESOURCE_HOST, RT_DEED_CONNECTS, host, taint);
    add_wallets(collector, id, fact->args[0]);
    add_wallets(collector, id, fact->args[2]);
}

static void add_listen(Collector *collector, RtFactId id)
{
    const RtFact *fact = &collector->view->facts[id];
    uint64_t port;
    if (rt_str_number(fact->args[1], &port))
        add_port(collector, id, RT_DEED_LISTENS, port, collector->from[id]);
    else if (rt_str_find_byte(fact->args[0], '\\') == 0)
        add_path(collector, id, RT_DEED_LISTENS, fact->args[0], collector->from[id]);
}

static void add_name(Collector *collector, RtFactId id, RtResourceKind kind, RtDeed deed,
                     uint8_t taint)
{
    RtStr name = collector->view->facts[id].args[0];
    bool is_whole = !rt_str_has(name, RT_STR("\xEF\xBF\xBC")) && name.len >= NAME_LEAST;
    add_deed(collector, id, kind, deed, is_whole ? name : RT_STR(""), taint);
}

/* The network is its own source: a command that fetches and prints has no earlier fact. */
static void add_fact(Collector *collector, RtFactId id)
{
    const RtFact *fact = &collector->view->facts[id];
    uint8_t from = collector->from[id], to = collector->to[id];
    switch ((int)fact->kind) {
    case RT_FACT_FILE_WRITE:
        add_path(collector, id, RT_DEED_WRITES, fact->args[0], from);
        break;
    case RT_FACT_FILE_RENAME:
        add_path(collector, id, RT_DEED_WRITES, fact->args[1], from);
        break;
    case RT_FACT_FILE_READ:
        add_path(collector, id, RT_DEED_READS, fact->args[0], to);
        break;
    case RT_FACT_FILE_LIST:
        add_path(collector, id, RT_DEED_PROBES, fact->args[0], to);
        break;
    case RT_FACT_PROC_EXEC:
        add_command(collector, id, fact->args[0]);
        break;
    case RT_FACT_CODE_REQUIRE:
        add_require(collector, id);
        break;
    case RT_FACT_ENV_READ:
        add_name(collector, id, RT_RESOURCE_ENV, RT_DEED_READS, to);
        break;
    case RT_FACT_ENV_WRITE:
        add_name(collector, id, RT_RESOURCE_ENV, RT_DEED_WRITES, from);
        break;
    case RT_FACT_GLOBAL_SET:
        add_name(collector, id, RT_RESOURCE_GLOBAL, RT_DEED_WRITES, from);
        break;
    case RT_FACT_GLOBAL_READ:
        add_name(collector, id, RT_RESOURCE_GLOBAL, RT_DEED_READS, to);
        break;
    case RT_FACT_NET_REQUEST:
    case RT_FACT_NET_CONNECT:
        add_network(collector, id);
        break;
    case RT_FACT_NET_LISTEN:
        add_listen(collector, id);
        break;
    case RT_FACT_CALL:
        add_install(collector, id);
        break;
    case RT_FACT_DEPENDENCY:
        if (!rt_str_starts(fact->args[2], RT_STR("dev"))) /* nobody who installs it gets those */
            add_deed(collector, id, RT_RESOURCE_PACKAGE, RT_DEED_DECLARES, fact->args[0], 0);
        break;
    case RT_FACT_DATA_ENCRYPT:
        if (fact->args[1].len >= 8)
            add_deed(collector, id, RT_RESOURCE_CONSTANT, RT_DEED_HOLDS, fact->args[1], 0);
        break;
    case RT_FACT_PERSON:
        add_deed(
            collector, id, RT_RESOURCE_PERSON, RT_DEED_HOLDS,
            rt_str_lower(collector->arena, fact->args[2].len != 0 ? fact->args[2] : fact->args[1]),
            0);
        break;
    default:
        break;
    }
}

static void add_readmes(Collector *collector)
{
    const RtLinkView *view = collector->view;
    for (RtLayerId id = 1; id < view->layer_count; id++) {
        const RtLayer *layer = &view->layers[id];
        size_t slash = rt_str_rfind_byte(layer->name, '/');
        RtStr name = slash == RT_NOT_FOUND ? layer->name : rt_str_from(layer->name, slash + 1);
        bool is_top = slash == RT_NOT_FOUND || rt_str_find_byte(layer->name, '/') == slash;
        if (layer->via != RT_VIA_ENTRY || !is_top || layer->bytes.len < README_LEAST ||
            !rt_str_equal_nocase(rt_str_sub(name, 0, 6), RT_STR("readme")))
            continue;
        uint8_t digest[32];
        rt_sha256(layer->bytes, digest);
        RtResource readme = { .kind = RT_RESOURCE_README,
                              .deed = RT_DEED_HOLDS,
                              .text = rt_hex(collector->arena, (RtStr){ digest, 16 }) };
        add(collector, readme, id, 0);
    }
}

/* Written from outside, read into code, installed behind one's back: what pairs are made of. */
static bool is_half(const RtResource *resource)
{
    return resource->taint != 0 || resource->deed == RT_DEED_INSTALLS ||
           resource->deed == RT_DEED_LISTENS || resource->kind == RT_RESOURCE_PERSON;
}

static int by_worth(const void *a, const void *b)
{
    const Candidate *left = a, *right = b;
    bool left_half = is_half(&left->resource), right_half = is_half(&right->resource);
    if (left_half != right_half)
        return left_half ? -1 : 1;
    return left->order < right->order ? -1 : left->order > right->order;
}

static int by_place(const void *a, const void *b)
{
    const Candidate *left = a, *right = b;
    if (left->layer != right->layer)
        return left->layer < right->layer ? -1 : 1;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    return left->order < right->order ? -1 : left->order > right->order;
}

/* Files and lines of what is kept: in order of place, so that each text is walked once. */
static RtResource *settle(Collector *collector, size_t count)
{
    const RtLinkView *view = collector->view;
    RtResource *resources = RT_NEW_ARRAY(collector->arena, RtResource, count);
    RtLayerId layer = 0;
    uint64_t at = 0;
    uint32_t line = 1;
    if (count != 0)
        qsort(collector->items, count, sizeof *collector->items, by_place);
    for (size_t i = 0; i < count; i++) {
        const Candidate *item = &collector->items[i];
        RtLayerId file = view->file_of(view->context, item->layer);
        if (item->layer != layer) {
            layer = item->layer;
            at = 0;
            line = 1;
        }
        RtStr bytes = view->layers[layer].bytes;
        for (; at < item->from && at < bytes.len; at++)
            line += bytes.at[at] == '\n';
        resources[i] = item->resource;
        resources[i].file = view->layers[file].name;
        resources[i].line = file == layer ? line : 0;
    }
    return resources;
}

static bool is_telling(RtFactKind kind)
{
    return kind == RT_FACT_CODE_EVAL || kind == RT_FACT_PROC_EXEC || kind == RT_FACT_NET_REQUEST ||
           kind == RT_FACT_NET_CONNECT;
}

/* Code that acts, decoded code among it, of packages that something was found in: nobody is accused
 * of sharing a helper. */
static const RtShape *take_shapes(Collector *collector, size_t *ret_count)
{
    const RtLinkView *view = collector->view;
    RtShape *shapes = RT_NEW_ARRAY(collector->arena, RtShape, RT_SUMMARY_SHAPES);
    bool *done = RT_NEW_ARRAY(collector->arena, bool, view->layer_count);
    size_t count = 0;
    for (RtFactId id = 1;
         id < view->fact_count && count < RT_SUMMARY_SHAPES && view->verdict >= RT_VERDICT_NOTABLE;
         id++) {
        const RtFact *fact = &view->facts[id];
        const RtLayer *layer = &view->layers[fact->layer];
        RtLayerId file = view->file_of(view->context, fact->layer);
        if (!is_telling(fact->kind) || done[fact->layer] || !rt_str_is_text(layer->bytes) ||
            !rt_link_counts(&view->layers[file]))
            continue;
        done[fact->layer] = true;
        RtStr language = rt_str_from_c(layer->language);
        bool hash = rt_str_equal(language, RT_STR("python")) ||
                    rt_str_equal(language, RT_STR("shell")) ||
                    rt_str_equal(language, RT_STR("powershell"));
        if (rt_shape_of(layer->bytes, hash, &shapes[count]))
            shapes[count++].file = view->layers[file].name;
    }
    *ret_count = count;
    return shapes;
}

const RtSummary *rt_summary_of(const RtLinkView *view, RtStr own_name, RtArena *arena)
{
    Collector collector = { .view = view,
                            .arena = arena,
                            .own_name = own_name,
                            .from = RT_NEW_ARRAY(arena, uint8_t, view->fact_count + 1),
                            .to = RT_NEW_ARRAY(arena, uint8_t, view->fact_count + 1),
                            .slots = RT_NEW_ARRAY(arena, uint16_t, SLOTS) };
    sweep(&collector);
    for (RtFactId id = 1; id < view->fact_count; id++) {
        RtLayerId file = view->file_of(view->context, view->facts[id].layer);
        if (rt_link_counts(&view->layers[file]))
            add_fact(&collector, id);
    }
    add_readmes(&collector);
    size_t kept = collector.count < RT_SUMMARY_RESOURCES ? collector.count : RT_SUMMARY_RESOURCES;
    if (collector.count > kept)
        qsort(collector.items, collector.count, sizeof *collector.items, by_worth);
    RtSummary *summary = RT_NEW(arena, RtSummary);
    summary->resources = settle(&collector, kept);
    summary->resource_count = kept;
    summary->left_out = collector.left_out + (uint32_t)(collector.count - kept);
    summary->shapes = take_shapes(&collector, &summary->shape_count);
    return summary;
}
