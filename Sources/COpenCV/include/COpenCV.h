#ifndef COPENCV_H
#define COPENCV_H

#include "copencv_base.h"
#include "copencv_drawing.h"
#include "copencv_image.h"

#endif
