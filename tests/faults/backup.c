/*
 * backup.c - the disk fails at the n-th call of a backup, for every n.  usage: backup [STRIDE]
 *
 * A backup that was reported made is complete.  One that was not leaves, also after a power cut, nothing of its name; and
 * the data itself is as it was.
 */
#include "base/parse.h"
#include "faults/disk.h"
#include "faults/hub.h"
#include "faults/trial.h"

#include <unistd.h>

static const struct kind {
    const char *means;
    enum disk_fault fault;
} kinds[] = {
    { "the n-th call fails", DISK_FAILS },
    { "no write from the n-th on has room", DISK_FULL },
    { "the power goes at the n-th call", DISK_CUT },
};

struct backup {
    struct ground ground;
    const char *path, *copy, *part;
    const struct kind *kind;
};

static bool fails(const char *what)
{
    printf("%s\n", what);
    return false;
}

/* As 'shuniu restore' and 'shuniu doctor' would find it. */
static bool is_whole(const struct backup *backup, const char *path)
{
    struct hub hub;
    struct error err;
    uint64_t digest = 0;
    hub_take(&hub, &backup->ground, path);
    if (!hub_open(&hub, &err))
        return fails(err.detail);
    struct str why = hub_check(&hub, &digest, &hub.arena);
    if (why.len == 0 && digest != backup->ground.digests[0])
        why = STR("it is not what the data was");
    hub_close(&hub);
    return why.len == 0 || fails(str_z(&hub.arena, why));
}

static enum trial_end try(void *self, int64_t n)
{
    struct backup *backup = self;
    struct disk *disk = disk_start();
    struct hub hub;
    struct error err;
    hub_remove(backup->copy);
    hub_remove(backup->part);
    hub_place(&hub, &backup->ground, backup->path);
    must(hub_open(&hub, &err), &err);
    disk_plan(disk, backup->kind->fault, n);
    bool is_made = database_backup(hub.database, backup->copy, &err);
    bool is_hit = disk_has_failed(disk);
    if (is_made)
        disk_sync(disk); /* SQLite leaves that to whoever asks for the copy */
    disk_cut(disk);
    hub_close(&hub);
    disk_restart(disk, 0);
    if (is_made ? !is_whole(backup, backup->copy) : access(backup->copy, F_OK) == 0)
        return TRIAL_FAILED;
    if (!is_whole(backup, backup->path))
        return TRIAL_FAILED;
    return is_hit ? TRIAL_OK : TRIAL_NOT_HIT;
}

static bool try_all(struct backup *backup, int64_t stride)
{
    enum { SHOWN_MAX = 3 };
    int bad = 0;
    int64_t n = 1;
    for (enum trial_end end = TRIAL_OK; end != TRIAL_NOT_HIT && bad < SHOWN_MAX; n += stride) {
        end = trial_run(try, backup, n);
        bad += end != TRIAL_OK && end != TRIAL_NOT_HIT;
    }
    printf("%s %td - a backup while %s, up to n = %lld\n", bad == 0 ? "ok" : "not ok", backup->kind - kinds + 1,
           backup->kind->means, (long long)(n - stride));
    return bad == 0;
}

int main(int argc, char **argv)
{
    int64_t stride = 1;
    char folder[] = "/tmp/shuniu-backup-XXXXXX";
    struct backup backup = { 0 };
    bool ok = true;
    if ((argc > 1 && !parse_int(str_of(argv[1]), 1, 1000000, &stride)) || !mkdtemp(folder))
        return 2;
    ground_prepare(&backup.ground, folder);
    backup.path = str_z(&backup.ground.arena, str_format(&backup.ground.arena, "%s/shuniu.db", folder));
    backup.copy = str_z(&backup.ground.arena, str_format(&backup.ground.arena, "%s/copy.db", folder));
    backup.part = str_z(&backup.ground.arena, str_format(&backup.ground.arena, "%s.part", backup.copy));
    for (ptrdiff_t i = 0; i < COUNT_OF(kinds); i++) {
        backup.kind = &kinds[i];
        ok = try_all(&backup, stride) && ok;
    }
    printf("1..%td\n", COUNT_OF(kinds));
    hub_remove(backup.path);
    hub_remove(backup.copy);
    hub_remove(backup.part);
    ground_release(&backup.ground);
    (void)rmdir(folder);
    return ok ? 0 : 1;
}
