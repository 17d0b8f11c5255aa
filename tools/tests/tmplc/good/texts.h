/*
 * texts.h - what tools/msgc would make of this test's messages.
 */
#pragma once
#include "platform/i18n/text.h"

static inline struct text t_greeting(struct str name)
{
    static const struct text_key key = { "greeting", { STR_INIT("你好，<{0}>"), STR_INIT("Hello, <{0}>") }, { TEXT_ARG_STR } };
    return (struct text){ .key = &key, .args = { text_arg_str(name) } };
}

static inline struct text t_close(void)
{
    static const struct text_key key = { "close", { STR_INIT("关闭"), STR_INIT("Close") }, { TEXT_ARG_NONE } };
    return (struct text){ .key = &key };
}
