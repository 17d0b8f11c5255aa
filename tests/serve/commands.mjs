// The commands beside the server: what they refuse, what they leave as it is, and the status they end with.
// usage: commands.mjs SHUNIU
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fetchOne, finish, ok, post, start, stop } from "./wire.mjs";

const shuniu = process.argv[2];
const PASSWORD = "seven-lychees-in-a-bowl";
const folder = mkdtempSync(path.join(os.tmpdir(), "shuniu-commands-"));
const at = (name) => path.join(folder, name);

function run(words, dir, input = "") {
    const { status, stdout, stderr } = spawnSync(shuniu, [...words, "--data", dir], { input, encoding: "utf8" });
    return { status, text: stdout + stderr };
}

function refuses(words, dir, why, name, input = "") {
    const { status, text } = run(words, dir, input);
    ok(status === 1 && why.test(text) && !/Sanitizer|runtime error:/.test(text), name, `${status}\n${text}`);
}

function mistyped() {
    for (const words of [["audit", "verify"], ["recount"], ["backup", at("b.db")]])
        refuses(words, at("nowhere"), /no data at/, `${words[0]}: data that is not there`);
    ok(!existsSync(at("nowhere")) && !existsSync(at("b.db")), "and none of them makes it");
}

function account() {
    const create = ["account", "create", "chief", "何佩珊"];
    refuses(create, at("a"), /too short/, "account create: a short password", "short\n");
    refuses(create, at("a"), /contains the login/, "account create: one with the login in it", "the-chief-of-all\n");
    ok(!existsSync(at("a")), "and no data is made for them");
    writeFileSync(at("file"), "");
    refuses(create, at("file"), /cannot|unable|Not a directory/i, "account create: data that cannot be opened", `${PASSWORD}\n`);
    ok(run(create, at("a"), `${PASSWORD}\n`).status === 0, "account create: a good password");
    refuses(create, at("a"), /there already/, "account create: the login once more", `${PASSWORD}\n`);
}

// In a killed server's folder: the log that it left is no reason to wait; a server that runs is one.
async function restore() {
    const dead = await start(shuniu, (dir) => run(["account", "create", "chief", "X"], dir, `${PASSWORD}\n`));
    ok(run(["backup", at("good.db")], dead.dir).status === 0, "backup while the server runs");
    refuses(["restore", at("good.db")], dead.dir, /in use/, "restore while the server runs");
    const wrong = await fetchOne(dead.port, post("/sign-in", "login=chief&password=wrong-this-time"));
    ok(wrong.status === 422, "a sign-in that fails is written down");
    dead.child.kill("SIGKILL");
    await dead.exited;
    ok(statSync(path.join(dead.dir, "shuniu.db-wal")).size > 0, "a killed server leaves its log");
    writeFileSync(at("empty.db"), "");
    writeFileSync(at("letter.db"), "a letter, not a database. ".repeat(1000));
    copyFileSync(at("good.db"), at("same.db"));
    refuses(["restore", at("empty.db")], dead.dir, /empty/, "restore: an empty file");
    refuses(["restore", at("letter.db")], dead.dir, /not a database/, "restore: a letter");
    ok(statSync(at("empty.db")).size === 0, "and neither is written to");
    ok(!existsSync(path.join(dead.dir, "shuniu.db.before")), "nor is the data moved");
    const { status, text } = run(["restore", at("good.db")], dead.dir);
    ok(status === 0 && existsSync(path.join(dead.dir, "shuniu.db.before")), "restore after a kill", text);
    ok(!existsSync(at("good.db-wal")) && spawnSync("cmp", [at("good.db"), at("same.db")]).status === 0,
        "the backup is as it was");
    ok(run(["audit", "verify"], dead.dir).status === 0, "and the data holds");
    rmSync(dead.dir, { recursive: true });
}

mistyped();
account();
await restore();
await stop(await start(shuniu, (dir) => rmSync(dir, { recursive: true }))); // serve makes what is not there
rmSync(folder, { recursive: true });
finish();
