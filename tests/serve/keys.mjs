// Keys, and anchors beside a running server: what the commands make, refuse and leave behind.
// usage: keys.mjs SHUNIU
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { finish, ok, sleep, start, stop } from "./wire.mjs";

const shuniu = process.argv[2];
const folder = mkdtempSync(path.join(os.tmpdir(), "shuniu-keys-"));

function run(words, dir, input = "") {
    const { status, stdout, stderr } = spawnSync(shuniu, [...words, "--data", dir], { input, encoding: "utf8" });
    return { status, text: stdout + stderr };
}

function says(words, dir, status, what, name) {
    const got = run(words, dir);
    ok(got.status === status && what.test(got.text) && !/Sanitizer|runtime error:/.test(got.text), name,
        `${got.status}\n${got.text}`);
}

function account(dir) {
    run(["account", "create", "chief", "X"], dir, "seven-lychees-in-a-bowl\n");
}

function keys(dir) {
    const file = `${dir}.keys/keys`;
    rmSync(`${dir}.keys`, { recursive: true, force: true });
    says(["keys", "list"], dir, 1, /No such file/, "keys list: no file yet");
    says(["keys", "make", "--suite", "rot13"], dir, 2, /xchacha or sm/, "keys make: no such suite");
    says(["keys", "make"], dir, 0, /key 1 \(xchacha\)/, "keys make");
    ok((statSync(file).mode & 0o777) === 0o600 && (statSync(`${dir}.keys`).mode & 0o777) === 0o700, "for its owner alone");
    says(["keys", "make"], dir, 1, /exists/, "keys make: never over a file that is there");
    mkdirSync(`${dir}.empty`);
    writeFileSync(path.join(`${dir}.empty`, "shuniu.db"), "");
    says(["keys", "make"], `${dir}.empty`, 0, /key 1/, "keys make: where there is an empty database");
    const first = /^key 1 .*$/m.exec(readFileSync(file, "utf8"))[0];
    says(["keys", "rotate", "--suite", "sm"], dir, 0, /key 2 is there and current/, "keys rotate, to the other suite");
    says(["keys", "list"], dir, 0, /key 1 +xchacha .*\nkey 2 +sm .*current/, "keys list");
    ok(readFileSync(file, "utf8").includes(first), "the first key is the same");
    says(["keys", "reseal"], dir, 0, /0 values were put under key 2/, "keys reseal");
    const copy = readFileSync(file);
    rmSync(file);
    says(["keys", "make"], dir, 1, /sealed with keys.*keys lost/, "keys make: not for data that knows its keys");
    ok(!existsSync(file), "and no file is made");
    says(["keys", "make", "--keys", file], path.join(folder, "elsewhere"), 0, /key 1/, "those of another installation:");
    says(["keys", "list"], dir, 1, /key 1 in the key file is not key 1 of this data/, "they are refused by the data");
    says(["serve", "--port", "0"], dir, 1, /made anew/, "and by a server");
    says(["keys", "rotate"], dir, 1, /made anew/, "and not changed");
    writeFileSync(file, copy);
    says(["keys", "retire", "2"], dir, 1, /current/, "keys retire: not the current one");
    says(["keys", "retire", "1"], dir, 0, /key 1 is gone/, "keys retire");
    says(["keys", "list"], dir, 0, /^key 2 /, "the data does not ask for it any more");
    says(["keys", "retire", "1"], dir, 1, /no key 1/, "and only once");
    says(["keys", "add"], dir, 0, /key 3 is there\./, "keys add");
    says(["keys", "use", "3"], dir, 0, /key 3 is current/, "keys use");
    says(["keys", "use"], dir, 2, /usage/, "keys use: which one");
    chmodSync(file, 0o644);
    says(["keys", "list"], dir, 1, /chmod 600/, "a file that others may read is refused");
    says(["keys", "rotate"], dir, 1, /chmod 600/, "and not changed");
    rmSync(`${dir}.keys`, { recursive: true });
}

async function anchors() {
    const server = await start(shuniu, account);
    const file = path.join(server.dir, "anchors.txt");
    const copy = path.join(folder, "copy.db");
    for (let tenths = 0; tenths < 100 && !existsSync(file); tenths++)
        await sleep(100);
    const line = readFileSync(file, "utf8");
    ok(/^\d{4}-\d\d-\d\d \d\d:\d\d chains 1 events 3 heads 0:3:[0-9a-f]{64} root [0-9a-f]{64}\n$/.test(line),
        "a server that starts keeps the anchor of the day", line);
    const said = line.trim().split(" root ");
    const sum = spawnSync("b2sum", ["-l", "256"], { input: said[0], encoding: "utf8" });
    ok(sum.stdout.startsWith(said[1]), "anybody can work out its root", sum.stdout + sum.stderr);
    run(["backup", copy], server.dir);
    run(["account", "create", "second", "Y"], server.dir, "seven-lychees-in-a-bowl\n");
    says(["audit", "anchor"], server.dir, 0, /events \d+ heads 0:\d+:/, "audit anchor");
    says(["audit", "verify"], server.dir, 0, /2 anchors: all fit/, "audit verify holds the data against them");
    await stop(server);
    return copy;
}

// An older copy in place of the data: its anchors tell of events that are gone, so they are set aside.
function restored(copy) {
    const dir = path.join(folder, "restored");
    account(dir);
    run(["audit", "anchor"], dir);
    ok(run(["restore", copy], dir).status === 0, "restore");
    ok(!existsSync(path.join(dir, "anchors.txt")), "the anchors of the other data are set aside");
    says(["audit", "verify"], dir, 0, /all fit\nno anchors were held/, "and the restored data is not held against them");
    says(["audit", "verify", "--anchor", path.join(dir, "anchors.txt.before")], dir, 1, /made anew/,
        "with --anchor it is: this is other data");
    says(["audit", "verify", "--anchor", path.join(dir, "nowhere")], dir, 1, /No such file/, "--anchor: no such file");
}

account(path.join(folder, "data"));
keys(path.join(folder, "data"));
restored(await anchors());
rmSync(folder, { recursive: true });
finish();
