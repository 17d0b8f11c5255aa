/*
 * xlsx_zip.c - minizip reads the container out of memory, expat its XML.
 *
 * Sizes in the zip's own tables are claims of whoever made it: what counts is what comes out.  expat keeps a token in
 * memory until it is complete, so one that does not end (a megabyte of attribute) is cut off at TOKEN_BYTES.
 */
#include "platform/sheet/xlsx_zip.h"

#include "platform/limits.h"

#include <expat.h>
#include <minizip/unzip.h>
#include <string.h>

enum { PIECE_BYTES = 64 * 1024, TOKEN_BYTES = 256 * 1024, RATIO_FREE_BYTES = 1024 * 1024, NAME_BYTES = 256 };

struct xlsx_zip {
    struct str file;
    ptrdiff_t at; /* where minizip reads */
    unzFile zip;
    int64_t unpacked; /* bytes, of all parts so far */
    char piece[PIECE_BYTES];
};

/* --- a file that is memory ------------------------------------------------------------------------------------- */

static voidpf memory_open(voidpf opaque, const void *name, int mode)
{
    (void)name;
    return mode & ZLIB_FILEFUNC_MODE_WRITE ? NULL : opaque;
}

static uLong memory_read(voidpf opaque, voidpf stream, void *ret, uLong size)
{
    (void)stream;
    struct xlsx_zip *zip = opaque;
    ptrdiff_t left = zip->file.len - zip->at;
    ptrdiff_t n = size < (uLong)left ? (ptrdiff_t)size : left;
    if (n > 0)
        memcpy(ret, zip->file.data + zip->at, (size_t)n);
    zip->at += n;
    return (uLong)n;
}

static ZPOS64_T memory_tell(voidpf opaque, voidpf stream)
{
    (void)stream;
    return (ZPOS64_T)((struct xlsx_zip *)opaque)->at;
}

static long memory_seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
    (void)stream;
    struct xlsx_zip *zip = opaque;
    ptrdiff_t base = origin == ZLIB_FILEFUNC_SEEK_SET ? 0 : origin == ZLIB_FILEFUNC_SEEK_CUR ? zip->at : zip->file.len;
    if (offset > (ZPOS64_T)(zip->file.len - base))
        return -1;
    zip->at = base + (ptrdiff_t)offset;
    return 0;
}

static int memory_close(voidpf opaque, voidpf stream)
{
    (void)opaque, (void)stream;
    return 0;
}

/* --- the list of parts ----------------------------------------------------------------------------------------- */

static enum xlsx_fault check_parts(struct xlsx_zip *zip)
{
    unz_global_info64 info;
    if (unzGetGlobalInfo64(zip->zip, &info) != UNZ_OK)
        return XLSX_NO_WORKBOOK;
    if (info.number_entry > LIMIT_SHEET_PARTS)
        return XLSX_TOO_LARGE;
    int status = unzGoToFirstFile(zip->zip);
    for (; status == UNZ_OK; status = unzGoToNextFile(zip->zip)) {
        char name[NAME_BYTES];
        unz_file_info64 part;
        if (unzGetCurrentFileInfo64(zip->zip, &part, name, sizeof name, NULL, 0, NULL, 0) != UNZ_OK)
            return XLSX_BROKEN;
        name[NAME_BYTES - 1] = '\0';
        if (str_ends(str_of(name), STR("vbaProject.bin")))
            return XLSX_MACROS;
    }
    return status == UNZ_END_OF_LIST_OF_FILE ? XLSX_FINE : XLSX_BROKEN;
}

enum xlsx_fault xlsx_zip_open(struct arena *arena, struct str file, struct xlsx_zip **ret)
{
    static const struct str compound = STR_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    if (str_starts(file, compound))
        return XLSX_OLD_OR_LOCKED;
    struct xlsx_zip *zip = arena_new(arena, struct xlsx_zip, 1);
    zlib_filefunc64_def memory = { .zopen64_file = memory_open,
                                   .zread_file = memory_read,
                                   .ztell64_file = memory_tell,
                                   .zseek64_file = memory_seek,
                                   .zclose_file = memory_close,
                                   .zerror_file = memory_close,
                                   .opaque = zip };
    zip->file = file;
    zip->zip = unzOpen2_64("", &memory);
    if (!zip->zip)
        return XLSX_NO_WORKBOOK;
    enum xlsx_fault fault = check_parts(zip);
    if (fault != XLSX_FINE) {
        xlsx_zip_close(zip);
        return fault;
    }
    *ret = zip;
    return XLSX_FINE;
}

void xlsx_zip_close(struct xlsx_zip *zip)
{
    unzClose(zip->zip);
}

bool xlsx_zip_has(struct xlsx_zip *zip, const char *part)
{
    return unzLocateFile(zip->zip, part, 1) == UNZ_OK;
}

/* --- XML ------------------------------------------------------------------------------------------------------- */

struct walk {
    XML_Parser parser;
    const struct xml_handlers *handlers;
    void *self;
    enum xlsx_fault fault;
    int64_t fed;
};

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *xml_attribute(const char **attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (strcmp(local(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

static void stop_on_fault(struct walk *walk)
{
    if (walk->fault != XLSX_FINE)
        XML_StopParser(walk->parser, XML_FALSE);
}

/* expat may still deliver events of the piece it is in after XML_StopParser(): they are dropped. */
static void on_start(void *self, const char *name, const char **attributes)
{
    struct walk *walk = self;
    if (walk->fault == XLSX_FINE)
        walk->handlers->start(walk->self, local(name), attributes, &walk->fault);
    stop_on_fault(walk);
}

static void on_end(void *self, const char *name)
{
    struct walk *walk = self;
    if (walk->fault == XLSX_FINE)
        walk->handlers->end(walk->self, local(name), &walk->fault);
    stop_on_fault(walk);
}

static void on_text(void *self, const char *data, int len)
{
    struct walk *walk = self;
    if (walk->fault == XLSX_FINE)
        walk->handlers->text(walk->self, (struct str){ data, len }, &walk->fault);
    stop_on_fault(walk);
}

static void on_doctype(void *self, const char *name, const char *system_id, const char *public_id,
                       int has_subset)
{
    (void)name, (void)system_id, (void)public_id, (void)has_subset;
    struct walk *walk = self;
    walk->fault = XLSX_ENTITIES;
    stop_on_fault(walk);
}

static void feed(struct walk *walk, struct str piece, bool is_last)
{
    walk->fed += piece.len;
    if (XML_Parse(walk->parser, piece.data, (int)piece.len, is_last) == XML_STATUS_ERROR && walk->fault == XLSX_FINE)
        walk->fault = XLSX_BROKEN;
    if (walk->fault == XLSX_FINE && walk->fed - XML_GetCurrentByteIndex(walk->parser) > TOKEN_BYTES)
        walk->fault = XLSX_TOO_LARGE;
}

/* Unpacks the current part into the parser, piece by piece, and counts what comes out. */
static void unpack(struct xlsx_zip *zip, struct walk *walk, int64_t packed)
{
    int64_t here = 0;
    while (walk->fault == XLSX_FINE) {
        int n = unzReadCurrentFile(zip->zip, zip->piece, PIECE_BYTES);
        if (n < 0)
            walk->fault = XLSX_BROKEN;
        if (n <= 0)
            break;
        here += n;
        zip->unpacked += n;
        if (here > RATIO_FREE_BYTES && here / LIMIT_SHEET_RATIO > packed)
            walk->fault = XLSX_BOMB;
        else if (zip->unpacked > LIMIT_SHEET_UNPACKED)
            walk->fault = XLSX_TOO_LARGE;
        else
            feed(walk, (struct str){ zip->piece, n }, false);
    }
    if (walk->fault == XLSX_FINE)
        feed(walk, (struct str){ "", 0 }, true);
}

enum xlsx_fault xlsx_zip_walk(struct xlsx_zip *zip, const char *part, const struct xml_handlers *handlers, void *self)
{
    unz_file_info64 info;
    struct walk walk = { .handlers = handlers, .self = self };
    if (!xlsx_zip_has(zip, part))
        return XLSX_BROKEN;
    if (unzGetCurrentFileInfo64(zip->zip, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK ||
        info.compressed_size > (ZPOS64_T)zip->file.len || unzOpenCurrentFile(zip->zip) != UNZ_OK)
        return XLSX_BROKEN;
    walk.parser = XML_ParserCreate(NULL);
    if (!walk.parser)
        BUG("out of memory");
    XML_SetUserData(walk.parser, &walk);
    XML_SetElementHandler(walk.parser, on_start, on_end);
    if (handlers->text)
        XML_SetCharacterDataHandler(walk.parser, on_text);
    XML_SetStartDoctypeDeclHandler(walk.parser, on_doctype);
    unpack(zip, &walk, (int64_t)info.compressed_size);
    XML_ParserFree(walk.parser);
    int checked = unzCloseCurrentFile(zip->zip);
    return walk.fault == XLSX_FINE && checked != UNZ_OK ? XLSX_BROKEN : walk.fault;
}
