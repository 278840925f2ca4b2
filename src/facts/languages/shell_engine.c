/* shell_engine.c - the machine: cut, expand, redirect, hand to a verb.
 *
 * Abstract, not exact: both branches of an `if` run, a loop's body runs once, functions run where
 * they stand. What matters is which bytes end where. All growth is bounded: text expanded
 * (EXPAND_LIMIT), commands, nesting, variables. Verbs are looked up by base name, so /usr/bin/curl
 * and curl.exe are curl. */
#include "facts/languages/shell_engine.h"

enum {
    EXPAND_LIMIT = 8 * 1024 * 1024,
    COMMAND_LIMIT = 20000,
    DEPTH_LIMIT = 12,
    TABLE_LIMIT = 2000,
    PIECE_LIMIT = 20000
};

void rt_shell_flow_add(RtShellFlow *flow, RtFactId id)
{
    for (size_t i = 0; i < flow->count; i++)
        if (flow->ids[i] == id)
            return;
    if (id != 0 && flow->count < RT_SHELL_FLOWS)
        flow->ids[flow->count++] = id;
}

void rt_shell_flow_join(RtShellFlow *flow, const RtShellFlow *more)
{
    for (size_t i = 0; i < more->count; i++)
        rt_shell_flow_add(flow, more->ids[i]);
}

RtFactId rt_shell_fact4(RtShellCommand *command, RtFactKind kind, RtStr a0, RtStr a1, RtStr a2,
                        RtStr a3, const RtShellFlow *also)
{
    RtShellRun *run = command->run;
    RtShellFlow flow = command->flow;
    if (also)
        rt_shell_flow_join(&flow, also);
    RtFactId *because = RT_NEW_ARRAY(run->sink->arena, RtFactId, RT_SHELL_FLOWS + 1);
    size_t count = 0;
    for (; count < flow.count; count++)
        because[count] = flow.ids[count];
    if (run->because != 0)
        because[count++] = run->because;
    return run->sink->fact(run->sink, (RtFact){ .kind = kind,
                                                .witness = run->witness,
                                                .phase = run->phase,
                                                .deferred = run->deferred,
                                                .layer = run->layer,
                                                .from = run->from,
                                                .len = run->len,
                                                .args = { a0, a1, a2, a3 },
                                                .because = because,
                                                .because_count = count });
}

RtFactId rt_shell_fact(RtShellCommand *command, RtFactKind kind, RtStr a0, RtStr a1, RtStr a2,
                       const RtShellFlow *also)
{
    return rt_shell_fact4(command, kind, a0, a1, a2, RT_STR(""), also);
}

bool rt_shell_afford(RtShellRun *run, size_t len)
{
    if (run->spent + len > EXPAND_LIMIT)
        return false;
    run->spent += len;
    return true;
}

static RtShellVariable *find_entry(RtShellVariable *list, size_t count, RtStr name)
{
    for (size_t i = count; i-- > 0;)
        if (rt_str_equal(list[i].name, name))
            return &list[i];
    return NULL;
}

void rt_shell_set(RtShellRun *run, RtStr name, RtShellValue value)
{
    RtStr key = run->kind == RT_SHELL_CMD ? rt_str_lower(run->sink->arena, name) : name;
    RtShellVariable *entry = find_entry(run->variables, run->variable_count, key);
    if (entry)
        entry->value = value;
    else if (run->variable_count < TABLE_LIMIT)
        RT_PUSH(run->sink->arena, run->variables, run->variable_count, run->variable_capacity) =
            (RtShellVariable){ .name = key, .value = value };
}

/* "./x" and "x" are one file. */
static RtStr file_key(RtStr path)
{
    while (rt_str_starts(path, RT_STR("./")))
        path = rt_str_from(path, 2);
    return path;
}

void rt_shell_file_written(RtShellCommand *command, RtStr path, RtFactId fact, RtStr text)
{
    RtShellRun *run = command->run;
    RtShellValue value = { .text = text };
    rt_shell_flow_add(&value.flow, fact);
    if (path.len > 0 && run->file_count < TABLE_LIMIT)
        RT_PUSH(run->sink->arena, run->files, run->file_count, run->file_capacity) =
            (RtShellVariable){ .name = file_key(path), .value = value };
}

const RtShellValue *rt_shell_file(const RtShellRun *run, RtStr path)
{
    const RtShellVariable *entry = find_entry(run->files, run->file_count, file_key(path));
    return entry ? &entry->value : NULL;
}

void rt_shell_inline(RtShellCommand *command, RtStr body, const char *suffix, RtVia via)
{
    RtShellRun *run = command->run;
    if (rt_str_trim(body).len < 3)
        return;
    RtLayer layer = { .parent = run->layer,
                      .via = via,
                      .name = rt_str_format(run->sink->arena, "inline-script.%s", suffix),
                      .bytes = body,
                      .source = { .from = run->from, .len = run->len },
                      .phase = run->phase };
    run->sink->layer(run->sink, layer);
}

/* ---- variables
 * -------------------------------------------------------------------------------------------------
 */

/* What everybody's environment says: text that keeps paths readable, or a fact about the host. */
static bool known_variable(RtShellRun *run, RtStr name, RtText *out)
{
    static const char *const texts[][2] = {
        { "HOME USERPROFILE HOMEPATH", "~" },
        { "TMPDIR TMP TEMP", "/tmp" },
        { "PWD CD INIT_CWD", "." },
        { "APPDATA", "%APPDATA%" },
        { "LOCALAPPDATA", "%LOCALAPPDATA%" },
        { "PROGRAMDATA", "%PROGRAMDATA%" },
        { "SYSTEMROOT WINDIR", "C:/Windows" },
        { "COMSPEC", "cmd.exe" },
        { "IFS", " " },
    };
    for (size_t i = 0; i < RT_COUNT(texts); i++) {
        if (rt_word_in(name, texts[i][0])) {
            rt_text_add(out, rt_str_from_c(texts[i][1]));
            return true;
        }
    }
    bool user = rt_word_in(name, "USER USERNAME LOGNAME"),
         host = rt_word_in(name, "HOSTNAME COMPUTERNAME HOST");
    if (user || host) {
        RtShellCommand none = { .run = run };
        rt_shell_flow_add(&run->gather, rt_shell_fact(&none, RT_FACT_HOST_INFO,
                                                      user ? RT_STR("user") : RT_STR("hostname"),
                                                      RT_STR(""), RT_STR(""), NULL));
        return true;
    }
    return false;
}

static bool is_environment_name(RtStr name)
{
    bool letter = false;
    for (size_t i = 0; i < name.len; i++) {
        uint8_t byte = name.at[i];
        if (!((byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_'))
            return rt_str_starts(name, RT_STR("npm_"));
        letter |= byte >= 'A' && byte <= 'Z';
    }
    return letter && name.len > 2 &&
           !rt_word_in(name, "PATH SHELL TERM OSTYPE BASH_SOURCE RANDOM UID EUID PPID LINENO "
                             "OLDPWD DISPLAY LANG");
}

static void expand_name(RtShellRun *run, RtStr name, RtText *out)
{
    RtStr key = run->kind == RT_SHELL_CMD ? rt_str_lower(run->sink->arena, name) : name;
    const RtShellVariable *entry = find_entry(run->variables, run->variable_count, key);
    if (entry) {
        rt_shell_flow_join(&run->gather, &entry->value.flow);
        if (rt_shell_afford(run, entry->value.text.len))
            rt_text_add(out, entry->value.text);
        return;
    }
    if (known_variable(run, name, out) || !is_environment_name(name))
        return;
    RtShellCommand none = { .run = run };
    RtShellValue value = { 0 };
    rt_shell_flow_add(&value.flow,
                      rt_shell_fact(&none, RT_FACT_ENV_READ, rt_str_copy(run->sink->arena, name),
                                    RT_STR(""), RT_STR(""), NULL));
    rt_shell_flow_join(&run->gather, &value.flow);
    rt_shell_set(run, name, value);
}

static int64_t signed_number(RtStr text, int64_t otherwise)
{
    uint64_t number;
    text = rt_str_trim(text);
    bool negative = rt_str_starts(text, RT_STR("-"));
    if (!rt_str_number(negative ? rt_str_from(text, 1) : text, &number) || number > INT32_MAX)
        return otherwise;
    return negative ? -(int64_t)number : (int64_t)number;
}

/* text[from, from+len) with cmd's and bash's negative numbers. */
static RtStr slice(RtStr text, RtStr numbers, uint8_t separator)
{
    RtStr first = numbers, second = { 0 };
    size_t at = rt_str_find_byte(numbers, separator);
    if (at != RT_NOT_FOUND) {
        first = rt_str_sub(numbers, 0, at);
        second = rt_str_from(numbers, at + 1);
    }
    int64_t size = (int64_t)text.len, from = signed_number(first, 0),
            len = second.len ? signed_number(second, size) : size;
    from = from < 0 ? (from + size < 0 ? 0 : from + size) : from;
    int64_t end = len < 0 ? size + len : from + len;
    return end <= from ? RT_STR("") : rt_str_sub(text, (size_t)from, (size_t)(end - from));
}

static void replace_all(RtText *out, RtStr text, RtStr what, RtStr with)
{
    while (what.len > 0) {
        size_t at = rt_str_find(text, what);
        if (at == RT_NOT_FOUND)
            break;
        rt_text_add(out, rt_str_sub(text, 0, at));
        rt_text_add(out, with);
        text = rt_str_from(text, at + what.len);
    }
    rt_text_add(out, text);
}

/* `X`, `X:-y`, `X:1:2`, `X//a/b`, `X%y` inside ${…}; `X:~1,2`, `X:a=b` inside %…%. */
static void expand_variable(void *ctx, RtStr what, RtText *out)
{
    RtShellRun *run = ctx;
    RtArena *arena = run->sink->arena;
    size_t end = 0;
    if (what.len > 0 && what.at[0] == '{') { /* ${{ secrets.X }} of a workflow */
        RtShellCommand none = { .run = run };
        size_t at = rt_str_find(what, RT_STR("secrets"));
        size_t stop = at;
        while (at != RT_NOT_FOUND && stop < what.len && what.at[stop] != ' ' &&
               what.at[stop] != '}' && what.at[stop] != ')')
            stop++;
        if (at != RT_NOT_FOUND)
            rt_shell_flow_add(&run->gather, rt_shell_fact(&none, RT_FACT_ENV_READ,
                                                          rt_str_sub(what, at, stop - at),
                                                          RT_STR(""), RT_STR(""), NULL));
        return;
    }
    while (what.len > 0 && (what.at[0] == '#' || what.at[0] == '!'))
        what = rt_str_from(what, 1);
    while (end < what.len && rt_str_find_byte(RT_STR(":/%#^,-+=?[@"), what.at[end]) == RT_NOT_FOUND)
        end++;
    RtStr name = rt_str_sub(what, 0, end), rest = rt_str_from(what, end);
    if (rest.len == 0) {
        expand_name(run, name, out);
        return;
    }
    RtText plain = { .arena = arena, .limit = 256 * 1024 };
    expand_name(run, name, &plain);
    RtStr value = rt_text_str(&plain);
    if (rt_str_starts(rest, RT_STR(":~"))) {
        rt_text_add(out, slice(value, rt_str_from(rest, 2), ','));
    } else if (run->kind == RT_SHELL_CMD && rest.at[0] == ':') {
        size_t equals = rt_str_find_byte(rest, '=');
        replace_all(out, value, rt_str_sub(rest, 1, equals - 1),
                    equals == RT_NOT_FOUND ? RT_STR("") : rt_str_from(rest, equals + 1));
    } else if (rest.len > 1 && rest.at[0] == ':' &&
               (rest.at[1] == ' ' || (rest.at[1] >= '0' && rest.at[1] <= '9'))) {
        rt_text_add(out, slice(value, rt_str_from(rest, 1), ':'));
    } else if (rest.at[0] == '/') {
        bool all = rt_str_starts(rest, RT_STR("//"));
        RtStr pair = rt_str_from(rest, all ? 2 : 1);
        size_t slash = rt_str_find_byte(pair, '/');
        replace_all(out, value, rt_str_sub(pair, 0, slash),
                    slash == RT_NOT_FOUND ? RT_STR("") : rt_str_from(pair, slash + 1));
    } else if (value.len == 0 && (rest.at[0] == '-' || rt_str_starts(rest, RT_STR(":-")) ||
                                  rt_str_starts(rest, RT_STR(":=")))) {
        rt_text_add(out, rt_str_from(rest, rest.at[0] == '-' ? 1 : 2));
    } else {
        rt_text_add(out, value);
    }
}

static void expand_command(void *ctx, RtStr what, bool as_file, RtText *out)
{
    RtShellRun *run = ctx;
    RtShellFlow kept = run->gather;
    bool had_file = run->has_process_file;
    RtShellValue value = rt_shell_run(run, what);
    run->gather = kept;
    run->has_process_file = had_file || as_file;
    rt_shell_flow_join(&run->gather, &value.flow);
    RtStr text = value.text;
    while (text.len > 0 && (text.at[text.len - 1] == '\n' || text.at[text.len - 1] == '\r'))
        text.len--;
    if (rt_shell_afford(run, text.len))
        rt_text_add(out, text);
}

/* ---- commands
 * --------------------------------------------------------------------------------------------------
 */

RtStr rt_shell_rest(const RtShellCommand *command, size_t at)
{
    if (at + 1 == command->count)
        return command->words[at].text;
    RtText out = { .arena = command->run->sink->arena, .limit = 256 * 1024 };
    for (size_t i = at; i < command->count; i++) {
        if (i > at)
            rt_text_byte(&out, ' ');
        rt_text_add(&out, command->words[i].text);
    }
    return rt_text_str(&out);
}

RtStr rt_shell_option(const RtShellCommand *command, const char *names)
{
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        if (word.len < 2 || (word.at[0] != '-' && word.at[0] != '/'))
            continue;
        if (rt_word_in(word, names))
            return i + 1 < command->count ? command->words[i + 1].text : RT_STR("");
        size_t equals = rt_str_find_byte(word, '=');
        if (equals != RT_NOT_FOUND && rt_word_in(rt_str_sub(word, 0, equals), names))
            return rt_str_from(word, equals + 1);
    }
    return RT_STR("");
}

bool rt_shell_has_option(const RtShellCommand *command, const char *names)
{
    for (size_t i = 1; i < command->count; i++)
        if (rt_word_in(command->words[i].text, names))
            return true;
    return false;
}

static RtStr program_name(RtArena *arena, RtStr word)
{
    for (size_t i = word.len; i-- > 0;) {
        if (word.at[i] == '/' || word.at[i] == '\\') {
            word = rt_str_from(word, i + 1);
            break;
        }
    }
    word = rt_str_lower(arena, word);
    if (rt_str_ends(word, RT_STR(".exe")))
        word.len -= 4;
    return word;
}

bool rt_shell_says_run(const RtShellCommand *command, const RtShellValue *written)
{
    return written || command->run->source.at || command->is_background || command->is_detached ||
           command->is_hidden;
}

static void run_verb(RtShellCommand *command)
{
    const RtShellVerbs *const tables[] = { rt_shell_verbs_run, rt_shell_verbs_net,
                                           rt_shell_verbs_file };
    command->program = program_name(command->run->sink->arena, command->words[0].text);
    for (size_t t = 0; t < RT_COUNT(tables); t++) {
        for (const RtShellVerbs *verbs = tables[t]; verbs->names; verbs++) {
            if (rt_word_in(command->program, verbs->names)) {
                verbs->run(command);
                return;
            }
        }
    }
    /* No verb: a program of the package or of this script when it has a path, else a filter. */
    RtStr word = command->words[0].text;
    const RtShellValue *file = rt_shell_file(command->run, word);
    bool path =
        rt_str_find_byte(word, '/') != RT_NOT_FOUND || rt_str_starts(word, RT_STR(".\\")) || file;
    if (path && word.at[0] != '-' && rt_shell_says_run(command, file))
        rt_shell_fact(command, RT_FACT_PROC_EXEC, rt_shell_rest(command, 0), RT_STR("shell"),
                      command->is_background || command->is_detached ? RT_STR("detached")
                                                                     : RT_STR(""),
                      file ? &file->flow : NULL);
    command->out.flow = command->flow;
    rt_shell_flow_join(&command->out.flow, &command->in.flow);
}

void rt_shell_rerun(RtShellCommand *command, size_t at)
{
    if (at >= command->count || command->run->depth >= DEPTH_LIMIT)
        return;
    command->run->depth++;
    command->words += at;
    command->count -= at;
    run_verb(command);
    command->run->depth--;
}

static bool is_assignment(const RtWord *word)
{
    size_t equals = rt_str_find_byte(word->text, '=');
    if (word->is_operator || equals == RT_NOT_FOUND || equals == 0)
        return false;
    for (size_t i = 0; i < equals; i++) {
        uint8_t byte = word->text.at[i];
        if (!((byte | 32) >= 'a' && (byte | 32) <= 'z') && byte != '_' &&
            !(i > 0 && byte >= '0' && byte <= '9') && !(byte == '+' && i + 1 == equals))
            return false;
    }
    return true;
}

static void assign(RtShellRun *run, RtStr word, const RtShellFlow *flow)
{
    size_t equals = rt_str_find_byte(word, '=');
    if (equals == RT_NOT_FOUND)
        return;
    bool append = equals > 0 && word.at[equals - 1] == '+';
    RtStr name = rt_str_sub(word, 0, append ? equals - 1 : equals),
          text = rt_str_from(word, equals + 1);
    RtShellValue value = { .text = text, .flow = *flow };
    const RtShellVariable *old =
        append ? find_entry(run->variables, run->variable_count, name) : NULL;
    if (old && rt_shell_afford(run, old->value.text.len)) {
        RtText joined = { .arena = run->sink->arena, .limit = 256 * 1024 };
        rt_text_add(&joined, old->value.text);
        rt_text_add(&joined, text);
        value.text = rt_text_str(&joined);
        rt_shell_flow_join(&value.flow, &old->value.flow);
    }
    rt_shell_set(run, name, value);
}

/* What is redirected where. The target of an output is written after the verb ran. */
typedef struct {
    RtStr out_path;
    bool append;
} Redirect;

static void connect_device(RtShellCommand *command, RtStr path)
{
    bool udp = rt_str_starts(path, RT_STR("/dev/udp/"));
    if (!udp && !rt_str_starts(path, RT_STR("/dev/tcp/")))
        return;
    RtStr rest = rt_str_from(path, 9);
    size_t slash = rt_str_find_byte(rest, '/');
    RtFactId id = rt_shell_fact4(command, RT_FACT_NET_CONNECT, rt_str_sub(rest, 0, slash),
                                 slash == RT_NOT_FOUND ? RT_STR("") : rt_str_from(rest, slash + 1),
                                 RT_STR(""), udp ? RT_STR("udp") : RT_STR("tcp"), NULL);
    rt_shell_flow_add(&command->flow, id);
    rt_shell_fact(command, RT_FACT_CALL, RT_STR("reverse-shell"), command->text, RT_STR(""), NULL);
}

/* Takes redirections out of the words; notes what they feed and where output goes. */
static size_t take_redirects(RtShellCommand *command, const RtWord *words, size_t count,
                             RtWord *kept, Redirect *redirect)
{
    size_t kept_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!words[i].is_operator) {
            kept[kept_count++] = words[i];
            continue;
        }
        RtStr op = words[i].text, target = i + 1 < count ? words[i + 1].text : RT_STR("");
        i++;
        connect_device(command, target);
        bool input = rt_str_find_byte(op, '<') != RT_NOT_FOUND, error = op.at[0] == '2';
        if (rt_word_in(target, "/dev/null nul $null NUL:")) {
            command->is_hidden |= !input;
        } else if (rt_str_equal(op, RT_STR("<<<"))) {
            command->in = (RtShellValue){ .text = target, .flow = command->flow };
            command->has_in = true;
        } else if (input && op.len == 1) {
            const RtShellValue *file = rt_shell_file(command->run, target);
            command->has_in = true;
            if (file)
                command->in = *file;
            else if (target.len > 0)
                rt_shell_flow_add(&command->in.flow,
                                  rt_shell_fact(command, RT_FACT_FILE_READ, target, RT_STR(""),
                                                RT_STR(""), NULL));
            else
                rt_shell_flow_join(&command->in.flow, &command->flow); /* < <(…) */
        } else if (!input && !error && op.at[op.len - 1] != '&' && target.len > 0) {
            redirect->out_path = target;
            redirect->append = op.len > 1 && rt_str_has(op, RT_STR(">>"));
        }
    }
    return kept_count;
}

static void write_output(RtShellCommand *command, const Redirect *redirect)
{
    if (redirect->out_path.len == 0 || rt_str_starts(redirect->out_path, RT_STR("/dev/")))
        return;
    RtFactId id = rt_shell_fact4(command, RT_FACT_FILE_WRITE, redirect->out_path, command->out.text,
                                 RT_STR(""), redirect->append ? RT_STR("append") : RT_STR("write"),
                                 &command->out.flow);
    rt_shell_file_written(command, redirect->out_path, id, command->out.text);
    command->out = (RtShellValue){ 0 };
}

/* Leading words that are syntax, not a command; cmd's `if exist x`, sh's `for x in …`. */
static size_t skip_syntax(RtShellCommand *command)
{
    size_t at = 0;
    bool cmd = command->run->kind == RT_SHELL_CMD;
    while (at < command->count) {
        RtStr word = command->words[at].text;
        if (is_assignment(&command->words[at]) && !cmd) {
            assign(command->run, word, &command->flow);
            at++;
        } else if (command->words[at].is_quoted) {
            return at;
        } else if (cmd && rt_word_in(word, "if")) {
            at++;
            while (at < command->count && rt_word_in(command->words[at].text, "not /i"))
                at++;
            bool exist = at < command->count &&
                         rt_word_in(command->words[at].text, "exist defined errorlevel");
            at += exist                                                                       ? 2
                  : at < command->count && !rt_str_has(command->words[at].text, RT_STR("==")) ? 3
                                                                                              : 1;
        } else if (rt_word_in(word, "for foreach case select")) {
            if (command->count > at + 3 && rt_word_in(command->words[at + 2].text, "in") && !cmd)
                rt_shell_set(
                    command->run, command->words[at + 1].text,
                    (RtShellValue){ .text = command->words[at + 3].text, .flow = command->flow });
            return command->count;
        } else if (rt_word_in(word, "if then else elif do while until ! { } fi done esac in "
                                    "function @echo rem")) {
            if (cmd && rt_word_in(word, "@echo rem"))
                return command->count;
            at++;
        } else {
            return at;
        }
    }
    return at;
}

static RtShellValue run_piece(RtShellRun *run, const RtPiece *piece, const RtShellValue *piped)
{
    RtExpander expander = { .ctx = run, .variable = expand_variable, .command = expand_command };
    RtShellCommand command = { .run = run,
                               .text = piece->text,
                               .is_background = piece->background };
    RtShellFlow outer = run->gather;
    bool outer_file = run->has_process_file;
    const RtWord *words;
    RtStr text = piece->text;
    if (run->source.at && text.at >= run->source.at && text.at < run->source.at + run->source.len) {
        run->from = (uint64_t)(text.at - run->source.at);
        run->len = text.len;
    }
    while (run->kind == RT_SHELL_CMD && text.len > 0 && (text.at[0] == '@' || text.at[0] == '\''))
        text = rt_str_from(text, 1);
    run->gather = (RtShellFlow){ 0 };
    run->has_process_file = false;
    size_t count = rt_words_split(run->sink->arena, text, run->kind, &expander, &words);
    command.flow = run->gather;
    command.has_process_file = run->has_process_file;
    run->gather = outer;
    run->has_process_file = outer_file;
    if (piped) {
        command.in = *piped;
        command.has_in = true;
    } else if (piece->heredoc.len > 0) {
        command.in = (RtShellValue){ .text = piece->heredoc };
        command.has_in = true;
    }
    if (count == 0)
        return command.out;
    RtWord *kept = RT_NEW_ARRAY(run->sink->arena, RtWord, count);
    Redirect redirect = { 0 };
    command.count = take_redirects(&command, words, count, kept, &redirect);
    command.words = kept;
    size_t at = skip_syntax(&command);
    command.words += at;
    command.count -= at <= command.count ? at : command.count;
    if (command.count > 0 && command.words[0].text.len > 0)
        run_verb(&command);
    else if (piped)
        command.out = command.in; /* `| while read x`: what flows in goes on */
    write_output(&command, &redirect);
    return command.out;
}

RtShellValue rt_shell_run(RtShellRun *run, RtStr script)
{
    RtShellValue last = { 0 };
    const RtPiece *pieces;
    if (run->depth >= DEPTH_LIMIT || run->commands >= COMMAND_LIMIT)
        return last;
    run->depth++;
    size_t count = rt_words_pieces(run->sink->arena, script, run->kind, PIECE_LIMIT, &pieces);
    for (size_t i = 0; i < count; i++) {
        if (++run->commands > COMMAND_LIMIT ||
            (run->commands % 64 == 0 && run->sink->ms_left(run->sink) == 0)) {
            run->sink->unseen(run->sink, run->layer, RT_STR("limit-shell-commands"));
            break;
        }
        bool piped = pieces[i].joint == RT_JOINT_PIPE && i > 0;
        RtShellValue before = last;
        last = run_piece(run, &pieces[i], piped ? &before : NULL);
    }
    run->depth--;
    return last;
}

void rt_shell_imports(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    static const char stops[] = " \t\r\n\"'`;|&()<>=,";
    RtStr text = rt_str_sub(layer->bytes, 0, 256 * 1024), marks = rt_str_from_c(stops);
    size_t asked = 0;
    for (size_t at = 0; at < text.len && asked < 2000; at++) {
        size_t from = at;
        bool dot = false;
        while (at < text.len && rt_str_find_byte(marks, text.at[at]) == RT_NOT_FOUND) {
            dot |= text.at[at] == '.' || text.at[at] == '/';
            at++;
        }
        RtStr word = rt_str_sub(text, from, at - from);
        if (!dot || word.len < 3 || word.len > 200 || word.at[0] == '-' ||
            rt_str_has(word, RT_STR("://")))
            continue;
        asked++;
        RtLayerId found = sink->find(sink, self, word);
        if (found != 0 && found != self)
            sink->fact(sink, (RtFact){ .kind = RT_FACT_CODE_REQUIRE,
                                       .witness = RT_SEEN_IN_TEXT,
                                       .layer = self,
                                       .from = from,
                                       .len = word.len,
                                       .args = { word, RT_STR("command") } });
    }
}
