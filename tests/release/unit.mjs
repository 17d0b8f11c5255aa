// The systemd unit: hardened as far as it was, and still letting the server do what it needs.
// usage: unit.mjs UNIT
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { finish, ok, root, skip } from "./released.mjs";

const MOST_EXPOSED = 2.0;
const unit = process.argv[2];
const analyze = (...words) => spawnSync("systemd-analyze", words, { encoding: "utf8" });

// With a program that is there, so that nothing but the unit itself is asked about.
function settled(folder) {
    const file = path.join(folder, "shuniu.service");
    copyFileSync(unit, file);
    writeFileSync(file, readFileSync(file, "utf8").replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
    return file;
}

function exposure(file) {
    const { stdout, stderr } = analyze("security", "--offline=true", file);
    const found = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1] ?? NaN);
    ok(found <= MOST_EXPOSED, `exposure ${found}, at most ${MOST_EXPOSED.toFixed(1)}`, stdout + stderr);
    const bare = path.join(path.dirname(file), "bare.service");
    writeFileSync(bare, `[Service]\nExecStart=${process.execPath}\n`);
    const { stdout: all } = analyze("security", "--offline=true", bare);
    ok(!(Number(/exposure level for \S+: ([\d.]+)/.exec(all)?.[1]) <= MOST_EXPOSED), "a unit without any of it is not", all);
}

// The names that the lines of SystemCallFilter= leave, with systemd's own groups.
function letThrough(text) {
    const groups = new Map();
    let current = null;
    for (const line of analyze("syscall-filter").stdout.split("\n")) {
        if (line.startsWith("@"))
            groups.set(line.trim(), current = []);
        else if (current && line.trim() !== "" && !line.trim().startsWith("#"))
            current.push(line.trim());
    }
    const names = (word) => word.startsWith("@") ? (groups.get(word) ?? []).flatMap(names) : [word];
    const left = new Set();
    for (const [, not, words] of text.matchAll(/^SystemCallFilter=(~?)(.*)$/gm))
        for (const name of words.split(" ").flatMap(names))
            not ? left.delete(name) : left.add(name);
    return left;
}

function calls() {
    const left = letThrough(readFileSync(unit, "utf8"));
    const source = readFileSync(path.join(root, "src/shuniu/confine_calls.c"), "utf8");
    const table = /allowed\[\] = \{\n(.*?)\n\};/s.exec(source)[1].replace(/\{[^{}]*SANITIZED[^{}]*\}/g, "");
    const needed = new Set([...table.matchAll(/SCMP_SYS\((\w+)\)/g)].map((match) => match[1]));
    needed.delete("fchown"); // SQLite asks for it as root alone
    for (const name of ["seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"])
        needed.add(name);
    const refused = [...needed].filter((name) => !left.has(name));
    ok(needed.size > 80 && refused.length === 0, "each call the server may make, the unit lets through", refused);
}

if (analyze("--version").error) {
    skip("systemd-analyze is not here (Debian: systemd)");
    finish();
}
const folder = mkdtempSync(path.join(os.tmpdir(), "shuniu-unit-"));
const file = settled(folder);
const { status, stderr } = analyze("verify", file);
ok(status === 0 && stderr === "", "systemd knows every line of it", stderr);
exposure(file);
calls();
rmSync(folder, { recursive: true });
finish();
