#include "faults/disk.h"

#include "base/str.h"

#include <pthread.h>
#include <sqlite3.h>
#include <unistd.h>

enum { SECTOR = 512 };

enum step_kind { STEP_MAKE, STEP_WRITE, STEP_TRUNCATE, STEP_DELETE };
enum step_fate { IS_PENDING, IS_SYNCED, IS_LOST };

/* What was done to a file, oldest first. */
struct step {
    struct step *next;
    enum step_kind kind;
    enum step_fate fate;
    int64_t at; /* of a write its offset, of a truncation the size */
    struct str bytes;
};

struct image {
    struct image *next;
    const char *name;
    struct str before; /* when it was first opened */
    bool was_there;
    struct step *first, *last;
};

struct disk {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    pthread_mutex_t lock; /* guards what follows */
    struct arena arena;
    struct arena_mark empty; /* before the first image */
    struct image *images;
    enum disk_fault fault;
    int64_t n, calls;
    bool has_failed;
};

struct disk_file {
    sqlite3_file base;
    struct disk *disk;
    struct image *image; /* NULL: a temporary file, gone with the power */
    sqlite3_file *real;  /* behind this */
};

enum { FILE_BYTES = (sizeof(struct disk_file) + 15) / 16 * 16 };

/* --- faults ------------------------------------------------------------------------------------------------------- */

enum call { CALL_OTHER, CALL_READ, CALL_WRITE, CALL_SYNC };
enum outcome { OUTCOME_WORKS, OUTCOME_FAILS, OUTCOME_SHORT, OUTCOME_FULL, OUTCOME_LIES };

static bool can_hit(enum disk_fault fault, enum call call)
{
    switch (fault) {
    case DISK_WORKS:
        return false;
    case DISK_SHORT:
        return call == CALL_READ || call == CALL_WRITE;
    case DISK_FULL:
        return call == CALL_WRITE;
    case DISK_LIES:
        return call == CALL_SYNC;
    case DISK_FAILS:
    case DISK_BROKEN:
    case DISK_CUT:
        break;
    }
    return true;
}

/* What becomes of a call; the lock is held. */
static enum outcome outcome_of(struct disk *disk, enum call call)
{
    static const enum outcome outcomes[] = {
        [DISK_WORKS] = OUTCOME_WORKS, [DISK_FAILS] = OUTCOME_FAILS, [DISK_SHORT] = OUTCOME_SHORT,
        [DISK_BROKEN] = OUTCOME_FAILS, [DISK_FULL] = OUTCOME_FULL, [DISK_CUT] = OUTCOME_FAILS, [DISK_LIES] = OUTCOME_LIES,
    };
    if (!can_hit(disk->fault, call))
        return OUTCOME_WORKS;
    bool is_for_one_call = disk->fault == DISK_FAILS || disk->fault == DISK_SHORT;
    disk->calls++;
    if (disk->calls < disk->n || (disk->calls > disk->n && is_for_one_call))
        return OUTCOME_WORKS;
    disk->has_failed = true;
    return outcomes[disk->fault];
}

static enum outcome meet(struct disk *disk, enum call call)
{
    pthread_mutex_lock(&disk->lock);
    enum outcome outcome = outcome_of(disk, call);
    pthread_mutex_unlock(&disk->lock);
    return outcome;
}

static void set_fault(struct disk *disk, enum disk_fault fault, int64_t n)
{
    pthread_mutex_lock(&disk->lock);
    disk->fault = fault;
    disk->n = n;
    disk->calls = 0;
    pthread_mutex_unlock(&disk->lock);
}

void disk_plan(struct disk *disk, enum disk_fault fault, int64_t n)
{
    set_fault(disk, fault, n);
    disk->has_failed = false;
}

void disk_mend(struct disk *disk)
{
    set_fault(disk, DISK_WORKS, 0);
}

void disk_cut(struct disk *disk)
{
    set_fault(disk, DISK_CUT, 0);
}

bool disk_has_failed(struct disk *disk)
{
    pthread_mutex_lock(&disk->lock);
    bool has_failed = disk->has_failed;
    pthread_mutex_unlock(&disk->lock);
    return has_failed;
}

/* --- what is remembered ------------------------------------------------------------------------------------------- */

static struct str read_all(struct arena *arena, const char *name, bool *ret_is_there)
{
    FILE *file = fopen(name, "rb");
    *ret_is_there = file != NULL;
    if (!file)
        return (struct str){ 0 };
    (void)fseek(file, 0, SEEK_END);
    ptrdiff_t size = ftell(file);
    rewind(file);
    char *bytes = arena_new(arena, char, size);
    if (fread(bytes, 1, (size_t)size, file) != (size_t)size)
        BUG("cannot read %s", name);
    (void)fclose(file);
    return (struct str){ bytes, size };
}

static struct image *image_of(struct disk *disk, const char *name)
{
    for (struct image *image = disk->images; image; image = image->next)
        if (strcmp(image->name, name) == 0)
            return image;
    struct image *image = arena_new(&disk->arena, struct image, 1);
    image->name = str_z(&disk->arena, str_of(name));
    image->before = read_all(&disk->arena, name, &image->was_there);
    image->next = disk->images;
    disk->images = image;
    return image;
}

static void remember(struct disk *disk, struct image *image, enum step_kind kind, int64_t at, struct str bytes)
{
    struct step *step = arena_new(&disk->arena, struct step, 1);
    *step = (struct step){ .kind = kind, .at = at, .bytes = str_copy(&disk->arena, bytes) };
    if (image->last)
        image->last->next = step;
    else
        image->first = step;
    image->last = step;
}

/* A sync: what waited for it is on the disk, or, where it failed, will never be. */
static void settle(struct image *image, bool is_synced)
{
    for (struct step *step = image->first; step; step = step->next)
        if (step->fate == IS_PENDING && (is_synced || step->kind == STEP_WRITE))
            step->fate = is_synced ? IS_SYNCED : IS_LOST;
}

void disk_sync(struct disk *disk)
{
    for (struct image *image = disk->images; image; image = image->next)
        settle(image, true);
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static struct disk_file *of(sqlite3_file *base)
{
    return (struct disk_file *)base;
}

static int file_close(sqlite3_file *base)
{
    return of(base)->real->pMethods->xClose(of(base)->real);
}

static int file_read(sqlite3_file *base, void *bytes, int len, sqlite3_int64 at)
{
    struct disk_file *file = of(base);
    switch (meet(file->disk, CALL_READ)) {
    case OUTCOME_FAILS:
        return SQLITE_IOERR_READ;
    case OUTCOME_SHORT:
        (void)file->real->pMethods->xRead(file->real, bytes, len / 2, at);
        return SQLITE_IOERR_READ;
    case OUTCOME_WORKS:
    case OUTCOME_FULL:
    case OUTCOME_LIES:
        break;
    }
    return file->real->pMethods->xRead(file->real, bytes, len, at);
}

static int write_some(struct disk_file *file, const void *bytes, int len, int64_t at)
{
    if (file->image)
        remember(file->disk, file->image, STEP_WRITE, at, (struct str){ bytes, len });
    return file->real->pMethods->xWrite(file->real, bytes, len, at);
}

static int file_write(sqlite3_file *base, const void *bytes, int len, sqlite3_int64 at)
{
    struct disk_file *file = of(base);
    int rc = SQLITE_IOERR_WRITE;
    pthread_mutex_lock(&file->disk->lock);
    enum outcome outcome = outcome_of(file->disk, CALL_WRITE);
    if (outcome != OUTCOME_FAILS)
        rc = write_some(file, bytes, outcome == OUTCOME_SHORT || outcome == OUTCOME_FULL ? len / 2 : len, at);
    if (rc == SQLITE_OK && (outcome == OUTCOME_SHORT || outcome == OUTCOME_FULL))
        rc = outcome == OUTCOME_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    pthread_mutex_unlock(&file->disk->lock);
    return rc;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct disk_file *file = of(base);
    int rc = SQLITE_IOERR_TRUNCATE;
    pthread_mutex_lock(&file->disk->lock);
    if (outcome_of(file->disk, CALL_OTHER) == OUTCOME_WORKS) {
        if (file->image)
            remember(file->disk, file->image, STEP_TRUNCATE, size, (struct str){ 0 });
        rc = file->real->pMethods->xTruncate(file->real, size);
    }
    pthread_mutex_unlock(&file->disk->lock);
    return rc;
}

/* Our own memory of it is what counts: the real file need not be synced. */
static int file_sync(sqlite3_file *base, int flags)
{
    struct disk_file *file = of(base);
    (void)flags;
    pthread_mutex_lock(&file->disk->lock);
    enum outcome outcome = outcome_of(file->disk, CALL_SYNC);
    bool is_too_late = outcome != OUTCOME_WORKS && file->disk->fault == DISK_CUT;
    if (file->image && outcome != OUTCOME_LIES && !is_too_late)
        settle(file->image, outcome == OUTCOME_WORKS);
    pthread_mutex_unlock(&file->disk->lock);
    return outcome == OUTCOME_FAILS ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *ret)
{
    if (meet(of(base)->disk, CALL_OTHER) != OUTCOME_WORKS)
        return SQLITE_IOERR_FSTAT;
    return of(base)->real->pMethods->xFileSize(of(base)->real, ret);
}

static int file_lock(sqlite3_file *base, int level)
{
    return of(base)->real->pMethods->xLock(of(base)->real, level);
}

static int file_unlock(sqlite3_file *base, int level)
{
    return of(base)->real->pMethods->xUnlock(of(base)->real, level);
}

static int file_is_reserved(sqlite3_file *base, int *ret)
{
    return of(base)->real->pMethods->xCheckReservedLock(of(base)->real, ret);
}

/* Without a mapping every read passes by here. */
static int file_control(sqlite3_file *base, int what, void *argument)
{
    if (what == SQLITE_FCNTL_MMAP_SIZE)
        return SQLITE_NOTFOUND;
    return of(base)->real->pMethods->xFileControl(of(base)->real, what, argument);
}

static int file_sector(sqlite3_file *base)
{
    return of(base)->real->pMethods->xSectorSize(of(base)->real);
}

static int file_traits(sqlite3_file *base)
{
    return of(base)->real->pMethods->xDeviceCharacteristics(of(base)->real);
}

static int file_shm_map(sqlite3_file *base, int region, int size, int is_write, void volatile **ret)
{
    if (meet(of(base)->disk, CALL_OTHER) != OUTCOME_WORKS)
        return SQLITE_IOERR_SHMMAP;
    return of(base)->real->pMethods->xShmMap(of(base)->real, region, size, is_write, ret);
}

static int file_shm_lock(sqlite3_file *base, int offset, int n, int flags)
{
    return of(base)->real->pMethods->xShmLock(of(base)->real, offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *base)
{
    of(base)->real->pMethods->xShmBarrier(of(base)->real);
}

static int file_shm_unmap(sqlite3_file *base, int is_delete)
{
    return of(base)->real->pMethods->xShmUnmap(of(base)->real, is_delete);
}

/* --- the VFS ------------------------------------------------------------------------------------------------------ */

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *ret_flags)
{
    static const sqlite3_io_methods methods = { 2, /* without xFetch: no mapping */
                                                file_close, file_read, file_write, file_truncate, file_sync, file_size,
                                                file_lock, file_unlock, file_is_reserved, file_control, file_sector,
                                                file_traits, file_shm_map, file_shm_lock, file_shm_barrier,
                                                file_shm_unmap, NULL, NULL };
    struct disk *disk = vfs->pAppData;
    struct disk_file *file = of(base);
    *file = (struct disk_file){ .disk = disk, .real = (sqlite3_file *)(void *)((char *)base + FILE_BYTES) };
    pthread_mutex_lock(&disk->lock);
    int rc = SQLITE_CANTOPEN;
    if (outcome_of(disk, CALL_OTHER) == OUTCOME_WORKS) {
        file->image = name ? image_of(disk, name) : NULL;
        bool is_new = name && access(name, F_OK) != 0;
        rc = disk->real->xOpen(disk->real, name, file->real, flags, ret_flags);
        if (rc == SQLITE_OK && is_new)
            remember(disk, file->image, STEP_MAKE, 0, (struct str){ 0 });
        if (rc == SQLITE_OK)
            base->pMethods = &methods;
    }
    pthread_mutex_unlock(&disk->lock);
    return rc;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int must_sync)
{
    struct disk *disk = vfs->pAppData;
    pthread_mutex_lock(&disk->lock);
    int rc = SQLITE_IOERR_DELETE;
    if (outcome_of(disk, CALL_OTHER) == OUTCOME_WORKS) {
        struct image *image = image_of(disk, name);
        rc = disk->real->xDelete(disk->real, name, false);
        if (rc == SQLITE_OK)
            remember(disk, image, STEP_DELETE, 0, (struct str){ 0 });
        if (rc == SQLITE_OK && must_sync)
            settle(image, true);
    }
    pthread_mutex_unlock(&disk->lock);
    return rc;
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int what, int *ret)
{
    struct disk *disk = vfs->pAppData;
    if (meet(disk, CALL_OTHER) != OUTCOME_WORKS)
        return SQLITE_IOERR_ACCESS;
    return disk->real->xAccess(disk->real, name, what, ret);
}

static int disk_full_name(sqlite3_vfs *vfs, const char *name, int size, char *ret)
{
    struct disk *disk = vfs->pAppData;
    return disk->real->xFullPathname(disk->real, name, size, ret);
}

struct disk *disk_start(void)
{
    struct arena arena = { 0 };
    struct disk *disk = arena_new(&arena, struct disk, 1);
    disk->arena = arena;
    (void)sqlite3_initialize();
    disk->real = sqlite3_vfs_find(NULL);
    disk->vfs = *disk->real; /* clock, randomness and sleep are the real one's */
    disk->vfs.zName = "disk";
    disk->vfs.szOsFile = FILE_BYTES + disk->real->szOsFile;
    disk->vfs.pAppData = disk;
    disk->vfs.xOpen = disk_open;
    disk->vfs.xDelete = disk_delete;
    disk->vfs.xAccess = disk_access;
    disk->vfs.xFullPathname = disk_full_name;
    pthread_mutex_init(&disk->lock, NULL);
    disk->empty = arena_mark(&disk->arena);
    sqlite3_vfs_register(&disk->vfs, true);
    return disk;
}

void disk_stop(struct disk *disk)
{
    sqlite3_vfs_unregister(&disk->vfs);
    pthread_mutex_destroy(&disk->lock);
    struct arena arena = disk->arena; /* it holds the disk itself */
    arena_release(&arena);
}

/* --- after a power cut -------------------------------------------------------------------------------------------- */

/* xorshift64*: the same seed, the same remains. */
static bool coin(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (*seed * UINT64_C(2685821657736338717)) >> 63;
}

struct remains {
    char *bytes; /* as many as the file ever had */
    int64_t size;
    bool is_there;
};

static void replay_write(struct remains *remains, const struct step *step, uint64_t *seed)
{
    bool is_whole = step->fate == IS_SYNCED;
    for (int64_t from = 0; from < step->bytes.len;) {
        int64_t to = from + SECTOR - (step->at + from) % SECTOR;
        if (to > step->bytes.len)
            to = step->bytes.len;
        if (is_whole || (*seed && coin(seed))) {
            memcpy(remains->bytes + step->at + from, step->bytes.data + from, (size_t)(to - from));
            if (remains->size < step->at + to)
                remains->size = step->at + to;
        }
        from = to;
    }
}

static void replay(struct remains *remains, const struct step *step, uint64_t *seed)
{
    if (step->kind == STEP_WRITE) {
        replay_write(remains, step, seed);
        return;
    }
    if (step->fate != IS_SYNCED && (*seed == 0 || !coin(seed)))
        return;
    int64_t size = step->kind == STEP_TRUNCATE ? step->at : 0;
    if (size < remains->size)
        memset(remains->bytes + size, 0, (size_t)(remains->size - size));
    remains->size = size;
    remains->is_there = step->kind != STEP_DELETE;
}

static int64_t largest(const struct image *image)
{
    int64_t size = image->before.len;
    for (const struct step *step = image->first; step; step = step->next)
        if (step->at + step->bytes.len > size)
            size = step->at + step->bytes.len;
    return size;
}

static void leave(const struct image *image, uint64_t *seed)
{
    struct arena arena = { 0 };
    struct remains remains = { .bytes = arena_new(&arena, char, largest(image)), .size = image->before.len,
                               .is_there = image->was_there };
    if (remains.size > 0)
        memcpy(remains.bytes, image->before.data, (size_t)remains.size);
    for (const struct step *step = image->first; step; step = step->next)
        replay(&remains, step, seed);
    (void)unlink(image->name);
    if (remains.is_there) {
        FILE *file = fopen(image->name, "wb");
        if (!file || fwrite(remains.bytes, 1, (size_t)remains.size, file) != (size_t)remains.size || fclose(file) != 0)
            BUG("cannot write %s", image->name);
    }
    arena_release(&arena);
}

void disk_restart(struct disk *disk, uint64_t seed)
{
    for (struct image *image = disk->images; image; image = image->next)
        leave(image, &seed);
    disk->images = NULL;
    arena_rewind(&disk->arena, disk->empty);
    disk_mend(disk);
}
