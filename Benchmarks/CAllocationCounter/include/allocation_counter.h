// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdint.h>

// How often the calling thread has asked the allocator for memory since it began. Always 0 where the C library is not glibc.
uint64_t malla_thread_allocations(void);

// Processor time of the calling thread in nanoseconds.
uint64_t malla_thread_nanoseconds(void);
