#include "platform/db/files.h"

#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool file_sync(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        (void)error_fail(err, ERROR_IO, "cannot sync %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

bool file_sync_folder(const char *path, struct error *err)
{
    struct arena arena = { 0 };
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? str_z(&arena, (struct str){ path, slash - path + 1 }) : ".";
    bool ok = file_sync(folder, err);
    arena_release(&arena);
    return ok;
}
