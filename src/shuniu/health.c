#include "shuniu/health.h"

#include "shuniu/roof.h"

static struct reply healthz(struct request *rq)
{
    (void)rq; /* a snapshot of the database was opened to come here */
    return reply_status(200, STR("text/plain; charset=utf-8"), STR("ok\n"));
}

static void gauge(struct buf *out, const char *name, const char *kind, int64_t value)
{
    buf_format(out, "# TYPE shuniu_%s %s\nshuniu_%s %lld\n", name, kind, name, (long long)value);
}

static struct reply metrics(struct request *rq)
{
    enum { METRICS_BYTES = 8192 };
    const struct roof *roof = rq->app->roof;
    if (!roof || !roof->server)
        return reply_status(503, STR("text/plain; charset=utf-8"), STR("no server\n"));
    struct serve_counts counts = serve_counts(roof->server);
    struct buf out = buf_make(rq->arena, METRICS_BYTES);
    gauge(&out, "requests_total", "counter", counts.requests);
    buf_put(&out, STR("# TYPE shuniu_replies_total counter\n"));
    for (int class = 2; class <= 5; class ++)
        buf_format(&out, "shuniu_replies_total{class=\"%dxx\"} %lld\n", class, (long long)counts.by_class[class]);
    gauge(&out, "busy_microseconds_total", "counter", counts.busy_us);
    gauge(&out, "connections", "gauge", counts.connections);
    gauge(&out, "commits_total", "counter", counts.writer.batches);
    gauge(&out, "changes_total", "counter", counts.writer.changes);
    gauge(&out, "changes_failed_total", "counter", counts.writer.failed);
    return reply_status(200, STR("text/plain; version=0.0.4; charset=utf-8"), buf_str(&out));
}

/* To add an address: one row here, its function above. */
static const struct route routes[] = {
    { HTTP_GET, "/healthz", &cap_public, healthz },
    { HTTP_GET, "/metrics", &cap_public, metrics },
};

const struct feature health_feature = { .name = "health", .routes = routes, .route_count = COUNT_OF(routes) };
