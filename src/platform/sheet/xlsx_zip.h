/*
 * xlsx_zip.h - the container of a workbook: its parts as streams of bytes, and as events of their XML.
 */
#pragma once
#include "platform/sheet/xlsx_read.h"

/* A text that begins with "_x000D_" begins with the character of that number (ECMA-376, ST_Xstring); -1: it does not. */
enum { XLSX_ESCAPE = 7 };
int32_t xlsx_escape(struct str text);

struct xlsx_zip;

/* Looks at the list of parts: their number, macros.  The file's bytes must live until xlsx_zip_close(). */
enum xlsx_fault xlsx_zip_open(struct arena *arena, struct str file, struct xlsx_zip **ret);
void xlsx_zip_close(struct xlsx_zip *zip);
bool xlsx_zip_has(struct xlsx_zip *zip, const char *part);

/* Names come without their prefix: "row" for <x:row>.  Attributes are pairs, then NULL. Set *fault to stop. */
struct xml_handlers {
    void (*start)(void *self, const char *name, const char **attributes, enum xlsx_fault *fault);
    void (*end)(void *self, const char *name, enum xlsx_fault *fault);
    void (*text)(void *self, struct str piece, enum xlsx_fault *fault); /* a text comes in pieces; NULL: not wanted */
};

enum xlsx_fault xlsx_zip_walk(struct xlsx_zip *zip, const char *part, const struct xml_handlers *handlers, void *self);
/* The value of an attribute, with any prefix ("id" for r:id); NULL: none. */
const char *xml_attribute(const char **attributes, const char *name);
