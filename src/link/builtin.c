/* builtin.c - the profiles the Makefile put inside the program; a file of its own, because
 * ratter-pack makes them and has none. */
#include "link/profile.h"

extern const uint8_t rt_profiles_pack_start[], rt_profiles_pack_end[];

RtStr rt_profiles_builtin(void)
{
    return (RtStr){ rt_profiles_pack_start,
                    (size_t)(rt_profiles_pack_end - rt_profiles_pack_start) };
}
