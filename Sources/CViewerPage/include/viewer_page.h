#ifndef SEXTANT_VIEWER_PAGE_H
#define SEXTANT_VIEWER_PAGE_H

#include <stddef.h>

/// A file of the viewer's page, as it lies in the folder `page`; null for a name that there is none of.
/// The bytes live as long as the program and have no zero behind them.
const unsigned char *sx_viewer_page_file(const char *name, size_t *count);

#endif
