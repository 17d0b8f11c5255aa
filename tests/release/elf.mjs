// The released program as the linker made it: nothing in it can be written and run, addresses are random, and what the
// compiler can check it does.
// usage: elf.mjs SHUNIU
import { execFileSync } from "node:child_process";
import { finish, ok, released, skip } from "./released.mjs";

const shuniu = released(process.argv[2]);
if (!shuniu) {
    skip("no released program: script/test builds it in build/");
    finish();
}
const read = (...options) => execFileSync("readelf", [...options, "-W", shuniu], { encoding: "utf8", maxBuffer: 1 << 28 });

const head = read("-h"), segments = read("-l"), dynamic = read("-d"), symbols = read("--dyn-syms");
const segment = (name) => segments.split("\n").filter((line) => line.trim().startsWith(`${name} `));

ok(/Type:\s+DYN \(Position-Independent Executable/.test(head) && /\bPIE\b/.test(dynamic), "a position-independent program", head);
ok(segment("GNU_RELRO").length === 1, "tables of addresses become read-only (RELRO)", segments);
ok(/\(FLAGS\).*BIND_NOW/.test(dynamic) && /\(FLAGS_1\).*\bNOW\b/.test(dynamic), "all of them, before it begins (now)", dynamic);
ok(segment("GNU_STACK").length === 1 && !/RWE/.test(segment("GNU_STACK")[0]), "the stack does not run", segments);
const loads = segment("LOAD").map((line) => /0x\S+ +0x\S+ +(R? ?W? ?E?) +0x/.exec(line)?.[1] ?? "?");
ok(loads.length >= 4 && loads.every((flags) => !(flags.includes("W") && flags.includes("E"))), "nothing is written and run", loads);
ok(loads.filter((flags) => flags.includes("E")).length === 1, "code lies in pages of its own (separate-code)", loads);
ok(!/TEXTREL/.test(dynamic), "code is as it is in the file", dynamic);
ok(!/\((RPATH|RUNPATH)\)/.test(dynamic), "libraries are the system's", dynamic);
ok(/__stack_chk_fail/.test(symbols), "stacks have canaries", symbols);
ok(/__(v?snprintf|memcpy|memmove)_chk/.test(symbols), "lengths are checked (FORTIFY)", symbols);
ok(!/ (strcpy|strcat|sprintf|gets|system|popen)@/.test(symbols), "no banned function is linked", symbols);
if (process.arch === "x64") {
    const main = execFileSync("objdump", ["-d", "--disassemble=main", shuniu], { encoding: "utf8" });
    ok(/<main>:\n.*endbr64/.test(main), "functions are marked as what may be jumped to (CET)", main);
} else {
    skip("marks of what may be jumped to: looked for on x86-64 only");
}
finish();
