/* xml_memory.h: libxml2's allocations, watched.
 *
 * libxml2 does not tell of every allocation that failed: a body may then read as an empty
 * one.  Version 2.9 may also crash (where its input grows) or never end (in the value of an
 * attribute).  So its memory goes through here: a failure is remembered for each thread, and
 * libxml2 gets a piece of a reserve, with which it goes on until the caller stops it.
 * Nor does it print: what is wrong is told by who asked for it.
 */
#ifndef TL_EXTRACT_XML_MEMORY_H
#define TL_EXTRACT_XML_MEMORY_H

#include <stdbool.h>

/* Called before the first use of libxml2; further calls do nothing. */
void tl_xml_memory_watch(void);

/* Forgets this thread's failures. */
void tl_xml_memory_reset(void);

/* Whether libxml2 was refused memory on this thread since the last reset. */
bool tl_xml_memory_failed(void);

#endif
