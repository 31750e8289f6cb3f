// The kernels for the instruction set that the compiler builds for.
#include "kernels.h"

#define VECTOR_BYTES 16

namespace forcelaw::plain {
#include "loops.h"

const Tables kTables = {table<float>(), table<double>()};
}  // namespace forcelaw::plain
