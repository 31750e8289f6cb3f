// The edge operations as XLA custom calls on a CPU.
//
// Every buffer may have leading batch dimensions, each of the result's size or 1 (`expand_dims`
// of jax.ffi). The edges are cut into pieces of a fixed size, whatever their receivers: a node of
// enormous degree is shared between threads, and the order of every sum depends on the graph
// alone, never on the number of threads.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "kernels.h"
#include "parallel.h"
#include "xla/ffi/api/ffi.h"

namespace forcelaw {
namespace {

namespace ffi = xla::ffi;
using Buffer = ffi::AnyBuffer;
using Result = ffi::Result<ffi::AnyBuffer>;
using Ints = ffi::Buffer<ffi::S32>;

// Numbers that a piece of work reads, about 10 microseconds of it.
constexpr int64_t kPieceSize = 1 << 17;
constexpr int64_t kLeastEdges = 256, kMostEdges = 1 << 13;

// Instruction sets in order; the best that this processor has is used.
enum Level { kPlain, kAvx2, kAvx512 };

Level best_level() {
#ifdef FORCELAW_X86
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
    return kAvx512;
  if (avx2) return kAvx2;
#endif
  return kPlain;
}

std::atomic<int> level{best_level()};

template <typename T>
const Kernels<T>& kernels() {
  const Tables* tables = &plain::kTables;
#ifdef FORCELAW_X86
  if (level == kAvx2) tables = &avx2::kTables;
  if (level == kAvx512) tables = &avx512::kTables;
#endif
  if constexpr (std::is_same_v<T, float>) {
    return tables->single;
  } else {
    return tables->full;
  }
}

// The batch dimensions of a result, and where in an operand each batch element begins.
class Batch {
 public:
  Batch(ffi::AnyBuffer::Dimensions result, size_t rank)
      : sizes_(result.begin(), result.end() - rank) {}

  int64_t count() const {
    int64_t count = 1;
    for (int64_t size : sizes_) count *= size;
    return count;
  }

  // Whether an operand has the shape `tail` after batch dimensions that fit.
  bool fits(ffi::AnyBuffer::Dimensions shape, std::vector<int64_t> tail) const {
    if (shape.size() != sizes_.size() + tail.size()) return false;
    for (size_t i = 0; i < sizes_.size(); ++i)
      if (shape[i] != 1 && shape[i] != sizes_[i]) return false;
    return std::equal(tail.begin(), tail.end(), shape.begin() + sizes_.size());
  }

  // Element `index` of an operand, in units of its rows of `size` numbers.
  int64_t begin(ffi::AnyBuffer::Dimensions shape, int64_t index, int64_t size) const {
    int64_t at = 0, stride = size;
    for (size_t i = sizes_.size(); i-- > 0;) {
      if (shape[i] != 1) at += index % sizes_[i] * stride;
      index /= sizes_[i];
      stride *= shape[i];
    }
    return at;
  }

 private:
  std::vector<int64_t> sizes_;
};

// Edges and nodes of the graphs of one call.
struct Sizes {
  int64_t edges, nodes, dim;
};

// One range of the edges of one batch element.
struct Piece {
  int64_t batch, begin, end, first, last;
  int64_t head;  // Which of the heads holds the sum of the first node, begun in an earlier piece.
};

std::vector<Piece> cut(const Batch& batch, Ints offsets, const Sizes& sizes, int64_t* heads) {
  const int64_t width =
      std::clamp(kPieceSize / std::max<int64_t>(1, sizes.dim), kLeastEdges, kMostEdges);
  const int64_t rows = sizes.nodes + 1;
  std::vector<Piece> pieces;
  *heads = 0;
  for (int64_t element = 0; element < batch.count(); ++element) {
    const int32_t* from =
        offsets.typed_data() + batch.begin(offsets.dimensions(), element, rows);
    const auto first_from = [&](int64_t edge) {
      return std::min<int64_t>(std::lower_bound(from, from + rows, edge) - from, sizes.nodes);
    };
    int64_t begin = 0, first = 0;
    do {
      const int64_t end = std::min(begin + width, sizes.edges);
      const int64_t next = end == sizes.edges ? sizes.nodes : first_from(end);
      const bool begun = begin > 0 && first > 0 && (first == sizes.nodes || from[first] > begin);
      pieces.push_back({element, begin, end, first - begun, next, begun ? (*heads)++ : -1});
      begin = end;
      first = next;
    } while (begin < sizes.edges);
  }
  return pieces;
}

// Calls `body(range, batch element, head)` for every piece, in parallel; then adds the heads to
// the rows of `sums`, in order.
template <typename T, typename Body>
void over_edges(ffi::ThreadPool& pool, const Batch& batch, Ints offsets, const Ints* sender,
                const Sizes& sizes, T* sums, const Body& body) {
  int64_t heads;
  const std::vector<Piece> pieces = cut(batch, offsets, sizes, &heads);
  std::vector<T> head(sums ? heads * sizes.dim : 0);
  for_each_piece(pool, static_cast<int64_t>(pieces.size()), [&](int64_t index) {
    const Piece& piece = pieces[index];
    const EdgeRange range = {
        offsets.typed_data() + batch.begin(offsets.dimensions(), piece.batch, sizes.nodes + 1),
        sender ? sender->typed_data() + batch.begin(sender->dimensions(), piece.batch, sizes.edges)
               : nullptr,
        piece.begin,
        piece.end,
        piece.first,
        piece.last,
        sizes.nodes,
        sizes.dim,
    };
    body(range, piece.batch, piece.head < 0 ? nullptr : head.data() + piece.head * sizes.dim);
  });
  if (!sums) return;
  for (const Piece& piece : pieces) {
    if (piece.head < 0) continue;
    T* row = sums + (piece.batch * sizes.nodes + piece.first) * sizes.dim;
    for (int64_t i = 0; i < sizes.dim; ++i) row[i] += head[piece.head * sizes.dim + i];
  }
}

// A buffer's numbers for each batch element.
template <typename T>
class Operand {
 public:
  Operand(const Batch& batch, const Buffer& buffer, int64_t size)
      : batch_(batch), data_(static_cast<const T*>(buffer.untyped_data())),
        shape_(buffer.dimensions()), size_(size) {}
  const T* operator[](int64_t element) const {
    return data_ + batch_.begin(shape_, element, size_);
  }

 private:
  const Batch& batch_;
  const T* data_;
  ffi::AnyBuffer::Dimensions shape_;
  int64_t size_;
};

ffi::Error mismatch() {
  return ffi::Error(ffi::ErrorCode::kInvalidArgument,
                    "forcelaw: the operands of an edge operation do not fit each other");
}

// Calls `function(T())` for the floating-point type of `buffer`.
template <typename Function>
ffi::Error by_type(const Buffer& buffer, Function function) {
  switch (buffer.element_type()) {
    case ffi::F32:
      return function(float());
    case ffi::F64:
      return function(double());
    default:
      return ffi::Error(ffi::ErrorCode::kInvalidArgument,
                        "forcelaw: edge operations are for float32 and float64");
  }
}

int64_t last_dimension(ffi::AnyBuffer::Dimensions shape, size_t from_end = 1) {
  return shape.size() < from_end ? 0 : shape[shape.size() - from_end];
}

// offsets [node + 1], sender [edge], x [node, dim] -> [edge]
ffi::Error lengths(ffi::ThreadPool pool, Ints offsets, Ints sender, Buffer x, Result out) {
  const Batch batch(out->dimensions(), 1);
  const Sizes size = {last_dimension(sender.dimensions()), last_dimension(x.dimensions(), 2),
                      last_dimension(x.dimensions())};
  if (!batch.fits(offsets.dimensions(), {size.nodes + 1}) ||
      !batch.fits(sender.dimensions(), {size.edges}) ||
      !batch.fits(x.dimensions(), {size.nodes, size.dim}) ||
      out->element_type() != x.element_type())
    return mismatch();
  return by_type(x, [&](auto zero) {
    using T = decltype(zero);
    const Operand<T> position(batch, x, size.nodes * size.dim);
    T* to = static_cast<T*>(out->untyped_data());
    over_edges<T>(pool, batch, offsets, &sender, size, nullptr,
                  [&](const EdgeRange& range, int64_t element, T*) {
                    kernels<T>().lengths(range, position[element], to + element * size.edges);
                  });
    return ffi::Error::Success();
  });
}

// offsets [node + 1], sender [edge], a [node, dim], x [node, dim] -> [edge]
ffi::Error dot(ffi::ThreadPool pool, Ints offsets, Ints sender, Buffer a, Buffer x, Result out) {
  const Batch batch(out->dimensions(), 1);
  const Sizes size = {last_dimension(sender.dimensions()), last_dimension(x.dimensions(), 2),
                      last_dimension(x.dimensions())};
  if (!batch.fits(offsets.dimensions(), {size.nodes + 1}) ||
      !batch.fits(sender.dimensions(), {size.edges}) ||
      !batch.fits(a.dimensions(), {size.nodes, size.dim}) ||
      !batch.fits(x.dimensions(), {size.nodes, size.dim}) ||
      a.element_type() != x.element_type() || out->element_type() != x.element_type())
    return mismatch();
  return by_type(x, [&](auto zero) {
    using T = decltype(zero);
    const Operand<T> direction(batch, a, size.nodes * size.dim);
    const Operand<T> position(batch, x, size.nodes * size.dim);
    T* to = static_cast<T*>(out->untyped_data());
    over_edges<T>(pool, batch, offsets, &sender, size, nullptr,
                  [&](const EdgeRange& range, int64_t element, T*) {
                    kernels<T>().dot(range, direction[element], position[element],
                                     to + element * size.edges);
                  });
    return ffi::Error::Success();
  });
}

ffi::Error sum_with(ffi::ThreadPool pool, Ints offsets, Ints sender, Buffer weight,
                    const Buffer* loss, Buffer x, Result out) {
  const Batch batch(out->dimensions(), 2);
  const Sizes size = {last_dimension(sender.dimensions()), last_dimension(x.dimensions(), 2),
                      last_dimension(x.dimensions())};
  if (!batch.fits(offsets.dimensions(), {size.nodes + 1}) ||
      !batch.fits(sender.dimensions(), {size.edges}) ||
      !batch.fits(weight.dimensions(), {size.edges}) ||
      (loss && !batch.fits(loss->dimensions(), {size.edges})) ||
      !batch.fits(x.dimensions(), {size.nodes, size.dim}) ||
      weight.element_type() != x.element_type() || out->element_type() != x.element_type() ||
      (loss && loss->element_type() != x.element_type()))
    return mismatch();
  return by_type(x, [&](auto zero) {
    using T = decltype(zero);
    const Operand<T> weights(batch, weight, size.edges);
    const Operand<T> losses(batch, loss ? *loss : weight, size.edges);
    const Operand<T> position(batch, x, size.nodes * size.dim);
    T* to = static_cast<T*>(out->untyped_data());
    over_edges<T>(pool, batch, offsets, &sender, size, to,
                  [&](const EdgeRange& range, int64_t element, T* head) {
                    kernels<T>().sum(range, weights[element], loss ? losses[element] : nullptr,
                                     position[element], to + element * size.nodes * size.dim,
                                     head);
                  });
    return ffi::Error::Success();
  });
}

// offsets [node + 1], sender [edge], weight [edge], x [node, dim] -> [node, dim]
ffi::Error sum(ffi::ThreadPool pool, Ints offsets, Ints sender, Buffer weight, Buffer x,
               Result out) {
  return sum_with(pool, offsets, sender, weight, nullptr, x, out);
}

// offsets [node + 1], sender [edge], weight [edge], loss [edge], x [node, dim] -> [node, dim]
ffi::Error gain(ffi::ThreadPool pool, Ints offsets, Ints sender, Buffer weight, Buffer loss,
                Buffer x, Result out) {
  return sum_with(pool, offsets, sender, weight, &loss, x, out);
}

// offsets [node + 1], values [edge, dim] -> [node, dim]
ffi::Error messages(ffi::ThreadPool pool, Ints offsets, Buffer values, Result out) {
  const Batch batch(out->dimensions(), 2);
  const Sizes size = {last_dimension(values.dimensions(), 2),
                      last_dimension(out->dimensions(), 2), last_dimension(values.dimensions())};
  if (!batch.fits(offsets.dimensions(), {size.nodes + 1}) ||
      !batch.fits(values.dimensions(), {size.edges, size.dim}) ||
      last_dimension(out->dimensions()) != size.dim ||
      out->element_type() != values.element_type())
    return mismatch();
  return by_type(values, [&](auto zero) {
    using T = decltype(zero);
    const Operand<T> message(batch, values, size.edges * size.dim);
    T* to = static_cast<T*>(out->untyped_data());
    over_edges<T>(pool, batch, offsets, nullptr, size, to,
                  [&](const EdgeRange& range, int64_t element, T* head) {
                    kernels<T>().messages(range, message[element],
                                          to + element * size.nodes * size.dim, head);
                  });
    return ffi::Error::Success();
  });
}

auto bind() { return ffi::Ffi::Bind().Ctx<ffi::ThreadPool>().Arg<Ints>(); }

}  // namespace
}  // namespace forcelaw

using forcelaw::Buffer;
using forcelaw::Ints;

XLA_FFI_DEFINE_HANDLER_SYMBOL(forcelaw_edge_lengths, forcelaw::lengths,
                              forcelaw::bind().Arg<Ints>().Arg<Buffer>().Ret<Buffer>());
XLA_FFI_DEFINE_HANDLER_SYMBOL(
    forcelaw_edge_dot, forcelaw::dot,
    forcelaw::bind().Arg<Ints>().Arg<Buffer>().Arg<Buffer>().Ret<Buffer>());
XLA_FFI_DEFINE_HANDLER_SYMBOL(
    forcelaw_edge_sum, forcelaw::sum,
    forcelaw::bind().Arg<Ints>().Arg<Buffer>().Arg<Buffer>().Ret<Buffer>());
XLA_FFI_DEFINE_HANDLER_SYMBOL(
    forcelaw_edge_gain, forcelaw::gain,
    forcelaw::bind().Arg<Ints>().Arg<Buffer>().Arg<Buffer>().Arg<Buffer>().Ret<Buffer>());
XLA_FFI_DEFINE_HANDLER_SYMBOL(forcelaw_sum_messages, forcelaw::messages,
                              forcelaw::bind().Arg<Buffer>().Ret<Buffer>());

// Of the names, arguments and results above; a library built from other sources is not used.
extern "C" int forcelaw_kernels_version() { return 1; }

// Uses at most the given instruction set from now on; returns the one in use. For tests.
extern "C" int forcelaw_instruction_set(int at_most) {
  forcelaw::level = std::min<int>(at_most, forcelaw::best_level());
  return forcelaw::level;
}
