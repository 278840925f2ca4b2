/* gomod.c - go.mod: what is required, at which version, and what `replace` puts in its place
 * (go.dev/ref/mod). */
#include "ecosystem/lockfiles/lock_writer.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    (void)head;
    return rt_str_equal(rt_path_name(path), RT_STR("go.mod"));
}

static RtStr next_word(RtStr *rest)
{
    *rest = rt_str_trim(*rest);
    size_t end = 0;
    while (end < rest->len && rest->at[end] != ' ' && rest->at[end] != '\t')
        end++;
    RtStr word = rt_str_sub(*rest, 0, end);
    *rest = rt_str_from(*rest, end);
    if (word.len >= 2 && (word.at[0] == '"' || word.at[0] == '`'))
        word = rt_str_sub(word, 1, word.len - 2);
    return word;
}

static void take_require(RtLockWriter *out, RtStr text, bool is_indirect, uint32_t line)
{
    RtStr name = next_word(&text), version = next_word(&text);
    if (name.len == 0 || version.len == 0)
        return;
    RtDependency item = {
        .ecosystem = RT_STR("golang"), .name = name, .version = version, .line = line
    };
    uint32_t id = rt_lock_add(out, item);
    rt_lock_key(out, name, id);
    if (!is_indirect)
        rt_lock_needs(out, 0, id);
    rt_lock_want(out, name, version, 0, line);
}

/* "a [v] => b v" or "a => ../b" */
static void take_replace(RtLockWriter *out, RtStr text, uint32_t line)
{
    size_t arrow = rt_str_find(text, RT_STR("=>"));
    if (arrow == RT_NOT_FOUND)
        return;
    RtStr left = rt_str_sub(text, 0, arrow), right = rt_str_from(text, arrow + 2);
    RtStr name = next_word(&left), other = next_word(&right), version = next_word(&right);
    uint32_t id = rt_lock_find(out, name);
    rt_lock_note(out, RT_STR("override"),
                 rt_str_format(out->arena, "%.*s -> %.*s %.*s", RT_FMT(name), RT_FMT(other),
                               RT_FMT(version)),
                 line);
    if (id == 0)
        return;
    RtDependency *item = rt_lock_item(out, id);
    item->alias = name;
    item->flags |= RT_DEP_ALIASED;
    item->name = other;
    item->version = version;
    if (version.len == 0) {
        item->source = RT_FROM_PATH;
        item->url = other;
    }
}

static void take_directive(RtLockWriter *out, RtStr word, RtStr text, bool is_indirect,
                           uint32_t line, bool replaces)
{
    if (replaces && rt_str_equal(word, RT_STR("replace")))
        take_replace(out, text, line);
    else if (!replaces && rt_str_equal(word, RT_STR("require")))
        take_require(out, text, is_indirect, line);
}

/* Read twice: `replace` may stand before what it replaces. */
static void read_all(RtLockWriter *out, bool replaces)
{
    RtStr rest = out->text, line, block = { 0 };
    uint32_t number = 0;
    while (rt_str_next(&rest, '\n', &line)) {
        number++;
        size_t comment = rt_str_find(line, RT_STR("//"));
        bool is_indirect =
            comment != RT_NOT_FOUND && rt_str_has(rt_str_from(line, comment), RT_STR("indirect"));
        RtStr text = rt_str_trim(rt_str_sub(line, 0, comment == RT_NOT_FOUND ? line.len : comment));
        if (text.len == 0)
            continue;
        if (block.len > 0) {
            if (text.at[0] == ')')
                block = RT_STR("");
            else
                take_directive(out, block, text, is_indirect, number, replaces);
            continue;
        }
        RtStr tail = text, word = next_word(&tail);
        if (rt_str_equal(rt_str_trim(tail), RT_STR("(")))
            block = word;
        else
            take_directive(out, word, tail, is_indirect, number, replaces);
    }
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)bytes;
    (void)path;
    read_all(out, false);
    read_all(out, true);
}

const RtLockfile rt_lockfile_gomod = { .name = "gomod", .claims = claims, .read = read_lock };
