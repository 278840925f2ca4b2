/* javascript_api.c - javascript_api.list as a table. */
#include "facts/languages/javascript_api.h"

/* What of a child's options is telling: nobody sees it, nothing waits for it. */
#define CHILD_WORDS                                                                                \
    "words:detached=$.detached,hidden=$.windowsHide,ignore=$.stdio~ignore,shell=$.shell"

#define API(path, kind, a0, a1, a2, a3, result, flags, callback)                                   \
    { path, RT_FACT_##kind, { a0, a1, a2, a3 }, result, flags, callback },
#define PASS(path, result, flags)                                                                  \
    { path, RT_FLOW_NO_FACT, { NULL, NULL, NULL, NULL }, result, flags, NULL },
#define FEED(path, a0, a1, a2, a3, result)                                                         \
    { path, RT_FLOW_NO_FACT, { a0, a1, a2, a3 }, result, RT_FLOW_FEEDS, NULL },
const RtFlowApi rt_javascript_apis[] = {
#include "facts/languages/javascript_api.list"
};
#undef API
#undef PASS
#undef FEED
const size_t rt_javascript_api_count = RT_COUNT(rt_javascript_apis);

/* Event handlers, routes and commands: they run when somebody asks, not while the file loads.
 * Streams' and responses' `on` are not here: those receivers come from the network and are run at
 * once (flow.h). */
const char *const rt_javascript_later_methods[] = { "addEventListener",
                                                    "addListener",
                                                    "attachEvent",
                                                    "command",
                                                    "action",
                                                    "handle",
                                                    "on",
                                                    "once",
                                                    "onMessage",
                                                    "get",
                                                    "post",
                                                    "put",
                                                    "delete",
                                                    "patch",
                                                    "use",
                                                    "all",
                                                    "route",
                                                    "listen",
                                                    "subscribe",
                                                    "registerCommand",
                                                    "tap",
                                                    "tapAsync",
                                                    "tapPromise",
                                                    "hook",
                                                    "before",
                                                    "after",
                                                    "beforeEach",
                                                    "afterEach",
                                                    "describe",
                                                    "it",
                                                    "test",
                                                    "component",
                                                    "directive",
                                                    "controller",
                                                    "service",
                                                    NULL };
