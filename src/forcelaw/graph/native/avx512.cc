// The kernels for x86 processors with AVX-512; called only where the processor has them.
#include "kernels.h"

#ifdef FORCELAW_X86
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512vl,avx512bw,avx512dq"))), apply_to = function)
#else
#pragma GCC target("avx2,fma,avx512f,avx512vl,avx512bw,avx512dq")
#endif

#define VECTOR_BYTES 64

namespace forcelaw::avx512 {
#include "loops.h"

const Tables kTables = {table<float>(), table<double>()};
}  // namespace forcelaw::avx512

#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
