// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CPoll.h"

#include <pthread.h>
#include <sys/socket.h>

int malla_accept(int descriptor, void *address, unsigned *length) {
    return accept4(descriptor, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

void malla_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
