// The wrong key file under a running server, and values that do not open: nothing is sealed that nobody could open, and
// what cannot be read costs no more than itself.
// usage: unread.mjs SHUNIU
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { download, firm, newPerson, prepare, town, upload, village, waitFor } from "./contacts.mjs";
import { finish, ok, sleep, start, stop } from "./wire.mjs";
import { command, Person } from "../upgrade/people.mjs";

const shuniu = process.argv[2];
const UNREAD = "（无法解密）", PAGE = "联系方式无法解密";
const server = await start(shuniu, (dir) => prepare(shuniu, dir));
const file = `${server.dir}.keys/keys`;
const copies = path.join(server.dir, "..", `${path.basename(server.dir)}.safe`); // file names that begin so
const chief = new Person(server.port);
await chief.signIn("chief");
const lin = await newPerson(server.port, chief, "lin", 1);

const run = (words) => command(shuniu, server.dir, words);
const sql = (text) => execFileSync("sqlite3", [path.join(server.dir, "shuniu.db"), "PRAGMA busy_timeout=5000", text],
    { encoding: "utf8" }).split("\n").slice(1).join("\n").trim();
const keyErrors = () => (server.log.match(/"level":"error","event":"keys"[^\n]*/g) ?? []);
const sealedErrors = () => (server.log.match(/"level":"error","event":"sealed"[^\n]*/g) ?? []);

function says(words, status, what, name) {
    const got = run(words);
    ok(got.status === status && what.test(got.text), name, `${got.status} ${got.text}`);
}

async function shows(page, text, name, person = lin) {
    const { status, body } = await person.get(page);
    ok(status === 200 && body.includes(text), name, `${status} ${body.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ")}`);
    return body;
}

// In place as a person would put it, by copying over it or by renaming.
const put = (copy) => {
    copyFileSync(copy, `${file}.put`);
    renameSync(`${file}.put`, file);
};
const keep = (name) => copyFileSync(file, `${copies}.${name}`);
const copy = (name) => `${copies}.${name}`;
const field = (body) => /name="contact"[^>]*value="([^"]*)"/.exec(body)?.[1];

let made = 0;
async function newUnit(contact) {
    made++;
    return `/units/440606/${await lin.make("/units/new", firm(contact, { name: `铸造厂${made}` }))}`;
}

const idOf = (unit) => unit.split("/").at(-1);
const keyOf = (unit) => parseInt(sql(`SELECT substr(hex(contact), 5, 4) FROM unit WHERE id = ${idOf(unit)}`), 16);

/* --- the wrong key file ----------------------------------------------------------------------------------------------- */

// Whatever stands there: the server goes on with the keys it has, says so, and seals nothing with others.
async function refused(name, unit, text, key) {
    const before = keyErrors().length;
    await shows(unit, text, `${name}: contacts are shown`);
    const fresh = await newUnit(`新来的 ${made}`);
    ok(keyOf(fresh) === key, `${name}: what is new is sealed with key ${key}`, keyOf(fresh));
    await sleep(200); // it is written, and on its way
    ok(keyErrors().length === before + 1, `${name}: the log says so once`, keyErrors());
}

async function wrongFiles() {
    const unit = await newUnit("何主任 0757-22330001");
    keep("1");
    says(["keys", "rotate"], 0, /key 2 is there and current/, "keys rotate");
    says(["keys", "reseal"], 0, /values were put under key 2/, "keys reseal");
    keep("12");
    await sleep(2500); // nobody asks anything: the server looks by itself
    put(copy("1"));
    await refused("an older copy that lacks the current key", unit, "何主任", 2);
    put(copy("12"));
    says(["keys", "retire", "1"], 0, /key 1 is gone/, "keys retire, the server runs");
    keep("2");
    await shows(unit, "何主任", "which takes the file without the key");
    put(copy("1"));
    await refused("an older copy with a retired key alone", unit, "何主任", 2);
    rmSync(file);
    await refused("no file", unit, "何主任", 2);
    says(["keys", "make"], 1, /sealed with keys.*copy.*keys lost/s, "keys make: this data has its keys");
    ok(!existsSync(file), "and makes no file");
    command(shuniu, `${server.dir}.elsewhere`, ["keys", "make", "--keys", file]);
    await refused("another key 1", unit, "何主任", 2);
    put(copy("2"));
    await shows(unit, "何主任", "the right file again");
    says(["keys", "list"], 0, /^key 2 .*current\n$/, "no value is missing its key");
    return unit;
}

// A key that the data has not been told of seals nothing: a rotation that was killed half way leaves no trace in values.
async function unknownKey(unit) {
    says(["keys", "add"], 0, /key 3 is there\./, "keys add");
    sql("DELETE FROM setting WHERE name = 'key.3'");
    const text = readFileSync(file, "utf8").replace("current 2", "current 3").replace(/sum .*\n$/, "");
    const sum = execFileSync("b2sum", ["-l", "128"], { input: text, encoding: "utf8" }).split(" ")[0];
    keep("before");
    writeFileSync(`${copies}.used`, `${text}sum ${sum}\n`, { mode: 0o600 });
    put(copy("used"));
    await refused("a current key that the data does not know", unit, "何主任", 2);
    put(copy("before"));
    says(["keys", "use", "3"], 0, /key 3 is current/, "keys use tells the data first");
    says(["keys", "reseal"], 0, /under key 3/, "and the server takes it");
    ok(keyOf(await newUnit("用三号")) === 3, "for what is new");
}

// A value that is sealed with the old key after somebody has counted: retire finds it all the same.
async function lateValue() {
    await lin.post("/drafts", { draft: "/units/new", ...firm("区师傅 0757-22330003") });
    const old = sql("SELECT hex(contact) FROM unit WHERE hex(contact) LIKE '____0003%' LIMIT 1");
    says(["keys", "rotate"], 0, /key 4/, "keys rotate");
    sql(`CREATE TRIGGER early AFTER UPDATE OF contact ON unit
         BEGIN UPDATE setting SET value = value || ' retired' WHERE name = 'key.4' AND value NOT LIKE '% retired'; END`);
    says(["keys", "reseal"], 1, /key 4 is retired/, "keys reseal ends when its key is retired meanwhile");
    sql("DROP TRIGGER early");
    sql("UPDATE setting SET value = replace(value, ' retired', '') WHERE name = 'key.4'");
    const late = await newUnit("晚到的 0757-22330009");
    says(["keys", "reseal"], 0, /under key 4/, "keys reseal");
    const now = sql(`SELECT hex(contact) FROM unit WHERE id = ${idOf(late)}`);
    sql(`CREATE TRIGGER late AFTER UPDATE ON setting WHEN NEW.name = 'key.3' AND NEW.value LIKE '%retired'
         BEGIN UPDATE unit SET contact = x'${old}' WHERE id = ${idOf(late)}; END`);
    says(["keys", "retire", "3"], 1, /1 values are under key 3/, "keys retire counts after the data was told");
    sql("DROP TRIGGER late");
    says(["keys", "use", "3"], 0, /key 3 is current/, "and a key that stays may be used again");
    says(["keys", "use", "4"], 0, /key 4 is current/, "or not");
    sql(`UPDATE unit SET contact = x'${now}' WHERE id = ${idOf(late)}`);
    says(["keys", "retire", "3"], 0, /key 3 is gone/, "keys retire");
    keep("4");
    put(copy("before"));
    says(["keys", "use", "3"], 1, /not in the key file/, "a copy that has the retired key and lacks a later one is refused");
    put(copy("2"));
    says(["keys", "list"], 1, /not in the key file/, "by every command");
    put(copy("4"));
}

/* --- values that do not open ------------------------------------------------------------------------------------------- */

async function unread() {
    const unit = await newUnit("区师傅 0757-22330003"), other = await newUnit("陈小姐 0757-22330002");
    const stored = sql(`SELECT hex(contact) FROM unit WHERE id = ${idOf(unit)}`);
    const breakIt = () => sql(`UPDATE unit SET contact = (SELECT contact FROM unit WHERE id = ${idOf(other)}) WHERE id = ${idOf(unit)}`);
    breakIt();
    const before = sealedErrors().length;
    ok((await shows(unit, PAGE, "a unit is shown without its contact")).includes("铸造厂"), "and with all else");
    await sleep(200);
    ok(sealedErrors().length === before + 1 && sealedErrors().at(-1).includes(`unit.contact of record ${idOf(unit)}`),
        "the log names the unit", sealedErrors());
    says(["keys", "list"], 1, new RegExp(`BROKEN: 1 values.*\\nthe first of them: unit.contact of record ${idOf(unit)}`),
        "keys list finds it and says where");

    const form = (await lin.get(`${unit}/edit`)).body;
    ok(field(form) === UNREAD && form.includes("不改动这里就保留原值"), "the form says what stands there", field(form));
    const name = { name: `铸造厂${made - 1}` };
    await lin.make(`${unit}/edit`, firm(UNREAD, { ...name, version: 1, employees: 77 }));
    await shows(unit, "77", "an edit of something else is saved,");
    ok(!(await lin.get(unit)).body.includes("联系人和电话: 有改动"), "and is none of the contact");
    sql(`UPDATE unit SET contact = x'${stored}' WHERE id = ${idOf(unit)}`);
    await lin.make(`${unit}/edit`, firm(UNREAD, { ...name, version: 2, employees: 78 }));
    await shows(unit, "区师傅", "a form from before the repair does not take the contact away");

    breakIt();
    const book = await download(lin, server.port, `/units.xlsx?at=${town}`);
    ok(book.includes("陈小姐") && book.includes(UNREAD), "a workbook has all others", book.slice(0, 300));
    await sleep(200);
    ok(/1 contacts of a workbook/.test(sealedErrors().at(-1)), "and the log counts them", sealedErrors().at(-1));
    const job = (await lin.post(`/units/export?at=${town}`, {})).location;
    const done = await waitFor(lin, job, /其中 1 个单位的联系方式无法解密|没有完成|出错/);
    ok(done.includes("其中 1 个单位的联系方式无法解密"), "an export in the background says so", done.replace(/<[^>]+>/g, " "));

    sql(`UPDATE unit SET contact = x'${stored}' WHERE id = ${idOf(unit)}`);
    const row = [["行标识（请勿改动）", "名称", "联系人和电话", "职工人数"], [`440606-${idOf(unit)}`, name.name, UNREAD, "79"]];
    const sheet = await upload(lin, row);
    const save = /\/units\/import\/440606\/\d+/.exec(await waitFor(lin, sheet, /\/units\/import\/440606\/\d+|不能/))?.[0];
    await lin.post(save ?? "/none", {});
    ok((await waitFor(lin, unit, />79</)).includes(">79<"), "an import changes what it says");
    await shows(unit, "区师傅", "such a workbook, brought back after the repair, leaves the contact as it is");

    breakIt();
    const version = /name="version" value="(\d+)"/.exec((await lin.get(`${unit}/edit`)).body)?.[1];
    await lin.make(`${unit}/edit`, firm("新联系人", { ...name, version }));
    await shows(unit, "新联系人", "a new contact takes its place");
    says(["keys", "list"], 0, /current\n$/, "and all open again");
}

async function bodies() {
    const fields = { line: 1, regime: 2, division: town, founded_on: "2020-03-01", uscc_missing: "未办" };
    const body = `/organisations/440606/${await lin.make("/organisations/new", { ...fields, name: "北滘镇总工会", contact: "林主席" })}`;
    const stored = sql(`SELECT hex(contact) FROM organisation WHERE id = ${idOf(body)}`);
    sql(`UPDATE organisation SET contact = x'00' WHERE id = ${idOf(body)}`);
    await shows(body, PAGE, "an organisation is shown without its contact");
    ok(field((await lin.get(`${body}/edit`)).body) === UNREAD, "its form says what stands there");
    ok((await download(lin, server.port, `/organisations.xlsx?at=${town}`)).includes(UNREAD), "and its workbook");
    sql(`UPDATE organisation SET contact = x'${stored}' WHERE id = ${idOf(body)}`);
    await lin.make(`${body}/edit`, { ...fields, name: "北滘镇总工会", contact: UNREAD, version: 1, members: 9 });
    await shows(body, "林主席", "a form from before the repair does not take it away");
}

/* --- who writes the database ---------------------------------------------------------------------------------------------- */

async function moved() {
    const ling = await newPerson(server.port, chief, "ling", 1);
    await lin.post("/drafts", { draft: "/units/new", ...firm("私下 0757-22330007") });
    const accounts = Object.fromEntries(sql("SELECT login || '=' || id FROM account").split("\n").map((row) => row.split("=")));
    const draft = sql(`SELECT id FROM draft WHERE account = ${accounts.lin} AND address = '/units/new'`);
    sql(`UPDATE draft SET account = ${accounts.ling} WHERE id = ${draft}`);
    const shown = await ling.get(`/units/new?draft=${draft}`);
    ok(shown.status === 200 && !shown.body.includes("私下"), "a draft that was given to another account does not open", shown.status);
    sql(`UPDATE draft SET account = ${accounts.lin} WHERE id = ${draft}`);
    await shows(`/units/new?draft=${draft}`, "私下", "its owner has it");
}

const unit = await wrongFiles();
await unknownKey(unit);
await lateValue();
await unread();
await bodies();
await moved();
await stop(server);
for (const name of ["1", "12", "2", "before", "used", "4"])
    rmSync(copy(name), { force: true });
finish();
