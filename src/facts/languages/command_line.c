/* command_line.c - one command line, by the same machine that reads scripts. What it is written for
 * is told by form: a line that starts with powershell syntax goes there, cmd's marks choose cmd,
 * everything else is sh. */
#include "facts/languages/command.h"

#include "facts/languages/shell_engine.h"

enum { LINE_LIMIT = 1024 * 1024 };

static RtPhase phase_of(const RtFact *fact)
{
    if (fact == NULL)
        return RT_WHEN_UNKNOWN;
    if (fact->phase != RT_WHEN_UNKNOWN)
        return fact->phase;
    if (fact->kind == RT_FACT_INSTALL_HOOK)
        return RT_WHEN_INSTALL;
    if (fact->kind == RT_FACT_OPEN_HOOK || fact->kind == RT_FACT_AGENT_HOOK)
        return RT_WHEN_OPEN;
    return fact->kind == RT_FACT_WORKFLOW_STEP ? RT_WHEN_BUILD : RT_WHEN_UNKNOWN;
}

/* Cmdlets and .NET calls that no other shell has. */
static bool is_powershell(RtStr line)
{
    static const char *const marks[] = {
        "IEX(",        "IEX (",    "Invoke-Expression", "Invoke-WebRequest", "New-Object ",
        "[Convert]::", "[System.", "Start-Process",     "Invoke-RestMethod", "$env:"
    };
    RtStr text = rt_str_trim(line);
    if (rt_str_find_nocase(rt_str_sub(text, 0, 64), RT_STR("powershell")) != RT_NOT_FOUND ||
        rt_str_find_nocase(rt_str_sub(text, 0, 64), RT_STR("pwsh")) != RT_NOT_FOUND)
        return false; /* the verb of that name takes it apart */
    for (size_t i = 0; i < RT_COUNT(marks); i++)
        if (rt_str_find_nocase(text, rt_str_from_c(marks[i])) != RT_NOT_FOUND)
            return true;
    return false;
}

void rt_command_observe(RtStr command, RtLayerId layer, uint64_t from, uint64_t len,
                        RtWitness witness, bool deferred, RtSink *sink, RtFactId because)
{
    const RtFact *reason = because != 0 ? sink->get_fact(sink, because) : NULL;
    bool own = reason && reason->kind == RT_FACT_PROC_EXEC &&
               rt_str_equal(reason->args[1], RT_STR("shell"));
    if (own || command.len == 0)
        return;
    if (command.len > LINE_LIMIT) {
        sink->unseen(sink, layer, RT_STR("limit-command-bytes"));
        command = rt_str_sub(command, 0, LINE_LIMIT);
    }
    RtShellRun run = { .sink = sink,
                       .layer = layer,
                       .witness = witness,
                       .phase = phase_of(reason),
                       .deferred = deferred,
                       .because = because,
                       .kind = rt_words_guess(command),
                       .from = from,
                       .len = len };
    if (is_powershell(command))
        rt_powershell_run(&run, command);
    else
        (void)rt_shell_run(&run, command);
}
