/* ratter-pack - compiles the rules folder, the folder of campaign profiles and that of places, into
 * the packs that the Makefile puts inside the program. A build tool: it is the rules, the link and
 * the sweep room, run early. Usage: ratter-pack [--profiles|--places] FOLDER PACK */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "link/profile.h"
#include "rules/rules.h"
#include "sweep/place.h"

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
    bool profiles = count > 1 && strcmp(words[1], "--profiles") == 0;
    bool places = count > 1 && strcmp(words[1], "--places") == 0;
    int skip = profiles || places;
    if (count != 3 + skip) {
        fprintf(stderr, "usage: ratter-pack [--profiles|--places] FOLDER PACK\n");
        return 2;
    }
    RT_ARENA arena = rt_arena_open((size_t)1 << 30, NULL, NULL);
    RtText pack = { .arena = arena };
    RtStr folder = rt_str_from_c(words[1 + skip]);
    RtErr err = profiles ? rt_profiles_pack(arena, folder, say, NULL, &pack)
                : places ? rt_places_pack(arena, folder, say, NULL, &pack)
                         : rt_rules_compile(arena, folder, say, NULL, &pack);
    if (err.code != RT_OK) {
        fprintf(stderr, "ratter-pack: %s\n", err.text);
        return 2;
    }
    return write_pack(rt_text_str(&pack), words[2 + skip]);
}
