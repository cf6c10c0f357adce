// SPDX-License-Identifier: Apache-2.0
// fork and exec in C: between the two only async-signal-safe calls may stand, which Swift cannot promise,
// and posix_spawn can neither ask for a parent-death signal nor move the terminal's foreground group.
#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

static void close_others(int keep) {
#ifdef __linux__
    if (keep > 3 && close_range(3, (unsigned)keep - 1, 0) == 0 && close_range((unsigned)keep + 1, ~0U, 0) == 0) return;
    if (keep == 3 && close_range(4, ~0U, 0) == 0) return;
#endif
    long limit = sysconf(_SC_OPEN_MAX);
    if (limit < 0 || limit > 65536) limit = 65536;
    for (int descriptor = 3; descriptor < limit; descriptor++)
        if (descriptor != keep) close(descriptor);
}

static int place(int descriptor, int target) { return descriptor < 0 || dup2(descriptor, target) >= 0 ? 0 : errno; }

static int run_child(const malla_spawn_request *request, pid_t parent, int report) {
    if (setpgid(0, 0) != 0) return errno;
    if (request->foreground) {
        sigset_t blocked;
        sigemptyset(&blocked);
        sigaddset(&blocked, SIGTTOU);
        sigprocmask(SIG_BLOCK, &blocked, NULL);
        tcsetpgrp(0, getpid());
    }
#ifdef __linux__
    if (request->parent_death_signal != 0) {
        if (prctl(PR_SET_PDEATHSIG, request->parent_death_signal) != 0) return errno;
        if (getppid() != parent) return ESRCH;  // it died before the kernel was asked to watch it
    }
#else
    (void)parent;
#endif
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigemptyset(&standard.sa_mask);
    for (int number = 1; number < NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP) sigaction(number, &standard, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int failure = place(request->standard_input, 0);
    if (failure == 0) failure = place(request->standard_output, 1);
    if (failure == 0) failure = place(request->standard_error, 2);
    if (failure != 0) return failure;
    close_others(report);
    execvpe(request->executable, request->arguments, request->environment);
    return errno;
}

int malla_spawn(const malla_spawn_request *request, pid_t *pid) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return errno;
    pid_t parent = getpid();
    // No handler of the parent may run in the child before exec.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    if (child == 0) {
        close(report[0]);
        int failure = run_child(request, parent, report[1]);
        ssize_t written = write(report[1], &failure, sizeof failure);
        (void)written;
        _exit(127);
    }
    int failure = child < 0 ? errno : 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (child > 0) {
        int told = 0;
        ssize_t count;
        do count = read(report[0], &told, sizeof told);
        while (count < 0 && errno == EINTR);
        if (count == (ssize_t)sizeof told) {
            failure = told;
            while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        } else {
            *pid = child;
        }
    }
    close(report[0]);
    return failure;
}
