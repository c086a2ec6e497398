/* Fails, cuts short or kills at the n-th call of a kind on a path: loaded by LD_PRELOAD.

   What is asked stands in the environment (tools/faults/shim.py writes it): QUETSACH_FAULTS_ROOT is
   the folder whose paths are looked at, QUETSACH_FAULTS_MEMORY a file that all processes map and in
   which each call is noted, QUETSACH_FAULTS_PLAN "OP FAULT N PATTERN": at the N-th call OP whose role
   matches PATTERN (fnmatch) the fault happens; empty to only look. A role is the path below the root,
   or stdout, stderr, malloc, mmap; a child's has "child:" before it. FAULT is a number of errno,
   "short", "kill"; with "+" behind it all later calls of the kind below the root fail, too.

   Every call goes straight to the kernel, so nothing here needs memory or a symbol of the C library. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define LONGEST 1024
#define GREAT 65536 /* bytes from which on a request for memory is a site */
#define FILES 4096

struct notes {
    _Atomic uint64_t used;
    _Atomic uint64_t size;
    _Atomic uint64_t matched;
    _Atomic uint64_t fired;
    _Atomic int64_t first;
    char text[];
};

static struct notes *notes;
static char root[LONGEST], here[LONGEST], memory[LONGEST], plan[LONGEST];
static size_t root_length;
static char plan_op[16], plan_fault[16], plan_role[LONGEST];
static uint64_t plan_n;
static int plan_lasts;
static unsigned char written[FILES];
static _Atomic int is_begun; /* requests for memory count from the first look at a file on */

static long number(const char *text) {
    long value = 0;
    while (*text >= '0' && *text <= '9') value = value * 10 + (*text++ - '0');
    return value;
}

/* Look at this process and its children from now on; a program that was loaded before calls it. */
void faults_begin(const char *at, const char *below, const char *asked) {
    const char *own = getenv("LD_PRELOAD");
    snprintf(root, sizeof root, "%s/", below);
    root_length = strlen(root);
    snprintf(here, sizeof here, "LD_PRELOAD=%s", own ? own : "");
    snprintf(memory, sizeof memory, "QUETSACH_FAULTS_MEMORY=%s", at);
    snprintf(plan, sizeof plan, "QUETSACH_FAULTS_PLAN=%s", asked ? asked : "");
    if (asked && *asked) {
        char count[24] = "";
        if (sscanf(asked, "%15s %15s %23s %1023[^\n]", plan_op, plan_fault, count, plan_role) == 4)
            plan_n = (uint64_t)number(count);
        size_t length = strlen(plan_fault);
        if (length && plan_fault[length - 1] == '+') plan_lasts = 1, plan_fault[length - 1] = 0;
    }
    int file = (int)syscall(SYS_openat, AT_FDCWD, at, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    struct stat state;
    if (!fstat(file, &state)) {
        void *mapped = (void *)syscall(SYS_mmap, 0, state.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (mapped != MAP_FAILED) {
            struct notes *shared = mapped;
            int64_t nobody = 0;
            atomic_compare_exchange_strong(&shared->first, &nobody, (int64_t)syscall(SYS_getpid));
            atomic_store(&shared->size, (uint64_t)state.st_size - sizeof *shared);
            notes = shared;
        }
    }
    syscall(SYS_close, file);
}

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("QUETSACH_FAULTS_MEMORY");
    const char *below = getenv("QUETSACH_FAULTS_ROOT");
    if (at && below) faults_begin(at, below, getenv("QUETSACH_FAULTS_PLAN"));
}

/* Note the call and return 0, or the errno that it shall have; -1 for a short write. */
static int look(const char *op, const char *role) {
    char line[LONGEST + 64], *named;
    int is_first = syscall(SYS_getpid) == atomic_load(&notes->first);
    int length = snprintf(line, sizeof line, "%s\t%s%s\n", op, is_first ? "" : "child:", role);
    if (length < 0 || (size_t)length >= sizeof line) return 0;
    uint64_t place = atomic_fetch_add(&notes->used, (uint64_t)length);
    if (place + (uint64_t)length <= atomic_load(&notes->size)) memcpy(notes->text + place, line, (size_t)length);
    if (!plan_n || strcmp(op, plan_op)) return 0;
    line[length - 1] = 0;
    named = line + strlen(op) + 1;
    int is_due = 0;
    if (!fnmatch(plan_role, named, 0)) is_due = atomic_fetch_add(&notes->matched, 1) + 1 == plan_n;
    if (!is_due && !(plan_lasts && atomic_load(&notes->fired) && strncmp(named, "std", 3))) return 0;
    atomic_fetch_add(&notes->fired, 1);
    if (!strcmp(plan_fault, "kill")) {
        syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
        for (;;) syscall(SYS_sched_yield);
    }
    return strcmp(plan_fault, "short") ? (int)number(plan_fault) : -1;
}

/* Return the part of an absolute path below the root, or NULL. */
static const char *below(const char *path) {
    return notes && !strncmp(path, root, root_length) ? path + root_length : NULL;
}

static int link_of(int file, char *path) {
    char name[48];
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    long length = syscall(SYS_readlinkat, AT_FDCWD, name, path, LONGEST - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return 1;
}

static int absolute(int folder, const char *path, char *whole) {
    if (*path == '/') return snprintf(whole, LONGEST, "%s", path) < LONGEST;
    char at[LONGEST];
    if (folder == AT_FDCWD) {
        if (syscall(SYS_getcwd, at, sizeof at) <= 0) return 0;
    } else if (!link_of(folder, at)) return 0;
    while (!strncmp(path, "./", 2)) path += 2;
    return snprintf(whole, LONGEST, "%s/%s", at, path) < LONGEST;
}

static int look_at_path(const char *op, int folder, const char *path) {
    char whole[LONGEST];
    const char *role;
    int kept = errno, due = 0;
    if (notes && path && absolute(folder, path, whole) && (role = below(whole))) {
        atomic_store(&is_begun, 1);
        due = look(op, role);
    }
    errno = kept;
    return due;
}

static int look_at_file(const char *op, int file) {
    char whole[LONGEST];
    const char *role = NULL;
    int kept = errno, due = 0;
    if (notes && file >= 0 && link_of(file, whole)) {
        role = below(whole);
        if (!role && (file == 1 || file == 2) && strcmp(whole, "/dev/null") && strcmp(op, "read"))
            role = file == 1 ? "stdout" : "stderr";
        if (role) due = look(op, role);
    }
    errno = kept;
    return due;
}

#define FAIL_WITH(due, failed)   \
    do {                         \
        int wrong = (due);       \
        if (wrong > 0) {         \
            errno = wrong;       \
            return failed;       \
        }                        \
    } while (0)

static int opened(int folder, const char *path, int flags, mode_t mode) {
    int makes = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
    FAIL_WITH(look_at_path(makes ? "create" : "open", folder, path), -1);
    int file = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (file >= 0 && file < FILES) written[file] = (flags & O_ACCMODE) != O_RDONLY;
    return file;
}

#define MODE_OF(flags, mode)                                             \
    mode_t mode = 0;                                                     \
    if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE) {       \
        va_list rest;                                                    \
        va_start(rest, flags);                                           \
        mode = (mode_t)va_arg(rest, unsigned);                           \
        va_end(rest);                                                    \
    }

int open(const char *path, int flags, ...) { MODE_OF(flags, mode) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags, mode) return opened(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE_OF(flags, mode) return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE_OF(flags, mode) return opened(at, path, flags, mode); }

ssize_t read(int file, void *into, size_t size) {
    FAIL_WITH(look_at_file("read", file), -1);
    return syscall(SYS_read, file, into, size);
}
ssize_t pread(int file, void *into, size_t size, off_t at) {
    FAIL_WITH(look_at_file("read", file), -1);
    return syscall(SYS_pread64, file, into, size, at);
}
ssize_t pread64(int file, void *into, size_t size, off64_t at) { return pread(file, into, size, at); }
ssize_t readv(int file, const struct iovec *parts, int count) {
    FAIL_WITH(look_at_file("read", file), -1);
    return syscall(SYS_readv, file, parts, count);
}

static size_t cut(int due, size_t size) { return due < 0 && size > 1 ? size / 2 : size; }

ssize_t write(int file, const void *from, size_t size) {
    int due = look_at_file("write", file);
    FAIL_WITH(due, -1);
    return syscall(SYS_write, file, from, cut(due, size));
}
ssize_t pwrite(int file, const void *from, size_t size, off_t at) {
    int due = look_at_file("write", file);
    FAIL_WITH(due, -1);
    return syscall(SYS_pwrite64, file, from, cut(due, size), at);
}
ssize_t pwrite64(int file, const void *from, size_t size, off64_t at) { return pwrite(file, from, size, at); }
ssize_t writev(int file, const struct iovec *parts, int count) {
    int due = look_at_file("write", file);
    FAIL_WITH(due, -1);
    return syscall(SYS_writev, file, parts, due < 0 && count > 1 ? count / 2 : count);
}
ssize_t sendfile(int to, int from, off_t *at, size_t size) {
    int due = look_at_file("write", to);
    FAIL_WITH(due, -1);
    return syscall(SYS_sendfile, to, from, at, cut(due, size));
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t size) { return sendfile(to, from, at, size); }
ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags) {
    int due = look_at_file("write", to);
    FAIL_WITH(due, -1);
    return syscall(SYS_copy_file_range, from, from_at, to, to_at, cut(due, size), flags);
}

int fsync(int file) { FAIL_WITH(look_at_file("fsync", file), -1); return (int)syscall(SYS_fsync, file); }
int fdatasync(int file) { FAIL_WITH(look_at_file("fsync", file), -1); return (int)syscall(SYS_fdatasync, file); }
int ftruncate(int file, off_t size) {
    FAIL_WITH(look_at_file("truncate", file), -1);
    return (int)syscall(SYS_ftruncate, file, size);
}
int ftruncate64(int file, off64_t size) { return ftruncate(file, size); }
int close(int file) {
    int due = 0;
    if (file >= 0 && file < FILES && written[file]) {
        due = look_at_file("close", file);
        written[file] = 0;
    }
    /* As Linux does it: the file is closed, whatever is told. */
    int closed = (int)syscall(SYS_close, file);
    FAIL_WITH(due, -1);
    return closed;
}

/* The role of what gets a new name is that name. */
int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    FAIL_WITH(look_at_path("rename", to_at, to), -1);
    return (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
}
int renameat(int from_at, const char *from, int to_at, const char *to) { return renameat2(from_at, from, to_at, to, 0); }
int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
    FAIL_WITH(look_at_path("link", to_at, to), -1);
    return (int)syscall(SYS_linkat, from_at, from, to_at, to, flags);
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }
int unlinkat(int at, const char *path, int flags) {
    FAIL_WITH(look_at_path("unlink", at, path), -1);
    return (int)syscall(SYS_unlinkat, at, path, flags);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int mkdirat(int at, const char *path, mode_t mode) {
    FAIL_WITH(look_at_path("mkdir", at, path), -1);
    return (int)syscall(SYS_mkdirat, at, path, mode);
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

static int look_at_memory(const char *role) {
    int kept = errno;
    int due = notes && atomic_load(&is_begun) ? look("memory", role) : 0;
    errno = kept;
    return due;
}

void *mmap(void *at, size_t size, int rights, int flags, int file, off_t place) {
    FAIL_WITH(flags & MAP_ANONYMOUS ? look_at_memory("mmap") : look_at_file("map", file), MAP_FAILED);
    return (void *)syscall(SYS_mmap, at, size, rights, flags, file, place);
}
void *mmap64(void *at, size_t size, int rights, int flags, int file, off64_t place) {
    return mmap(at, size, rights, flags, file, place);
}

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
void *malloc(size_t size) {
    if (size >= GREAT) FAIL_WITH(look_at_memory("malloc"), NULL);
    return __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
    if (size && count >= GREAT / size) FAIL_WITH(look_at_memory("malloc"), NULL);
    return __libc_calloc(count, size);
}
void *realloc(void *old, size_t size) {
    if (size >= GREAT) FAIL_WITH(look_at_memory("malloc"), NULL);
    return __libc_realloc(old, size);
}

/* A child with an environment of its own is looked at, too. */
int execve(const char *path, char *const words[], char *const environment[]) {
    size_t count = 0;
    while (environment && environment[count]) count++;
    if (!notes || count > 2000) return (int)syscall(SYS_execve, path, words, environment);
    char *whole[count + 5], below_root[LONGEST + 32];
    size_t used = 0;
    for (size_t place = 0; place < count; place++)
        if (strncmp(environment[place], "LD_PRELOAD=", 11) && strncmp(environment[place], "QUETSACH_FAULTS_", 16))
            whole[used++] = environment[place];
    snprintf(below_root, sizeof below_root, "QUETSACH_FAULTS_ROOT=%.*s", (int)root_length - 1, root);
    whole[used++] = here, whole[used++] = memory, whole[used++] = plan, whole[used++] = below_root;
    whole[used] = NULL;
    return (int)syscall(SYS_execve, path, words, whole);
}
