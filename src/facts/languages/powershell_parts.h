/* powershell_parts.h - what the reader of expressions (powershell.c) and the tables of what they do
 * (powershell_verbs.c) share. */
#ifndef RT_FACTS_LANGUAGES_POWERSHELL_PARTS_H
#define RT_FACTS_LANGUAGES_POWERSHELL_PARTS_H

#include "facts/languages/shell_engine.h"

/* A value: text, or a list of texts when `items` is set; what is not known is empty. */
typedef struct {
    RtStr text;
    RtStr *items;
    size_t count, capacity;
    RtShellFlow flow;
} RtPsValue;

typedef struct {
    RtStr name;
    RtPsValue value;
} RtPsVariable;

typedef struct {
    RtShellRun *run;
    RtStr text;
    size_t at, spent;
    RtPsVariable *variables;
    size_t variable_count, variable_capacity;
    RtPsValue piped; /* $_ */
    uint32_t depth, statements;
    bool in_arguments; /* a comma ends the expression */
} RtPs;

RtPsValue rt_ps_primary(RtPs *ps);
RtStr rt_ps_joined(RtPs *ps, const RtPsValue *value, RtStr with);
RtStr rt_ps_replaced(RtPs *ps, RtStr text, RtStr what, RtStr with);

/* value.name(args) or [type]::name(args); `is_call` false: a property. */
RtPsValue rt_ps_method(RtPs *ps, RtPsValue value, RtStr type, RtStr name, const RtPsValue args[4],
                       size_t count, bool is_call);
/* A cmdlet, an alias, or a program. */
RtPsValue rt_ps_cmdlet(RtPs *ps, RtShellCommand *command);

#endif
