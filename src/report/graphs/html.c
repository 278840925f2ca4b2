/* html.c - one page that needs nothing else: no script, no font, no network (a CSP in the page
 * forbids them). Each cluster is drawn as a ring, its pairs told below. Every foreign text passes
 * rt_escape_terminal and then rt_escape_html. */
#include <math.h>

#include "base/escape.h"
#include "report/graphs.h"
#include "report/wording.h"

enum { DRAWN = 60, LINKS_SHOWN = 500 };
#define MIDDLE_X 400.0
#define MIDDLE_Y 260.0
#define RADIUS   210.0

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>ratter links</title>\n<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}\n"
    "h2{font-size:1.15rem}svg{max-width:100%;border:1px solid #8886}svg text{font-size:11px;"
    "fill:currentColor}\n"
    ".conclusive{stroke:#c1121f;stroke-width:3}.strong{stroke:#b35900;stroke-width:2}"
    ".weak,.note{stroke:#767676}\n"
    ".malicious,.suspicious{fill:#c1121f}.notable,.clean,.unknown{fill:#767676}\n"
    "li{overflow-wrap:anywhere}.dim{opacity:.8}\n"
    "</style>\n</head>\n<body>\n<main>\n<h1>ratter links</h1>\n";

static void text(RtText *out, RtStr foreign)
{
    RtText safe = { .arena = out->arena };
    rt_report_defang(&safe, foreign);
    rt_escape_html(out, rt_escaped(out->arena, rt_text_str(&safe)));
}

static void label(RtText *out, const RtLinked *package)
{
    text(out, rt_report_linked_label(out->arena, package));
}

/* Where a member of a cluster stands on its ring. */
static void place(size_t at, size_t count, double *ret_x, double *ret_y)
{
    double angle = 6.283185307179586 * (double)at / (double)count;
    *ret_x = MIDDLE_X + RADIUS * cos(angle);
    *ret_y = MIDDLE_Y + RADIUS * sin(angle);
}

static size_t rank(const RtCluster *cluster, uint32_t package)
{
    size_t at = 0;
    while (at < cluster->count && cluster->members[at] != package)
        at++;
    return at;
}

static void draw_edges(RtText *out, const RtLinks *links, size_t number)
{
    const RtCluster *cluster = &links->clusters[number];
    size_t drawn = 0;
    for (size_t i = 0; i < links->count && drawn < LINKS_SHOWN; i++) {
        const RtLink *link = &links->items[i];
        if (!rt_report_link_is_in(links, link, (uint32_t)number + 1))
            continue;
        double x1, y1, x2, y2;
        place(rank(cluster, link->first), cluster->count, &x1, &y1);
        place(rank(cluster, link->second), cluster->count, &x2, &y2);
        rt_text_format(out,
                       "<line class=\"%.*s\" x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\"/>\n",
                       RT_FMT(rt_finding_level_name(link->level)), x1, y1, x2, y2);
        drawn++;
    }
}

static void draw(RtText *out, const RtLinks *links, size_t number)
{
    const RtCluster *cluster = &links->clusters[number];
    if (cluster->count > DRAWN)
        return;
    rt_text_add(out, RT_STR("<svg viewBox=\"0 0 800 520\" role=\"img\">\n"));
    draw_edges(out, links, number);
    for (size_t i = 0; i < cluster->count; i++) {
        const RtLinked *package = &links->packages[cluster->members[i]];
        double x, y;
        place(i, cluster->count, &x, &y);
        rt_text_format(out,
                       "<circle class=\"%.*s\" cx=\"%.0f\" cy=\"%.0f\" r=\"6\"/>"
                       "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\">",
                       RT_FMT(rt_verdict_name(package->verdict)), x, y,
                       x + (x < MIDDLE_X ? -10 : 10), y + 4, x < MIDDLE_X ? "end" : "start");
        text(out, rt_str_sub(rt_report_linked_label(out->arena, package), 0, 40));
        rt_text_add(out, RT_STR("</text>\n"));
    }
    rt_text_add(out, RT_STR("</svg>\n"));
}

static void put_half(RtText *out, const RtLinked *package, const RtLinkHalf *half)
{
    rt_text_add(out, RT_STR("<li>"));
    label(out, package);
    rt_text_byte(out, ' ');
    text(out, half->says);
    rt_text_format(out, " <span class=\"dim\">(%.*s) ", RT_FMT(rt_phase_name(half->phase)));
    text(out, half->file);
    rt_text_format(out, ":%u</span></li>\n", half->line);
}

static void put_link(RtText *out, const RtLinks *links, const RtLink *link)
{
    const RtLinked *first = &links->packages[link->first], *second = &links->packages[link->second];
    const char *list = link->is_ordered ? "ol" : "ul";
    rt_text_format(out, "<li><b>%.*s</b> ", RT_FMT(rt_finding_level_name(link->level)));
    label(out, first);
    rt_text_add(out, link->is_ordered ? RT_STR(" → ") : RT_STR(" – "));
    label(out, second);
    for (size_t i = 0; i < link->signal_count; i++) {
        const RtLinkSignal *signal = &link->signals[i];
        rt_text_format(out,
                       "<p>%.*s %.*s: ", RT_FMT(rt_report_signal_id(out->arena, signal->number)),
                       RT_FMT(rt_report_signal_title(signal->number)));
        text(out, signal->what);
        rt_text_format(out, "</p><%s>\n", list);
        put_half(out, first, &signal->halves[0]);
        put_half(out, second, &signal->halves[1]);
        rt_text_format(out, "</%s>", list);
    }
    rt_text_add(out, RT_STR("</li>\n"));
}

static void put_links(RtText *out, const RtLinks *links, uint32_t cluster)
{
    size_t shown = 0;
    rt_text_add(out, RT_STR("<ul>\n"));
    for (size_t i = 0; i < links->count && shown < LINKS_SHOWN; i++) {
        if (!rt_report_link_is_in(links, &links->items[i], cluster))
            continue;
        put_link(out, links, &links->items[i]);
        shown++;
    }
    rt_text_add(out, RT_STR("</ul>\n"));
}

static void write_html(RtText *out, const RtLinks *links)
{
    rt_text_add(out, rt_str_from_c(head));
    for (size_t i = 0; i < links->cluster_count; i++) {
        rt_text_format(out, "<h2>Cluster %zu: %zu packages, %.*s</h2>\n", i + 1,
                       links->clusters[i].count,
                       RT_FMT(rt_finding_level_name(links->clusters[i].level)));
        draw(out, links, i);
        put_links(out, links, (uint32_t)i + 1);
    }
    rt_text_add(out, RT_STR("<h2>Others</h2>\n"));
    put_links(out, links, 0);
    rt_text_format(out, "<p>%zu packages compared</p>\n</main>\n</body>\n</html>\n",
                   links->examined);
}

const RtLinkFormat rt_report_graph_html = {
    .name = "html",
    .media_type = "text/html",
    .title = "one page with drawings, no script and nothing from outside",
    .write = write_html,
};
