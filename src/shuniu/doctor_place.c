/*
 * doctor_place.c - the folder, its files, the disk and the file system below it.
 */
#include "shuniu/doctor.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { MODE_OTHERS = S_IRWXG | S_IRWXO, INODES_FEW = 1000 };

static const int64_t MIB = 1024 * 1024;

static const char *user_name(struct doctor *doctor, uid_t uid)
{
    const struct passwd *entry = getpwuid(uid);
    return str_z(doctor->arena, entry ? str_of(entry->pw_name) : str_format(doctor->arena, "%u", uid));
}

/* --- the folder -------------------------------------------------------------------------------------------------- */

void check_folder(struct doctor *doctor)
{
    const char *folder = doctor->options->data;
    struct stat it;
    if (stat(folder, &it) != 0) {
        found(doctor, VERDICT_BROKEN, "folder", "%s: %s", folder, strerror(errno));
        return;
    }
    const char *owner = user_name(doctor, it.st_uid);
    if ((it.st_mode & MODE_OTHERS) != 0) {
        found(doctor, VERDICT_BROKEN, "folder", "%s can be entered by others than %s (mode %03o)", folder, owner,
              it.st_mode & 0777);
        advise("chmod 700 %s", folder);
    } else {
        found(doctor, VERDICT_FINE, "folder", "%s is for %s alone", folder, owner);
    }
    if (it.st_uid == 0) {
        found(doctor, VERDICT_LOOK, "owner", "the data is root's, so the server runs as root");
        advise("a user of its own: adduser --system, chown -R, shuniu serve --user (docs/operations.md, Install)");
    } else if (geteuid() != 0 && geteuid() != it.st_uid) {
        found(doctor, VERDICT_LOOK, "owner", "the data is %s's, and this is %s", owner, user_name(doctor, geteuid()));
        advise("sudo -u %s shuniu doctor ...", owner);
    }
}

/* --- files ------------------------------------------------------------------------------------------------------- */

/* True when there is nothing to say about it. */
static bool check_file(struct doctor *doctor, const char *path, uid_t owner)
{
    struct stat it;
    if (lstat(path, &it) != 0) {
        if (errno != ENOENT)
            found(doctor, VERDICT_BROKEN, "files", "%s: %s", path, strerror(errno));
        return errno == ENOENT;
    }
    if (!S_ISREG(it.st_mode)) {
        found(doctor, VERDICT_BROKEN, "files", "%s is a link or no file at all: the server refuses it", path);
        advise("give the folder that has the file itself as --data");
        return false;
    }
    bool is_fine = true;
    if (it.st_uid != owner) {
        found(doctor, VERDICT_BROKEN, "files", "%s is %s's, the folder %s's", path, user_name(doctor, it.st_uid),
              user_name(doctor, owner));
        advise("chown %s %s", user_name(doctor, owner), path);
        is_fine = false;
    }
    if ((it.st_mode & MODE_OTHERS) != 0) {
        found(doctor, VERDICT_LOOK, "files", "%s could be opened by others, if the folder let them in (mode %03o)", path,
              it.st_mode & 0777);
        advise("chmod 600 %s", path);
        is_fine = false;
    }
    return is_fine;
}

/* PRAGMA user_version of a file, where it stands in SQLite's header; 0: it cannot be read. */
static int schema_of(const char *path)
{
    enum { AT = 60 };
    unsigned char header[AT + 4];
    FILE *file = fopen(path, "rb");
    bool ok = file && fread(header, 1, sizeof header, file) == sizeof header;
    if (file)
        (void)fclose(file);
    return ok ? header[AT] << 24 | header[AT + 1] << 16 | header[AT + 2] << 8 | header[AT + 3] : 0;
}

/* What an upgrade keeps as the way back, and nobody needs for ever. */
static void check_before_upgrade(struct doctor *doctor)
{
    enum { SEALED_SINCE = 6 };
    const char *folder = doctor->options->data;
    for (int version = 2; version <= SCHEMA_VERSION; version++) {
        const char *path = str_z(doctor->arena, str_format(doctor->arena, "%s/shuniu.db.before-v%d", folder, version));
        if (access(path, F_OK) != 0)
            continue;
        found(doctor, VERDICT_LOOK, "files", "%s is the data from before an upgrade%s", path,
              schema_of(path) < SEALED_SINCE ? ", with the contacts of persons in the clear" : "");
        advise("remove it when the new version has proved itself");
    }
}

void check_files(struct doctor *doctor)
{
    static const char *const names[] = { "shuniu.db", "shuniu.db-wal", "shuniu.db-shm" };
    static const char *const left_over[] = { "shuniu.db.before", "shuniu.db.new", "shuniu.db.new.part" };
    const char *folder = doctor->options->data;
    struct stat it;
    bool is_fine = stat(folder, &it) == 0;
    for (ptrdiff_t i = 0; i < COUNT_OF(names) && is_fine; i++)
        is_fine = check_file(doctor, name_in(doctor, folder, names[i]), it.st_uid);
    if (is_fine)
        found(doctor, VERDICT_FINE, "files", "the data is the folder's owner's, and nobody else's");
    for (ptrdiff_t i = 0; i < COUNT_OF(left_over); i++) {
        const char *path = name_in(doctor, folder, left_over[i]);
        if (access(path, F_OK) == 0) {
            found(doctor, VERDICT_LOOK, "files", "%s is left over from a restore", path);
            advise("remove it when the restored data is known to be good");
        }
    }
    check_before_upgrade(doctor);
}

/* --- disk and file system ------------------------------------------------------------------------------------------ */

static void check_room(struct doctor *doctor)
{
    const char *folder = doctor->options->data;
    struct statvfs disk;
    struct stat data = { 0 };
    if (statvfs(folder, &disk) != 0) {
        found(doctor, VERDICT_BROKEN, "disk", "%s: %s", folder, strerror(errno));
        return;
    }
    (void)stat(name_in(doctor, folder, "shuniu.db"), &data);
    int64_t free = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize / MIB, size = data.st_size / MIB;
    int64_t few = 1024 > 2 * size ? 1024 : 2 * size; /* room for a restore beside the data, and for its log */
    if (disk.f_files > 0 && disk.f_favail < INODES_FEW)
        found(doctor, VERDICT_LOOK, "disk", "room for %lld more files only", (long long)disk.f_favail);
    if (free < 100) {
        found(doctor, VERDICT_BROKEN, "disk", "%lld MiB are free: changes will soon be refused", (long long)free);
        advise("make room, or a larger disk; then it goes on without a restart");
    } else if (free < few) {
        found(doctor, VERDICT_LOOK, "disk", "%lld MiB are free, the data has %lld", (long long)free, (long long)size);
        advise("at least %lld MiB, for a restore and the log", (long long)few);
    } else {
        found(doctor, VERDICT_FINE, "disk", "%lld MiB are free, the data has %lld", (long long)free, (long long)size);
    }
}

/* Numbers of linux/magic.h and of the file systems' own headers.  To add one: a row. */
static const struct file_system {
    uint32_t number;
    enum verdict verdict;
    const char *name, *why;
} file_systems[] = {
    { 0x6969, VERDICT_BROKEN, "NFS", "its locks and shared memory are not what SQLite needs: data is lost there" },
    { 0x517B, VERDICT_BROKEN, "SMB", "its locks and shared memory are not what SQLite needs: data is lost there" },
    { 0xFE534D42, VERDICT_BROKEN, "SMB", "its locks and shared memory are not what SQLite needs: data is lost there" },
    { 0xFF534D42, VERDICT_BROKEN, "CIFS", "its locks and shared memory are not what SQLite needs: data is lost there" },
    { 0x01021997, VERDICT_BROKEN, "9p", "its shared memory is not what SQLite needs: data is lost there" },
    { 0x00C36400, VERDICT_BROKEN, "CephFS", "its shared memory is not what SQLite needs: data is lost there" },
    { 0x5346414F, VERDICT_BROKEN, "AFS", "its locks are not what SQLite needs: data is lost there" },
    { 0x65735546, VERDICT_LOOK, "FUSE", "whether it keeps its promises about fsync and locks depends on what is behind" },
    { 0x01021994, VERDICT_LOOK, "tmpfs", "it is memory: gone with the next start of the machine" },
    { 0x858458F6, VERDICT_LOOK, "ramfs", "it is memory: gone with the next start of the machine" },
    { 0x794C7630, VERDICT_LOOK, "overlayfs", "it is a container's own layer: gone with the container" },
    { 0xEF53, VERDICT_FINE, "ext4", NULL },
    { 0x58465342, VERDICT_FINE, "XFS", NULL },
    { 0x9123683E, VERDICT_FINE, "Btrfs", NULL },
    { 0x2FC12FC1, VERDICT_FINE, "ZFS", NULL },
};

static void check_file_system(struct doctor *doctor)
{
    struct statfs it;
    if (statfs(doctor->options->data, &it) != 0)
        return; /* check_room() has said so */
    for (ptrdiff_t i = 0; i < COUNT_OF(file_systems); i++) {
        const struct file_system *known = &file_systems[i];
        if (known->number != (uint32_t)it.f_type)
            continue;
        found(doctor, known->verdict, "disk", "the file system is %s%s%s", known->name, known->why ? ": " : "",
              known->why ? known->why : "");
        if (known->verdict != VERDICT_FINE)
            advise("keep the data on a local disk (ext4, XFS)");
        return;
    }
    found(doctor, VERDICT_LOOK, "disk", "an unknown file system (%08x)", (uint32_t)it.f_type);
    advise("ext4 and XFS are known to do");
}

void check_disk(struct doctor *doctor)
{
    check_room(doctor);
    check_file_system(doctor);
}
