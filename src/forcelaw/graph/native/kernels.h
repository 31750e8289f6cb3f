// The loops over edges, one table for each floating-point type and instruction set.
//
// A range of edges [begin, end) of a graph whose edges are sorted by receiver: node n receives
// the edges offsets[n] to offsets[n + 1]. `first` and `last` are nodes such that all edges of the
// range are received by nodes in [first, last).
#pragma once

#include <cstdint>
#include <type_traits>

#if defined(__x86_64__) && defined(__GNUC__)
#define FORCELAW_X86
#endif

namespace forcelaw {

struct EdgeRange {
  const int32_t* offsets;
  const int32_t* sender;
  int64_t begin, end;
  int64_t first, last;
  int64_t nodes;
  int64_t dim;
};

template <typename T>
struct Kernels {
  // out[e] = |x_s - x_r|
  void (*lengths)(const EdgeRange&, const T* x, T* out);
  // out[e] = a_r . (x_s - x_r)
  void (*dot)(const EdgeRange&, const T* a, const T* x, T* out);
  // out[n] = sum_e w_e (x_s - x_r) over the edges of the range that n receives, for every n in
  // [first, last). The first node's sum goes to `head` instead where that is not null.
  // With `loss`, which may be null: plus sum_e (w_e - loss_e) x_r.
  void (*sum)(const EdgeRange&, const T* weight, const T* loss, const T* x, T* out, T* head);
  // The same sums of the rows of `messages`; `sender` is not read.
  void (*messages)(const EdgeRange&, const T* messages, T* out, T* head);
};

struct Tables {
  Kernels<float> single;
  Kernels<double> full;
};

// One for each instruction set. `std::integral_constant` and the C types are all that they share:
// no inline function of the standard library may be compiled for a processor it might not meet.
namespace plain {
extern const Tables kTables;
}
#ifdef FORCELAW_X86
namespace avx2 {
extern const Tables kTables;
}
namespace avx512 {
extern const Tables kTables;
}
#endif

}  // namespace forcelaw
