// script/sbom: valid JSON that has every library the program is linked with and every npm package it takes files of.
// usage: sbom.mjs SHUNIU
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { finish, ok, root, skip } from "./released.mjs";

const shuniu = path.resolve(process.argv[2]);
if (spawnSync("dpkg-query", ["--version"]).error) {
    skip("this is no Debian: there is no package data base to ask");
    finish();
}
const write = () => spawnSync(path.join(root, "script/sbom"), [shuniu], { encoding: "utf8", maxBuffer: 1 << 26 });
const { status, stdout, stderr } = write();
let list = {};
try {
    list = JSON.parse(stdout);
} catch (error) {
    ok(false, "it is JSON", `${error}\n${stderr}`);
    finish();
}
const components = list.components ?? [];
const find = (purl) => components.find((it) => it.purl.startsWith(purl));

ok(status === 0 && list.bomFormat === "CycloneDX" && list.specVersion === "1.5" && list.version === 1, "it is a CycloneDX list");
ok(list.metadata.component.name === "shuniu" && list.metadata.component.hashes[0].content ===
    createHash("sha256").update(readFileSync(shuniu)).digest("hex"), "of this very program");
const incomplete = components.filter((it) => !it.type || !it.name || !it.version || !/^pkg:(deb|npm)\/.+@.+/.test(it.purl));
ok(components.length > 20 && incomplete.length === 0, "each part has a name, a version and an address", JSON.stringify(incomplete));
const refs = components.map((it) => it["bom-ref"]);
ok(new Set(refs).size === refs.length, "no part is there twice", refs);

const needed = [...execFileSync("readelf", ["-dW", shuniu], { encoding: "utf8" }).matchAll(/\(NEEDED\).*\[(.+)\]/g)]
    .map((match) => match[1]);
const sonames = new Map(components.flatMap((it) => (it.properties ?? [])
    .filter((one) => one.name === "shuniu:soname").map((one) => [one.value, it])));
ok(needed.length >= 8 && needed.every((name) => sonames.has(name)), "every library it is linked with", needed);
const loaded = [...execFileSync("ldd", [shuniu], { encoding: "utf8" }).matchAll(/^\s*(\S+) => \//gm)].map((match) => match[1]);
ok(loaded.every((name) => sonames.has(name)), "and every one that those are linked with", loaded);
const wrong = [...new Set(sonames.values())].filter((it) => it.version !==
    execFileSync("dpkg-query", ["-W", "-f", "${Version}\n", it.name], { encoding: "utf8" }).split("\n")[0]);
ok(wrong.length === 0, "in the version that is installed", JSON.stringify(wrong));

const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
const packages = Object.entries(lock).filter(([place]) => place !== "");
const named = (place) => place.replace(/^.*node_modules\//, "").replace("@", "%40");
ok(packages.filter(([, it]) => !it.dev).every(([place, it]) => find(`pkg:npm/${named(place)}@${it.version}`)), "every npm package");
ok(packages.filter(([, it]) => it.dev).every(([place]) => !find(`pkg:npm/${named(place)}@`)), "none that only tests use");
const known = new Set(refs);
ok(list.dependencies.every((it) => it.dependsOn.every((ref) => known.has(ref))), "what it depends on is in the list");
ok(needed.filter((name) => !/^(libc|libm|ld-linux)/.test(name)).every((name) =>
    list.dependencies[0].dependsOn.includes(sonames.get(name)["bom-ref"])), "and all that it is linked with");
ok(components.some((it) => it.scope === "excluded" && it.name === "gcc"), "the compiler is named, as no part of it");
ok(write().stdout === stdout, "the same machine gives the same text");
finish();
