/*
 * treemap.h - areas for numbers: a squarified treemap (Bruls, Huizing, van Wijk 2000), pure.
 *
 * Rectangles fill the whole from left and top, the largest first, each as near to a square as it can be.
 */
#pragma once
#include "base/compiler.h"

struct tile {
    int64_t value;      /* given, > 0 */
    double x, y, w, h;  /* found */
};

/* tiles must be sorted by value, the largest first. */
void treemap_lay(struct tile *tiles, ptrdiff_t n, double width, double height);
