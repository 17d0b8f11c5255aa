/* What the schema of the test names: ids and enums. */
#pragma once
#include <stdint.h>

struct shop_id { int64_t n; };
struct item_id { int64_t n; };
enum item_state { ITEM_NEW, ITEM_SOLD };
