// The bodies of the kernels. Included once for each instruction set, inside its namespace and
// after `VECTOR_BYTES` has been defined; includes nothing itself.
//
// Vectors are the GNU extension that gcc and clang share, which either compiler splits where the
// processor has narrower ones. Sums keep one accumulator for each lane: their order is fixed by
// the source, so that no option has to allow the compiler to change it.

template <typename T, int lanes>
struct Vector {
  typedef T type __attribute__((vector_size(lanes * sizeof(T))));
};

template <typename T, int lanes>
inline typename Vector<T, lanes>::type load(const T* from) {
  typename Vector<T, lanes>::type vector;
  __builtin_memcpy(&vector, from, sizeof vector);
  return vector;
}

template <typename T, int lanes>
inline T total(const typename Vector<T, lanes>::type& vector) {
  if constexpr (lanes == 1) {
    return vector[0];
  } else {
    typename Vector<T, lanes / 2>::type half[2];
    __builtin_memcpy(half, &vector, sizeof vector);
    const typename Vector<T, lanes / 2>::type added = half[0] + half[1];
    return total<T, lanes / 2>(added);
  }
}

// As many lanes as the registers have, or fewer where a row is shorter.
template <typename T, int dim>
constexpr int lanes_of() {
  int lanes = VECTOR_BYTES / sizeof(T);
  while (dim > 0 && dim % lanes != 0) lanes /= 2;
  return lanes;
}

// Senders ahead of the one at work whose rows are asked for: rows lie in memory at random.
constexpr int64_t kAhead = 8;
constexpr int64_t kLine = 64;

template <typename T>
struct Rows {
  const T* data;
  const EdgeRange& range;

  // A sender out of range, which no checked graph has, must not read foreign memory.
  const T* sender(int64_t edge, int64_t dim) const {
    const uint32_t node = static_cast<uint32_t>(range.sender[edge]);
    const uint32_t last = static_cast<uint32_t>(range.nodes - 1);
    return data + static_cast<int64_t>(node < last ? node : last) * dim;
  }

  void prefetch(int64_t edge, int64_t dim) const {
    if (edge + kAhead >= range.end) return;
    const char* row = reinterpret_cast<const char*>(sender(edge + kAhead, dim));
    const int64_t bytes = dim * static_cast<int64_t>(sizeof(T));
    for (int64_t at = 0; at < bytes; at += kLine) __builtin_prefetch(row + at);
  }
};

template <typename Body>
inline void for_each_receiver(const EdgeRange& range, Body body) {
  for (int64_t node = range.first; node < range.last; ++node) {
    const int64_t begin = range.offsets[node] > range.begin ? range.offsets[node] : range.begin;
    const int64_t end = range.offsets[node + 1] < range.end ? range.offsets[node + 1] : range.end;
    body(node, begin, end);
  }
}

// The sum over a row of `vectors(at)`, and of `scalars(at)` where whole vectors end.
template <typename T, int fixed, typename Vectors, typename Scalars>
inline T over_row(int64_t dim, Vectors vectors, Scalars scalars) {
  constexpr int lanes = lanes_of<T, fixed>();
  typename Vector<T, lanes>::type sum = {};
  int64_t at = 0;
  for (; at + lanes <= dim; at += lanes) sum += vectors(at);
  T result = total<T, lanes>(sum);
  if constexpr (fixed == 0) {
    for (; at < dim; ++at) result += scalars(at);
  }
  return result;
}

template <typename T, int fixed>
void lengths(const EdgeRange& range, const T* x, T* out) {
  constexpr int lanes = lanes_of<T, fixed>();
  const int64_t dim = fixed ? fixed : range.dim;
  const Rows<T> rows{x, range};
  for_each_receiver(range, [&](int64_t node, int64_t begin, int64_t end) {
    const T* xr = x + node * dim;
    for (int64_t edge = begin; edge < end; ++edge) {
      rows.prefetch(edge, dim);
      const T* xs = rows.sender(edge, dim);
      out[edge] = over_row<T, fixed>(
          dim,
          [&](int64_t at) {
            const auto apart = load<T, lanes>(xs + at) - load<T, lanes>(xr + at);
            return apart * apart;
          },
          [&](int64_t at) { return (xs[at] - xr[at]) * (xs[at] - xr[at]); });
    }
  });
  // Roots in a loop of their own, which the compiler makes wide.
  for (int64_t edge = range.begin; edge < range.end; ++edge) out[edge] = __builtin_sqrt(out[edge]);
}

template <typename T, int fixed>
void dot(const EdgeRange& range, const T* a, const T* x, T* out) {
  constexpr int lanes = lanes_of<T, fixed>();
  const int64_t dim = fixed ? fixed : range.dim;
  const Rows<T> rows{x, range};
  for_each_receiver(range, [&](int64_t node, int64_t begin, int64_t end) {
    const T* xr = x + node * dim;
    const T* ar = a + node * dim;
    for (int64_t edge = begin; edge < end; ++edge) {
      rows.prefetch(edge, dim);
      const T* xs = rows.sender(edge, dim);
      out[edge] = over_row<T, fixed>(
          dim,
          [&](int64_t at) {
            return load<T, lanes>(ar + at) * (load<T, lanes>(xs + at) - load<T, lanes>(xr + at));
          },
          [&](int64_t at) { return ar[at] * (xs[at] - xr[at]); });
    }
  });
}

// Rows are summed in registers where their length is known, else in place.
template <typename T, int fixed>
struct RowSum {
  static constexpr int lanes = lanes_of<T, fixed>();
  static constexpr int count = fixed ? fixed / lanes : 1;
  typename Vector<T, lanes>::type held[count] = {};
  T* row;
  int64_t dim;

  RowSum(T* row, int64_t dim) : row(row), dim(dim) {
    if constexpr (fixed == 0) __builtin_memset(row, 0, dim * sizeof(T));
  }

  template <typename Vectors, typename Scalars>
  void add(Vectors vectors, Scalars scalars) {
    if constexpr (fixed) {
      for (int i = 0; i < count; ++i) held[i] += vectors(i * lanes);
    } else {
      int64_t at = 0;
      for (; at + lanes <= dim; at += lanes) {
        const auto sum = load<T, lanes>(row + at) + vectors(at);
        __builtin_memcpy(row + at, &sum, sizeof sum);
      }
      for (; at < dim; ++at) row[at] += scalars(at);
    }
  }

  void store() {
    if constexpr (fixed) __builtin_memcpy(row, held, sizeof held);
  }
};

template <typename T>
inline T* row_of(const EdgeRange& range, int64_t node, int64_t dim, T* out, T* head) {
  return head && node == range.first ? head : out + node * dim;
}

template <typename T, int fixed>
void sum(const EdgeRange& range, const T* weight, const T* loss, const T* x, T* out, T* head) {
  constexpr int lanes = lanes_of<T, fixed>();
  const int64_t dim = fixed ? fixed : range.dim;
  const Rows<T> rows{x, range};
  for_each_receiver(range, [&](int64_t node, int64_t begin, int64_t end) {
    const T* xr = x + node * dim;
    RowSum<T, fixed> sum(row_of(range, node, dim, out, head), dim);
    T excess = 0;
    for (int64_t edge = begin; edge < end; ++edge) {
      rows.prefetch(edge, dim);
      const T* xs = rows.sender(edge, dim);
      const T w = weight[edge];
      if (loss) excess += w - loss[edge];
      sum.add(
          [&](int64_t at) { return w * (load<T, lanes>(xs + at) - load<T, lanes>(xr + at)); },
          [&](int64_t at) { return w * (xs[at] - xr[at]); });
    }
    if (loss)
      sum.add([&](int64_t at) { return excess * load<T, lanes>(xr + at); },
              [&](int64_t at) { return excess * xr[at]; });
    sum.store();
  });
}

template <typename T, int fixed>
void messages(const EdgeRange& range, const T* values, T* out, T* head) {
  constexpr int lanes = lanes_of<T, fixed>();
  const int64_t dim = fixed ? fixed : range.dim;
  for_each_receiver(range, [&](int64_t node, int64_t begin, int64_t end) {
    RowSum<T, fixed> sum(row_of(range, node, dim, out, head), dim);
    for (int64_t edge = begin; edge < end; ++edge) {
      const T* row = values + edge * dim;
      sum.add([&](int64_t at) { return load<T, lanes>(row + at); },
              [&](int64_t at) { return row[at]; });
    }
    sum.store();
  });
}

// Calls `function` with the dimension as a constant where it is a common one, else with zero.
template <typename Function>
inline void by_dim(int64_t dim, Function function) {
  switch (dim) {
    case 1: return function(std::integral_constant<int, 1>());
    case 2: return function(std::integral_constant<int, 2>());
    case 3: return function(std::integral_constant<int, 3>());
    case 4: return function(std::integral_constant<int, 4>());
    case 8: return function(std::integral_constant<int, 8>());
    case 16: return function(std::integral_constant<int, 16>());
    case 32: return function(std::integral_constant<int, 32>());
    case 64: return function(std::integral_constant<int, 64>());
    case 128: return function(std::integral_constant<int, 128>());
    default: return function(std::integral_constant<int, 0>());
  }
}

template <typename T>
constexpr Kernels<T> table() {
  return {
      [](const EdgeRange& range, const T* x, T* out) {
        by_dim(range.dim, [&](auto dim) { lengths<T, decltype(dim)::value>(range, x, out); });
      },
      [](const EdgeRange& range, const T* a, const T* x, T* out) {
        by_dim(range.dim, [&](auto dim) { dot<T, decltype(dim)::value>(range, a, x, out); });
      },
      [](const EdgeRange& range, const T* weight, const T* loss, const T* x, T* out, T* head) {
        by_dim(range.dim,
               [&](auto dim) { sum<T, decltype(dim)::value>(range, weight, loss, x, out, head); });
      },
      [](const EdgeRange& range, const T* values, T* out, T* head) {
        by_dim(range.dim,
               [&](auto dim) { messages<T, decltype(dim)::value>(range, values, out, head); });
      },
  };
}
