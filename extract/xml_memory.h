/* xml_memory.h: libxml2's allocations, watched.
 *
 * libxml2 does not tell of every allocation that failed: a body may then read as an empty
 * one.  So its memory goes through here, and a failure is remembered for each thread.
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
