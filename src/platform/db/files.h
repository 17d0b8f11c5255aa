/*
 * files.h - making sure that a file, and the name it was given, are on the disk.
 */
#pragma once
#include "base/error.h"

bool file_sync(const char *path, struct error *err) MUST_USE;
bool file_sync_folder(const char *path, struct error *err) MUST_USE; /* the one that this file is in */
