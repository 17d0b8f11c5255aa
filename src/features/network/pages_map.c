/*
 * pages_map.c - the matrix as areas: each place as large as what there is to cover in it, and in the colour of its rate.
 *
 * The same figures stand below as a table; a place leads to its own areas, the last ones to its matrix.
 */
#include "features/network/figures.h"
#include "features/network/labels.h"
#include "features/network/pages.h"
#include "features/network/treemap.h"

#include "gen/network_pages.h"
#include "gen/network_texts.h"
#include "gen/web_texts.h"

#include <stdlib.h>

enum { WIDTH = 1000, HEIGHT = 480 }; /* of the drawing, as pages/map.html says it */


struct place {
    struct tile tile; /* its value alone: what there is to cover */
    struct str name;
    struct tally tally;
    struct url url;
};

static struct tally sum_of(const struct figures *f, const struct tally *by_line)
{
    struct tally sum = { 0 };
    for (ptrdiff_t i = 0; i < f->line_count; i++)
        sum = tally_plus(sum, by_line[i]);
    return sum;
}

static int by_value(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return (y->tile.value > x->tile.value) - (y->tile.value < x->tile.value);
}

/* Children that have something to cover, and what lies in none of them, the largest first. */
static ptrdiff_t places_of(const struct figures *f, struct place *places)
{
    struct request *rq = f->rq;
    const char *below = f->place.level < DIVISION_DISTRICT ? "/network/map" : "/network";
    struct tally own = sum_of(f, f->own);
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < f->children.n; i++) {
        const struct division_row *child = &f->children.at[i];
        struct tally sum = sum_of(f, &f->counts[i * f->line_count]);
        if (tally_to_cover(sum) > 0)
            places[n++] = (struct place){
                .tile = { .value = tally_to_cover(sum) },
                .name = child->name,
                .tally = sum,
                .url = figures_url(f, below, (struct axes){ child->code, rq->axes.line }),
            };
    }
    if (f->children.n > 0 && tally_to_cover(own) > 0)
        places[n++] = (struct place){
            .tile = { .value = tally_to_cover(own) },
            .name = text_in(rq->arena, rq->lang, t_list_own_level(f->place.name)),
            .tally = own,
            .url = figures_url(f, "/network", (struct axes){ f->scope.from, rq->axes.line }),
        };
    if (n > 0)
        qsort(places, (size_t)n, sizeof places[0], by_value);
    return n;
}

static struct str number(struct arena *arena, double value)
{
    return str_format(arena, "%.1f", value);
}

static struct map_tile tile_view(struct request *rq, const struct place *place, const struct tile *tile)
{
    static const char *const tones[] = { [TONE_NONE] = "", [TONE_HIGH] = "hi", [TONE_MIDDLE] = "mid", [TONE_LOW] = "low" };
    enum { EDGE = 6, LINE = 18, CHARACTER_WIDTH = 16, BYTES_OF_CHARACTER = 3 };
    int64_t rate = rate_of(place->tally);
    double name_width = (double)(place->name.len * CHARACTER_WIDTH) / BYTES_OF_CHARACTER + 2.0 * EDGE;
    bool has_name = tile->w >= name_width && tile->h >= 2.0 * LINE + EDGE;
    return (struct map_tile){ .name = place->name,
                              .tone = str_of(tones[tone_of(place->tally)]),
                              .url = place->url,
                              .x = number(rq->arena, tile->x),
                              .y = number(rq->arena, tile->y),
                              .w = number(rq->arena, tile->w),
                              .h = number(rq->arena, tile->h),
                              .text_x = number(rq->arena, tile->x + EDGE),
                              .name_y = number(rq->arena, tile->y + LINE),
                              .rate_y = number(rq->arena, tile->y + 2 * LINE),
                              .has_name = has_name,
                              .rate_whole = rate / 10,
                              .rate_tenths = rate % 10,
                              .covered = tally_covered(place->tally),
                              .to_cover = tally_to_cover(place->tally),
                              .blank = place->tally.blank };
}

struct reply map_show(struct request *rq)
{
    struct figures f;
    if (!figures_load(rq, &f))
        return reply_error(rq);
    struct place *places = arena_new(rq->arena, struct place, f.children.n + 1);
    ptrdiff_t n = places_of(&f, places);
    struct tile *tiles = arena_new(rq->arena, struct tile, n);
    for (ptrdiff_t i = 0; i < n; i++)
        tiles[i] = places[i].tile;
    treemap_lay(tiles, n, WIDTH, HEIGHT);
    struct map_view view = { .place = f.place.name,
                             .line = f.line_count == 1 ? book_line(&f.book, rq->lang, f.lines[0])
                                                       : text_in(rq->arena, rq->lang, t_all_lines()),
                             .is_past = f.is_past,
                             .on = f.on,
                             .has_places = f.children.n > 0,
                             .row_heading = label_children(f.place.level),
                             .tiles = { arena_new(rq->arena, struct map_tile, n), n },
                             .matrix_url = figures_url(&f, "/network", rq->axes) };
    struct place whole = { .tally = sum_of(&f, f.total) };
    view.total = tile_view(rq, &whole, &whole.tile);
    for (ptrdiff_t i = 0; i < n; i++)
        view.tiles.at[i] = tile_view(rq, &places[i], &tiles[i]);
    view.frame = frame_make(rq, t_map_title(), f.place.name);
    network_map_page(page_html(rq), &view);
    return reply_html(rq);
}
