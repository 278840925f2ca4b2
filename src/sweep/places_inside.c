/* places_inside.c - the places the Makefile put inside the program; a file of its own, because
 * ratter-pack makes them and has none. */
#include "sweep/place.h"

extern const uint8_t rt_places_pack_start[], rt_places_pack_end[];

RtStr rt_places_builtin(void)
{
    return (RtStr){ rt_places_pack_start, (size_t)(rt_places_pack_end - rt_places_pack_start) };
}
