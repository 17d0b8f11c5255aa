// Malformed and hostile requests, byte for byte: each is refused or harmless, and none smuggles a second one in.
// usage: malformed.mjs SHUNIU
import { exchange, fetchOne, finish, get, metric, ok, post, replies, start, stop } from "./wire.mjs";

const SMUGGLED = get("/healthz");
const FORM = "login=x&password=y";
const FORM_LIMIT = 256 * 1024;
const chunk = (size, data) => `${size}\r\n${data}\r\n`;
const chunked = (head, chunks) => `POST /sign-in HTTP/1.1\r\nHost: x\r\n${head}\r\n${chunks}`;

// name, bytes, the statuses that may answer (0: none, closed), options.  Unless 'open', the connection must be closed.
// Never may a second reply come: what follows the first is not a request.
const probes = [
    ["Content-Length and Transfer-Encoding", chunked("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", `0\r\n\r\n${SMUGGLED}`), [400]],
    ["Transfer-Encoding, then Content-Length", chunked("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", `0\r\n\r\n${SMUGGLED}`), [400]],
    ["two different Content-Length", chunked(`Content-Length: ${SMUGGLED.length}\r\nContent-Length: 0\r\n`, SMUGGLED), [400]],
    ["the same Content-Length twice", chunked("Content-Length: 0\r\nContent-Length: 0\r\n", SMUGGLED), [400]],
    ["Content-Length: +3", chunked("Content-Length: +3\r\n", "a=b"), [400]],
    ["Content-Length: -1", chunked("Content-Length: -1\r\n", "a=b"), [400]],
    ["Content-Length: 3, 3", chunked("Content-Length: 3, 3\r\n", "a=b"), [400]],
    ["Content-Length: 0x3", chunked("Content-Length: 0x3\r\n", "a=b"), [400]],
    ["Content-Length past 64 bits", chunked("Content-Length: 99999999999999999999\r\n", "a=b"), [400, 413]],
    ["an empty Content-Length", chunked("Content-Length:\r\n", SMUGGLED), [400]],
    ["Transfer-Encoding with a blank before the colon", chunked("Transfer-Encoding : chunked\r\n", `0\r\n\r\n${SMUGGLED}`), [400]],
    ["Transfer-Encoding: chunked, identity", chunked("Transfer-Encoding: chunked, identity\r\n", `0\r\n\r\n${SMUGGLED}`), [400]],
    ["Transfer-Encoding: gzip, chunked", chunked("Transfer-Encoding: gzip, chunked\r\n", `0\r\n\r\n${SMUGGLED}`), [400]],
    ["Transfer-Encoding: xchunked", chunked("Transfer-Encoding: xchunked\r\n", `0\r\n\r\n${SMUGGLED}`), [400]],
    ["Transfer-Encoding twice", chunked("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", `0\r\n\r\n${SMUGGLED}`), [400]],
    ["a bare CR in a value", get("/healthz", "X-A: b\rX-B: c\r\n"), [400]],
    ["a NUL in a value", get("/healthz", "X-A: b\0c\r\n"), [400]], // the library would cut it there
    ["two NULs in a value", get("/healthz", "X-A: b\0\0c\r\n"), [400]],
    ["a NUL at the end of a value", get("/healthz", "X-A: b\0\r\n"), [400]],
    ["a folded header", get("/healthz", "X-A: b\r\n c\r\n"), [400]],
    ["a header that ends with LF alone", get("/healthz", "X-A: b\n"), [400]],
    ["a NUL in Transfer-Encoding", chunked("Transfer-Encoding: chunked\0x\r\n", `0\r\n\r\n`), [400]],
    ["a NUL in a name", get("/healthz", "X\0A: b\r\n"), [400]],
    ["a control character in a value", get("/healthz", "X-A: b\x01c\r\n"), [400]],
    ["no Host", "GET /healthz HTTP/1.1\r\n\r\n", [400]],
    ["two Hosts", get("/healthz", "Host: y\r\n"), [400]],
    ["a header name with a blank", get("/healthz", "X A: b\r\n"), [400]],
    ["a header name with a bracket", get("/healthz", "X(A): b\r\n"), [400]],
    ["a header without a colon", get("/healthz", "nonsense\r\n"), [400]],
    ["a chunk size 0x3", chunked("Transfer-Encoding: chunked\r\n", `${chunk("0x3", "a=b")}0\r\n\r\n`), [400]],
    ["a chunk size past 64 bits", chunked("Transfer-Encoding: chunked\r\n", `${chunk("fffffffffffffffff", "a=b")}0\r\n\r\n`), [400, 413]],
    ["a negative chunk size", chunked("Transfer-Encoding: chunked\r\n", `${chunk("-3", "a=b")}0\r\n\r\n`), [400]],
    ["a chunk without its CRLF", chunked("Transfer-Encoding: chunked\r\n", `3\r\na=bXX0\r\n\r\n${SMUGGLED}`), [400]],
    ["a header of 100 KB", get("/healthz", `X-A: ${"a".repeat(100 * 1024)}\r\n`), [431, 400]],
    ["5000 headers", get("/healthz", "X-A: b\r\n".repeat(5000)), [431]],
    ["65 small headers", get("/healthz", "X-A: b\r\n".repeat(65)), [431]],
    ["a path of 100 KB", get(`/${"a".repeat(100 * 1024)}`), [414, 431]],
    ["10 MB to a form, announced", chunked(`Content-Length: ${10 << 20}\r\n`, "a".repeat(FORM_LIMIT)), [413]],
    ["10 MB to a form, in chunks", chunked("Transfer-Encoding: chunked\r\n", chunk("10000", "a".repeat(0x10000)).repeat(160)), [0, 413]],
    ["no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "a".repeat(100) + "\r\n\r\n", [0, 400]],
    ["HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [0, 400, 505]],
    ["HTTP/9.9", "GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n", [0, 400, 505]],
    ["HTTP/1.0 without Host", "GET /healthz HTTP/1.0\r\n\r\n", [400]],
    ["HTTP/1.0 with chunks", "POST /sign-in HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400, 422]], // RFC 9112 6.1: or processed, and closed
    ["a path with no slash", "GET healthz HTTP/1.1\r\nHost: x\r\n\r\n", [400, 404], { open: true }],
    ["a path with %00", get("/healthz%00"), [404], { open: true }],
    ["a path with a NUL", get("/healthz\0x"), [400]], // the same
    ["a path with %2e%2e", get("/assets/%2e%2e/%2e%2e/etc/passwd"), [404], { open: true }],
    ["a path with ../", get("/assets/../../etc/passwd"), [404], { open: true }],
    ["a path with a bad escape", get("/%zz?a=%zz"), [400, 404], { open: true }],
    ["a query that is no UTF-8", get("/sign-in?a=%ff"), [400], { open: true }],
    ["201 query fields", get(`/sign-in?${"a=b&".repeat(201)}`), [413], { open: true }],
    ["400 query fields", get(`/sign-in?${"a=b&".repeat(400)}`), [413], { open: true }],
    ["3000 query fields", get(`/sign-in?${"a=b&".repeat(3000)}`), [413], { open: true }],
    ["an empty query", get("/sign-in?"), [200], { open: true }],
    ["a query field without a name", get("/sign-in?=&?&"), [200], { open: true }],
    ["an id past 64 bits", get("/accounts/99999999999999999999999"), [404], { open: true }],
    ["an unknown method", "BREW /sign-in HTTP/1.1\r\nHost: x\r\n\r\n", [404, 405, 501], { open: true }],
    ["TRACE", "TRACE /healthz HTTP/1.1\r\nHost: x\r\n\r\n", [404, 405, 501], { open: true }],
    ["CONNECT", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", [400, 404, 405, 501], { open: true }],
    ["POST where only GET is", post("/healthz", ""), [404, 405], { open: true }],
    ["%00 in a form", post("/sign-in", "login=a%00b&password=c"), [400], { open: true }],
    ["a NUL in a form", post("/sign-in", "login=a\0b&password=c"), [400], { open: true }],
    ["a form of another site", post("/sign-in", FORM, "Origin: http://evil.example\r\n"), [403], { open: true }],
    ["a form without an origin", post("/sign-in", FORM, "Origin: null\r\n"), [403], { open: true }],
    ["a form with an origin that is none", post("/sign-in", FORM, "Origin: x\r\n"), [403], { open: true }],
    ["a form of this site", post("/sign-in", FORM, "Origin: http://x\r\n"), [422], { open: true }],
    ["a form from a frame elsewhere", post("/sign-in", FORM, "Sec-Fetch-Site: cross-site\r\n"), [403], { open: true }],
    ["half a request, then the end", "GET /healthz HT", [0, 400], { half: true }],
    // the library may miss an end that comes with the last bytes: the time limits close it then
    ["half a body, then the end", post("/sign-in", FORM).slice(0, -4), [0, 400], { half: true, open: true, first: 2000 }],
];

async function probe(port, [name, bytes, statuses, { open = false, half = false, first = 15000 } = {}]) {
    const before = await metric(port, "requests_total");
    const got = await exchange(port, Buffer.from(bytes, "latin1"), { quiet: open ? 300 : 5000, half, first });
    /* libmicrohttpd sends the head of some of its own refusals twice, then closes: the second is no reply */
    const list = replies(got.bytes).filter((reply, i) => i === 0 || reply.status > 0);
    const seen = (await metric(port, "requests_total")) - before - 1; /* reading the figure is one itself */
    const status = list[0]?.status ?? 0;
    const isFine = statuses.includes(status) && list.length <= 1 && seen <= 1 && (open || got.isClosed);
    ok(isFine, name, `wanted ${statuses}${open ? "" : ", closed"}; got ${list.map((r) => r.status)}` +
        `${got.isClosed ? ", closed" : ", open"}, ${seen} requests seen\n${got.bytes.toString("latin1")}`);
}

/* --- what is legal ---------------------------------------------------------------------------------------------- */

async function legal(port) {
    const pipelined = await exchange(port, get("/healthz").repeat(5));
    ok(replies(pipelined.bytes).filter((r) => r.status === 200).length === 5, "five pipelined requests, five replies");
    const head = await exchange(port, get("/sign-in").replace("GET", "HEAD") + get("/healthz"));
    const [first] = replies(head.bytes, true);
    ok(first?.status === 200 && Number(first.headers["content-length"]) > 1000 && /\r\n\r\nHTTP\/1\.1 200/.test(head.bytes),
        "HEAD: the length and no body", head.bytes);
    const old = await exchange(port, "GET /healthz HTTP/1.0\r\nHost: x\r\n\r\n", { quiet: 5000 });
    ok(replies(old.bytes)[0]?.status === 200 && old.isClosed, "HTTP/1.0 with Host: answered and closed", old.bytes);
    const body = chunk("7", "login=x") + chunk("B", "&password=y") + "0\r\n\r\n";
    const type = "Content-Type: application/x-www-form-urlencoded\r\n";
    const inChunks = await exchange(port, chunked(`${type}Transfer-Encoding: chunked\r\n`, body));
    ok(replies(inChunks.bytes)[0]?.status === 422, "a form in chunks is a form", inChunks.bytes);
    const half = await exchange(port, get("/healthz"), { half: true });
    ok(replies(half.bytes)[0]?.status === 200, "a client that has only closed its sending side is answered", half.bytes);
    const expect = await exchange(port, post("/sign-in", FORM, "Expect: 100-continue\r\n"));
    ok(replies(expect.bytes)[0]?.status === 422, "Expect: 100-continue", expect.bytes);
}

async function securityHeaders(port) {
    const asset = /\/assets\/[^"]+\.css/.exec((await fetchOne(port, get("/sign-in"))).body)?.[0];
    const { headers } = await fetchOne(port, get(asset));
    const kinds = [
        [200, get("/sign-in")], [303, get("/account")], [404, get("/nowhere")], [422, post("/sign-in", FORM)],
        [400, get("/sign-in?a=%ff")], [413, chunked(`Content-Length: ${10 << 20}\r\n`, "")],
        [400, get("/sign-in", "X(A): b\r\n")], [403, post("/sign-in", FORM, "Origin: http://evil.example\r\n")],
    ];
    for (const [status, bytes] of kinds) {
        const reply = await fetchOne(port, bytes);
        const isSafe = /default-src 'none'/.test(reply.headers["content-security-policy"]) &&
            reply.headers["x-content-type-options"] === "nosniff" &&
            reply.headers["referrer-policy"] === "same-origin" && reply.headers["cache-control"] === "no-store";
        ok(reply.status === status && isSafe, `security headers on a ${status}`, JSON.stringify(reply).slice(0, 800));
    }
    const same = await fetchOne(port, get(asset, `If-None-Match: ${headers.etag}\r\n`));
    ok(same.status === 304 && same.headers["x-content-type-options"] === "nosniff", "and on a 304", JSON.stringify(same));
}

const server = await start(process.argv[2]);
for (const row of probes)
    await probe(server.port, row);
await legal(server.port);
await securityHeaders(server.port);
await stop(server);
finish();
