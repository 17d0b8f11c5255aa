#include "platform/web/problems.h"

enum { PROBLEMS_FIRST = 8 };

bool problem_add(struct problems *problems, struct str field, struct text text)
{
    if (problems->n == problems->cap) {
        ptrdiff_t cap = problems->cap > 0 ? problems->cap * 2 : PROBLEMS_FIRST;
        ptrdiff_t size = (ptrdiff_t)sizeof *problems->at;
        problems->at = arena_grow(problems->arena, problems->at, problems->cap * size, cap * size);
        problems->cap = cap;
    }
    problems->at[problems->n++] = (struct problem){ field, text };
    return false;
}

const struct problem *problem_of(const struct problems *problems, struct str field)
{
    for (ptrdiff_t i = 0; i < problems->n; i++)
        if (str_equal(problems->at[i].field, field))
            return &problems->at[i];
    return NULL;
}
