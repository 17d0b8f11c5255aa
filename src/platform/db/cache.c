#include "platform/db/cache.h"

#include <string.h>

/* A multiplication and a shift for each value: the parameters are few and short. */
static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ (hash >> 29);
}

static bool has_bytes(struct cell cell)
{
    return cell.kind >= CELL_TEXT && cell.n > 0;
}

static uint64_t hash_of(const struct cache *cache, const struct query *query)
{
    uint64_t hash = (uintptr_t)query;
    for (int i = 0; i < cache->param_count; i++) {
        struct cell cell = cache->params[i];
        hash = mix(hash, (uint64_t)cell.n);
        for (int64_t at = 0; has_bytes(cell) && at < cell.n; at++)
            hash = mix(hash, (unsigned char)cell.data[at]);
    }
    return hash;
}

static bool cell_equal(struct cell a, struct cell b)
{
    bool is_alike = a.kind == b.kind && a.n == b.n;
    return is_alike && (!has_bytes(a) || memcmp(a.data, b.data, (size_t)a.n) == 0);
}

void cache_validate(struct cache *cache, int64_t version)
{
    if (cache->version == version && cache->bytes <= LIMIT_CACHE_BYTES)
        return;
    arena_reset(&cache->arena);
    memset(cache->buckets, 0, sizeof cache->buckets);
    cache->version = version;
    cache->bytes = 0;
}

void cache_param(struct cache *cache, int index, struct cell value)
{
    if (index > LIMIT_CACHED_PARAMS)
        BUG("more than %d parameters of a cached query", LIMIT_CACHED_PARAMS);
    cache->params[index - 1] = value;
    if (cache->param_count < index)
        cache->param_count = index;
}

const struct result *cache_find(const struct cache *cache, const struct query *query)
{
    uint64_t hash = hash_of(cache, query);
    for (const struct result *result = cache->buckets[hash % CACHE_BUCKETS]; result; result = result->next) {
        bool is_same = result->hash == hash && result->query == query && result->param_count == cache->param_count;
        for (int i = 0; is_same && i < result->param_count; i++)
            is_same = cell_equal(result->params[i], cache->params[i]);
        if (is_same)
            return result;
    }
    return NULL;
}

struct cell cell_copy(struct cache *cache, struct cell value)
{
    if (has_bytes(value)) {
        value.data = str_z(&cache->arena, (struct str){ value.data, value.n });
        cache->bytes += value.n;
    }
    return value;
}

struct result *result_make(struct cache *cache, const struct query *query, int columns)
{
    struct result *result = arena_new(&cache->arena, struct result, 1);
    *result = (struct result){ .hash = hash_of(cache, query), .query = query, .columns = columns,
                               .param_count = cache->param_count };
    result->params = arena_new(&cache->arena, struct cell, result->param_count);
    for (int i = 0; i < result->param_count; i++)
        result->params[i] = cell_copy(cache, cache->params[i]);
    cache->bytes += (ptrdiff_t)sizeof *result + result->param_count * (ptrdiff_t)sizeof(struct cell);
    return result;
}

void cache_add(struct cache *cache, struct result *result)
{
    struct result **bucket = &cache->buckets[result->hash % CACHE_BUCKETS];
    result->next = *bucket;
    *bucket = result;
}

struct cell *result_add_row(struct cache *cache, struct result *result)
{
    ptrdiff_t size = result->columns * (ptrdiff_t)sizeof(struct cell);
    /* room doubles: 1, 2, 4, 8 ... rows */
    if ((result->rows & (result->rows - 1)) == 0) {
        ptrdiff_t room = result->rows == 0 ? 1 : result->rows * 2;
        result->cells = arena_grow(&cache->arena, result->cells, result->rows * size, room * size);
    }
    cache->bytes += size;
    return result->cells + result->rows++ * result->columns;
}

void cache_release(struct cache *cache)
{
    arena_release(&cache->arena);
}
