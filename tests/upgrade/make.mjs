// Makes the data of one schema version with the program of that version, over HTTP.
// usage: make.mjs SHUNIU VERSION FILE.gz
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { sleep, start } from "../serve/wire.mjs";
import { mustCommand, PASSWORD, Person } from "./people.mjs";
import { workbook } from "./workbook.mjs";

const [shuniu, versionWord, out] = process.argv.slice(2);
const version = Number(versionWord);
const territory = path.join(path.dirname(fileURLToPath(import.meta.url)), "../scenes/territory.csv");
const town = "440606102", village = "440606102001";
const today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10); // in China
const day = (days) => new Date(Date.now() + 8 * 3600e3 + days * 86400e3).toISOString().slice(0, 10);
const district = "/440606/";

function prepare(dir) {
    mustCommand(shuniu, dir, ["territory", "load", "--csv", territory]);
    mustCommand(shuniu, dir, ["district", "open", "440606"]);
    mustCommand(shuniu, dir, ["account", "create", "chief", "何佩珊"], `${PASSWORD}\n`);
}

async function signedIn(port, login, password) {
    const person = new Person(port);
    await person.signIn(login, password);
    return person;
}

// The first password stands on a page once; its owner changes it.
async function newPerson(port, chief, login, name, role, division) {
    const shown = await chief.post("/accounts/new", { login, name, role, line: 0, division });
    const secret = /class="fs-2">([^<]+)</.exec(shown.body)[1];
    const id = /\/accounts\/(\d+)/.exec(shown.body)[1];
    const person = await signedIn(port, login, secret);
    await person.make("/account/password", { old: secret, new: PASSWORD, again: PASSWORD });
    await person.get("/account/password");
    return { person, id };
}

async function firstOn(person, page, prefix) {
    const { body } = await person.get(page);
    return new RegExp(`${prefix}(\\d+)`).exec(body)[1];
}

const firm = (name, employees) => ({ name, kind: 1, division: village, uscc_missing: "未办", employees, women: 5,
    youth: 4, league_members: 1, disabled: 0, contact: "何主任 0757-22330000" });

async function unitAndSpot(person, name, employees) {
    const unit = await person.make("/units/new", firm(name, employees));
    return { unit, spot: await firstOn(person, `/units${district}${unit}`, `/spots${district}`) };
}

/* --- what happens ------------------------------------------------------------------------------------------------ */

// From found to covered by an organisation of its own, step by step.
async function cover(hui, lin) {
    const { unit, spot } = await unitAndSpot(hui, "铸造厂", 30);
    const act = (who, n, fields) => who.make(`/spots${district}${spot}/acts/${n}`, fields);
    await act(hui, 1, { version: 1, note: "上门见到厂长，愿意谈" });
    await act(hui, 2, { version: 2 });
    await act(hui, 3, { version: 3 });
    await act(lin, 4, { version: 4, note: "同意筹建" });
    await act(hui, 5, { version: 5 });
    await act(lin, 10, { version: 6, form: 1, organisation_name: "铸造厂工会", regime: 2, founded_on: day(-4),
        members: 28, members_women: 9, approval_doc: "北工〔2026〕31号" });
    await lin.make(`/units${district}${unit}/edit`, { ...firm("铸造厂", 34), version: 1 });
}

// One is followed up, one exempt, one refused.
async function otherSpots(hui, lin, huiId) {
    const assigned = await unitAndSpot(lin, "家具厂", 30), exempt = await unitAndSpot(lin, "搬迁厂", 40);
    const refused = await unitAndSpot(lin, "模具厂", 50);
    const at = (spot, rest) => `/spots${district}${spot.spot}/${rest}`;
    await lin.make("/units/new", firm("小铺", 9));
    await lin.make(at(assigned, "assign"), { version: 1, owner: huiId, deadline: day(30), plan: "先打电话，再上门" });
    await hui.make(at(assigned, "notes"), { note: "厂长出差，下周再来" });
    await hui.make(at(exempt, "acts/1"), { version: 1, note: "电话联系" });
    await hui.make(at(exempt, "acts/7"), { version: 2, note: "即将搬走" });
    await lin.make(at(exempt, "acts/8"), { version: 3, note: "搬迁期间豁免", expires_on: day(365) });
    await hui.make(at(refused, "acts/1"), { version: 1, note: "电话联系" });
    await hui.make(at(refused, "acts/6"), { version: 2, note: "老板说明年再说" });
}

const body = (name, more) => ({ name, line: 1, regime: 2, division: town, founded_on: "2020-03-01", term_years: 3,
    members: 40, members_women: 12, contact: "林主席", uscc_missing: "未办", ...more });

// One that stands, and one that covered a firm and was dissolved.
async function organisations(lin) {
    const standing = await lin.make("/organisations/new", body("北滘镇总工会", {}));
    const ended = await lin.make("/organisations/new", body("模具行业工会", {}));
    const { spot } = await unitAndSpot(lin, "冲压厂", 60);
    await lin.make(`/spots${district}${spot}/acts/10`, { version: 1, form: 4, organisation: ended });
    if (version === 1) {
        await lin.make(`/organisations${district}${ended}/edit`, body("模具行业工会", { version: 1, is_dissolved: 1 }));
        return;
    }
    const relate = (fields) => lin.make(`/organisations${district}${standing}/relations`, fields);
    await relate({ relation: 2, other: ended, since: "2021-05-01", note: "行业指导" });
    await lin.make(`/organisations${district}${ended}/acts/6`, { version: 1, happened_on: today,
        document: "北工〔2026〕9号", note: "行业协会解散" });
    const planned = await lin.make("/organisations/new", body("快递行业工会", { state: 4, founded_on: "" }));
    await lin.make(`/organisations${district}${planned}/acts/2`, { version: 1, happened_on: today, note: "筹备组" });
    await relate({ relation: 1, other: planned, note: "章程" });
}

async function fromVersion2(hui, lin) {
    const unit = await lin.make("/units/new", { ...firm("双击厂", 30), once: "k1" });
    const again = await lin.make("/units/new", { ...firm("双击厂", 30), once: "k1" });
    if (unit !== again)
        throw new Error("a form sent twice was done twice");
    const small = await hui.make("/units/new", firm("骑手站", 9));
    await hui.make(`/units${district}${small}/spots`, { line: 1, reason: "站点实际用工 40 人" });
    await hui.post("/drafts", { draft: `/units${district}${small}/edit`, name: "骑手站（新）", employees: 12 });
}

// A finished export, and an import that waits for its person to say yes.
async function jobs(wang) {
    await wang.make("/units/export?at=440606", {});
    await sleep(2000);
    const file = workbook([["名称", "类别", "区划代码", "没有代码的原因", "职工人数"],
        ["导入厂", "企业", village, "未办", "33"]]);
    const mark = "----upgrade", name = "units.xlsx";
    const field = (head, value) => `--${mark}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
    const upload = Buffer.concat([Buffer.from(field('name="csrf"', wang.csrf) +
        `--${mark}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n` +
        "Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\r\n\r\n"), file,
        Buffer.from(`\r\n--${mark}--\r\n`)]);
    const reply = await wang.ask("POST", "/units/import", { "Content-Type": `multipart/form-data; boundary=${mark}`,
        "Content-Length": upload.length }, upload);
    if (reply.status !== 303)
        throw new Error(`the import was not taken: ${reply.status}\n${reply.body}`);
    await sleep(2000);
}

async function rules(chief) {
    await chief.make("/network/rules/new", { line: 2, division: town, kind: 1, measure: 5, at_least: 1,
        basis_zh: "北团〔2026〕1号", basis_en: "", valid_from: today });
    await sleep(1500);
}

// One answered and called back, one paused and returned, one that nobody took up; a local time limit.
async function appeals(chief, hui, lin, wang) {
    const act = (who, id, n, fields) => who.make(`/appeals${district}${id}/acts/${n}`, fields);
    const take = (who, story, more = {}) => who.make("/appeals/new", { story, topic: 1, type: 3, channel: 1, division: village,
        name: "张三", phone: "13800138000", ...more });
    await chief.make("/time-limits/new", { kind: 3, type: 1, channel: "", division: town, line: "", unit: 2, amount: 5, extension: 5,
        extension_times: 1, basis_zh: "北府办〔2026〕3号", basis_en: "", valid_from: today });
    const done = await take(hui, "三个月没有发工资", { wish: "早点拿到钱" });
    await act(hui, done, 3, { version: 1, desk: `${town}000`, note: "转镇里" });
    await act(lin, done, 1, { version: 2 });
    await act(lin, done, 16, { version: 3, note: "短信告知" });
    await act(lin, done, 7, { version: 4, note: "已补发" });
    await act(wang, done, 11, { version: 5, answer: 1, mood: 1, note: "本人说已收到" });
    const held = await take(hui, "工伤认定");
    await lin.make(`/appeals${district}${held}/clocks/3/pause`, { version: 1, reason: 1, until: day(10), note: "等病历" });
    await lin.make(`/appeals${district}${held}/clocks/3/resume`, { version: 2 });
    await act(hui, held, 4, { version: 3, note: "按清单属人社部门" });
    await take(hui, "听说有补贴", { name: "", phone: "", type: 1 });
}

/* --- the file ----------------------------------------------------------------------------------------------------- */

const server = await start(shuniu, prepare);
const { port } = server;
const chief = await signedIn(port, "chief");
const { person: lin } = await newPerson(port, chief, "lin", "林晓", 1, town);
const { person: hui, id: huiId } = await newPerson(port, chief, "hui", "陈慧", 0, village);
const { person: wang } = await newPerson(port, chief, "wang", "王建国", 2, "440606");
await cover(hui, lin);
await otherSpots(hui, lin, huiId);
await organisations(lin);
if (version >= 2)
    await fromVersion2(hui, lin);
await rules(chief);
if (version >= 7)
    await chief.make("/workdays/2027", { days: "2027-02-05 2027-02-11 休\n2027-01-31 班", source: "国办发明电〔2026〕9号", version: 0 });
if (version >= 8)
    await appeals(chief, hui, lin, wang);
await jobs(wang);
await new Person(port).signIn("hui", "wrong-this-time-only");
server.child.kill("SIGTERM");
await server.exited;
mustCommand(shuniu, server.dir, ["audit", "verify"]);
mustCommand(shuniu, server.dir, ["recount"]);
const bytes = readFileSync(path.join(server.dir, "shuniu.db"));
if (bytes.readUInt32BE(60) !== version)
    throw new Error(`the program made schema ${bytes.readUInt32BE(60)}`);
writeFileSync(out, gzipSync(bytes, { level: 9 }));
const keys = path.join(`${server.dir}.keys`, "keys");
if (version >= 6) // what is sealed opens with these alone
    writeFileSync(out.replace(".db.gz", ".keys"), readFileSync(keys));
rmSync(server.dir, { recursive: true });
rmSync(`${server.dir}.keys`, { recursive: true, force: true });
