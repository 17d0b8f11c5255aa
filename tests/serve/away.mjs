// A database that is away: pages that say so and are pages, forms that wait for it or carry what was typed, two lines in the log.
// usage: with_postgres away.mjs SHUNIU
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PASSWORD, signIn } from "./people.mjs";
import { exchange, fetchOne, finish, get, ok, post, replies, sleep, start } from "./wire.mjs";

const shuniu = process.argv[2];
const root = process.env.SHUNIU_TEST_POSTGRES;
const socket = /[?&]host=([^&]+)/.exec(root)[1];
const bin = `/usr/lib/postgresql/${readdirSync("/usr/lib/postgresql").sort((a, b) => a - b).at(-1)}/bin`;
const asUser = process.getuid() === 0 ? ["runuser", "-u", "postgres", "--"] : [];
const keys = mkdtempSync(path.join(os.tmpdir(), "shuniu-away-"));
chmodSync(keys, 0o700);
process.on("exit", () => rmSync(keys, { recursive: true, force: true }));
const keyFile = ["--keys", path.join(keys, "keys", "keys")], place = ["--db", root, ...keyFile];

const sql = (text) => execFileSync(path.join(bin, "psql"), ["-h", socket, "-U", "shuniu", "-d", "postgres", "-Atqc", text],
    { encoding: "utf8" }).trim();

function postgres(...words) {
    const [name, ...more] = [...asUser, path.join(bin, "pg_ctl"), "-D", `${socket}/data`, "-w", ...words];
    return spawnSync(name, more, { cwd: socket, stdio: "ignore" }).status === 0;
}

const leave = () => ok(postgres("-m", "fast", "stop"), "the database goes");
const come = () => ok(postgres("-l", `${socket}/log`, "start"), "the database comes back");

function fill() {
    spawnSync(shuniu, ["keys", "make", ...keyFile]);
    for (const [input, ...words] of [["", "territory", "load", "--csv", "tests/scenes/territory.csv"],
        ["", "district", "open", "440606"], [`${PASSWORD}\n`, "account", "create", "chief", "X"]])
        spawnSync(shuniu, [...words, ...place], { input });
}

/* --- what a page says -------------------------------------------------------------------------------------------- */

const plain = (text) => text.replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
const utf8 = (text) => Buffer.from(text, "latin1").toString("utf8");
const hidden = (body) => Object.fromEntries([...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
    .map(([, name, value]) => [plain(name), plain(utf8(value))]));
const form = (fields) => new URLSearchParams(fields).toString();
const LINES = "/network/lines/new";

async function typed(port, who, code) {
    const token = hidden((await fetchOne(port, get(LINES, who.cookie))).body);
    return { csrf: token.csrf, once: token.once, who: token.who, code, name_zh: '"枢纽" <&\'', name_en: "abc", short_zh: "短",
        short_en: "s", groups_zh: "群", groups_en: "g" };
}

const rows = (code) => sql(`SELECT count(*) FROM line WHERE code = '${code}'`);

// A form may wait for longer than fetchOne() does.
const send = async (port, target, fields, more) =>
    replies((await exchange(port, post(target, form(fields), `${more}Connection: close\r\n`), { first: 60000, quiet: 5000 })).bytes)[0] ??
        { status: 0, headers: {}, body: "" };

/* --- pages ------------------------------------------------------------------------------------------------------- */

async function pages(port, who) {
    const target = "/network/trend?at=440606102&line=1";
    const reply = await fetchOne(port, get(target, `${who.cookie}Accept-Language: en\r\n`));
    ok(reply.status === 503 && /^text\/html/.test(reply.headers["content-type"]) && Number(reply.headers["retry-after"]) > 0,
        "a page is refused for a while, as a page", JSON.stringify(reply.headers));
    ok(/<title>The database cannot be reached/.test(reply.body) && /Request \d+:/.test(reply.body) && !/saved/.test(reply.body),
        "it says why, and gives the number of the request", reply.body);
    ok(reply.body.includes('href="/network/trend?at=440606102&amp;line=1">Try again'), "'Try again' leads to the same address", reply.body);
    ok(!/name="q"|Sign in/.test(reply.body), "and nothing around it asks the database, or to sign in", reply.body);
    const dark = await fetchOne(port, get("/", `${who.cookie.replace("\r\n", "; theme=dark; lang=zh\r\n")}`));
    ok(/<html lang="zh-CN" data-bs-theme="dark">/.test(dark.body) && utf8(dark.body).includes("数据库暂时联系不上"),
        "in the language and the theme of the person", dark.body);
    const style = /href="(\/assets\/[^"]*\.css)"/.exec(reply.body)?.[1];
    ok((await fetchOne(port, get(style ?? "/"))).status === 200, "its styles come without the database");
}

/* --- forms ------------------------------------------------------------------------------------------------------- */

// While 30 forms wait, what needs no database is answered: they hold no thread.
async function carries(port, who, fields) {
    let answered = 0;
    const waiting = Array.from({ length: 30 }, () => send(port, LINES, fields, `${who.cookie}Accept-Language: en\r\n`)
        .finally(() => answered++));
    const signIn = (page) => send(port, "/sign-in", { login: "chief", password: PASSWORD }, `Accept-Language: en\r\nReferer: ${page}\r\n`);
    const signingIn = [signIn("http://x/sign-in?back=%2Funits"), signIn("http://evil.example/units"), signIn("http://x//evil.example/")];
    await sleep(1000);
    const style = /href="(\/assets\/[^"]*\.css)"/.exec((await fetchOne(port, get("/"))).body)?.[1];
    ok((await fetchOne(port, get(style ?? "/"))).status === 200 && answered === 0, "30 forms wait and block nobody", `${answered} were answered`);
    const replies = await Promise.all(waiting);
    const page = replies[0];
    ok(replies.every(({ status }) => status === 503) && Number(page.headers["retry-after"]) > 0, "then they are refused", page.status);
    ok(JSON.stringify(hidden(page.body)) === JSON.stringify(fields), "the page carries all that was typed", page.body);
    ok(page.body.includes(`<form action="${LINES}" method="post"`) && /Send again<\/button>/.test(page.body) && /still on this page/.test(page.body),
        "and a button sends it again", page.body);
    const [secret, ...foreign] = await Promise.all(signingIn);
    ok(secret.status === 503 && !secret.body.includes(PASSWORD) && secret.body.includes('href="/sign-in?back=%2Funits">Back to the form'),
        "a password is not carried: the page leads back to its form", secret.body);
    ok(foreign.every(({ body }) => body.includes('href="/sign-in">Back to the form')), "but to no page that is not ours", foreign.map((r) => r.body));
    return hidden(page.body);
}

async function sentAgain(port, who, carried) {
    const sent = [await send(port, LINES, carried, who.cookie), await send(port, LINES, carried, who.cookie)];
    ok(sent.every(({ status }) => status === 303), "what the page carried is saved, and sent twice it leads there again", sent.map((r) => r.status));
    ok(rows(carried.code) === "1", "it is there, once");
}

async function waits(port, who, fields) {
    const answer = send(port, LINES, fields, who.cookie);
    await sleep(2000);
    come();
    ok((await answer).status === 303 && rows(fields.code) === "1", "a form that is sent while the database is away for a little is saved when it is back",
        (await answer).status);
}

const server = await start(shuniu, fill, place);
const who = await signIn(server.port, "chief", PASSWORD);
const [first, second] = [await typed(server.port, who, "one"), await typed(server.port, who, "two")];
leave();
await pages(server.port, who);
const carried = await carries(server.port, who, first);
come();
await sleep(2000);
await sentAgain(server.port, who, carried);
leave();
await waits(server.port, who, second);
await sleep(2000);
const lines = server.log.split("\n").filter((line) => line.includes('"event":"database"'));
ok(lines.length === 4 && [0, 2].every((i) => /does not answer/.test(lines[i]) && /answers again/.test(lines[i + 1])),
    "the log says of each time when it began and ended", server.log);
ok(!/request 0:/.test(server.log), "and no more of its own", server.log);
server.child.kill("SIGTERM");
const end = await server.exited;
ok(end.code === 0 && !/Sanitizer|runtime error:|BUG/.test(server.log), "the server ends with 0", server.log);
rmSync(server.dir, { recursive: true });
rmSync(`${server.dir}.keys`, { recursive: true });
finish();
