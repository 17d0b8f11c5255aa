#include "features/network/treemap.h"

struct space {
    double x, y, w, h;
};

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* The worst ratio of sides in a strip along a side, of areas between the largest and the smallest. */
static double worst(double largest, double smallest, double sum, double side)
{
    double thick = sum / side;
    return larger(largest / (thick * thick), thick * thick / smallest);
}

/* Lays a strip along the shorter side of the space and takes it off. */
static void lay_strip(struct tile *tiles, ptrdiff_t n, double sum, double scale, struct space *space)
{
    bool is_upright = space->w >= space->h;
    double side = is_upright ? space->h : space->w, thick = sum / side, at = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
        struct tile *tile = &tiles[i];
        double length = (double)tile->value * scale / thick;
        tile->x = space->x + (is_upright ? 0 : at);
        tile->y = space->y + (is_upright ? at : 0);
        tile->w = is_upright ? thick : length;
        tile->h = is_upright ? length : thick;
        at += length;
    }
    space->x += is_upright ? thick : 0;
    space->y += is_upright ? 0 : thick;
    space->w -= is_upright ? thick : 0;
    space->h -= is_upright ? 0 : thick;
}

void treemap_lay(struct tile *tiles, ptrdiff_t n, double width, double height)
{
    struct space space = { 0, 0, width, height };
    double total = 0;
    for (ptrdiff_t i = 0; i < n; i++)
        total += (double)tiles[i].value;
    double scale = width * height / larger(total, 1);
    for (ptrdiff_t from = 0, to = 0; from < n; from = to) {
        double side = space.w < space.h ? space.w : space.h;
        double largest = (double)tiles[from].value * scale, sum = largest, ratio = worst(largest, largest, sum, side);
        for (to = from + 1; to < n; to++) {
            double area = (double)tiles[to].value * scale;
            double next = worst(largest, area, sum + area, side);
            if (next > ratio)
                break;
            sum += area;
            ratio = next;
        }
        lay_strip(tiles + from, to - from, sum, scale, &space);
    }
}
