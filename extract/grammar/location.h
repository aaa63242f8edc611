/* location.h: what the path of a frame says about the code in it.
 *
 * The file stem, the package that it belongs to, and whether it is the user's own
 * code.  Nothing is looked up on disk: only the path as printed counts.
 *
 *   package   the component after site-packages, dist-packages, or a zip, egg or
 *             wheel; "python" for the standard library; the library's name for a
 *             source checkout of a well-known one; what pip is building; the first
 *             name of a Cython function that is dotted; else absent
 *   own_code  true where no library was recognised, and no tool or build of pip
 */
#ifndef TL_EXTRACT_GRAMMAR_LOCATION_H
#define TL_EXTRACT_GRAMMAR_LOCATION_H

#include "base/model.h"
#include "base/str.h"

typedef struct tl_location {
    tl_str stem;    /* points into the path, or to a literal */
    tl_str package; /* likewise; data NULL where unknown */
    bool own_code;
} tl_location;

/* The stem that all notebook cells share. */
#define TL_NOTEBOOK_STEM "<ipython-input>"

/* `function`, dotted as printed, is looked at only where the path does not tell; the
 * package may point into it. */
tl_location tl_locate(tl_str path, tl_str function);

/* Marks the standard library's frames of a trace, outermost first, that a frozen
 * program printed: there it has bare file names, which elsewhere are the user's.  The
 * outermost frame is the program. */
void tl_locate_frozen(tl_frame *frames, size_t n);

#endif
