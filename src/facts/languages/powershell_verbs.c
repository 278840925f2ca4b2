/* powershell_verbs.c - cmdlets and .NET methods, as far as they fetch, decode, run, write, ask or
 * persist. */
#include "facts/languages/powershell_parts.h"

#include "base/base64.h"

enum { NEST_LIMIT = 6 };

/* The value after a parameter given by any unambiguous beginning: -Uri, -ur. */
static RtStr parameter(const RtShellCommand *command, const char *full)
{
    RtStr name = rt_str_from_c(full);
    for (size_t i = 1; i + 1 < command->count; i++) {
        RtStr word = command->words[i].text;
        if (word.len >= 3 && word.at[0] == '-' && word.len <= name.len + 1 &&
            rt_str_equal_nocase(rt_str_from(word, 1), rt_str_sub(name, 0, word.len - 1)))
            return command->words[i + 1].text;
    }
    return RT_STR("");
}

/* The n-th word that is no parameter nor its value. */
static RtStr positional(const RtShellCommand *command, size_t wanted)
{
    for (size_t i = 1; i < command->count; i++) {
        RtStr word = command->words[i].text;
        if (word.len > 1 && word.at[0] == '-' && !command->words[i].is_quoted) {
            bool is_switch = rt_word_in(word, "-UseBasicParsing -Force -Recurse -PassThru -Wait "
                                              "-NoNewWindow -NoProfile -AsByteStream -Append -useb "
                                              "-NoNewline -Raw");
            i += is_switch ? 0 : 1;
            continue;
        }
        if (wanted-- == 0)
            return word;
    }
    return RT_STR("");
}

static RtStr argument(const RtShellCommand *command, const char *name, size_t position)
{
    RtStr value = parameter(command, name);
    return value.len > 0 ? value : positional(command, position);
}

static RtPsValue from_fact(RtFactId id)
{
    RtPsValue value = { 0 };
    rt_shell_flow_add(&value.flow, id);
    return value;
}

static RtPsValue evaluate(RtShellCommand *command, RtStr code, const char *how,
                          const RtShellFlow *flow)
{
    RtFactId id =
        rt_shell_fact(command, RT_FACT_CODE_EVAL, code, rt_str_from_c(how), RT_STR(""), flow);
    if (code.len > 2 && command->run->depth < NEST_LIMIT) {
        rt_shell_inline(command, code, "ps1", RT_VIA_EVALUATED);
        rt_powershell_run(command->run, code);
    }
    return from_fact(id);
}

static RtPsValue web_request(RtShellCommand *command)
{
    RtStr url = argument(command, "Uri", 0), method = parameter(command, "Method"),
          body = parameter(command, "Body");
    RtStr file = parameter(command, "OutFile");
    if (file.len == 0)
        file = rt_shell_option(command, "-o --output -O");
    RtFactId id = rt_shell_fact4(command, RT_FACT_NET_REQUEST, url,
                                 method.len ? method
                                 : body.len ? RT_STR("POST")
                                            : RT_STR("GET"),
                                 body, parameter(command, "Headers"), &command->in.flow);
    RtPsValue value = from_fact(id);
    if (file.len == 0)
        return value;
    RtFactId write = rt_shell_fact4(command, RT_FACT_FILE_WRITE, file, RT_STR(""), RT_STR(""),
                                    RT_STR("write"), &value.flow);
    rt_shell_file_written(command, file, write, RT_STR(""));
    return (RtPsValue){ 0 };
}

static RtPsValue start_process(RtShellCommand *command)
{
    RtArena *arena = command->run->sink->arena;
    RtStr file = argument(command, "FilePath", 0), list = argument(command, "ArgumentList", 1);
    bool hidden = rt_word_in(parameter(command, "WindowStyle"), "Hidden");
    RtStr line = list.len ? rt_str_format(arena, "%.*s %.*s", RT_FMT(file), RT_FMT(list)) : file;
    const RtShellValue *written = rt_shell_file(command->run, file);
    RtFactId id =
        rt_shell_fact(command, RT_FACT_PROC_EXEC, line, RT_STR("shell"),
                      hidden ? RT_STR("hidden") : RT_STR(""), written ? &written->flow : NULL);
    if (rt_word_in(
            file, "powershell powershell.exe cmd cmd.exe pwsh node python rundll32 regsvr32 mshta"))
        (void)rt_shell_run(command->run, line);
    return from_fact(id);
}

static RtPsValue write_content(RtShellCommand *command, bool piped)
{
    RtStr path =
        argument(command, rt_word_in(command->program, "out-file") ? "FilePath" : "Path", 0);
    RtStr text = piped && command->has_in ? command->in.text : argument(command, "Value", 1);
    RtFactId id = rt_shell_fact4(command, RT_FACT_FILE_WRITE, path, text, RT_STR(""),
                                 rt_word_in(command->program, "add-content ac") ? RT_STR("append")
                                                                                : RT_STR("write"),
                                 &command->in.flow);
    rt_shell_file_written(command, path, id, text);
    return (RtPsValue){ 0 };
}

static RtPsValue persist(RtShellCommand *command, const char *path)
{
    RtStr line = rt_shell_rest(command, 0);
    rt_shell_fact(command, RT_FACT_CALL, RT_STR("persistence"), command->program, line, NULL);
    return from_fact(rt_shell_fact4(command, RT_FACT_FILE_WRITE, rt_str_from_c(path), line,
                                    RT_STR(""), RT_STR("start-up"), NULL));
}

static RtPsValue new_object(RtPs *ps, RtShellCommand *command)
{
    RtStr type = argument(command, "TypeName", 0);
    if (rt_str_find_nocase(type, RT_STR("Sockets.TCPClient")) != RT_NOT_FOUND) {
        RtStr list = rt_shell_rest(command, command->count > 2 ? 2 : command->count);
        size_t blank = rt_str_find_byte(list, ' ');
        RtFactId id =
            rt_shell_fact4(command, RT_FACT_NET_CONNECT, rt_str_sub(list, 0, blank),
                           blank == RT_NOT_FOUND ? RT_STR("") : rt_str_from(list, blank + 1),
                           RT_STR(""), RT_STR("tcp"), NULL);
        return from_fact(id);
    }
    (void)ps;
    return (RtPsValue){ .text = type, .flow = command->flow };
}

static bool first_cmdlets(RtPs *ps, RtShellCommand *command, RtPsValue *ret)
{
    RtStr name = command->program;
    if (rt_word_in(name, "iex invoke-expression")) {
        RtStr code = command->count > 1 ? argument(command, "Command", 0) : command->in.text;
        *ret = evaluate(command, code, "IEX", &command->in.flow);
    } else if (rt_word_in(
                   name,
                   "iwr invoke-webrequest irm invoke-restmethod curl wget start-bitstransfer")) {
        if (rt_word_in(name, "curl wget") &&
            !rt_shell_has_option(command, "-Uri -OutFile -UseBasicParsing -useb"))
            return false;
        *ret = web_request(command);
    } else if (rt_word_in(name, "start-process saps start invoke-item ii")) {
        *ret = start_process(command);
    } else if (rt_word_in(name, "set-content sc out-file add-content ac")) {
        *ret = write_content(command, true);
    } else if (rt_word_in(name, "new-object")) {
        *ret = new_object(ps, command);
    } else if (rt_word_in(name, "get-content gc type cat")) {
        *ret = from_fact(rt_shell_fact(command, RT_FACT_FILE_READ, argument(command, "Path", 0),
                                       RT_STR(""), RT_STR(""), NULL));
    } else if (rt_word_in(name, "foreach-object % where-object ? select-object out-string out-null "
                                "tee-object sort-object convertto-json")) {
        *ret = (RtPsValue){ .text = rt_word_in(name, "out-null") ? RT_STR("") : command->in.text,
                            .flow = command->in.flow };
        rt_shell_flow_join(&ret->flow, &command->flow);
    } else {
        return false;
    }
    return true;
}

static bool second_cmdlets(RtShellCommand *command, RtPsValue *ret)
{
    RtStr name = command->program;
    if (rt_word_in(name, "get-clipboard gcb"))
        *ret = from_fact(rt_shell_fact(command, RT_FACT_SECRET_READ, RT_STR("clipboard"),
                                       RT_STR(""), RT_STR(""), NULL));
    else if (rt_word_in(name, "get-childitem gci dir ls") &&
             rt_str_find_nocase(positional(command, 0), RT_STR("env:")) == 0)
        *ret = from_fact(
            rt_shell_fact(command, RT_FACT_ENV_READ, RT_STR("*"), RT_STR(""), RT_STR(""), NULL));
    else if (rt_word_in(name, "get-wmiobject gwmi get-ciminstance get-computerinfo get-process gps "
                              "get-netipaddress"))
        *ret = from_fact(rt_shell_fact(command, RT_FACT_HOST_INFO, positional(command, 0),
                                       RT_STR(""), RT_STR(""), NULL));
    else if (rt_word_in(name, "register-scheduledtask new-scheduledtask schtasks"))
        *ret = persist(command, "schtasks");
    else if (rt_word_in(name, "new-service set-service"))
        *ret = persist(command, "service");
    else if (rt_word_in(name, "set-itemproperty new-itemproperty sp")) {
        RtStr path = argument(command, "Path", 0), value = parameter(command, "Value");
        *ret = from_fact(rt_shell_fact4(command, RT_FACT_FILE_WRITE, path, value, RT_STR(""),
                                        RT_STR("registry"), NULL));
    } else if (rt_word_in(name, "add-mppreference set-mppreference set-netfirewallprofile "
                                "disable-windowsoptionalfeature"))
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("weakens-host"), command->program,
                      rt_shell_rest(command, 0), NULL);
    else if (rt_word_in(name, "remove-item ri rm del"))
        rt_shell_fact(command, RT_FACT_FILE_DELETE, argument(command, "Path", 0), RT_STR(""),
                      RT_STR(""), NULL);
    else if (rt_word_in(name, "copy-item copy cp cpi")) {
        RtStr to = argument(command, "Destination", 1);
        RtFactId read = rt_shell_fact(command, RT_FACT_FILE_READ, argument(command, "Path", 0),
                                      RT_STR(""), RT_STR(""), NULL);
        RtPsValue flow = from_fact(read);
        rt_shell_file_written(command, to,
                              rt_shell_fact4(command, RT_FACT_FILE_WRITE, to, RT_STR(""),
                                             RT_STR(""), RT_STR("copy"), &flow.flow),
                              RT_STR(""));
    } else if (rt_word_in(name, "start-sleep sleep"))
        rt_shell_fact(command, RT_FACT_TIMER, argument(command, "Seconds", 0), RT_STR("sleep"),
                      RT_STR(""), NULL);
    else if (rt_word_in(name, "add-type") &&
             (rt_str_find_nocase(rt_shell_rest(command, 0), RT_STR("DllImport")) != RT_NOT_FOUND))
        rt_shell_fact(command, RT_FACT_CALL, RT_STR("native-import"),
                      rt_str_sub(rt_shell_rest(command, 1), 0, 512), RT_STR(""), NULL);
    else if (rt_word_in(name, "write-host write-output echo write-verbose write-error"))
        *ret = (RtPsValue){ .text = rt_shell_rest(command, 1), .flow = command->flow };
    else if (rt_word_in(name, "test-path join-path split-path resolve-path")) {
        RtArena *arena = command->run->sink->arena;
        RtStr base = positional(command, 0), leaf = positional(command, 1);
        *ret = (RtPsValue){
            .text = leaf.len ? rt_str_format(arena, "%.*s/%.*s", RT_FMT(base), RT_FMT(leaf)) : base,
            .flow = command->flow
        };
    } else
        return false;
    return true;
}

RtPsValue rt_ps_cmdlet(RtPs *ps, RtShellCommand *command)
{
    RtPsValue value = { 0 };
    if (command->count == 0 || command->words[0].text.len == 0) {
        if (command->flow.count > 0) /* & (something fetched) */
            return from_fact(rt_shell_fact(command, RT_FACT_CODE_EVAL, RT_STR(""),
                                           RT_STR("call operator"), RT_STR(""), NULL));
        return value;
    }
    command->program = rt_str_lower(command->run->sink->arena, command->words[0].text);
    if (first_cmdlets(ps, command, &value) || second_cmdlets(command, &value))
        return value;
    rt_shell_rerun(command, 0);
    return (RtPsValue){ .text = command->out.text, .flow = command->out.flow };
}

/* ---- .NET
 * ------------------------------------------------------------------------------------------------------
 */

static RtPsValue decode_base64(RtShellCommand *command, RtStr text)
{
    RtArena *arena = command->run->sink->arena;
    RtStr bytes = { 0 };
    bool known = rt_base64_decode(arena, text, &bytes);
    RtPsValue value =
        from_fact(rt_shell_fact(command, RT_FACT_DATA_DECODE, RT_STR("base64"),
                                known ? rt_str_sub(bytes, 0, 4096) : RT_STR(""), RT_STR(""), NULL));
    if (known) {
        value.text = bytes;
        if (bytes.len >= 8) {
            RtShellRun *run = command->run;
            RtLayer layer = { .parent = run->layer,
                              .via = RT_VIA_DECODED,
                              .name = RT_STR("base64"),
                              .bytes = bytes,
                              .source = { .from = run->from, .len = run->len },
                              .phase = run->phase };
            run->sink->layer(run->sink, layer);
        }
    }
    return value;
}

static RtPsValue download(RtShellCommand *command, RtStr name, const RtPsValue args[4],
                          size_t count)
{
    bool upload = rt_str_find_nocase(name, RT_STR("upload")) == 0;
    RtStr url = count > 0 ? args[0].text : RT_STR(""),
          body = upload && count > 1 ? args[count - 1].text : RT_STR("");
    RtFactId id = rt_shell_fact(command, RT_FACT_NET_REQUEST, url,
                                upload ? RT_STR("POST") : RT_STR("GET"), body, NULL);
    RtPsValue value = from_fact(id);
    if (rt_str_find_nocase(name, RT_STR("downloadfile")) == 0 && count > 1) {
        RtFactId file = rt_shell_fact4(command, RT_FACT_FILE_WRITE, args[1].text, RT_STR(""),
                                       RT_STR(""), RT_STR("write"), &value.flow);
        rt_shell_file_written(command, args[1].text, file, RT_STR(""));
        return (RtPsValue){ 0 };
    }
    return value;
}

static RtPsValue static_call(RtPs *ps, RtShellCommand *command, RtStr type, RtStr name,
                             const RtPsValue args[4], size_t count)
{
    RtArena *arena = ps->run->sink->arena;
    RtStr first = count > 0 ? rt_ps_joined(ps, &args[0], RT_STR("")) : RT_STR("");
    if (rt_word_in(name, "FromBase64String"))
        return decode_base64(command, first);
    if (rt_word_in(name, "WriteAllBytes WriteAllText AppendAllText WriteAllLines") && count > 1) {
        RtFactId id = rt_shell_fact4(command, RT_FACT_FILE_WRITE, first, args[1].text, RT_STR(""),
                                     RT_STR("write"), NULL);
        rt_shell_file_written(command, first, id, args[1].text);
        return (RtPsValue){ 0 };
    }
    if (rt_word_in(name, "ReadAllBytes ReadAllText ReadAllLines"))
        return from_fact(
            rt_shell_fact(command, RT_FACT_FILE_READ, first, RT_STR(""), RT_STR(""), NULL));
    if (rt_word_in(name, "Load LoadFile LoadFrom UnsafeLoadFrom") &&
        rt_str_find_nocase(type, RT_STR("Assembly")) != RT_NOT_FOUND)
        return from_fact(rt_shell_fact(command, RT_FACT_CODE_EVAL, RT_STR(""),
                                       RT_STR("assembly load"), RT_STR(""), NULL));
    if (rt_word_in(name, "Create") &&
        rt_str_find_nocase(type, RT_STR("ScriptBlock")) != RT_NOT_FOUND)
        return evaluate(command, first, "ScriptBlock", NULL);
    if (rt_word_in(name, "Start") && rt_str_find_nocase(type, RT_STR("Process")) != RT_NOT_FOUND)
        return from_fact(rt_shell_fact(
            command, RT_FACT_PROC_EXEC,
            count > 1 ? rt_str_format(arena, "%.*s %.*s", RT_FMT(first), RT_FMT(args[1].text))
                      : first,
            RT_STR("shell"), RT_STR(""), NULL));
    if (rt_word_in(name, "GetEnvironmentVariable"))
        return from_fact(
            rt_shell_fact(command, RT_FACT_ENV_READ, first, RT_STR(""), RT_STR(""), NULL));
    if (rt_word_in(name, "GetTempPath GetTempFileName"))
        return (RtPsValue){ .text = RT_STR("%TEMP%") };
    if (rt_word_in(name, "VirtualAlloc CreateThread VirtualProtect WriteProcessMemory "
                         "GetDelegateForFunctionPointer"))
        return from_fact(
            rt_shell_fact(command, RT_FACT_CALL, RT_STR("native-memory"), name, RT_STR(""), NULL));
    if (rt_word_in(name, "Reverse Copy")) /* in place: the array may be known elsewhere, not here */
        return (RtPsValue){ .flow = command->flow };
    if (rt_word_in(name, "Join") && count > 1)
        return (RtPsValue){ .text = rt_ps_joined(ps, &args[1], args[0].text),
                            .flow = command->flow };
    if (rt_word_in(name, "Combine") && count > 1)
        return (RtPsValue){ .text = rt_str_format(arena, "%.*s/%.*s", RT_FMT(first),
                                                  RT_FMT(args[1].text)),
                            .flow = command->flow };
    return (RtPsValue){ .text = rt_word_in(name, "ToString Concat Format new") ? first : RT_STR(""),
                        .flow = command->flow };
}

RtPsValue rt_ps_method(RtPs *ps, RtPsValue value, RtStr type, RtStr name, const RtPsValue args[4],
                       size_t count, bool is_call)
{
    RtArena *arena = ps->run->sink->arena;
    RtShellCommand command = { .run = ps->run, .text = name, .flow = value.flow };
    for (size_t i = 0; i < count; i++)
        rt_shell_flow_join(&command.flow, &args[i].flow);
    if (!is_call)
        return (RtPsValue){ .text = type.len > 0 ? name : RT_STR(""), .flow = command.flow };
    if (rt_word_in(name, "DownloadString DownloadData DownloadFile OpenRead UploadString "
                         "UploadData UploadFile UploadValues DownloadStringTaskAsync "
                         "DownloadFileAsync GetStringAsync GetByteArrayAsync DownloadDataAsync"))
        return download(&command, name, args, count);
    if (type.len > 0)
        return static_call(ps, &command, type, name, args, count);
    if (rt_word_in(name, "Replace") && count > 1)
        return (RtPsValue){ .text = rt_ps_replaced(ps, value.text, args[0].text, args[1].text),
                            .flow = command.flow };
    if (rt_word_in(name, "GetString") && count > 0) {
        bool wide = rt_word_in(value.text, "Unicode");
        return (RtPsValue){ .text = wide ? rt_utf16le_text(arena, args[0].text)
                                         : rt_ps_joined(ps, &args[0], RT_STR("")),
                            .flow = command.flow };
    }
    if (rt_word_in(name, "ToString Trim ToCharArray GetBytes Normalize TrimEnd"))
        return (RtPsValue){ .text = count > 0 && rt_word_in(name, "GetBytes") ? args[0].text
                                                                              : value.text,
                            .items = value.items,
                            .count = value.count,
                            .capacity = value.count,
                            .flow = command.flow };
    if (rt_word_in(name, "Substring") && count > 0) {
        uint64_t from = 0, len = SIZE_MAX;
        if (rt_str_number(args[0].text, &from) && (count < 2 || rt_str_number(args[1].text, &len)))
            return (RtPsValue){ .text = rt_str_sub(value.text, (size_t)from, (size_t)len),
                                .flow = command.flow };
    }
    if (rt_word_in(name, "InvokeScript InvokeCommand NewScriptBlock ExpandString"))
        return evaluate(&command, count > 0 ? args[0].text : RT_STR(""), "InvokeScript", NULL);
    if (rt_word_in(name, "Invoke Start ShellExecute Run Exec") && command.flow.count > 0 &&
        rt_word_in(name, "Invoke"))
        return from_fact(rt_shell_fact(&command, RT_FACT_CODE_EVAL, RT_STR(""), RT_STR("Invoke"),
                                       RT_STR(""), NULL));
    if (rt_word_in(name, "ShellExecute Run Exec") && count > 0)
        return from_fact(rt_shell_fact(&command, RT_FACT_PROC_EXEC, args[0].text, RT_STR("com"),
                                       RT_STR(""), NULL));
    return (RtPsValue){ .flow = command.flow };
}
