/* shell_verbs_file.c - the commands that read, change and hand on bytes. What passes a filter keeps
 * its facts, so that `curl … | base64 -d | gunzip | sh` still knows where its code came from; text
 * known whole is decoded here. */
#include "base/base64.h"
#include "facts/languages/shell_engine.h"

static bool looks_like_path(RtStr word)
{
    return word.len > 1 && word.at[0] != '-' &&
           (rt_str_find_byte(word, '/') != RT_NOT_FOUND || word.at[0] == '~' ||
            word.at[0] == '.') &&
           !rt_str_has(word, RT_STR("://"));
}

static void pass(RtShellCommand *command)
{
    rt_shell_flow_join(&command->out.flow, &command->in.flow);
    rt_shell_flow_join(&command->out.flow, &command->flow);
}

static void read_file(RtShellCommand *command, RtStr path)
{
    const RtShellValue *written = rt_shell_file(command->run, path);
    if (written) {
        command->out.text = written->text;
        rt_shell_flow_join(&command->out.flow, &written->flow);
        return;
    }
    rt_shell_flow_add(&command->out.flow,
                      rt_shell_fact(command, RT_FACT_FILE_READ, path, RT_STR(""), RT_STR(""),
                                    command->in_xargs ? &command->in.flow : NULL));
}

static void verb_cat(RtShellCommand *command)
{
    bool any = false;
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        if (word.len == 0 || word.at[0] == '-')
            continue;
        read_file(command, word);
        any = true;
    }
    if (!any && command->in_xargs)
        read_file(command, command->in.text);
    else if (!any)
        command->out = command->in;
}

static void verb_filter(RtShellCommand *command)
{
    pass(command);
    for (size_t i = 1; i < command->count; i++)
        if (looks_like_path(command->words[i].text) && !command->words[i].is_quoted)
            read_file(command, command->words[i].text);
}

/* Backslash escapes of printf and echo -e. */
static RtStr unescaped(RtArena *arena, RtStr text)
{
    if (rt_str_find_byte(text, '\\') == RT_NOT_FOUND)
        return text;
    RtText quoted = { .arena = arena };
    rt_text_add(&quoted, RT_STR("$'"));
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\'')
            rt_text_byte(&quoted, '\\');
        rt_text_byte(&quoted, text.at[i]);
    }
    rt_text_byte(&quoted, '\'');
    const RtWord *words;
    size_t count = rt_words_split(arena, rt_text_str(&quoted), RT_SHELL_POSIX, NULL, &words);
    return count > 0 ? words[0].text : text;
}

static void verb_echo(RtShellCommand *command)
{
    size_t at = 1;
    bool escapes = rt_str_equal(command->program, RT_STR("printf"));
    while (at < command->count && rt_word_in(command->words[at].text, "-n -e -ne -en -E --")) {
        escapes |= rt_str_find_byte(command->words[at].text, 'e') != RT_NOT_FOUND;
        at++;
    }
    if (escapes && at + 1 < command->count &&
        rt_word_in(rt_str_trim(unescaped(command->run->sink->arena, command->words[at].text)),
                   "%s %b"))
        at++;
    RtStr text = at < command->count ? rt_shell_rest(command, at) : RT_STR("");
    command->out.text = escapes ? unescaped(command->run->sink->arena, text) : text;
    command->out.flow = command->flow;
}

static void decoded(RtShellCommand *command, const char *how, RtStr text, const char *layer_name)
{
    RtShellRun *run = command->run;
    RtShellFlow flow = command->in.flow;
    RtFactId id = rt_shell_fact(command, RT_FACT_DATA_DECODE, rt_str_from_c(how),
                                rt_str_sub(text, 0, 4096), RT_STR(""), &flow);
    command->out.text = text;
    command->out.flow = (RtShellFlow){ 0 };
    rt_shell_flow_add(&command->out.flow, id);
    if (text.len >= 8 && layer_name) {
        RtLayer layer = { .parent = run->layer,
                          .via = RT_VIA_DECODED,
                          .name = rt_str_from_c(layer_name),
                          .bytes = text,
                          .source = { .from = run->from, .len = run->len },
                          .phase = run->phase };
        run->sink->layer(run->sink, layer);
    }
}

static bool hex_text(RtArena *arena, RtStr text, RtStr *ret)
{
    RtText out = { .arena = arena };
    uint32_t value = 0, digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i] | 32;
        uint32_t digit = byte >= '0' && byte <= '9'   ? byte - (uint32_t)'0'
                         : byte >= 'a' && byte <= 'f' ? byte - (uint32_t)'a' + 10
                                                      : 16;
        if (digit == 16)
            continue;
        value = value << 4 | digit;
        if (++digits % 2 == 0)
            rt_text_byte(&out, (uint8_t)value);
    }
    *ret = rt_text_str(&out);
    return digits >= 4;
}

static void verb_base64(RtShellCommand *command)
{
    RtArena *arena = command->run->sink->arena;
    bool decodes = rt_shell_has_option(command, "-d -D --decode -di -id");
    RtStr text = command->in.text, plain = { 0 };
    bool has_file = false;
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        if (word.len > 0 && word.at[0] != '-' && !rt_word_in(command->words[i - 1].text, "-w")) {
            read_file(command, word);
            text = command->out.text;
            rt_shell_flow_join(&command->in.flow, &command->out.flow);
            has_file = true;
        }
    }
    if (!decodes) {
        pass(command);
        return;
    }
    if ((command->has_in || has_file) && rt_shell_afford(command->run, text.len) &&
        rt_base64_decode(arena, rt_str_trim(text), &plain))
        decoded(command, "base64", plain, "base64");
    else
        decoded(command, "base64", RT_STR(""), NULL);
}

static void verb_decode(RtShellCommand *command)
{
    RtArena *arena = command->run->sink->arena;
    RtStr text = command->in.text, plain;
    bool hex = rt_str_equal(command->program, RT_STR("xxd"));
    bool openssl = rt_str_equal(command->program, RT_STR("openssl"));
    bool packs = rt_word_in(command->program, "gzip bzip2 xz zstd brotli") &&
                 !rt_shell_has_option(command, "-d --decompress -dc -cd");
    bool back =
        hex       ? rt_shell_has_option(command, "-r -rp -ps") || rt_shell_has_option(command, "-p")
        : openssl ? rt_shell_has_option(command, "-d -base64 base64") &&
                        rt_shell_has_option(command, "-d")
                  : !packs;
    if (openssl && !back && rt_shell_has_option(command, "enc -aes-256-cbc smime rsautl pkeyutl")) {
        pass(command);
        rt_shell_flow_add(&command->out.flow,
                          rt_shell_fact(command, RT_FACT_DATA_ENCRYPT, RT_STR("openssl"),
                                        RT_STR(""), RT_STR(""), &command->in.flow));
        return;
    }
    if (!back) {
        verb_filter(command);
        return;
    }
    if (hex && command->has_in && rt_shell_afford(command->run, text.len) &&
        hex_text(arena, text, &plain))
        decoded(command, "hex", plain, "hex");
    else if (openssl && rt_shell_has_option(command, "base64 -base64 -a") &&
             rt_shell_afford(command->run, text.len) &&
             rt_base64_decode(arena, rt_str_trim(text), &plain))
        decoded(command, "base64", plain, "base64");
    else
        decoded(command, openssl ? "decrypt" : rt_str_c(arena, command->program), RT_STR(""), NULL);
}

static void verb_rev(RtShellCommand *command)
{
    RtText out = { .arena = command->run->sink->arena };
    RtStr text = command->in.text;
    pass(command);
    if (!rt_shell_afford(command->run, text.len))
        return;
    for (size_t i = text.len; i-- > 0;)
        rt_text_byte(&out, text.at[i]);
    command->out.text = rt_text_str(&out);
}

/* tr 'A-Z…' 'N-Z…': a table when both sets are known ranges; else only what flows. */
static size_t expand_set(RtStr set, uint8_t ret[256])
{
    size_t count = 0;
    for (size_t i = 0; i < set.len && count < 256; i++) {
        uint8_t first = set.at[i], last = first;
        if (i + 2 < set.len && set.at[i + 1] == '-') {
            last = set.at[i + 2];
            i += 2;
        }
        for (unsigned byte = first; byte <= last && count < 256; byte++)
            ret[count++] = (uint8_t)byte;
    }
    return count;
}

static void verb_tr(RtShellCommand *command)
{
    uint8_t from[256], to[256], table[256];
    pass(command);
    if (command->count < 3 || command->in.text.len == 0 ||
        !rt_shell_afford(command->run, command->in.text.len))
        return;
    bool deletes = rt_str_equal(command->words[1].text, RT_STR("-d"));
    size_t from_count = expand_set(command->words[deletes ? 2 : 1].text, from);
    size_t to_count = deletes ? 0 : expand_set(command->words[2].text, to);
    bool gone[256] = { false };
    for (size_t i = 0; i < 256; i++)
        table[i] = (uint8_t)i;
    for (size_t i = 0; i < from_count; i++) {
        gone[from[i]] = deletes;
        if (to_count > 0)
            table[from[i]] = to[i < to_count ? i : to_count - 1];
    }
    RtText out = { .arena = command->run->sink->arena };
    for (size_t i = 0; i < command->in.text.len; i++)
        if (!gone[command->in.text.at[i]])
            rt_text_byte(&out, table[command->in.text.at[i]]);
    command->out.text = rt_text_str(&out);
}

static void verb_tee(RtShellCommand *command)
{
    command->out = command->in;
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        if (word.len == 0 || word.at[0] == '-' || rt_str_starts(word, RT_STR("/dev/")))
            continue;
        RtFactId id =
            rt_shell_fact4(command, RT_FACT_FILE_WRITE, word, command->in.text, RT_STR(""),
                           rt_shell_has_option(command, "-a") ? RT_STR("append") : RT_STR("write"),
                           &command->in.flow);
        rt_shell_file_written(command, word, id, command->in.text);
    }
}

/* The last two words that are no options. */
static bool two_paths(const RtShellCommand *command, RtStr *ret_from, RtStr *ret_to)
{
    size_t found = 0;
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        bool option = word.len == 0 || word.at[0] == '-' ||
                      (command->run->kind == RT_SHELL_CMD && word.at[0] == '/' && word.len <= 3);
        if (option)
            continue;
        *ret_from = found == 0 ? word : *ret_from;
        *ret_to = word;
        found++;
    }
    return found >= 2;
}

static void verb_copy(RtShellCommand *command)
{
    RtStr from, to;
    if (!two_paths(command, &from, &to))
        return;
    const RtShellValue *file = rt_shell_file(command->run, from);
    RtShellFlow flow = { 0 };
    if (file)
        flow = file->flow;
    else
        rt_shell_flow_add(
            &flow, rt_shell_fact(command, RT_FACT_FILE_READ, from, RT_STR(""), RT_STR(""), NULL));
    RtFactId id = rt_shell_fact4(command, RT_FACT_FILE_WRITE, to, RT_STR(""), RT_STR(""),
                                 RT_STR("copy"), &flow);
    rt_shell_file_written(command, to, id, file ? file->text : RT_STR(""));
}

static void verb_move(RtShellCommand *command)
{
    RtStr from, to;
    if (!two_paths(command, &from, &to))
        return;
    const RtShellValue *file = rt_shell_file(command->run, from);
    RtFactId id = rt_shell_fact(command, RT_FACT_FILE_RENAME, from, to, RT_STR(""),
                                file ? &file->flow : NULL);
    rt_shell_file_written(command, to, id, file ? file->text : RT_STR(""));
}

static void verb_remove(RtShellCommand *command)
{
    for (size_t i = 1; i < command->count && i < 33; i++) {
        RtStr word = command->words[i].text;
        bool option = word.len == 0 || word.at[0] == '-' ||
                      (command->run->kind == RT_SHELL_CMD && word.at[0] == '/' && word.len <= 3);
        if (!option)
            rt_shell_fact(command, RT_FACT_FILE_DELETE, word, RT_STR(""), RT_STR(""), NULL);
    }
}

static void verb_chmod(RtShellCommand *command)
{
    bool attrib = rt_str_equal(command->program, RT_STR("attrib"));
    RtStr mode = command->count > 1 ? command->words[1].text : RT_STR("");
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        if (rt_str_equal(word, RT_STR("-R")) && i == 1)
            mode = command->count > 2 ? command->words[2].text : mode;
        bool option =
            word.len == 0 || word.at[0] == '-' || word.at[0] == '+' || rt_str_equal(word, mode);
        if (option)
            continue;
        const RtShellValue *file = rt_shell_file(command->run, word);
        rt_shell_fact(command, RT_FACT_FILE_CHMOD, word, attrib ? rt_shell_rest(command, 1) : mode,
                      RT_STR(""), file ? &file->flow : NULL);
    }
}

static void verb_list(RtShellCommand *command)
{
    RtStr path = RT_STR(".");
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        if (word.len > 0 && word.at[0] != '-') {
            path = word;
            break;
        }
    }
    rt_shell_flow_add(&command->out.flow, rt_shell_fact(command, RT_FACT_FILE_LIST, path,
                                                        RT_STR(""), RT_STR(""), NULL));
    command->out.text = path;
    if (!rt_str_equal(command->program, RT_STR("find")))
        return;
    for (size_t i = 1; i + 1 < command->count; i++)
        if (rt_word_in(command->words[i].text, "-exec -execdir -ok")) {
            command->in = command->out;
            command->has_in = command->in_xargs = true;
            rt_shell_rerun(command, i + 1);
            return;
        }
}

static void verb_archive(RtShellCommand *command)
{
    RtStr output = { 0 };
    RtShellFlow flow = command->in.flow;
    bool tar = rt_word_in(command->program, "tar bsdtar");
    RtStr mode = command->count > 1 ? command->words[1].text : RT_STR("");
    bool extracts =
        tar ? rt_str_find_byte(mode, 'x') != RT_NOT_FOUND
            : rt_word_in(command->program, "unzip unrar expand") || rt_word_in(mode, "x e");
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        bool file_option = tar && i == 1 && word.len > 0 && word.at[word.len - 1] == 'f';
        if (file_option || rt_word_in(word, "-f --file")) {
            output = i + 1 < command->count ? command->words[i + 1].text : RT_STR("");
            i++;
        } else if (word.len > 0 && word.at[0] != '-' &&
                   !(i == 1 && (tar || rt_word_in(word, "a x e")))) {
            if (!tar && output.len == 0) {
                output = word;
                continue;
            }
            if (!extracts)
                rt_shell_flow_add(&flow, rt_shell_fact(command, RT_FACT_FILE_READ, word, RT_STR(""),
                                                       RT_STR(""), NULL));
        }
    }
    command->out.flow = flow;
    if (extracts) {
        const RtShellValue *file = rt_shell_file(command->run, output);
        rt_shell_fact(command, RT_FACT_DATA_DECODE, command->program, RT_STR(""), RT_STR(""),
                      file ? &file->flow : &command->in.flow);
    } else if (output.len > 0 && !rt_str_equal(output, RT_STR("-"))) {
        RtFactId id = rt_shell_fact4(command, RT_FACT_FILE_WRITE, output, RT_STR(""), RT_STR(""),
                                     RT_STR("write"), &flow);
        rt_shell_file_written(command, output, id, RT_STR(""));
    }
}

static void verb_wipe(RtShellCommand *command)
{
    RtStr target = rt_shell_option(command, "of");
    for (size_t i = 1; i < command->count; i++)
        if (rt_str_starts(command->words[i].text, RT_STR("of=")))
            target = rt_str_from(command->words[i].text, 3);
    bool device = rt_str_starts(target, RT_STR("/dev/"));
    bool dd = rt_str_equal(command->program, RT_STR("dd"));
    if (!dd || device)
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("destroy"), rt_shell_rest(command, 0),
                      RT_STR(""), NULL);
    else
        pass(command);
}

static void verb_save(RtShellCommand *command) /* Out-File, Set-Content of a pipe in cmd-like text;
                                                  sponge, pbcopy, clip */
{
    command->out = command->in;
}

const RtShellVerbs rt_shell_verbs_file[] = {
    { "cat type bat more less head tail tac nl strings zcat bzcat xzcat gzcat", verb_cat },
    { "grep egrep fgrep awk gawk sed sort uniq cut jq yq wc paste fold od hexdump xargs0 iconv "
      "findstr select-string column",
      verb_filter },
    { "echo printf", verb_echo },
    { "base64 gbase64 base32 basenc uudecode", verb_base64 },
    { "xxd openssl gunzip gzip bunzip2 bzip2 unxz xz zstd unzstd brotli gpg funzip zlib-flate",
      verb_decode },
    { "rev", verb_rev },
    { "tr", verb_tr },
    { "tee", verb_tee },
    { "cp copy xcopy robocopy install ln rsync-local ditto mklink", verb_copy },
    { "mv move ren rename", verb_move },
    { "rm rmdir del erase rd unlink", verb_remove },
    { "chmod chown chattr attrib icacls takeown xattr", verb_chmod },
    { "ls dir find tree fd where.exe", verb_list },
    { "tar bsdtar zip 7z 7za rar unzip unrar expand", verb_archive },
    { "dd shred mkfs mkfs.ext4 wipefs wipe format cipher vssadmin diskpart", verb_wipe },
    { "sponge pbcopy clip", verb_save },
    { NULL, NULL },
};
