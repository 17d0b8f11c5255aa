// What the tests of sealed contacts share: people who may edit, a register of a few units, workbooks up and down.
import { inflateRawSync } from "node:zlib";
import { sleep } from "./wire.mjs";
import { mustCommand, PASSWORD, Person } from "../upgrade/people.mjs";
import { workbook } from "../upgrade/workbook.mjs";

const territory = new URL("../scenes/territory.csv", import.meta.url).pathname;
export const town = "440606102", village = "440606102001";

export function prepare(shuniu, dir) {
    mustCommand(shuniu, dir, ["territory", "load", "--csv", territory]);
    mustCommand(shuniu, dir, ["district", "open", "440606"]);
    mustCommand(shuniu, dir, ["account", "create", "chief", "何佩珊"], `${PASSWORD}\n`);
}

export async function newPerson(port, chief, login, role) {
    const shown = await chief.post("/accounts/new", { login, name: login, role, line: 0, division: town });
    const first = /class="fs-2">([^<]+)</.exec(shown.body)[1], person = new Person(port);
    await person.signIn(login, first);
    await person.make("/account/password", { old: first, new: PASSWORD, again: PASSWORD });
    await person.get("/account/password");
    return person;
}

export const firm = (contact, more) => ({ name: "铸造厂", kind: 1, division: village, uscc_missing: "未办", employees: 30, women: 5,
    youth: 4, league_members: 1, disabled: 0, contact, ...more });

export async function waitFor(person, page, wanted) {
    let body = "";
    for (let tenths = 0; tenths < 300 && !wanted.test(body); tenths++) {
        await sleep(100);
        ({ body } = await person.get(page));
    }
    return body;
}

export async function upload(person, rows) {
    const mark = "----sealed";
    const file = workbook(rows);
    const body = Buffer.concat([Buffer.from(
        `--${mark}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${person.csrf}\r\n` +
        `--${mark}\r\nContent-Disposition: form-data; name="file"; filename="units.xlsx"\r\n` +
        "Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\r\n\r\n"), file,
        Buffer.from(`\r\n--${mark}--\r\n`)]);
    return (await person.ask("POST", "/units/import", { "Content-Type": `multipart/form-data; boundary=${mark}`,
        "Content-Length": body.length }, body)).location;
}

// The texts of a workbook: its files are deflated.
export function texts(book) {
    const parts = [];
    for (let at = book.indexOf("PK\x03\x04"); at >= 0; at = book.indexOf("PK\x03\x04", at + 4)) {
        const begin = at + 30 + book.readUInt16LE(at + 26) + book.readUInt16LE(at + 28);
        try {
            parts.push(inflateRawSync(book.subarray(begin), { finishFlush: 2 }).toString());
        } catch {
            parts.push(book.subarray(begin, begin + 200).toString());
        }
    }
    return parts.join("\n");
}

export async function download(person, port, page) {
    const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const reply = await fetch(`http://127.0.0.1:${port}${page}`, { headers: { cookie } });
    return texts(Buffer.from(await reply.arrayBuffer()));
}
