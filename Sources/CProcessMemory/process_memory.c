// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CProcessMemory.h"

#if defined(__linux__)

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

/// Segments that are mapped without the right to write are the file's own pages: dropping them loses nothing. An object with text
/// relocations has written to them nevertheless, and is left alone.
static int release_object(struct dl_phdr_info *info, size_t size, void *page_size) {
    (void)size;
    const uintptr_t page = *(const uintptr_t *)page_size;
    int is_dynamic = 0;
    for (int index = 0; index < info->dlpi_phnum; index++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[index];
        if (header->p_type != PT_DYNAMIC) continue;
        is_dynamic = 1;
        for (const ElfW(Dyn) *entry = (const ElfW(Dyn) *)(info->dlpi_addr + header->p_vaddr); entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_TEXTREL) return 0;
            if (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0) return 0;
        }
    }
    if (!is_dynamic) return 0;
    for (int index = 0; index < info->dlpi_phnum; index++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[index];
        if (header->p_type != PT_LOAD || (header->p_flags & PF_W) != 0) continue;
        // Whole pages of this segment only: the ones at its ends may be shared with a segment that is written to.
        uintptr_t start = (info->dlpi_addr + header->p_vaddr + page - 1) / page * page;
        uintptr_t end = (info->dlpi_addr + header->p_vaddr + header->p_filesz) / page * page;
        if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void malla_release_startup_memory(void) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
    dl_iterate_phdr(release_object, &page);
}

#else

void malla_release_startup_memory(void) {}

#endif
