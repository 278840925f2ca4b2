/* ratter-pack - compiles the rules folder into the pack that the Makefile puts inside the program.
 * A build tool: it is the rules room, run early. Usage: ratter-pack FOLDER PACK */
#include <stdio.h>
#include <unistd.h>

#include "rules/rules.h"

static void say(void *context, RtStr fault)
{
    (void)context;
    fprintf(stderr, "%.*s\n", RT_FMT(fault));
}

static int write_pack(RtStr pack, const char *path)
{
    FILE *file = fopen(path, "wb");
    bool fine = file && fwrite(pack.at, 1, pack.len, file) == pack.len;
    if (file && fclose(file) != 0)
        fine = false;
    if (fine)
        return 0;
    fprintf(stderr, "ratter-pack: cannot write %s\n", path);
    (void)unlink(path);
    return 2;
}

int main(int count, char **words)
{
    if (count != 3) {
        fprintf(stderr, "usage: ratter-pack FOLDER PACK\n");
        return 2;
    }
    RT_ARENA arena = rt_arena_open((size_t)1 << 30, NULL, NULL);
    RtText pack = { .arena = arena };
    RtErr err = rt_rules_compile(arena, rt_str_from_c(words[1]), say, NULL, &pack);
    if (err.code != RT_OK) {
        fprintf(stderr, "ratter-pack: %s\n", err.text);
        return 2;
    }
    return write_pack(rt_text_str(&pack), words[2]);
}
