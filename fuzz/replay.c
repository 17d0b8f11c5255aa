/*
 * replay.c - runs a target over every file of its corpus, with any compiler: the regressions, as a test.
 *
 * usage: replay FOLDER.  Speaks TAP.  Each input is copied to memory of its exact size, so that the sanitizer sees a
 * read past its end.
 */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

enum { INPUT_BYTES = 1024 * 1024, FILES_MAX = 10000 };

static struct str read_file(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return (struct str){ 0 };
    char *bytes = arena_new(arena, char, INPUT_BYTES);
    ptrdiff_t len = (ptrdiff_t)fread(bytes, 1, INPUT_BYTES, file);
    (void)fclose(file);
    return (struct str){ bytes, len };
}

static void run_one(const char *path)
{
    struct arena whole = { 0 }, exact = { 0 }, arena = { 0 };
    struct str input = read_file(path, &whole);
    fuzz_one(str_copy(&exact, input), &arena);
    arena_release(&arena);
    arena_release(&exact);
    arena_release(&whole);
}

static int by_name(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    struct dirent **entries;
    char path[4096];
    int count = argc == 2 ? scandir(argv[1], &entries, by_name, alphasort) : -1;
    if (count < 0) {
        fputs("usage: replay FOLDER\n", stderr);
        return 2;
    }
    printf("1..%d\n", count);
    for (int i = 0; i < count; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", argv[1], entries[i]->d_name);
        run_one(path);
        printf("ok %d - %s\n", i + 1, entries[i]->d_name);
        fflush(stdout);
    }
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return 0;
}
