// The confined server: every thread of it is, and what people do in a day still works, its files in its own folder.
// usage: confine.mjs SHUNIU
import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { finish, get, fetchOne, ok, sleep, start, stop } from "./wire.mjs";

const shuniu = process.argv[2];
const PASSWORD = "seven-lychees-in-a-bowl";
const territory = new URL("../scenes/territory.csv", import.meta.url).pathname;
const isRoot = process.getuid() === 0;

const run = (words, dir, input = "") => spawnSync(shuniu, [...words, "--data", dir], { input, encoding: "utf8" });

function prepare(dir) {
    for (const words of [["territory", "load", "--csv", territory], ["district", "open", "440606"],
        ["account", "create", "chief", "何佩珊"]]) {
        const { status, stderr } = run(words, dir, `${PASSWORD}\n`);
        if (status !== 0)
            throw new Error(stderr);
    }
}

// What /proc says of each thread: [{ Name, NoNewPrivs, Seccomp, Uid ... }].
function threads(pid) {
    return readdirSync(`/proc/${pid}/task`).map((task) => Object.fromEntries(
        readFileSync(`/proc/${pid}/task/${task}/status`, "utf8").trim().split("\n")
            .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()])));
}

function everyThread(server) {
    const all = threads(server.child.pid);
    ok(all.length >= 5, "the server has its threads", all.map((one) => one.Name));
    ok(all.every((one) => one.NoNewPrivs === "1"), "none can gain privileges", JSON.stringify(all));
    ok(all.every((one) => one.Seccomp === "2"), "each has its system calls filtered", JSON.stringify(all));
    ok(/"event":"confined","detail":"Landlock level \d+/.test(server.log), "the log says what is in force", server.log);
}

async function browse(server) {
    const at = `http://127.0.0.1:${server.port}`;
    const signedIn = await fetch(`${at}/sign-in`,
        { method: "POST", redirect: "manual", body: new URLSearchParams({ login: "chief", password: PASSWORD }) });
    const cookie = signedIn.headers.get("set-cookie")?.split(";")[0];
    ok(signedIn.status === 303 && cookie, "a sign-in (a worker, the writer)", signedIn.status);
    const page = async (target) => {
        const reply = await fetch(at + target, { headers: { cookie }, redirect: "manual" });
        return { status: reply.status, bytes: Buffer.from(await reply.arrayBuffer()) };
    };
    const units = await page("/units?at=440606");
    ok(units.status === 200, "a list", units.status);
    return { at, cookie, page, csrf: /name="csrf" value="([^"]+)"/.exec(units.bytes.toString())?.[1] };
}

// The one thing that writes files which are not the data: a workbook.
async function exportUnits({ at, cookie, page, csrf }) {
    const asked = await fetch(`${at}/units/export?at=440606`,
        { method: "POST", redirect: "manual", headers: { cookie }, body: new URLSearchParams({ csrf }) });
    ok(asked.status === 303, "an export is asked for", asked.status);
    let shown = "";
    for (let tenths = 0; tenths < 300 && !/\/units\/export\/\d+\/\d+/.test(shown); tenths++) {
        await sleep(100);
        shown = (await page(asked.headers.get("location"))).bytes.toString();
    }
    const file = await page(/\/units\/export\/\d+\/\d+/.exec(shown)?.[0] ?? "/none");
    ok(file.status === 200 && file.bytes.subarray(0, 2).toString() === "PK", "and is a workbook", file.status);
}

async function aDay() {
    const server = await start(shuniu, prepare);
    everyThread(server);
    await exportUnits(await browse(server));
    ok(readdirSync(server.dir).every((name) => !name.startsWith("tmp.")), "no temporary file is left in the folder",
        readdirSync(server.dir));
    const copy = `${server.dir}-copy.db`;
    ok(run(["backup", copy], server.dir).status === 0, "a backup by another process");
    ok((statSync(copy).mode & 0o77) === 0, "is for its owner alone", statSync(copy).mode.toString(8));
    ok((statSync(path.join(server.dir, "shuniu.db")).mode & 0o77) === 0, "as the data is");
    rmSync(copy);
    await stop(server);
}

// Root starts it, and another user runs it.
async function anotherUser() {
    if (!isRoot) {
        ok(true, "becoming another user # SKIP only root can");
        return;
    }
    const nobody = Number(spawnSync("id", ["-u", "nobody"], { encoding: "utf8" }).stdout);
    const server = await start(shuniu, (dir) => {
        for (const place of [dir, `${dir}.keys`, `${dir}.keys/keys`])
            chownSync(place, nobody, nobody);
    }, ["--user", "nobody"]);
    const ids = new Set(threads(server.child.pid).flatMap((one) => [...one.Uid.split("\t"), ...one.Gid.split("\t")]));
    ok(ids.size === 1 && ids.has(String(nobody)), "every thread is the user", [...ids]);
    ok(threads(server.child.pid).every((one) => /^0+$/.test(one.CapEff) && /^0+$/.test(one.CapPrm)),
        "and has no capability");
    ok(statSync(path.join(server.dir, "shuniu.db")).uid === nobody, "the data is the user's");
    ok((await fetchOne(server.port, get("/healthz"))).status === 200, "and is served");
    ok(!/runs as root/.test(server.log), "and no warning is given", server.log);
    await stop(server);
}

function refusals() {
    const dir = mkdtempSync(path.join(os.tmpdir(), "shuniu-wire-"));
    for (const [user, why] of [["nobody-of-that-name", /no such user/], ["root", /all rights/]]) {
        const { status, stderr } = run(["serve", "--port", "0", "--user", user], path.join(dir, "new"));
        ok(status === 1 && why.test(stderr), `--user ${user} is refused`, `${status} ${stderr}`);
    }
    ok(!existsSync(path.join(dir, "new")), "and no data made");
    run(["account", "create", "chief", "X"], path.join(dir, "real"), `${PASSWORD}\n`);
    spawnSync("mkdir", [path.join(dir, "linked")]);
    symlinkSync(path.join(dir, "real/shuniu.db"), path.join(dir, "linked/shuniu.db"));
    const bare = run(["serve", "--port", "0"], path.join(dir, "real"));
    ok(bare.status === 1 && /shuniu keys make/.test(bare.stderr), "no key file, no server", `${bare.status} ${bare.stderr}`);
    run(["keys", "make"], path.join(dir, "linked"));
    const { status, stderr } = run(["serve", "--port", "0"], path.join(dir, "linked"));
    ok(status === 1 && /is a link/.test(stderr), "data that is a link is refused", `${status} ${stderr}`);
    rmSync(dir, { recursive: true });
}

await aDay();
await anotherUser();
refusals();
finish();
