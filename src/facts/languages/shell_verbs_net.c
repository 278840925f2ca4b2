/* shell_verbs_net.c - the commands that talk to hosts. Options follow curl(1), wget(1), nc(1),
 * certutil and bitsadmin; only those that say where bytes come from and go to are understood. */
#include "facts/languages/shell_engine.h"

static RtStr base_of_url(RtStr url)
{
    size_t end = 0, from = 0;
    while (end < url.len && url.at[end] != '?' && url.at[end] != '#')
        end++;
    for (size_t i = 0; i < end; i++)
        if (url.at[i] == '/')
            from = i + 1;
    return rt_str_sub(url, from, end - from);
}

static void add_text(RtText *out, RtStr text)
{
    if (out->len > 0)
        rt_text_byte(out, ' ');
    rt_text_add(out, text);
}

/* What curl and wget were asked. */
typedef struct {
    RtStr url, method, output, folder;
    RtText body, headers;
    RtShellFlow flow; /* files that are sent */
    bool remote_name, to_stdout, from_stdin, has_body;
} Request;

static void take_body(RtShellCommand *command, Request *request, RtStr value, bool is_file)
{
    size_t at = rt_str_find_byte(value, '@');
    request->has_body = true;
    bool file = is_file || (at != RT_NOT_FOUND && (at == 0 || value.at[at - 1] == '='));
    RtStr path = is_file ? value : file ? rt_str_from(value, at + 1) : RT_STR("");
    if (rt_str_equal(path, RT_STR("-")) || rt_str_equal(path, RT_STR("."))) {
        request->from_stdin = true;
    } else if (file && path.len > 0) {
        const RtShellValue *written = rt_shell_file(command->run, path);
        if (written)
            rt_shell_flow_join(&request->flow, &written->flow);
        rt_shell_flow_add(&request->flow, rt_shell_fact(command, RT_FACT_FILE_READ, path,
                                                        RT_STR(""), RT_STR(""), NULL));
    }
    add_text(&request->body, value);
}

static void take_curl_option(RtShellCommand *command, Request *request, RtStr option, RtStr value)
{
    if (rt_word_in(option, "--output"))
        request->output = value;
    else if (rt_word_in(option, "--data --data-raw --data-binary --data-ascii --data-urlencode "
                                "--form --form-string --json"))
        take_body(command, request, value, false);
    else if (rt_word_in(option, "--upload-file"))
        take_body(command, request, value, true);
    else if (rt_word_in(option, "--header --user --user-agent --cookie"))
        add_text(&request->headers, value);
    else if (rt_word_in(option, "--request"))
        request->method = value;
    else if (rt_word_in(option, "--url"))
        request->url = value;
}

static const char *curl_letter(uint8_t letter)
{
    static const char *const names[][2] = { { "o", "--output" },      { "X", "--request" },
                                            { "H", "--header" },      { "u", "--user" },
                                            { "d", "--data" },        { "F", "--form" },
                                            { "T", "--upload-file" }, { "A", "--user-agent" },
                                            { "b", "--cookie" } };
    for (size_t i = 0; i < RT_COUNT(names); i++)
        if ((uint8_t)names[i][0][0] == letter)
            return names[i][1];
    return rt_str_find_byte(RT_STR("ecxmwKCDEhPQrtUyYz"), letter) != RT_NOT_FOUND ? "" : NULL;
}

static void read_curl(RtShellCommand *command, Request *request)
{
    static const char with_value[] =
        "--output --data --data-raw --data-binary --data-ascii --data-urlencode --form "
        "--form-string --json "
        "--upload-file --header --user --user-agent --cookie --request --url --max-time --retry "
        "--connect-timeout --proxy --cacert --cert --key --resolve --referer --write-out "
        "--retry-delay "
        "--max-redirs --range --config --dns-servers --doh-url --interface --socks5 "
        "--socks5-hostname";
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        RtStr next = i + 1 < command->count ? command->words[i + 1].text : RT_STR("");
        if (word.len > 2 && rt_str_starts(word, RT_STR("--"))) {
            size_t equals = rt_str_find_byte(word, '=');
            if (equals != RT_NOT_FOUND) {
                take_curl_option(command, request, rt_str_sub(word, 0, equals),
                                 rt_str_from(word, equals + 1));
            } else if (rt_word_in(word, with_value)) {
                take_curl_option(command, request, word, next);
                i++;
            } else if (rt_str_equal(word, RT_STR("--remote-name"))) {
                request->remote_name = true;
            }
        } else if (word.len > 1 && word.at[0] == '-') {
            for (size_t k = 1; k < word.len; k++) {
                const char *name = curl_letter(word.at[k]);
                request->remote_name |= word.at[k] == 'O';
                if (name == NULL)
                    continue;
                bool attached = k + 1 < word.len;
                take_curl_option(command, request, rt_str_from_c(name),
                                 attached ? rt_str_from(word, k + 1) : next);
                i += attached ? 0 : 1;
                break;
            }
        } else if (word.len > 0 && request->url.len == 0) {
            request->url = word;
        } else if (word.len > 0 && rt_str_has(word, RT_STR("://"))) {
            rt_shell_fact4(command, RT_FACT_NET_REQUEST, word, RT_STR("GET"), RT_STR(""),
                           RT_STR(""), NULL);
        }
    }
}

static void read_wget(RtShellCommand *command, Request *request)
{
    request->remote_name = true;
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        RtStr next = i + 1 < command->count ? command->words[i + 1].text : RT_STR("");
        size_t equals = rt_str_find_byte(word, '=');
        RtStr name = rt_str_starts(word, RT_STR("--")) ? rt_str_sub(word, 0, equals) : RT_STR("");
        RtStr value = equals == RT_NOT_FOUND ? next : rt_str_from(word, equals + 1);
        bool known = rt_word_in(name, "--output-document --directory-prefix --post-data "
                                      "--post-file --body-data --body-file --header "
                                      "--user-agent --method");
        if (known) {
            if (rt_word_in(name, "--output-document"))
                request->output = value;
            else if (rt_word_in(name, "--directory-prefix"))
                request->folder = value;
            else if (rt_word_in(name, "--header --user-agent"))
                add_text(&request->headers, value);
            else if (rt_word_in(name, "--method"))
                request->method = value;
            else
                take_body(command, request, value, rt_word_in(name, "--post-file --body-file"));
            i += equals == RT_NOT_FOUND ? 1 : 0;
        } else if (word.len > 1 && word.at[0] == '-' && name.len == 0) {
            for (size_t k = 1; k < word.len; k++) {
                if (rt_str_find_byte(RT_STR("OPUtTwQao"), word.at[k]) == RT_NOT_FOUND)
                    continue;
                RtStr attached = rt_str_from(word, k + 1),
                      argument = attached.len > 0 ? attached : next;
                if (word.at[k] == 'O')
                    request->output = argument;
                else if (word.at[k] == 'P')
                    request->folder = argument;
                i += attached.len > 0 ? 0 : 1;
                break;
            }
        } else if (name.len == 0 && word.len > 0 && request->url.len == 0) {
            request->url = word;
        }
    }
}

static void send_request(RtShellCommand *command, Request *request)
{
    RtArena *arena = command->run->sink->arena;
    RtStr body = rt_text_str(&request->body), method = request->method;
    if (request->from_stdin || (body.len > 0 && command->has_in && rt_str_has(body, RT_STR("@-"))))
        rt_shell_flow_join(&request->flow, &command->in.flow);
    if (command->in_xargs)
        rt_shell_flow_join(&request->flow, &command->in.flow);
    if (method.len == 0)
        method = request->has_body ? RT_STR("POST") : RT_STR("GET");
    RtFactId id = rt_shell_fact4(command, RT_FACT_NET_REQUEST, request->url, method, body,
                                 rt_text_str(&request->headers), &request->flow);
    rt_shell_flow_add(&command->out.flow, id);
    request->to_stdout = rt_word_in(request->output, "- /dev/stdout");
    RtStr path = request->output.len > 0 ? request->output
                 : request->remote_name  ? base_of_url(request->url)
                                         : RT_STR("");
    if (request->folder.len > 0)
        path = rt_str_format(arena, "%.*s/%.*s", RT_FMT(request->folder), RT_FMT(path));
    if (path.len == 0 || request->to_stdout || rt_word_in(path, "/dev/null nul"))
        return;
    RtShellFlow flow = { 0 };
    rt_shell_flow_add(&flow, id);
    RtFactId file = rt_shell_fact4(command, RT_FACT_FILE_WRITE, path, RT_STR(""), RT_STR(""),
                                   RT_STR("write"), &flow);
    rt_shell_file_written(command, path, file, RT_STR(""));
    command->out = (RtShellValue){ 0 };
}

static void verb_curl(RtShellCommand *command)
{
    Request request = { .body = { .arena = command->run->sink->arena },
                        .headers = { .arena = command->run->sink->arena } };
    read_curl(command, &request);
    if (request.url.len > 0 || command->flow.count > 0 || command->in_xargs)
        send_request(command, &request);
}

static void verb_wget(RtShellCommand *command)
{
    Request request = { .body = { .arena = command->run->sink->arena },
                        .headers = { .arena = command->run->sink->arena } };
    read_wget(command, &request);
    if (request.url.len > 0 || command->flow.count > 0)
        send_request(command, &request);
}

/* Any word that is an address; the next free word after it is where it goes. */
static void fetch_words(RtShellCommand *command, bool next_is_file)
{
    Request request = { .body = { .arena = command->run->sink->arena },
                        .headers = { .arena = command->run->sink->arena } };
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        bool address = rt_str_has(word, RT_STR("://"));
        if (address && request.url.len == 0)
            request.url = word;
        else if (next_is_file && request.url.len > 0 && request.output.len == 0 && word.len > 0 &&
                 word.at[0] != '-' &&
                 (word.at[0] != '/' || rt_str_find_byte(word, '.') != RT_NOT_FOUND))
            request.output = word;
    }
    if (request.url.len > 0)
        send_request(command, &request);
}

static void verb_aria(RtShellCommand *command) { fetch_words(command, false); }

static void lolbin(RtShellCommand *command)
{
    rt_shell_fact(command, RT_FACT_CALL, RT_STR("lolbin"), command->program,
                  rt_shell_rest(command, 0), NULL);
}

static void verb_certutil(RtShellCommand *command)
{
    if (rt_shell_has_option(command, "-urlcache /urlcache -verifyctl -ping")) {
        lolbin(command);
        fetch_words(command, true);
    } else if (rt_shell_has_option(command, "-decode /decode -decodehex /decodehex") &&
               command->count >= 4) {
        RtStr from = command->words[command->count - 2].text,
              to = command->words[command->count - 1].text;
        const RtShellValue *file = rt_shell_file(command->run, from);
        RtShellFlow flow = { 0 };
        lolbin(command);
        rt_shell_flow_add(&flow, rt_shell_fact(command, RT_FACT_DATA_DECODE, RT_STR("certutil"),
                                               RT_STR(""), RT_STR(""), file ? &file->flow : NULL));
        RtFactId id = rt_shell_fact4(command, RT_FACT_FILE_WRITE, to, RT_STR(""), RT_STR(""),
                                     RT_STR("write"), &flow);
        rt_shell_file_written(command, to, id, RT_STR(""));
    }
}

static void verb_bitsadmin(RtShellCommand *command)
{
    lolbin(command);
    fetch_words(command, true);
}

static void verb_lolbin(RtShellCommand *command)
{
    lolbin(command);
    for (size_t i = 1; i < command->count; i++)
        if (rt_str_has(command->words[i].text, RT_STR("http://")) ||
            rt_str_has(command->words[i].text, RT_STR("https://"))) {
            size_t at = rt_str_find(command->words[i].text, RT_STR("http"));
            rt_shell_fact(command, RT_FACT_NET_REQUEST, rt_str_from(command->words[i].text, at),
                          RT_STR("GET"), RT_STR(""), NULL);
            break;
        }
    for (size_t i = 1; i < command->count; i++) {
        const RtShellValue *file = rt_shell_file(command->run, command->words[i].text);
        if (file)
            rt_shell_fact(command, RT_FACT_PROC_EXEC, rt_shell_rest(command, 0), RT_STR("shell"),
                          RT_STR(""), &file->flow);
    }
}

static void verb_nc(RtShellCommand *command)
{
    RtStr host = { 0 }, port = { 0 };
    bool runs = false, listens = false;
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        if (word.len > 1 && word.at[0] == '-') {
            runs |= rt_word_in(word, "-e -c --exec --sh-exec") ||
                    (word.at[1] != '-' && rt_str_find_byte(word, 'e') != RT_NOT_FOUND);
            listens |= word.at[1] != '-' && rt_str_find_byte(word, 'l') != RT_NOT_FOUND;
            if (rt_word_in(word, "-e -c -w -s -p -x --exec --sh-exec") && !rt_word_in(word, "-p"))
                i++;
        } else if (host.len == 0) {
            host = word;
        } else if (port.len == 0) {
            port = word;
        }
    }
    if (runs)
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("reverse-shell"), command->text, RT_STR(""),
                      NULL);
    RtFactId id =
        rt_shell_fact4(command, listens ? RT_FACT_NET_LISTEN : RT_FACT_NET_CONNECT, host, port,
                       RT_STR(""), RT_STR("tcp"), command->has_in ? &command->in.flow : NULL);
    rt_shell_flow_add(&command->out.flow, id);
}

static void verb_socat(RtShellCommand *command)
{
    bool runs = false;
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        runs |= rt_str_find_nocase(word, RT_STR("exec:")) == 0 ||
                rt_str_find_nocase(word, RT_STR("system:")) == 0;
        if (rt_str_find_nocase(word, RT_STR("tcp")) != 0 &&
            rt_str_find_nocase(word, RT_STR("openssl")) != 0)
            continue;
        size_t colon = rt_str_find_byte(word, ':');
        RtStr address = colon == RT_NOT_FOUND ? RT_STR("") : rt_str_from(word, colon + 1);
        colon = rt_str_find_byte(address, ':');
        rt_shell_fact4(command, RT_FACT_NET_CONNECT, rt_str_sub(address, 0, colon),
                       colon == RT_NOT_FOUND ? RT_STR("") : rt_str_from(address, colon + 1),
                       RT_STR(""), RT_STR("tcp"), &command->in.flow);
    }
    if (runs)
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("reverse-shell"), command->text, RT_STR(""),
                      NULL);
}

static void verb_ssh(RtShellCommand *command)
{
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        if (rt_word_in(word, "-i -p -o -P -F -l -L -R -D -e")) {
            i++;
            continue;
        }
        bool copy = rt_word_in(command->program, "scp rsync");
        size_t colon = rt_str_find_byte(word, ':');
        if (word.len == 0 || word.at[0] == '-' || (copy && (colon == RT_NOT_FOUND || colon < 2)))
            continue;
        RtStr host = copy ? rt_str_sub(word, 0, colon) : word;
        size_t at = rt_str_find_byte(host, '@');
        host = at == RT_NOT_FOUND ? host : rt_str_from(host, at + 1);
        rt_shell_fact4(command, RT_FACT_NET_CONNECT, host, RT_STR(""), RT_STR(""), command->program,
                       &command->in.flow);
        return;
    }
}

static void verb_dns(RtShellCommand *command)
{
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        bool name = word.len > 2 && word.at[0] != '-' && word.at[0] != '+' && word.at[0] != '@' &&
                    word.at[0] != '/' && rt_str_find_byte(word, '.') != RT_NOT_FOUND;
        if (!name && command->flow.count == 0)
            continue;
        rt_shell_flow_add(&command->out.flow,
                          rt_shell_fact(command, RT_FACT_NET_DNS, word, command->program,
                                        RT_STR(""), &command->in.flow));
        return;
    }
}

static void verb_git(RtShellCommand *command)
{
    RtStr verb = command->count > 1 ? command->words[1].text : RT_STR("");
    for (size_t i = 1; i + 1 < command->count; i++)
        if (rt_str_equal(command->words[i].text, RT_STR("-c")) ||
            rt_str_equal(command->words[i].text, RT_STR("-C")))
            verb = i + 2 < command->count ? command->words[i + 2].text : verb;
    if (rt_word_in(verb, "clone fetch pull submodule remote")) {
        for (size_t i = 2; i < command->count; i++) {
            RtStr word = command->words[i].text;
            if (!rt_str_has(word, RT_STR("://")) && !rt_str_starts(word, RT_STR("git@")))
                continue;
            RtFactId id =
                rt_shell_fact(command, RT_FACT_NET_REQUEST, word, RT_STR("git"), RT_STR(""), NULL);
            RtStr target = i + 1 < command->count ? command->words[i + 1].text : RT_STR("");
            rt_shell_file_written(command, target, id, RT_STR(""));
            return;
        }
    } else if (rt_str_equal(verb, RT_STR("config"))) {
        size_t at = 2;
        while (at < command->count && rt_str_starts(command->words[at].text, RT_STR("-")))
            at++;
        if (at + 1 < command->count)
            rt_shell_fact(command, RT_FACT_CALL, RT_STR("git-config"), command->words[at].text,
                          rt_shell_rest(command, at + 1), NULL);
    } else if (rt_str_equal(verb, RT_STR("push"))) {
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("git-push"), rt_shell_rest(command, 0),
                      RT_STR(""), NULL);
    } else if (rt_str_equal(verb, RT_STR("credential"))) {
        rt_shell_flow_add(&command->out.flow,
                          rt_shell_fact(command, RT_FACT_SECRET_READ, RT_STR("git credential"),
                                        RT_STR(""), RT_STR(""), NULL));
    }
}

const RtShellVerbs rt_shell_verbs_net[] = {
    { "curl curlie xh http https", verb_curl },
    { "wget wget2", verb_wget },
    { "aria2c axel lwp-download ftp tftp lynx links elinks w3m start-bitstransfer", verb_aria },
    { "certutil", verb_certutil },
    { "bitsadmin", verb_bitsadmin },
    { "rundll32 regsvr32 mshta installutil odbcconf regasm regsvcs cmstp hh msiexec wscript "
      "cscript ieexec",
      verb_lolbin },
    { "nc ncat netcat telnet", verb_nc },
    { "socat", verb_socat },
    { "ssh scp sftp rsync", verb_ssh },
    { "dig nslookup host drill ping ping6", verb_dns },
    { "git", verb_git },
    { NULL, NULL },
};
