/* trail.c - follows data through files: what was fetched is written, what was written is run.
 *
 * The front ends see values; a path breaks the thread ("download to X", later "run X"). Here each
 * use of a path that another fact wrote or renamed gets that fact as a cause, so that one flow
 * leads from the network to the process. Paths are compared by their last component when a part is
 * unknown, which code that hides usually leaves in the clear. */
#include "scan/scan.h"

#include <string.h>

/* The last component of the last known piece, or empty when it says too little to compare by. */
static RtStr tail_of(RtStr path)
{
    for (size_t i = path.len; i-- > 0;) {
        uint8_t c = path.at[i];
        if (c == '/' || c == '\\' ||
            c == 0xbc) { /* 0xbc ends U+FFFC, the hole of an unknown piece */
            path = rt_str_from(path, i + 1);
            break;
        }
    }
    path = rt_str_trim(path);
    return path.len >= 3 && path.len <= 200 ? path : RT_STR("");
}

static bool is_word_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-' || c == '.';
}

/* `name` stands in `text` as a whole word. */
static bool mentions(RtStr text, RtStr name)
{
    for (size_t at = 0; at + name.len <= text.len;) {
        size_t found = rt_str_find(rt_str_from(text, at), name);
        if (found == RT_NOT_FOUND)
            return false;
        at += found;
        bool starts = at == 0 || !is_word_byte(text.at[at - 1]) || text.at[at - 1] == 0xbc;
        bool ends = at + name.len == text.len || !is_word_byte(text.at[at + name.len]);
        if (starts && ends)
            return true;
        at++;
    }
    return false;
}

static bool uses_path(const RtFact *fact, RtStr name)
{
    bool names_file = fact->kind == RT_FACT_PROC_EXEC || fact->kind == RT_FACT_FILE_READ ||
                      fact->kind == RT_FACT_FILE_CHMOD || fact->kind == RT_FACT_FILE_RENAME ||
                      fact->kind == RT_FACT_CODE_REQUIRE;
    return names_file && mentions(fact->args[0], name);
}

static void add_cause(RtScan *scan, RtFact *fact, RtFactId cause)
{
    for (size_t i = 0; i < fact->because_count; i++) {
        if (fact->because[i] == cause)
            return;
    }
    RtFactId *because = RT_NEW_ARRAY(scan->sink.arena, RtFactId, fact->because_count + 1);
    if (fact->because_count != 0)
        memcpy(because, fact->because, fact->because_count * sizeof *because);
    because[fact->because_count] = cause;
    fact->because = because;
    fact->because_count++;
}

static RtStr leaves_path(const RtFact *fact)
{
    if (fact->kind == RT_FACT_FILE_WRITE)
        return tail_of(fact->args[0]);
    if (fact->kind == RT_FACT_FILE_RENAME)
        return tail_of(fact->args[1]);
    return RT_STR("");
}

void rt_trail_join(RtScan *scan)
{
    enum {
        WRITERS = 256,
        SPAN = 4096
    }; /* the first writers, and the facts after each: linear whatever comes */
    size_t writers = 0;
    for (RtFactId id = 1; id < scan->fact_count && writers < WRITERS; id++) {
        RtStr name = leaves_path(&scan->facts[id]);
        if (name.len == 0)
            continue;
        writers++;
        for (RtFactId user = id + 1; user < scan->fact_count && user - id < SPAN; user++) {
            if (uses_path(&scan->facts[user], name))
                add_cause(scan, &scan->facts[user], id);
        }
    }
}
