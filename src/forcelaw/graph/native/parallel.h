// Independent pieces of work, shared between the calling thread and XLA's own threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "xla/ffi/api/ffi.h"

namespace forcelaw {

// Runs `work(i)` for i in [0, count) and returns when all have ended.
//
// The caller works too and waits only for pieces that another thread has begun, never for a task
// that the pool has not started: on a pool that is busy, or is this very thread, nothing hangs.
// A task that starts late finds no piece left and touches nothing but the shared counters.
template <typename Work>
void for_each_piece(xla::ffi::ThreadPool& pool, int64_t count, const Work& work) {
  const int64_t helpers = std::min<int64_t>(pool.num_threads(), count) - 1;
  if (helpers < 1) {
    for (int64_t piece = 0; piece < count; ++piece) work(piece);
    return;
  }
  struct Shared {
    std::atomic<int64_t> next{0};
    std::atomic<int64_t> left;
    std::mutex mutex;
    std::condition_variable all_done;
  };
  auto shared = std::make_shared<Shared>();
  shared->left = count;
  auto take = [shared, count, pointer = &work] {
    for (int64_t piece; (piece = shared->next.fetch_add(1)) < count;) {
      (*pointer)(piece);
      if (shared->left.fetch_sub(1) == 1) {
        std::lock_guard<std::mutex> lock(shared->mutex);
        shared->all_done.notify_one();
      }
    }
  };
  for (int64_t helper = 0; helper < helpers; ++helper) pool.Schedule(decltype(take)(take));
  take();
  std::unique_lock<std::mutex> lock(shared->mutex);
  shared->all_done.wait(lock, [&] { return shared->left.load() == 0; });
}

}  // namespace forcelaw
