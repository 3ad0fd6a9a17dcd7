/*
 * Two functions of glibc 2.35 and 2.36 that the compiler's static archives call if they were built beside such a glibc.
 * With them, the program starts wherever glibc is 2.34 or newer: RHEL 9, Amazon Linux 2023 and Ubuntu 22.04 among others.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Nobody outside the program finds them. */
#define OWN __attribute__((visibility("hidden")))

/* Of glibc 2.36; libstdc++'s std::random_device asks for it. */
OWN uint32_t arc4random(void);

uint32_t arc4random(void) {
    uint32_t drawn;
    while (getrandom(&drawn, sizeof drawn, 0) != (ssize_t)sizeof drawn) {
    }
    return drawn;
}

#ifdef DLFO_EH_SEGMENT_TYPE /* This glibc has it, so libgcc's unwinder may ask for it. */
struct search {
    uintptr_t address;
    struct dl_find_object *found;
};

static int look(struct dl_phdr_info *object, size_t size, void *data) {
    struct search *search = data;
    const ElfW(Phdr) *holds = NULL, *table = NULL;
    (void)size;
    for (unsigned i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        uintptr_t start = object->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && search->address - start < part->p_memsz) {
            holds = part;
        } else if (part->p_type == DLFO_EH_SEGMENT_TYPE) {
            table = part;
        }
    }
    if (holds == NULL || table == NULL) {
        return 0;
    }
    /* What the unwinder reads: where the frames' table is, and the bounds of this mapping. */
    uintptr_t start = object->dlpi_addr + holds->p_vaddr;
    memset(search->found, 0, sizeof *search->found);
    search->found->dlfo_map_start = (void *)start;
    search->found->dlfo_map_end = (void *)(start + holds->p_memsz);
    search->found->dlfo_eh_frame = (void *)(object->dlpi_addr + table->p_vaddr);
    return 1;
}

OWN int _dl_find_object(void *address, struct dl_find_object *found);

int _dl_find_object(void *address, struct dl_find_object *found) {
#if DLFO_STRUCT_HAS_EH_DBASE
#error "on this machine, frames may be relative to a base that is not looked up here"
#endif
    struct search search = {(uintptr_t)address, found};
    return dl_iterate_phdr(look, &search) == 1 ? 0 : -1;
}
#endif
