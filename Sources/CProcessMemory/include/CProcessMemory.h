// SPDX-License-Identifier: Apache-2.0
#ifndef MALLA_PROCESS_MEMORY_H
#define MALLA_PROCESS_MEMORY_H

/// Gives back what only the start of the process needed: free memory of the heap, and the pages of program and libraries that nothing
/// has ever written to. Those are read from their files again when they are touched, a page or a few at a time.
///
/// May be called at any time, from any thread. Does nothing where the system has no such calls.
void malla_release_startup_memory(void);

#endif
