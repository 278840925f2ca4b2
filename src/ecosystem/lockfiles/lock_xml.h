/* lock_xml.h - just enough XML for build files: elements with their way, attributes and text. No
 * entity of the file's own, no DTD, no recursion. */
#ifndef RT_ECOSYSTEM_LOCKFILES_LOCK_XML_H
#define RT_ECOSYSTEM_LOCKFILES_LOCK_XML_H

#include "ecosystem/lockfiles/lock_writer.h"

enum { RT_XML_DEPTH = 64 };

/* The element being entered or left: names[depth - 1] is its own. */
typedef struct {
    RtArena *arena;
    RtStr names[RT_XML_DEPTH];
    uint32_t depth, line; /* of its beginning, or of its end */
    RtStr attributes;     /* as written; empty at the end */
    RtStr text;           /* at the end: the text since the last tag, trimmed, as written */
} RtXml;

typedef void RtXmlVisit(void *context, const RtXml *xml, bool is_end);

/* Visits every element of out->text, twice: at its beginning and at its end. What is wrong with the
 * file becomes a note. */
void rt_xml_read(RtLockWriter *out, RtXmlVisit *visit, void *context);

/* True when the last names of the way are `tail` ("plugins/plugin"). */
bool rt_xml_is(const RtXml *xml, const char *tail);
RtStr rt_xml_attribute(const RtXml *xml, const char *name);

#endif
