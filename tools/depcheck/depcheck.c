/*
 * depcheck.c - proves the rules of the rooms from the text of src/; README.md lists them.
 *
 * One walk finds the rooms and the files.  Then each file is read line by line, twice at once: as it stands, and
 * as code, where comments and literals are blanks.  Folders named tests are left out.
 */
#include "base/str.h"

#include <errno.h>
#include <fts.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MAX = 8000, ROOMS_MAX = 200, EDGES_MAX = 1000, FILE_MAX = 4 * 1024 * 1024 };
enum { FILE_LINES_MAX = 600, FUNCTION_LINES_MAX = 80 };

/* From the ground up: a floor may use itself and what is below. */
enum floor { FLOOR_NONE, FLOOR_BASE, FLOOR_PLATFORM, FLOOR_FEATURES, FLOOR_SHUNIU, FLOOR_COUNT };
static const char *const floor_names[] = { "", "base", "platform", "features", "shuniu" };

/* To keep a system header to some files: one row here. */
static const struct confined {
    const char *header;
    const char *allowed[5]; /* heads of paths, then NULL */
} confined[] = {
    { "pthread.h", { "platform/serve/", "platform/db/", "platform/crypt/keeper.c", "shuniu/main.c" } },
    { "stdatomic.h", { "platform/serve/", "platform/db/", "shuniu/main.c" } },
    { "microhttpd.h", { "platform/serve/" } },
    { "sqlite3.h", { "platform/db/" } },
};

static const char *const allocators[] = { "malloc", "calloc", "realloc", "free" };
static const struct str waiver = STR_INIT("/* depcheck: allow malloc - ");

struct place {
    enum floor floor;
    struct str room; /* "network", "web"; empty for a file right on its floor */
    bool is_generated;
};

/* A line of features/DEPENDS makes one of these for each name after the colon. */
struct edge {
    struct str from, to;
    int line;
    bool is_used, closes_circle;
};

struct tree {
    struct arena arena;
    const char *root;
    struct str files[FILES_MAX]; /* below root: "base/str.c" */
    struct place rooms[ROOMS_MAX];
    struct edge edges[EDGES_MAX];
    int file_count, room_count, edge_count, waivers, errors;
};

/* One file while it is read. */
struct source {
    struct tree *tree;
    struct str path, own_header; /* own_header is empty where none stands beside it */
    struct place place;
    bool is_rules;
    int line, includes, function_at;
};

PRINTF_LIKE(4, 5)
static void fail(struct tree *tree, struct str path, int line, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s/%.*s:%d: error: ", tree->root, STR_ARG(path), line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    tree->errors++;
}

static NORETURN void die(const char *path, const char *why)
{
    fprintf(stderr, "%s: error: %s\n", path, why);
    exit(2);
}

static bool is_there(struct tree *tree, struct str path)
{
    return access(str_z(&tree->arena, path), F_OK) == 0;
}

static struct str file_read(struct tree *tree, struct str path)
{
    const char *path_z = str_z(&tree->arena, path);
    FILE *file = fopen(path_z, "rb");
    long size = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size < 0 || size > FILE_MAX)
        die(path_z, size < 0 ? strerror(errno) : "too large");
    char *data = arena_new(&tree->arena, char, size);
    rewind(file);
    if (fread(data, 1, (size_t)size, file) != (size_t)size)
        die(path_z, "cannot be read");
    (void)fclose(file);
    return (struct str){ data, size };
}

/* Comments and what stands in quotes become blanks; lines stay where they are. */
static struct str code_of(struct arena *arena, struct str text)
{
    char *code = arena_new(arena, char, text.len);
    char inside = '\0'; /* '*' or '/': a comment; a quote: a literal */
    for (ptrdiff_t i = 0; i < text.len; i++)
        code[i] = ' ';
    for (ptrdiff_t i = 0; i < text.len; i++) {
        char c = text.data[i], next = i + 1 < text.len ? text.data[i + 1] : '\n';
        bool is_literal = inside == '"' || inside == '\'';
        bool opens_comment = !inside && c == '/' && (next == '*' || next == '/');
        bool closes_comment = inside == '*' && c == '*' && next == '/';
        if (c == '\n' || (!inside && !opens_comment))
            code[i] = c;
        if (opens_comment)
            inside = next;
        else if (!inside && (c == '"' || c == '\''))
            inside = c;
        else if (closes_comment || (is_literal && c == inside) || (inside != '*' && c == '\n'))
            inside = '\0';
        if (opens_comment || closes_comment || (is_literal && c == '\\' && next != '\n'))
            i++; /* the second character of the pair */
    }
    return (struct str){ code, text.len };
}

/* Rooms */

/* gen/network_queries.h is network's: the longest name of a room that fits. */
static struct place place_of_generated(const struct tree *tree, struct str name)
{
    struct place found = { 0 };
    for (int i = 0; i < tree->room_count; i++) {
        struct place room = tree->rooms[i];
        ptrdiff_t len = room.room.len;
        if (len > found.room.len && str_starts(name, room.room) && len < name.len && name.data[len] == '_')
            found = room;
    }
    found.is_generated = true;
    return found;
}

static struct place place_of(const struct tree *tree, struct str path)
{
    struct place place = { 0 };
    struct str first, room, rest;
    if (!str_cut(path, '/', &first, &rest))
        return place;
    if (str_equal(first, STR("gen")))
        return place_of_generated(tree, rest);
    for (enum floor floor = FLOOR_BASE; floor < FLOOR_COUNT; floor++)
        if (str_equal(first, str_of(floor_names[floor])))
            place.floor = floor;
    if (str_cut(rest, '/', &room, &rest))
        place.room = room;
    return place;
}

static bool has_feature(const struct tree *tree, struct str name)
{
    for (int i = 0; i < tree->room_count; i++)
        if (tree->rooms[i].floor == FLOOR_FEATURES && str_equal(tree->rooms[i].room, name))
            return true;
    return false;
}

static void folder_add(struct tree *tree, struct str path, struct str name, int level)
{
    struct str readme = str_format(&tree->arena, "%.*s/README.md", STR_ARG(path));
    enum floor floor = place_of(tree, readme).floor;
    if (!str_equal(name, STR("pages")) && !str_equal(name, STR("messages")) &&
        !str_equal(name, STR("upgrade")) && !is_there(tree, readme))
        fail(tree, readme, 1, "missing");
    if (level == 1 && floor == FLOOR_NONE)
        fail(tree, path, 1, "no floor of the house");
    if (tree->room_count == ROOMS_MAX)
        die(tree->root, "too many rooms");
    if (level <= 2)
        tree->rooms[tree->room_count++] = (struct place){ .floor = floor, .room = name };
}

static void file_add(struct tree *tree, struct str path)
{
    if (!str_ends(path, STR(".c")) && !str_ends(path, STR(".h")))
        return;
    if (tree->file_count == FILES_MAX)
        die(tree->root, "too many files");
    tree->files[tree->file_count++] = path;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void tree_walk(struct tree *tree)
{
    char here[] = ".";
    FTS *walk = fts_open((char *[]){ here, NULL }, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    if (!walk)
        die(tree->root, strerror(errno));
    for (FTSENT *entry = fts_read(walk); entry; entry = fts_read(walk)) {
        if (entry->fts_level == 0)
            continue;
        struct str path = str_copy(&tree->arena, str_of(entry->fts_path + strlen("./")));
        struct str name = str_slice(path, path.len - entry->fts_namelen, path.len);
        if (entry->fts_info == FTS_D && str_equal(name, STR("tests")))
            (void)fts_set(walk, entry, FTS_SKIP);
        else if (entry->fts_info == FTS_D)
            folder_add(tree, path, name, entry->fts_level);
        else if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR)
            die(entry->fts_path, strerror(entry->fts_errno));
        else if (entry->fts_info == FTS_F)
            file_add(tree, path);
    }
    fts_close(walk);
}

/* Edges between features */

static const struct str depends = STR_INIT("features/DEPENDS");

static struct edge *edge_find(struct tree *tree, struct str from, struct str to)
{
    for (int i = 0; i < tree->edge_count; i++)
        if (str_equal(tree->edges[i].from, from) && str_equal(tree->edges[i].to, to))
            return &tree->edges[i];
    return NULL;
}

/* Ends, because an edge that closed a circle is not followed. */
/* NOLINTNEXTLINE(misc-no-recursion) - as deep as there are features */
static bool reaches(const struct tree *tree, struct str from, struct str to)
{
    bool found = str_equal(from, to);
    for (int i = 0; i < tree->edge_count && !found; i++)
        if (!tree->edges[i].closes_circle && str_equal(tree->edges[i].from, from))
            found = reaches(tree, tree->edges[i].to, to);
    return found;
}

static void edge_add(struct tree *tree, struct str from, struct str to, int line)
{
    struct edge edge = { .from = from, .to = to, .line = line, .closes_circle = reaches(tree, to, from) };
    if (!has_feature(tree, to))
        fail(tree, depends, line, "no feature '%.*s'", STR_ARG(to));
    else if (edge_find(tree, from, to))
        fail(tree, depends, line, "'%.*s' twice", STR_ARG(to));
    else if (tree->edge_count == EDGES_MAX)
        die(tree->root, "too many edges");
    else
        tree->edges[tree->edge_count++] = edge;
    if (edge.closes_circle)
        fail(tree, depends, line, "%.*s -> %.*s closes a circle", STR_ARG(from), STR_ARG(to));
}

static void depends_read(struct tree *tree)
{
    struct str rest, text, comment, from, names, to;
    if (!is_there(tree, STR("features")))
        return;
    if (!is_there(tree, depends)) {
        fail(tree, depends, 1, "missing");
        return;
    }
    rest = file_read(tree, depends);
    for (int line = 1; rest.len > 0; line++) {
        (void)str_cut(rest, '\n', &text, &rest);
        (void)str_cut(text, '#', &text, &comment);
        if (str_trim(text).len == 0)
            continue;
        bool has_colon = str_cut(text, ':', &from, &names);
        from = str_trim(from);
        if (!has_colon)
            fail(tree, depends, line, "expected feature: feature ...");
        else if (!has_feature(tree, from))
            fail(tree, depends, line, "no feature '%.*s'", STR_ARG(from));
        else
            for (names = str_trim(names); names.len > 0; names = str_trim(names)) {
                (void)str_cut(names, ' ', &to, &names);
                edge_add(tree, from, to, line);
            }
    }
}

static void edges_check(struct tree *tree)
{
    for (int i = 0; i < tree->edge_count; i++)
        if (!tree->edges[i].is_used)
            fail(tree, depends, tree->edges[i].line, "no include uses %.*s -> %.*s", STR_ARG(tree->edges[i].from),
                 STR_ARG(tree->edges[i].to));
}

/* Files */

static void feature_include(struct source *s, struct str target, struct place to)
{
    struct tree *tree = s->tree;
    struct str face = str_format(&tree->arena, "features/%.*s/%.*s.h", STR_ARG(to.room), STR_ARG(to.room));
    bool is_from_feature = s->place.floor == FLOOR_FEATURES;
    if (is_from_feature && str_equal(s->place.room, to.room))
        return;
    if (to.is_generated) {
        fail(tree, s->path, s->line, "%.*s is for %.*s alone", STR_ARG(target), STR_ARG(to.room));
    } else if (is_from_feature) {
        struct edge *edge = edge_find(tree, s->place.room, to.room);
        if (edge)
            edge->is_used = true;
        else
            fail(tree, s->path, s->line, "%.*s -> %.*s is not in %.*s", STR_ARG(s->place.room), STR_ARG(to.room),
                 STR_ARG(depends));
        if (!str_equal(target, face))
            fail(tree, s->path, s->line, "%.*s is not the public face, %.*s", STR_ARG(target), STR_ARG(face));
    }
}

static void system_include(struct source *s, struct str target)
{
    for (ptrdiff_t i = 0; i < COUNT_OF(confined); i++) {
        bool is_allowed = !str_equal(target, str_of(confined[i].header));
        for (int k = 0; confined[i].allowed[k]; k++)
            is_allowed = is_allowed || str_starts(s->path, str_of(confined[i].allowed[k]));
        if (!is_allowed)
            fail(s->tree, s->path, s->line, "<%.*s> has no place here", STR_ARG(target));
    }
}

/* A feature's rules decide and do nothing else: base/, where and on which line, and their own types. */
static void rules_include(struct source *s, struct str target, struct place to)
{
    struct str folder = str_slice(s->path, 0, s->path.len - (ptrdiff_t)strlen("rules.c"));
    struct str name = str_starts(target, folder) ? str_slice(target, folder.len, target.len) : STR("");
    if (to.floor != FLOOR_BASE && !str_equal(target, STR("platform/access/scope.h")) &&
        !str_equal(name, STR("rules.h")) && !str_equal(name, STR("types.h")))
        fail(s->tree, s->path, s->line, "rules are pure: no %.*s", STR_ARG(target));
}

static void include_check(struct source *s, struct str target, bool is_system)
{
    struct place to = place_of(s->tree, target);
    if (++s->includes == 1 && s->own_header.len > 0 && !str_equal(target, s->own_header))
        fail(s->tree, s->path, s->line, "the first include is not \"%.*s\"", STR_ARG(s->own_header));
    if (s->is_rules)
        rules_include(s, target, to);
    if (to.floor == FLOOR_NONE && is_system)
        system_include(s, target);
    else if (to.floor == FLOOR_NONE)
        fail(s->tree, s->path, s->line, "\"%.*s\" is in no room; write it as seen from src", STR_ARG(target));
    else if (to.floor > s->place.floor)
        fail(s->tree, s->path, s->line, "%s may not include %.*s", floor_names[s->place.floor], STR_ARG(target));
    else if (to.floor == FLOOR_FEATURES)
        feature_include(s, target, to);
}

/* banned.h lets a build name one header to be included before it bans; nobody else includes by macro. */
static void check_nameless(struct source *s, struct str code)
{
    if (!str_ends(s->path, STR("base/banned.h")) || str_find(code, STR("INCLUDE_BEFORE_BANNED")) < 0)
        fail(s->tree, s->path, s->line, "an include that names no file");
}

/* code is the line without comments and literals: it says whether this is an include, raw says of what. */
static void line_include(struct source *s, struct str raw, struct str code)
{
    struct str word = str_trim(code), target, rest;
    if (!str_starts(word, STR("#")) || !str_starts(str_trim(str_slice(word, 1, word.len)), STR("include")))
        return;
    ptrdiff_t at = str_find(raw, STR("include")) + (ptrdiff_t)strlen("include");
    raw = str_trim(str_slice(raw, at, raw.len));
    bool is_system = str_starts(raw, STR("<"));
    if ((!is_system && !str_starts(raw, STR("\""))) ||
        !str_cut(str_slice(raw, 1, raw.len), is_system ? '>' : '"', &target, &rest))
        check_nameless(s, code);
    else
        include_check(s, target, is_system);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool calls(struct str code, struct str name)
{
    for (ptrdiff_t at = str_find(code, name); at >= 0; at = str_find(code, name)) {
        bool is_whole = at == 0 || (!is_word(code.data[at - 1]) && !strchr(".>", code.data[at - 1]));
        code = str_slice(code, at + name.len, code.len);
        if (is_whole && str_starts(str_trim(code), STR("(")))
            return true;
    }
    return false;
}

static void line_allocation(struct source *s, struct str raw, struct str code)
{
    ptrdiff_t at = str_find(raw, waiver);
    bool is_waived = at >= 0 && raw.len > at + waiver.len && raw.data[at + waiver.len] != '*';
    bool is_found = false;
    for (ptrdiff_t i = 0; i < COUNT_OF(allocators) && s->place.floor != FLOOR_BASE; i++) {
        bool is_called = calls(code, str_of(allocators[i]));
        if (is_called && !is_waived)
            fail(s->tree, s->path, s->line, "%s() outside base/", allocators[i]);
        is_found = is_found || is_called;
    }
    if (is_waived && !is_found)
        fail(s->tree, s->path, s->line, "this waiver allows nothing");
    s->tree->waivers += is_waived;
}

/* A function's body stands between two braces at the start of their lines. */
static void line_length(struct source *s, struct str code)
{
    if (str_starts(code, STR("{")))
        s->function_at = s->line;
    if (str_starts(code, STR("}")) && s->function_at > 0) {
        int lines = s->line - s->function_at + 1;
        if (lines > FUNCTION_LINES_MAX)
            fail(s->tree, s->path, s->function_at, "a function of %d lines, at most %d", lines,
                 (int)FUNCTION_LINES_MAX);
        s->function_at = 0;
    }
}

static void file_check(struct tree *tree, struct str path)
{
    struct str header = str_format(&tree->arena, "%.*s.h", (int)path.len - 2, path.data);
    struct source s = { .tree = tree, .path = path, .place = place_of(tree, path) };
    struct str raw, code, raw_rest = file_read(tree, path), code_rest = code_of(&tree->arena, raw_rest);
    if (str_ends(path, STR(".c")) && is_there(tree, header))
        s.own_header = header;
    s.is_rules = s.place.floor == FLOOR_FEATURES &&
                 (str_ends(path, STR("/rules.c")) || str_ends(path, STR("/rules.h")));
    while (raw_rest.len > 0) {
        (void)str_cut(raw_rest, '\n', &raw, &raw_rest);
        (void)str_cut(code_rest, '\n', &code, &code_rest);
        s.line++;
        line_include(&s, raw, code);
        line_allocation(&s, raw, code);
        line_length(&s, code);
    }
    if (s.line > FILE_LINES_MAX)
        fail(tree, path, FILE_LINES_MAX + 1, "a file of %d lines, at most %d", s.line, (int)FILE_LINES_MAX);
}

int main(int argc, char **argv)
{
    struct tree tree = { 0 };
    if (argc != 2) {
        fputs("use: depcheck SRC_FOLDER\n", stderr);
        return 2;
    }
    tree.root = argv[1];
    if (chdir(tree.root) != 0)
        die(tree.root, strerror(errno));
    tree_walk(&tree);
    depends_read(&tree);
    for (int i = 0; i < tree.file_count; i++)
        file_check(&tree, tree.files[i]);
    edges_check(&tree);
    printf("depcheck: %d files, %d rooms, %d edges, %d waivers, %d errors\n", tree.file_count, tree.room_count,
           tree.edge_count, tree.waivers, tree.errors);
    arena_release(&tree.arena);
    return tree.errors > 0;
}
