// A new program on old data: the server brings it along by itself, people sign in as before and find their records; and
// one command leads back.  usage: pages.mjs SHUNIU
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { finish, ok, start, stop } from "../serve/wire.mjs";
import { command, Person } from "./people.mjs";

const shuniu = process.argv[2];
const data = path.join(path.dirname(fileURLToPath(import.meta.url)), "data");
const old = (version) => gunzipSync(readFileSync(path.join(data, `v${version}.db.gz`)));
const versions = readdirSync(data).map((name) => Number(/^v(\d+)\.db\.gz$/.exec(name)?.[1])).filter((n) => n > 0).sort((a, b) => a - b);
const current = versions.at(-1) + 1;
// From 6 on with the keys its sealed values open with.
function put(dir, version) {
    const keys = path.join(data, `v${version}.keys`);
    writeFileSync(path.join(dir, "shuniu.db"), old(version));
    if (existsSync(keys)) {
        mkdirSync(`${dir}.keys`, { mode: 0o700, recursive: true });
        writeFileSync(path.join(`${dir}.keys`, "keys"), readFileSync(keys), { mode: 0o600 });
    }
}

async function linked(person, page, name) {
    const { body } = await person.get(page);
    return new RegExp(`href="(/[a-z]+/440606/\\d+)[^"]*"[^>]*>(?:<[^>]*>)*\\s*${name}`).exec(body)?.[1] ?? "/nowhere";
}

// One person's pages, each with what must be on it.
async function shows(version, person, pages) {
    for (const [page, ...texts] of pages) {
        const { status, body } = await person.get(page);
        const missing = texts.filter((text) => !body.includes(text));
        ok(status === 200 && missing.length === 0,
            `version ${version}: ${page.replace(/\d{7,}/, "N")} has ${texts.join(", ")}`,
            `${status}, without ${missing}\n${body.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ")}`);
    }
}

async function works(version) {
    const server = await start(shuniu, (dir) => put(dir, version));
    ok(server.log.includes(`schema ${version} to ${current}`), `version ${version}: the start says so`, server.log);
    const lin = new Person(server.port), hui = new Person(server.port), chief = new Person(server.port);
    for (const [login, person] of Object.entries({ lin, hui, chief })) {
        const reply = await person.signIn(login);
        ok(reply.status === 303 && reply.location === "/", `version ${version}: ${login} signs in`, reply.body);
    }
    const foundry = await linked(lin, "/units?at=440606102", "铸造厂");
    const guild = await linked(lin, "/organisations?at=440606102&show=ended", "模具行业工会");
    await shows(version, lin, [
        ["/network?at=440606102", "北滘社区居委会"],
        ["/units?at=440606102&q=铸造", "铸造厂"],
        [foundry, "铸造厂", "铸造厂工会", "何主任 0757-22330000"],
        ["/organisations?at=440606102&q=行业工会", "模具行业工会"],
        [guild, "模具行业工会", "成立", "撤销"],
        ["/network/coverage?at=440606102&line=1&show=covered", "铸造厂"],
        ["/spots?at=440606102&line=1", "家具厂", "冲压厂"],
    ]);
    await shows(version, hui, [["/spots?show=mine", "家具厂"], ["/", "家具厂"]]);
    await shows(version, chief, [["/network/rules?at=440606102", "北团〔2026〕1号"], ["/accounts?q=lin", "林晓"]]);
    const unit = await lin.post("/units/new", { name: "升级后的厂", kind: 1, division: "440606102001",
        uscc_missing: "未办", employees: 30 });
    ok(unit.status === 303, `version ${version}: and a new unit is stored`, unit.body);
    const { text } = command(shuniu, server.dir, ["recount"]);
    ok(/tallies equal the full count/.test(text), `version ${version}: the figures agree`, text);
    await stop(server);
}

// As a command, and back again.
function thereAndBack() {
    const dir = mkdtempSync(path.join(os.tmpdir(), "shuniu-upgrade-"));
    const backups = mkdtempSync(path.join(os.tmpdir(), "shuniu-backups-")), backup = path.join(backups, "b.db");
    const file = path.join(dir, "shuniu.db"), copy = `${file}.before-v${current}`, oldest = versions[0];
    const says = (words, status, what, name) => {
        const done = command(shuniu, dir, words);
        ok([done.status, "any"].includes(status) && what.test(done.text) && !/Sanitizer|runtime error:/.test(done.text), name,
            `${done.status}\n${done.text}`);
    };
    const version = () => readFileSync(file).readUInt32BE(60);
    says(["upgrade"], 1, /no data at/, "upgrade: no data");
    ok(!existsSync(file), "and none is made");
    put(dir, oldest);
    says(["audit", "verify"], 1, new RegExp(`older schema ${oldest}; 'shuniu upgrade' brings it to ${current}`),
        "another command on old data says what to do");
    says(["backup", backup], 0, /^$/, "old data can be backed up");
    says(["upgrade"], 1, /shuniu keys make/, "upgrade: no keys to seal with");
    ok(version() === oldest, "and the data is the old one");
    says(["keys", "make"], 0, /key 1/, "keys make");
    says(["upgrade"], 0, new RegExp(`from schema ${oldest} to ${current}`), "upgrade");
    says(["upgrade"], 0, /already/, "upgrade once more");
    says(["audit", "verify"], 0, /all fit/, "the chains hold");
    says(["restore", copy], 0, /older schema 1.*\nThis program upgrades it/, "restore of the copy, which says what comes next");
    ok(version() === oldest, "the data is the old one again");
    says(["upgrade"], 0, /upgraded/, "and can be upgraded again");
    says(["doctor", "--backups", backups], "any", /backup +it is of an older version/, "doctor on an old backup");
    says(["restore", backup], 0, /This program upgrades it/, "restore of an old backup");
    ok(version() === oldest, "the data is that of the backup");
    rmSync(dir, { recursive: true });
    rmSync(`${dir}.keys`, { recursive: true });
    rmSync(backups, { recursive: true });
}

for (const version of versions)
    await works(version);
thereAndBack();
finish();
