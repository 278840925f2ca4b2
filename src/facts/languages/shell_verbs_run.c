/* shell_verbs_run.c - the commands that run others: interpreters fed by a pipe, by -c or by a file;
 * wrappers; package managers (an install nobody sees, T-TRIG-09); what asks the host who it is;
 * what makes itself start again. */
#include "base/base64.h"
#include "facts/languages/shell_engine.h"

static RtStr run_options(const RtShellCommand *command)
{
    if (command->is_background || command->is_detached)
        return command->is_hidden ? RT_STR("detached hidden") : RT_STR("detached");
    return command->is_hidden ? RT_STR("hidden") : RT_STR("");
}

/* ---- interpreters
 * ---------------------------------------------------------------------------------------------- */

static const char *suffix_of(RtStr program)
{
    static const char *const kinds[][2] = {
        { "node nodejs bun deno ts-node tsx electron nodemon iojs", "js" },
        { "python python2 python3 py pythonw pypy pypy3", "py" },
        { "perl", "pl" },
        { "ruby", "rb" },
        { "php php7 php8", "php" },
        { "osascript", "scpt" },
        { "lua", "lua" },
    };
    for (size_t i = 0; i < RT_COUNT(kinds); i++)
        if (rt_word_in(program, kinds[i][0]))
            return kinds[i][1];
    return rt_str_starts(program, RT_STR("python3.")) ? "py" : "sh";
}

/* What came through the pipe is run as a program. */
static void run_input(RtShellCommand *command, const char *suffix)
{
    RtShellRun *run = command->run;
    RtShellFlow flow = command->in.flow;
    if (flow.count == 0 && command->in.text.len == 0)
        return;
    RtFactId id =
        rt_shell_fact(command, RT_FACT_CODE_EVAL, command->in.text,
                      rt_str_format(run->sink->arena, "pipe %.*s", RT_FMT(command->program)),
                      run_options(command), &flow);
    rt_shell_flow_add(&command->out.flow, id);
    if (command->in.text.len == 0)
        return;
    if (rt_str_equal(rt_str_from_c(suffix), RT_STR("sh")))
        command->out = rt_shell_run(run, command->in.text);
    else
        rt_shell_inline(command, command->in.text, suffix, RT_VIA_EVALUATED);
}

/* A body given as an argument (-c, -e). */
static void run_body(RtShellCommand *command, RtStr body, const char *suffix)
{
    RtShellRun *run = command->run;
    bool shell = rt_str_equal(rt_str_from_c(suffix), RT_STR("sh"));
    if (command->flow.count > 0 || !shell)
        rt_shell_flow_add(
            &command->out.flow,
            rt_shell_fact(command, RT_FACT_CODE_EVAL, body,
                          rt_str_format(run->sink->arena, "inline %.*s", RT_FMT(command->program)),
                          run_options(command), &command->in.flow));
    if (!shell) {
        rt_shell_inline(command, body, suffix, RT_VIA_DECODED);
        return;
    }
    RtShellKind kept = run->kind;
    run->kind = RT_SHELL_POSIX;
    RtShellValue out = rt_shell_run(run, body);
    run->kind = kept;
    rt_shell_flow_join(&command->out.flow, &out.flow);
    command->out.text = out.text;
}

static bool is_asset(RtStr path)
{
    size_t dot = rt_str_rfind_byte(path, '.');
    return dot != RT_NOT_FOUND &&
           rt_word_in(rt_str_from(path, dot + 1),
                      "woff woff2 ttf otf eot png jpg jpeg gif svg ico webp bmp mp3 mp4 wav "
                      "ogg css scss pdf txt md csv dat db json map");
}

static void run_file(RtShellCommand *command, RtStr file)
{
    RtShellRun *run = command->run;
    const RtShellValue *written = rt_shell_file(run, file);
    if (is_asset(file))
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("interpreter-on-asset"), command->program, file,
                      NULL);
    if (rt_shell_says_run(command, written))
        rt_shell_fact(command, RT_FACT_PROC_EXEC, rt_shell_rest(command, 0), RT_STR("shell"),
                      run_options(command), written ? &written->flow : NULL);
    if (written && written->text.len > 0 &&
        rt_str_equal(rt_str_from_c(suffix_of(command->program)), RT_STR("sh")) &&
        rt_word_in(command->program, "sh bash zsh dash ksh ash source ."))
        (void)rt_shell_run(run, written->text);
}

static void verb_packages(RtShellCommand *command);

static void verb_interpreter(RtShellCommand *command)
{
    if (command->count > 1 && rt_word_in(command->program, "bun deno") &&
        rt_word_in(command->words[1].text, "add install i publish")) {
        verb_packages(command);
        return;
    }
    const char *suffix = suffix_of(command->program);
    bool shell = rt_str_equal(rt_str_from_c(suffix), RT_STR("sh"));
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        RtStr next = i + 1 < command->count ? command->words[i + 1].text : RT_STR("");
        bool cluster = shell && word.len > 1 && word.at[0] == '-' && word.at[1] != '-' &&
                       word.at[word.len - 1] == 'c';
        bool body = cluster || rt_word_in(word, "-e --eval -p --print -pe eval") ||
                    (rt_word_in(word, "-c -r") && !rt_word_in(rt_str_from_c(suffix), "js"));
        if (rt_word_in(word, "-e") && shell && next.len > 0)
            body = false; /* bash -e FILE: exit on error */
        if (body &&
            !(rt_word_in(word, "-c") && rt_str_equal(rt_str_from_c(suffix), RT_STR("php")))) {
            run_body(command, next, suffix);
            return;
        }
        if (rt_word_in(word, "-m") && rt_str_equal(rt_str_from_c(suffix), RT_STR("py"))) {
            if (rt_word_in(next, "pip pip3 ensurepip"))
                rt_shell_rerun(command, i + 1);
            return;
        }
        if (rt_word_in(word, "-r --require --import") && next.len > 0) {
            rt_shell_fact(command, RT_FACT_CODE_REQUIRE, next, RT_STR("command"), RT_STR(""), NULL);
            i++;
            continue;
        }
        if (rt_word_in(word, "-s - /dev/stdin"))
            break;
        if (rt_word_in(word, "run -S -x -W --loader") || word.len == 0 || word.at[0] == '-')
            continue;
        run_file(command, word);
        return;
    }
    if (command->has_in)
        run_input(command, suffix);
    else if (command->has_process_file && command->flow.count > 0)
        rt_shell_flow_add(&command->out.flow,
                          rt_shell_fact(command, RT_FACT_CODE_EVAL, RT_STR(""),
                                        rt_str_format(command->run->sink->arena, "pipe %.*s",
                                                      RT_FMT(command->program)),
                                        RT_STR(""), NULL));
    else if (shell && rt_shell_has_option(command, "-i") && command->is_background)
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("interactive-shell"), command->text, RT_STR(""),
                      NULL);
}

static void verb_eval(RtShellCommand *command)
{
    RtStr body = rt_shell_rest(command, 1);
    RtShellFlow flow = command->in.flow;
    rt_shell_flow_add(&command->out.flow, rt_shell_fact(command, RT_FACT_CODE_EVAL, body,
                                                        RT_STR("eval"), RT_STR(""), &flow));
    if (body.len > 0)
        (void)rt_shell_run(command->run, body);
}

static void verb_cmd(RtShellCommand *command)
{
    RtShellRun *run = command->run;
    for (size_t i = 1; i < command->count; i++) {
        if (!rt_word_in(command->words[i].text, "/c /k /s /d /q /v:on"))
            continue;
        if (!rt_word_in(command->words[i].text, "/c /k"))
            continue;
        RtShellKind kept = run->kind;
        run->kind = RT_SHELL_CMD;
        RtShellValue out = rt_shell_run(run, rt_shell_rest(command, i + 1));
        run->kind = kept;
        rt_shell_flow_join(&command->out.flow, &out.flow);
        return;
    }
    if (command->has_in && (command->in.flow.count > 0 || command->in.text.len > 0)) {
        RtFactId id = rt_shell_fact(command, RT_FACT_CODE_EVAL, command->in.text,
                                    RT_STR("pipe cmd"), run_options(command), &command->in.flow);
        rt_shell_flow_add(&command->out.flow, id);
    }
}

static bool is_prefix_of(RtStr word, const char *full, size_t least)
{
    RtStr name = rt_str_from_c(full);
    if (word.len < 2 || (word.at[0] != '-' && word.at[0] != '/'))
        return false;
    RtStr rest = rt_str_from(word, 1);
    return rest.len >= least && rest.len <= name.len &&
           rt_str_equal_nocase(rest, rt_str_sub(name, 0, rest.len));
}

/* powershell accepts any unambiguous beginning of an option. */
static void verb_powershell(RtShellCommand *command)
{
    RtArena *arena = command->run->sink->arena;
    RtText options = { .arena = arena };
    size_t at = 1;
    RtStr encoded = { 0 }, file = { 0 };
    for (; at < command->count; at++) {
        RtStr word = command->words[at].text,
              next = at + 1 < command->count ? command->words[at + 1].text : RT_STR("");
        if (is_prefix_of(word, "windowstyle", 1)) {
            if (is_prefix_of(rt_str_format(arena, "-%.*s", RT_FMT(next)), "hidden", 1) ||
                rt_str_equal(next, RT_STR("1")))
                rt_text_add(&options, RT_STR("hidden "));
            at++;
        } else if (is_prefix_of(word, "executionpolicy", 2) || rt_word_in(word, "-ep -exec")) {
            if (rt_word_in(next, "bypass unrestricted"))
                rt_text_add(&options, RT_STR("bypass "));
            at++;
        } else if (is_prefix_of(word, "encodedcommand", 1) || rt_word_in(word, "-ec")) {
            encoded = next;
            at++;
        } else if (is_prefix_of(word, "file", 1)) {
            file = next;
            at++;
        } else if (is_prefix_of(word, "version", 1) || is_prefix_of(word, "outputformat", 1) ||
                   is_prefix_of(word, "inputformat", 3)) {
            at++;
        } else if (is_prefix_of(word, "command", 1)) {
            at++;
            break;
        } else if (word.len == 0 || (word.at[0] != '-' && word.at[0] != '/')) {
            break;
        }
    }
    RtStr words = rt_str_trim(rt_text_str(&options));
    if (words.len > 0 || encoded.len > 0)
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("powershell"),
                      encoded.len > 0 ? rt_str_format(arena, "%.*s encoded", RT_FMT(words)) : words,
                      command->text, NULL);
    RtStr bytes;
    if (encoded.len > 0 && rt_base64_decode(arena, encoded, &bytes)) {
        RtStr text = rt_utf16le_text(arena, bytes);
        RtFactId id = rt_shell_fact(command, RT_FACT_DATA_DECODE, RT_STR("powershell -enc"),
                                    rt_str_sub(text, 0, 4096), RT_STR(""), NULL);
        rt_shell_flow_add(&command->out.flow, id);
        rt_shell_fact(command, RT_FACT_CODE_EVAL, text, RT_STR("powershell -enc"), words,
                      &command->out.flow);
        rt_shell_inline(command, text, "ps1", RT_VIA_DECODED);
        rt_powershell_run(command->run, text);
        return;
    }
    if (file.len > 0) {
        run_file(command, file);
        return;
    }
    RtStr body = at < command->count ? rt_shell_rest(command, at) : RT_STR("");
    if (rt_str_equal(body, RT_STR("-")) || (body.len == 0 && command->has_in))
        rt_shell_fact(command, RT_FACT_CODE_EVAL, command->in.text, RT_STR("pipe powershell"),
                      words, &command->in.flow);
    else if (rt_word_in(rt_str_from(body, body.len > 4 ? body.len - 4 : 0), ".ps1") &&
             rt_str_find_byte(body, ' ') == RT_NOT_FOUND)
        run_file(command, body);
    else
        rt_powershell_run(command->run, body);
}

/* ---- wrappers
 * --------------------------------------------------------------------------------------------------
 */

static void verb_wrapper(RtShellCommand *command)
{
    size_t at = 1;
    command->is_detached |=
        rt_word_in(command->program, "nohup setsid start disown pm2 screen tmux daemonize");
    command->is_hidden |= rt_shell_has_option(command, "/b /min");
    if (rt_word_in(command->program, "env printenv") && command->count == 1) {
        rt_shell_flow_add(&command->out.flow, rt_shell_fact(command, RT_FACT_ENV_READ, RT_STR("*"),
                                                            RT_STR(""), RT_STR(""), NULL));
        return;
    }
    bool start = rt_word_in(command->program, "start");
    for (; at < command->count; at++) {
        RtStr word = command->words[at].text;
        bool option = word.len > 0 && (word.at[0] == '-' || (word.at[0] == '/' && word.len <= 5 &&
                                                             command->run->kind == RT_SHELL_CMD));
        bool value =
            rt_str_find_byte(word, '=') != RT_NOT_FOUND && !rt_str_has(word, RT_STR("://"));
        bool title = start && at <= 2 &&
                     (word.len == 0 || (command->words[at].is_quoted &&
                                        rt_str_find_byte(word, '.') == RT_NOT_FOUND));
        uint8_t first = word.len > 0 ? word.at[0] : 0;
        bool number = first >= '0' && first <= '9';
        if (!option && !value && !title && !number && !rt_word_in(word, "--"))
            break;
        if (rt_word_in(word, "-u -n -I -P -L -d -S") &&
            rt_word_in(command->program, "sudo xargs env nice screen") &&
            !(rt_word_in(word, "-S") && rt_word_in(command->program, "sudo env")))
            at++;
    }
    if (start && at < command->count && rt_str_has(command->words[at].text, RT_STR("://"))) {
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("open-url"), command->words[at].text,
                      RT_STR(""), NULL);
        return;
    }
    command->in_xargs |= rt_str_equal(command->program, RT_STR("xargs")) ||
                         rt_str_equal(command->program, RT_STR("parallel"));
    if (command->in_xargs)
        rt_shell_flow_join(&command->flow, &command->in.flow);
    rt_shell_rerun(command, at);
}

static void verb_alias(
    RtShellCommand *command) /* export, local, declare, set: assignments are words */
{
    bool cmd = command->run->kind == RT_SHELL_CMD;
    RtStr text = cmd ? rt_shell_rest(command, 1) : RT_STR("");
    if (rt_word_in(command->program, "set export") && command->count == 1) {
        rt_shell_flow_add(&command->out.flow, rt_shell_fact(command, RT_FACT_ENV_READ, RT_STR("*"),
                                                            RT_STR(""), RT_STR(""), NULL));
        return;
    }
    if (cmd && rt_word_in(rt_str_sub(text, 0, 2), "/a /p"))
        text = rt_str_trim(rt_str_from(text, 2));
    size_t at = cmd ? command->count : 1;
    do {
        RtStr word = cmd ? text : at < command->count ? command->words[at].text : RT_STR("");
        size_t equals = rt_str_find_byte(word, '=');
        if (equals != RT_NOT_FOUND && equals > 0) {
            RtStr name = rt_str_sub(word, 0, equals), value = rt_str_from(word, equals + 1);
            rt_shell_set(command->run, name,
                         (RtShellValue){ .text = value, .flow = command->flow });
            if (rt_word_in(name, "NODE_OPTIONS LD_PRELOAD DYLD_INSERT_LIBRARIES PYTHONSTARTUP "
                                 "BASH_ENV NODE_TLS_REJECT_UNAUTHORIZED "
                                 "GIT_SSH_COMMAND HISTFILE ANTHROPIC_BASE_URL OPENAI_BASE_URL "
                                 "npm_config_registry"))
                rt_shell_fact(command, RT_FACT_ENV_WRITE, name, value, RT_STR(""), NULL);
        }
    } while (++at < command->count);
}

/* ---- package managers
 * ------------------------------------------------------------------------------------------ */

static void verb_packages(RtShellCommand *command)
{
    RtArena *arena = command->run->sink->arena;
    RtStr verb = { 0 };
    RtText names = { .arena = arena, .limit = 2048 }, options = { .arena = arena, .limit = 1024 };
    bool runner = rt_word_in(command->program, "npx bunx pnpx uvx pipx dlx");
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        if (word.len == 0)
            continue;
        if (word.at[0] == '-') {
            rt_text_format(&options, "%s%.*s", options.len ? " " : "", RT_FMT(word));
            bool takes = rt_word_in(word, "-i --index-url --extra-index-url --registry --prefix -r "
                                          "--requirement --target -t -C --userconfig "
                                          "--trusted-host --find-links -f --dir --cwd --cache");
            if (takes && i + 1 < command->count &&
                !(rt_word_in(word, "-f -t -i") && !rt_word_in(command->program, "pip pip3"))) {
                i++;
                rt_text_format(&options, " %.*s", RT_FMT(command->words[i].text));
            }
        } else if (verb.len == 0 && !runner) {
            verb = word;
        } else {
            rt_text_format(&names, "%s%.*s", names.len ? " " : "", RT_FMT(word));
            if (runner)
                break;
        }
    }
    RtStr list = rt_text_str(&names), option_text = rt_text_str(&options);
    bool add =
        rt_word_in(verb, "i install add in isntall update upgrade get require global reinstall");
    if (runner && list.len > 0) {
        if (rt_shell_has_option(command, "-y --yes") ||
            rt_word_in(command->program, "bunx pnpx uvx"))
            rt_shell_fact4(command, RT_FACT_CALL, RT_STR("package-manager run"), command->program,
                           list, option_text, NULL);
    } else if (rt_word_in(verb, "publish")) {
        rt_shell_fact4(command, RT_FACT_CALL, RT_STR("package-manager publish"), command->program,
                       list, option_text, NULL);
    } else if (rt_word_in(verb, "token login adduser whoami")) {
        rt_shell_flow_add(
            &command->out.flow,
            rt_shell_fact(command, RT_FACT_SECRET_READ,
                          rt_str_format(arena, "%.*s %.*s", RT_FMT(command->program), RT_FMT(verb)),
                          RT_STR(""), RT_STR(""), NULL));
    } else if (rt_word_in(verb, "config") && rt_word_in(rt_str_sub(list, 0, 3), "set")) {
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("package-manager config"), command->program,
                      list, NULL);
    } else if (add && (list.len > 0 || command->flow.count > 0) &&
               !rt_str_equal(list, RT_STR("."))) {
        rt_shell_fact4(command, RT_FACT_CALL, RT_STR("package-manager install"), command->program,
                       list, option_text, NULL);
    }
}

/* ---- the host, its secrets, its start-up
 * ----------------------------------------------------------------------- */

static void verb_host(RtShellCommand *command)
{
    static const char *const kinds[][2] = { { "whoami id logname who w", "user" },
                                            { "hostname", "hostname" },
                                            { "ps tasklist pgrep top", "process-list" },
                                            { "ifconfig ipconfig ip arp netstat ss route", "ip" },
                                            { "pwd", "cwd" } };
    const char *what = "platform";
    for (size_t i = 0; i < RT_COUNT(kinds); i++)
        if (rt_word_in(command->program, kinds[i][0]))
            what = kinds[i][1];
    rt_shell_flow_add(&command->out.flow,
                      rt_shell_fact(command, RT_FACT_HOST_INFO, rt_str_from_c(what), RT_STR(""),
                                    RT_STR(""), NULL));
}

static void verb_secret(RtShellCommand *command)
{
    RtStr line = rt_shell_rest(command, 0);
    bool reads =
        rt_word_in(command->program, "secret-tool pbpaste xclip xsel wl-paste screencapture scrot "
                                     "import cmdkey dumpkeys lsadump procdump") ||
        rt_str_has(line, RT_STR("find-generic-password")) ||
        rt_str_has(line, RT_STR("dump-keychain")) ||
        rt_str_has(line, RT_STR("find-internet-password")) ||
        rt_str_has(line, RT_STR("auth token")) || rt_str_has(line, RT_STR("print-access-token")) ||
        rt_str_has(line, RT_STR("get-access-token")) ||
        rt_str_has(line, RT_STR("secretsmanager")) || rt_str_has(line, RT_STR("get secret")) ||
        rt_str_has(line, RT_STR("get-session-token"));
    if (reads)
        rt_shell_flow_add(&command->out.flow,
                          rt_shell_fact(command, RT_FACT_SECRET_READ, rt_str_sub(line, 0, 200),
                                        RT_STR(""), RT_STR(""), NULL));
}

static void persist(RtShellCommand *command, RtStr path, RtStr content)
{
    rt_shell_fact(command, RT_FACT_CALL, RT_STR("persistence"), command->program,
                  rt_shell_rest(command, 0), &command->in.flow);
    rt_shell_fact4(command, RT_FACT_FILE_WRITE, path, content, RT_STR(""), RT_STR("start-up"),
                   &command->in.flow);
}

static void verb_persist(RtShellCommand *command)
{
    RtStr line = rt_shell_rest(command, 0),
          second = command->count > 1 ? command->words[1].text : RT_STR("");
    if (rt_word_in(command->program, "crontab")) {
        if (!rt_shell_has_option(command, "-l -e"))
            persist(command, RT_STR("crontab"), command->in.text);
    } else if (rt_word_in(command->program, "schtasks")) {
        if (rt_shell_has_option(command, "/create -create"))
            persist(command, RT_STR("schtasks"), rt_shell_option(command, "/tr -tr"));
    } else if (rt_word_in(command->program, "reg")) {
        if (rt_word_in(second, "add import"))
            rt_shell_fact4(command, RT_FACT_FILE_WRITE,
                           command->count > 2 ? command->words[2].text : RT_STR(""),
                           rt_shell_option(command, "/d"), RT_STR(""), RT_STR("registry"), NULL);
        else if (rt_word_in(second, "query"))
            rt_shell_flow_add(
                &command->out.flow,
                rt_shell_fact(command, RT_FACT_FILE_READ,
                              command->count > 2 ? command->words[2].text : RT_STR(""), RT_STR(""),
                              RT_STR(""), NULL));
    } else if (rt_word_in(command->program, "launchctl")) {
        if (rt_word_in(second, "load bootstrap submit enable"))
            persist(command, RT_STR("launchctl"), line);
    } else if (rt_word_in(command->program, "sc")) {
        if (rt_word_in(second, "create config"))
            persist(command, RT_STR("service"), line);
    } else if (rt_word_in(second, "enable --now link --user")) {
        persist(command, RT_STR("systemd"), line);
    }
}

static void verb_agent(RtShellCommand *command)
{
    if (rt_shell_has_option(
            command, "--dangerously-skip-permissions --yolo --trust-all-tools --no-interactive -p "
                     "--print exec "
                     "--full-auto --dangerously-bypass-approvals-and-sandbox --allow-all-tools"))
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("ai-agent"), command->program,
                      rt_shell_rest(command, 1), &command->in.flow);
}

static void verb_sleep(RtShellCommand *command)
{
    RtStr time = command->count > 1 ? command->words[1].text : RT_STR("");
    if (rt_str_equal(command->program, RT_STR("timeout")) && command->run->kind == RT_SHELL_POSIX) {
        verb_wrapper(command);
        return;
    }
    rt_shell_fact(command, RT_FACT_TIMER,
                  rt_str_format(command->run->sink->arena, "%.*s000", RT_FMT(time)),
                  RT_STR("sleep"), RT_STR(""), NULL);
}

static void verb_open(RtShellCommand *command)
{
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        if (word.len > 0 && word.at[0] != '-') {
            const RtShellValue *file = rt_shell_file(command->run, word);
            if (rt_str_has(word, RT_STR("://")))
                rt_shell_fact(command, RT_FACT_CALL, RT_STR("open-url"), word, RT_STR(""), NULL);
            else
                rt_shell_fact(command, RT_FACT_PROC_EXEC, rt_shell_rest(command, 0),
                              RT_STR("shell"), RT_STR(""), file ? &file->flow : NULL);
            return;
        }
    }
}

static void verb_wmic(RtShellCommand *command)
{
    RtStr line = rt_shell_rest(command, 0);
    if (rt_str_find_nocase(line, RT_STR("call create")) != RT_NOT_FOUND)
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("lolbin"), command->program, line, NULL);
    else
        verb_host(command);
}

static void verb_quiet(RtShellCommand *command)
{
    command->out = command->in; /* known, and nothing to say of it */
}

static void verb_weaken(RtShellCommand *command)
{
    RtStr line = rt_shell_rest(command, 0);
    bool weakens = rt_str_find_nocase(line, RT_STR("firewall")) != RT_NOT_FOUND ||
                   rt_str_find_nocase(line, RT_STR("disable")) != RT_NOT_FOUND ||
                   rt_str_find_nocase(line, RT_STR("user /add")) != RT_NOT_FOUND ||
                   rt_str_find_nocase(line, RT_STR("setenforce 0")) != RT_NOT_FOUND ||
                   rt_str_find_nocase(line, RT_STR("-F")) != RT_NOT_FOUND;
    if (weakens)
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("weakens-host"), command->program, line, NULL);
}

const RtShellVerbs rt_shell_verbs_run[] = {
    { "sh bash zsh dash ksh ash fish source . node nodejs bun deno ts-node tsx electron nodemon "
      "iojs python python2 python3 py pythonw pypy pypy3 "
      "perl ruby php php7 php8 osascript lua python3.8 python3.9 python3.10 python3.11 python3.12 "
      "python3.13",
      verb_interpreter },
    { "eval", verb_eval },
    { "cmd", verb_cmd },
    { "powershell pwsh", verb_powershell },
    { "sudo doas env printenv exec nohup setsid command time nice ionice stdbuf xargs parallel "
      "start call busybox cross-env cross-env-shell "
      "dotenv builtin unbuffer screen forfiles pcalua watch su runuser gosu tini dumb-init "
      "caffeinate",
      verb_wrapper },
    { "timeout sleep", verb_sleep },
    { "export local declare typeset readonly set setx alias", verb_alias },
    { "npm npx yarn pnpm bunx pnpx uv uvx pip pip2 pip3 pipx easy_install gem bundle composer "
      "cargo go brew apt apt-get yum dnf apk pacman "
      "choco winget scoop conda snap",
      verb_packages },
    { "whoami id logname who w hostname hostnamectl uname ps pgrep tasklist ifconfig ipconfig ip "
      "arp netstat ss systeminfo sw_vers lsb_release lscpu "
      "system_profiler dscl ioreg ver lsblk df",
      verb_host },
    { "security secret-tool pbpaste xclip xsel wl-paste screencapture scrot cmdkey gh aws gcloud "
      "az vault kubectl procdump",
      verb_secret },
    { "crontab schtasks reg launchctl systemctl sc", verb_persist },
    { "claude gemini codex q cursor-agent aider copilot opencode", verb_agent },
    { "open xdg-open gnome-open explorer", verb_open },
    { "wmic", verb_wmic },
    { "netsh net iptables ufw setenforce sysctl spctl csrutil auditpol", verb_weaken },
    { "cd pushd popd mkdir touch true false exit return test [ [[ : wait trap ulimit umask "
      "setlocal endlocal goto title color cls pause",
      verb_quiet },
    { NULL, NULL },
};
