// Contacts of persons: people see and change them, and no file of the installation has them in the clear; nor is anything
// noticed when the keys are changed below a confined server.  When they are lost, so are the contacts and nothing else.
// usage: sealed.mjs SHUNIU
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { download, firm, newPerson, prepare, town, upload, village, waitFor } from "./contacts.mjs";
import { finish, ok, start, stop } from "./wire.mjs";
import { command, Person } from "../upgrade/people.mjs";

const shuniu = process.argv[2];
const contacts = { unit: "何主任 0757-22330001", edited: "陈小姐 0757-22330002", draft: "区师傅 0757-22330003",
    body: "林主席 0757-22330004", imported: "卢经理 0757-22330005", conflict: "梁会计 0757-22330006" };

/* --- what lies in the folder --------------------------------------------------------------------------------------- */

// As it is typed, as a form sends it, and the number alone, which no other writing hides.
const writings = (contact) => [contact, encodeURIComponent(contact).replaceAll("%20", "+"), contact.split(" ")[0],
    contact.split("-")[1]];

function lies(server, when) {
    const names = readdirSync(server.dir);
    for (const [what, contact] of Object.entries(contacts)) {
        const open = names.filter((name) => {
            const bytes = readFileSync(path.join(server.dir, name));
            return writings(contact).some((text) => bytes.includes(text));
        });
        ok(open.length === 0, `${when}: no file has the contact "${what}"`, open);
    }
    const books = names.filter((name) => readFileSync(path.join(server.dir, name)).includes("xl/worksheets"));
    ok(books.length === 0, `${when}: no file has a workbook`, books);
    ok(names.includes("shuniu.db-wal") && readFileSync(path.join(server.dir, "shuniu.db-wal")).includes("铸造厂"),
        `${when}: what is not sealed is found`, names);
}

/* --- people --------------------------------------------------------------------------------------------------------- */

async function shows(person, page, text, name) {
    const { status, body } = await person.get(page);
    ok(status === 200 && body.includes(text), name, `${status} ${body.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ")}`);
}

async function fill(lin) {
    const unit = `/units/440606/${await lin.make("/units/new", firm(contacts.unit))}`;
    await shows(lin, unit, contacts.unit, "a unit shows its contact");
    await lin.make(`${unit}/edit`, firm(contacts.edited, { version: 1 }));
    await shows(lin, unit, "联系人和电话: 有改动", "the history says that it changed, and no more");
    const late = await lin.post(`${unit}/edit`, firm(contacts.conflict, { version: 1 }));
    ok(late.status === 409 && late.body.includes(contacts.edited), "who is late sees what is stored now", late.body);
    await lin.post("/drafts", { draft: "/units/new", ...firm(contacts.draft) });
    const draft = /\/drafts\/(\d+)\/discard/.exec((await lin.get("/units/new")).body)?.[1];
    await lin.post("/drafts", { draft: "/units/new", ...firm(contacts.draft, { employees: 31 }) });
    await shows(lin, `/units/new?draft=${draft}`, contacts.draft, "a draft that was saved twice is taken up again");
    const body = `/organisations/440606/${await lin.make("/organisations/new", { name: "北滘镇总工会", line: 1, regime: 2,
        division: town, founded_on: "2020-03-01", contact: contacts.body, uscc_missing: "未办" })}`;
    await shows(lin, body, contacts.body, "an organisation shows its contact");
    return { unit, body, draft: `/units/new?draft=${draft}` };
}

async function bring(lin, server) {
    const job = await upload(lin, [["名称", "类别", "区划代码", "没有代码的原因", "职工人数", "联系人和电话"],
        ["导入厂", "企业", village, "未办", "33", contacts.imported]]);
    const save = /\/units\/import\/440606\/\d+/.exec(await waitFor(lin, job, /\/units\/import\/440606\/\d+/))?.[0];
    lies(server, "an import waits");
    const saved = await lin.post(save ?? "/none", {});
    ok(saved.status === 303, "and is saved", saved.status);
    const list = await waitFor(lin, `/units?at=${town}&q=导入厂`, /\/units\/440606\/\d+/);
    return /\/units\/440606\/\d+/.exec(list)?.[0] ?? "/none";
}

async function exportsOf(lin, ling, port) {
    for (const [page, contact] of [[`/units.xlsx?at=${town}`, contacts.edited], [`/organisations.xlsx?at=${town}`, contacts.body]]) {
        const whole = await download(lin, port, page), bare = await download(ling, port, page);
        ok(whole.includes(contact) && whole.includes("联系"), `${page}: with contacts for who may edit`, whole.slice(0, 500));
        ok(bare.includes("北滘") && !bare.includes(contact) && !bare.includes("联系"),
            `${page}: without the column for who may not`, bare.slice(0, 500));
    }
}

/* --- keys ------------------------------------------------------------------------------------------------------------- */

function says(server, words, what, name) {
    const { status, text } = command(shuniu, server.dir, words);
    ok(status === 0 && what.test(text), name, `${status} ${text}`);
}

async function changeKeys(server, lin, { unit, body, draft }) {
    says(server, ["keys", "rotate", "--suite", "sm"], /key 2 is there and current/, "keys rotate, the server runs");
    await shows(lin, unit, contacts.edited, "what key 1 has sealed is still shown");
    await lin.make(`${unit}/edit`, firm(contacts.unit, { version: 2 }));
    says(server, ["keys", "list"], /key 1 +xchacha .* [1-9]\d* values\nkey 2 +sm .* 1 values {2}current/, "and changed under key 2");
    const { status } = command(shuniu, server.dir, ["keys", "retire", "1"]);
    ok(status === 1, "key 1 is still needed", status);
    says(server, ["keys", "reseal"], /[1-9]\d* values were put under key 2/, "keys reseal");
    says(server, ["keys", "retire", "1"], /key 1 is gone/, "keys retire");
    await shows(lin, unit, contacts.unit, "a unit is shown with key 2 alone");
    await shows(lin, body, contacts.body, "an organisation");
    await shows(lin, draft, contacts.draft, "a draft");
    const again = await lin.post(`${unit}/edit`, firm(contacts.unit, { version: 3, employees: 40 }));
    ok(again.status === 303, "nobody who had the form open is told of a conflict", again.status);
    ok(!/"event":"keys"|"level":"error"/.test(server.log), "and the server had nothing to complain of", server.log);
}

const server = await start(shuniu, (dir) => prepare(shuniu, dir));
const chief = new Person(server.port);
await chief.signIn("chief");
const lin = await newPerson(server.port, chief, "lin", 1), ling = await newPerson(server.port, chief, "ling", 4);
const filled = await fill(lin);
const imported = await bring(lin, server);
await shows(lin, imported, contacts.imported, "what was imported shows its contact");
await exportsOf(lin, ling, server.port);
await waitFor(lin, (await lin.post(`/units/export?at=${town}`, {})).location, /\/units\/export\/440606\/\d+/);
lies(server, "an export is done");
await changeKeys(server, lin, filled);
lies(server, "the keys were changed");

// The key file and all its copies are gone: what they opened is given up, by its number, and the rest goes on.
async function loseKeys(dir) {
    const run = (words) => command(shuniu, dir, words);
    rmSync(`${dir}.keys`, { recursive: true });
    const made = run(["keys", "make"]);
    ok(made.status === 1 && /keys lost/.test(made.text) && !existsSync(`${dir}.keys/keys`), "no new keys for sealed data", made.text);
    const begun = run(["serve", "--port", "0"]);
    ok(begun.status === 1 && /copy from the safe/.test(begun.text), "and no server without them", begun.text);
    const counted = run(["keys", "lost"]), n = /^(\d+) values do not open/.exec(counted.text)?.[1];
    ok(counted.status === 1 && Number(n) > 20, "keys lost: how many values do not open", counted.text);
    ok(run(["keys", "lost", "7"]).status === 1, "and another number gives nothing up");
    ok(!existsSync(`${dir}.keys/keys`), "nor makes a key file");
    const lost = run(["keys", "lost", n]);
    ok(lost.status === 0 && lost.text.startsWith(`${n} values are empty now`), "keys lost", lost.text);
    const listed = run(["keys", "list"]);
    ok(listed.status === 0 && new RegExp(`^key 3 .* ${n} values {2}current\n$`).test(listed.text), "all is under a new key of a new number",
        listed.text);
}

server.child.kill("SIGTERM");
await server.exited;
await loseKeys(server.dir);
const again = await start(shuniu, (dir) => {
    for (const folder of ["", ".keys"])
        rmSync(dir + folder, { recursive: true });
    renameSync(server.dir, dir);
    renameSync(`${server.dir}.keys`, `${dir}.keys`);
});
const back = new Person(again.port);
await back.signIn("lin");
const { status, body: page } = await back.get(filled.unit);
ok(status === 200 && page.includes("铸造厂") && !page.includes(contacts.unit), "a unit is there, without its contact", status);
await stop(again);
finish();
