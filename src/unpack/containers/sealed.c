/* sealed.c - archives we know by sight and cannot open: said aloud, so that what is inside is never
 * called clean. */
#include "model/model.h"

static const struct {
    const char *name;
    const char *magic;
    size_t len;
} kinds[] = {
    { "7z archive", "7z\xBC\xAF\x27\x1C", 6 }, { "rar archive", "Rar!\x1A\x07", 6 },
    { "cab archive", "MSCF\0\0\0\0", 8 },      { "rpm package", "\xED\xAB\xEE\xDB", 4 },
    { "ace archive", "**ACE**", 7 },
};

static size_t kind_of(RtStr bytes)
{
    size_t i = 0;
    while (i < RT_COUNT(kinds) &&
           !rt_str_starts(bytes, (RtStr){ (const uint8_t *)kinds[i].magic, kinds[i].len }))
        i++;
    return i;
}

static int bid(RtStr bytes) { return bytes.len >= 32 && kind_of(bytes) < RT_COUNT(kinds) ? 90 : 0; }

static void open_sealed(RtStr bytes, RtLayerId self, RtSink *sink)
{
    RtStr name = rt_str_from_c(kinds[kind_of(bytes)].name);
    rt_sink_anomaly(sink, self, RT_STR("sealed-archive"), name);
    sink->unseen(sink, self, name);
}

const RtContainer rt_container_sealed = { .name = "sealed", .bid = bid, .open = open_sealed };
