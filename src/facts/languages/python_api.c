/* python_api.c - python_api.list as a table. */
#include "facts/languages/python_api.h"

/* What of a child's keyword arguments is telling: nobody sees it, nothing waits for it. */
#define CHILD_WORDS                                                                                \
    "words:shell=shell,hidden=creationflags,hidden=startupinfo,detached=start_new_session,"        \
    "detached=preexec_fn,ignore=stdout~DEVNULL"

#define API(path, kind, a0, a1, a2, a3, result, flags, callback)                                   \
    { path, RT_FACT_##kind, { a0, a1, a2, a3 }, result, flags, callback },
#define PASS(path, result, flags)                                                                  \
    { path, RT_FLOW_NO_FACT, { NULL, NULL, NULL, NULL }, result, flags, NULL },
#define FEED(path, result, a0, a1, a2, a3)                                                         \
    { path, RT_FLOW_NO_FACT, { a0, a1, a2, a3 }, result, RT_FLOW_FEEDS, NULL },
const RtFlowApi rt_python_apis[] = {
#include "facts/languages/python_api.list"
};
#undef API
#undef PASS
#undef FEED
const size_t rt_python_api_count = RT_COUNT(rt_python_apis);

/* Handlers, routes, commands and tests: they run when somebody asks. */
const char *const rt_python_later_methods[] = { "add_argument",
                                                "add_command",
                                                "add_event_handler",
                                                "add_handler",
                                                "add_listener",
                                                "add_parser",
                                                "add_url_rule",
                                                "after_request",
                                                "before_request",
                                                "command",
                                                "errorhandler",
                                                "group",
                                                "listen",
                                                "on_event",
                                                "option",
                                                "register_blueprint",
                                                "route",
                                                "set_defaults",
                                                "subscribe",
                                                "trace_add",
                                                NULL };
