// A small installation for tests of the server: a tree, an administrator, and an officer of a town.
import { spawnSync } from "node:child_process";
import { fetchOne, get, ok, post } from "./wire.mjs";

export const PASSWORD = "seven-lychees-in-a-bowl";

// A nation's administrator, and a tree with a town for somebody who may edit units.
export function prepare(dir) {
    const territory = new URL("../scenes/territory.csv", import.meta.url).pathname;
    for (const [input, ...words] of [[`${PASSWORD}\n`, "account", "create", "chief", "何佩珊"],
        ["", "territory", "load", "--csv", territory]])
        spawnSync(process.argv[2], [...words, "--data", dir], { input });
}

export async function signIn(port, login, password) {
    const reply = await fetchOne(port, post("/sign-in", `login=${login}&password=${encodeURIComponent(password)}`));
    const cookie = `Cookie: ${(reply.headers["set-cookie"] ?? "").split(";")[0]}\r\n`;
    const page = await fetchOne(port, get("/account/password", cookie));
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? "";
    ok(reply.status === 303 && csrf !== "", `${login} is signed in`, JSON.stringify([reply, page]).slice(0, 1500));
    return { cookie, csrf };
}

// The administrator, who may not import, makes a town officer, who may once the first password is changed.
export async function people(port) {
    const chief = await signIn(port, "chief", PASSWORD);
    return { chief, clerk: await importer(port, chief, "clerk") };
}

export async function importer(port, chief, login) {
    const made = await fetchOne(port, post("/accounts/new",
        `csrf=${chief.csrf}&login=${login}&name=X&role=1&line=1&division=440606102`, chief.cookie));
    const first = /<code[^>]*>([^<]*)<\/code>/.exec(made.body)?.[1] ?? "";
    const who = await signIn(port, login, first);
    const changed = await fetchOne(port, post("/account/password",
        `csrf=${who.csrf}&old=${first}&new=${PASSWORD}&again=${PASSWORD}`, who.cookie));
    ok(made.status === 200 && changed.status === 303, "one who may import", JSON.stringify([made, changed]).slice(0, 1500));
    return who;
}
