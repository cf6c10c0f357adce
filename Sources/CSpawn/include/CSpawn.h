// SPDX-License-Identifier: Apache-2.0
#ifndef MALLA_CSPAWN_H
#define MALLA_CSPAWN_H

#include <sys/types.h>

/// What a child is started with. Descriptors 3 and up are never inherited.
typedef struct {
    /// Searched on PATH when it holds no slash.
    const char *executable;
    /// Both end with NULL.
    char *const *arguments;
    char *const *environment;
    /// Become the child's 0, 1 and 2; -1 leaves the parent's.
    int standard_input;
    int standard_output;
    int standard_error;
    /// Not 0: the child's group becomes the foreground group of the terminal on descriptor 0.
    int foreground;
    /// Sent to the child by the kernel when the thread that started it ends (Linux); 0 for none.
    int parent_death_signal;
} malla_spawn_request;

/// Starts a child in a process group of its own, every signal at its default and unblocked.
/// Returns 0 and sets `pid`, or the errno of what failed, exec included.
int malla_spawn(const malla_spawn_request *request, pid_t *pid);

#endif
