#ifndef SEXTANT_SHIPPED_MOTION_H
#define SEXTANT_SHIPPED_MOTION_H

#include <stddef.h>

/// The motion that the program brings with it, the text of models/ss-kan.json.
/// The bytes live as long as the program and have no zero behind them.
const unsigned char *sx_shipped_motion(size_t *count);

#endif
