/* unpack.c - the tables of containers and decoders, generated from their folders by the Makefile.
 */
#include "unpack/unpack.h"

#define PLUG(name) extern const RtContainer rt_container_##name;
#include "unpack_containers.list"
#undef PLUG
#define PLUG(name) extern const RtDecoder rt_decoder_##name;
#include "unpack_decoders.list"
#undef PLUG

static const RtContainer *const containers[] = {
#define PLUG(name) &rt_container_##name,
#include "unpack_containers.list"
#undef PLUG
};

static const RtDecoder *const decoders[] = {
#define PLUG(name) &rt_decoder_##name,
#include "unpack_decoders.list"
#undef PLUG
};

const RtContainer *rt_unpack_container_for(RtStr bytes)
{
    const RtContainer *best = NULL;
    int highest = 0;
    for (size_t i = 0; i < RT_COUNT(containers); i++) {
        int bid = containers[i]->bid(bytes);
        if (bid > highest) {
            highest = bid;
            best = containers[i];
        }
    }
    return best;
}

const RtContainer *const *rt_unpack_containers(size_t *ret_count)
{
    *ret_count = RT_COUNT(containers);
    return containers;
}

const RtDecoder *const *rt_unpack_decoders(size_t *ret_count)
{
    *ret_count = RT_COUNT(decoders);
    return decoders;
}
