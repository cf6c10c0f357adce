// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CPoll.h"

#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int malla_accept(int descriptor, void *address, unsigned *length) {
    return accept4(descriptor, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

long malla_receive(int descriptor, void *bytes, size_t count) {
    return syscall(SYS_recvfrom, descriptor, bytes, count, 0, NULL, NULL);
}

long malla_send(int descriptor, const void *bytes, size_t count) {
    return syscall(SYS_sendto, descriptor, bytes, count, MSG_NOSIGNAL, NULL, 0);
}

void malla_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
