// The kernels for x86 processors with AVX2 and FMA; called only where the processor has them.
#include "kernels.h"

#ifdef FORCELAW_X86
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC target("avx2,fma")
#endif

#define VECTOR_BYTES 32

namespace forcelaw::avx2 {
#include "loops.h"

const Tables kTables = {table<float>(), table<double>()};
}  // namespace forcelaw::avx2

#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
