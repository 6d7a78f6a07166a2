#ifndef COPENCV_H
#define COPENCV_H

#include "copencv_base.h"
#include "copencv_calibration.h"
#include "copencv_dense_flow.h"
#include "copencv_drawing.h"
#include "copencv_features.h"
#include "copencv_flow.h"
#include "copencv_geometry.h"
#include "copencv_image.h"
#include "copencv_region.h"

#endif
