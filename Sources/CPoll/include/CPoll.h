// SPDX-License-Identifier: Apache-2.0
#ifndef MALLA_CPOLL_H
#define MALLA_CPOLL_H

#include <sys/epoll.h>
#include <sys/eventfd.h>

// What Swift's module of the C library leaves out: epoll(7) and eventfd(2), and what the library shows only to GNU programs.

/// accept4(2): a connection that does not block and is not inherited; -1 and errno.
int malla_accept(int descriptor, void *address, unsigned *length);

/// Names the thread that calls it, for ps(1) and debuggers.
void malla_name_thread(const char *name);

#endif
