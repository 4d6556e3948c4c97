/* Faults of a disk, for tests: laid before the C library (LD_PRELOAD) of a whole process, so that SQLite and the
 * standard library meet them alike. Calls that touch a file under PUPITRE_FAULT_UNDER are counted; the one numbered
 * PUPITRE_FAULT_AT, and as many after it as PUPITRE_FAULT_FOR says, go wrong as PUPITRE_FAULT_KIND says:
 *   full  no room: what writes answers ENOSPC
 *   io    the disk fails: what reads, writes or syncs answers EIO
 *   kill  the process is gone before the call
 *   torn  half of what is written is written, then the process is gone
 * How many calls there were stands in the file PUPITRE_FAULT_TELLS at the end.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum kind { NONE, FULL, IO, KILL, TORN };

static const char *under;
static size_t length;
static long at, many;
static enum kind kind;
static atomic_long calls;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("PUPITRE_FAULT_KIND");
    const char *number = getenv("PUPITRE_FAULT_AT");
    const char *range = getenv("PUPITRE_FAULT_FOR");
    under = getenv("PUPITRE_FAULT_UNDER");
    length = under ? strlen(under) : 0;
    at = number ? atol(number) : 0;
    many = range ? atol(range) : 1;
    if (!name) kind = NONE;
    else if (!strcmp(name, "full")) kind = FULL;
    else if (!strcmp(name, "io")) kind = IO;
    else if (!strcmp(name, "kill")) kind = KILL;
    else if (!strcmp(name, "torn")) kind = TORN;
}

__attribute__((destructor)) static void end(void) {
    const char *tells = getenv("PUPITRE_FAULT_TELLS");
    if (!tells) return;
    FILE *file = fopen(tells, "w");
    if (!file) return;
    fprintf(file, "%ld", atomic_load(&calls));
    fclose(file);
}

static int is_ours(const char *path) {
    return under && path && !strncmp(path, under, length);
}

static int is_ours_fd(int fd) {
    char link[64], path[4096];
    if (!under) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t read = readlink(link, path, sizeof path - 1);
    if (read < 0) return 0;
    path[read] = 0;
    return is_ours(path);
}

/* Whether this call goes wrong; a kill does not come back, unless half of it is to be done first. */
static int wrong(int writes, int tears) {
    if (kind == FULL && !writes) return 0;
    /* A kill between two reads is one between the writes around them. */
    if ((kind == KILL || kind == TORN) && !writes) return 0;
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (number < at || number >= at + many || at == 0) return 0;
    if (kind == KILL || (kind == TORN && !tears)) kill(getpid(), SIGKILL);
    if (kind == FULL) errno = ENOSPC;
    if (kind == IO) errno = EIO;
    return kind != NONE;
}

#define REAL(name) \
    static typeof(&name) real; \
    if (!real) real = (typeof(&name))dlsym(RTLD_NEXT, #name)

#define TORN_OR(half) \
    if (kind == TORN) { half; kill(getpid(), SIGKILL); } \
    return -1

ssize_t write(int fd, const void *bytes, size_t count) {
    REAL(write);
    if (is_ours_fd(fd) && wrong(1, 1)) { TORN_OR(real(fd, bytes, count / 2)); }
    return real(fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    REAL(pwrite);
    if (is_ours_fd(fd) && wrong(1, 1)) { TORN_OR(real(fd, bytes, count / 2, offset)); }
    return real(fd, bytes, count, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    REAL(pwrite64);
    if (is_ours_fd(fd) && wrong(1, 1)) { TORN_OR(real(fd, bytes, count / 2, offset)); }
    return real(fd, bytes, count, offset);
}

ssize_t read(int fd, void *bytes, size_t count) {
    REAL(read);
    if (is_ours_fd(fd) && wrong(0, 0)) return -1;
    return real(fd, bytes, count);
}

ssize_t pread(int fd, void *bytes, size_t count, off_t offset) {
    REAL(pread);
    if (is_ours_fd(fd) && wrong(0, 0)) return -1;
    return real(fd, bytes, count, offset);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t offset) {
    REAL(pread64);
    if (is_ours_fd(fd) && wrong(0, 0)) return -1;
    return real(fd, bytes, count, offset);
}

int ftruncate(int fd, off_t size) {
    REAL(ftruncate);
    if (is_ours_fd(fd) && wrong(1, 0)) return -1;
    return real(fd, size);
}

int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    if (is_ours_fd(fd) && wrong(1, 0)) return -1;
    return real(fd, size);
}

int fallocate(int fd, int mode, off_t offset, off_t size) {
    REAL(fallocate);
    if (is_ours_fd(fd) && wrong(1, 0)) return -1;
    return real(fd, mode, offset, size);
}

int fsync(int fd) {
    REAL(fsync);
    if (is_ours_fd(fd) && wrong(1, 0)) return -1;
    return real(fd);
}

int fdatasync(int fd) {
    REAL(fdatasync);
    if (is_ours_fd(fd) && wrong(1, 0)) return -1;
    return real(fd);
}

int rename(const char *from, const char *to) {
    REAL(rename);
    if (is_ours(to) && wrong(1, 0)) return -1;
    return real(from, to);
}

int link(const char *from, const char *to) {
    REAL(link);
    if (is_ours(to) && wrong(1, 0)) return -1;
    return real(from, to);
}

int linkat(int of, const char *from, int in, const char *to, int flags) {
    REAL(linkat);
    if (is_ours(to) && wrong(1, 0)) return -1;
    return real(of, from, in, to, flags);
}

int unlink(const char *path) {
    REAL(unlink);
    /* A full disk gives room back. */
    if (kind != FULL && is_ours(path) && wrong(1, 0)) return -1;
    return real(path);
}

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    if (is_ours(path) && wrong(1, 0)) return -1;
    return real(path, mode);
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list more; \
            va_start(more, flags); \
            mode = va_arg(more, mode_t); \
            va_end(more); \
        } \
        struct stat known; \
        if ((flags & O_CREAT) && is_ours(path) && stat(path, &known) && wrong(1, 0)) return -1; \
        return real(path, flags, mode); \
    }

OPEN(open)
OPEN(open64)
