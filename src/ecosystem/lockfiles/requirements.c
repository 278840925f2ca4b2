/* requirements.c - pip's requirements and constraints (pip.pypa.io, requirements file format):
 * names with versions and hashes, addresses, and options that change where everything comes from.
 */
#include "base/words.h"
#include "ecosystem/lockfiles/lock_writer.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    RtStr name = rt_path_name(path);
    if (rt_str_has(head, RT_STR("==")) && rt_str_has(head, RT_STR("--hash=sha")) &&
        rt_str_ends(name, RT_STR(".txt")))
        return true;
    bool is_text = rt_str_ends(name, RT_STR(".txt")) || rt_str_ends(name, RT_STR(".in"));
    bool is_named = rt_str_starts(name, RT_STR("requirements")) ||
                    rt_str_starts(name, RT_STR("constraints")) ||
                    rt_str_ends(name, RT_STR("requirements.txt"));
    return is_text &&
           (is_named || rt_str_equal(rt_path_name(rt_path_folder(path)), RT_STR("requirements")));
}

typedef struct {
    RtLockWriter *out;
    uint32_t line;
    bool has_hashes, lacks_hashes;
} Pip;

/* One logical line: lines that end in a backslash go on, a # after a blank begins a comment. */
static bool next_line(Pip *pip, RtStr *rest, RtText *line, uint32_t *next_number)
{
    RtStr piece;
    line->len = 0;
    pip->line = *next_number;
    while (rt_str_next(rest, '\n', &piece)) {
        ++*next_number;
        piece = rt_str_trim(piece);
        for (size_t i = 0; i < piece.len; i++)
            if (piece.at[i] == '#' && (i == 0 || piece.at[i - 1] == ' ' || piece.at[i - 1] == '\t'))
                piece.len = i;
        bool goes_on = piece.len > 0 && piece.at[piece.len - 1] == '\\';
        rt_text_add(line, rt_str_sub(piece, 0, piece.len - goes_on));
        rt_text_byte(line, ' ');
        if (!goes_on)
            return true;
    }
    return line->len > 0;
}

/* "--index-url=x", "-i x": the value behind the option, which is cut off `text`. */
static RtStr value_of(RtStr text)
{
    size_t end = 0;
    while (end < text.len && text.at[end] != ' ' && text.at[end] != '=')
        end++;
    return rt_str_trim(rt_str_from(text, end + 1));
}

static void take_address(Pip *pip, RtDependency *item, RtStr address)
{
    RtStr plain = rt_str_trim(address);
    size_t blank = rt_str_find_byte(plain, ' ');
    plain = rt_str_sub(plain, 0, blank == RT_NOT_FOUND ? plain.len : blank);
    item->url = plain;
    item->source = rt_lock_source(plain);
    if (item->source == RT_FROM_REGISTRY)
        item->source = RT_FROM_PATH;
    if (rt_str_starts(plain, RT_STR("hg+")) || rt_str_starts(plain, RT_STR("svn+")) ||
        rt_str_starts(plain, RT_STR("bzr+")))
        item->source = RT_FROM_GIT;
    size_t egg = rt_str_find(plain, RT_STR("#egg="));
    if (item->name.len == 0 && egg != RT_NOT_FOUND) {
        RtStr name = rt_str_from(plain, egg + 5);
        size_t end = 0;
        while (end < name.len && name.at[end] != '&' && name.at[end] != '[')
            end++;
        item->name = rt_lock_pypi_name(pip->out, rt_str_sub(name, 0, end));
    }
    if (item->name.len == 0)
        item->name = rt_path_name(plain);
    size_t sum = rt_str_find(plain, RT_STR("#sha256="));
    if (sum != RT_NOT_FOUND)
        rt_lock_one_integrity(
            pip->out, item,
            rt_str_format(pip->out->arena, "sha256:%.*s", RT_FMT(rt_str_sub(plain, sum + 8, 64))));
}

static void add(Pip *pip, RtDependency item)
{
    item.ecosystem = RT_STR("pypi");
    item.line = pip->line;
    rt_lock_needs(pip->out, 0, rt_lock_add(pip->out, item));
}

static void take_option(Pip *pip, RtStr text)
{
    static const struct {
        const char *words, *what;
    } options[] = {
        { "-i --index-url --pypi-url", "index" },
        { "--extra-index-url", "extra-index" },
        { "-f --find-links", "find-links" },
        { "--trusted-host", "trusted-host" },
        { "-r --requirement", "other-file" },
        { "-c --constraint", "other-file" },
        { "--no-index", "no-index" },
    };
    size_t end = 0;
    while (end < text.len && text.at[end] != ' ' && text.at[end] != '=')
        end++;
    RtStr word = rt_str_sub(text, 0, end), value = value_of(text);
    if (rt_word_in(word, "-e --editable")) {
        RtDependency item = { 0 };
        take_address(pip, &item, value);
        add(pip, item);
        return;
    }
    for (size_t i = 0; i < RT_COUNT(options); i++)
        if (rt_word_in(word, options[i].words))
            rt_lock_note(pip->out, rt_str_from_c(options[i].what),
                         rt_str_copy(pip->out->arena, value), pip->line);
}

static bool is_name_byte(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
           byte == '-' || byte == '_' || byte == '.';
}

/* "name[extra] == 1.0 ; marker --hash=sha256:…", "name @ address". */
static void take_requirement(Pip *pip, RtStr text)
{
    RtLockWriter *out = pip->out;
    size_t end = 0;
    while (end < text.len && is_name_byte(text.at[end]))
        end++;
    RtDependency item = { .name = rt_lock_pypi_name(out, rt_str_sub(text, 0, end)) };
    RtStr rest = rt_str_trim(rt_str_from(text, end));
    if (rest.len > 0 && rest.at[0] == '[') {
        size_t close = rt_str_find_byte(rest, ']');
        rest = rt_str_trim(rt_str_from(rest, close == RT_NOT_FOUND ? rest.len : close + 1));
    }
    if (rt_lock_source(text) != RT_FROM_REGISTRY || end == 0) {
        item.name = RT_STR("");
        take_address(pip, &item, text);
        add(pip, item);
        return;
    }
    size_t hash = rt_str_find(rest, RT_STR("--hash"));
    RtStr hashes = hash == RT_NOT_FOUND ? RT_STR("") : rt_str_from(rest, hash), word;
    rest = rt_str_sub(rest, 0, rest.len - hashes.len);
    if (rest.len > 0 && rest.at[0] == '@') {
        take_address(pip, &item, rt_str_from(rest, 1));
    } else {
        size_t marker = rt_str_find_byte(rest, ';');
        RtStr spec = rt_str_trim(rt_str_sub(rest, 0, marker == RT_NOT_FOUND ? rest.len : marker));
        bool pinned = rt_str_starts(spec, RT_STR("==")) &&
                      rt_str_find_byte(spec, ',') == RT_NOT_FOUND &&
                      !rt_str_ends(spec, RT_STR("*"));
        RtStr version = spec;
        while (pinned && version.len > 0 && (version.at[0] == '=' || version.at[0] == ' '))
            version = rt_str_from(version, 1);
        item.version = version;
        item.flags |= pinned ? 0 : RT_DEP_LOOSE;
    }
    while (rt_str_next(&hashes, ' ', &word))
        if (rt_str_starts(word, RT_STR("--hash=")))
            rt_lock_one_integrity(out, &item, rt_str_from(word, 7));
    pip->has_hashes = pip->has_hashes || item.integrity_count > 0;
    pip->lacks_hashes =
        pip->lacks_hashes || (item.integrity_count == 0 && item.source == RT_FROM_REGISTRY);
    add(pip, item);
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)path;
    Pip pip = { .out = out };
    RtStr rest = bytes;
    RtText line = { .arena = out->arena };
    uint32_t number = 1;
    while (next_line(&pip, &rest, &line, &number)) {
        RtStr text = rt_str_copy(out->arena, rt_str_trim(rt_text_str(&line)));
        if (text.len == 0)
            continue;
        if (text.at[0] == '-')
            take_option(&pip, text);
        else
            take_requirement(&pip, text);
    }
    /* All or nothing: pip refuses the whole file when one line has hashes and another none. */
    if (pip.has_hashes && pip.lacks_hashes)
        rt_lock_note(out, RT_STR("hashes-partly"), RT_STR("some requirements have no hash"), 0);
}

const RtLockfile rt_lockfile_requirements = { .name = "requirements",
                                              .claims = claims,
                                              .read = read_lock };
