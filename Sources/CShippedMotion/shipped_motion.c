// The learned motion of models/, taken into the program by the compiler: it is there wherever the program is.

#include "shipped_motion.h"

// The directive is C23's; the compiler has it for all versions of the language.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char motion[] = {
#embed "../../models/ss-kan.json"
};

const unsigned char *sx_shipped_motion(size_t *count) {
  *count = sizeof(motion);
  return motion;
}
