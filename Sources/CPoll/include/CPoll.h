// SPDX-License-Identifier: Apache-2.0
#ifndef MALLA_CPOLL_H
#define MALLA_CPOLL_H

#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// What Swift's module of the C library leaves out: epoll(7) and eventfd(2), and what the library shows only to GNU programs.

/// accept4(2): a connection that does not block and is not inherited; -1 and errno.
int malla_accept(int descriptor, void *address, unsigned *length);

/// recv(2) and send(2), which are points where a thread can be cancelled: the library keeps account of that with two locked
/// instructions around each call. Nobody cancels threads here.
long malla_receive(int descriptor, void *bytes, size_t count);
/// A peer that has gone is an error, not a signal.
long malla_send(int descriptor, const void *bytes, size_t count);

/// Names the thread that calls it, for ps(1) and debuggers.
void malla_name_thread(const char *name);

#endif
