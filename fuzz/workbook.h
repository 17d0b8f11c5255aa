/*
 * workbook.h - inputs of targets that read an .xlsx.
 *
 * An input that begins like a zip is one; any other is the texts of the parts that matter, which are zipped here, so that
 * the fuzzer need not learn checksums before it gets at the XML: the sheet, then behind a NUL the shared texts, then behind
 * another the workbook.  The last two may be left out.
 */
#pragma once
#include "base/str.h"

struct str workbook_of(struct str input, struct arena *arena); /* empty: too large to try */
