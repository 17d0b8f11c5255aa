// The list of what is in the program, as CycloneDX 1.5: libraries it is linked with, npm packages whose files are built in
// or loaded, and what it was built with.  The same machine gives the same text.
// usage: sbom.mjs PROGRAM
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

const program = process.argv[2];
const read = (command, ...words) => execFileSync(command, words, { encoding: "utf8", maxBuffer: 1 << 26 });

/* --- Debian ------------------------------------------------------------------------------------------------------- */

const distribution = /^VERSION_ID="?(\d+)/m.exec(existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "")?.[1];

function debian(name) {
    const format = "${Package}\\t${Version}\\t${Architecture}\\t${source:Package}\\t${Homepage}\\n";
    const { status, stdout } = spawnSync("dpkg-query", ["-W", "-f", format, name], { encoding: "utf8" });
    if (status !== 0 || stdout === "")
        return null;
    const [pack, version, architecture, source, homepage] = stdout.split("\n")[0].split("\t");
    return {
        type: "library", "bom-ref": `deb:${pack}`, name: pack, version, supplier: { name: "Debian" },
        ...licenceOf(pack),
        purl: `pkg:deb/debian/${pack}@${encodeURIComponent(version)}?arch=${architecture}` +
            (distribution ? `&distro=debian-${distribution}` : ""),
        ...(homepage ? { externalReferences: [{ type: "website", url: homepage }] } : {}),
        properties: [{ name: "debian:source", value: source }],
    };
}

// What its copyright file, where it is of the form that can be read, says of all its files together.
function licenceOf(pack) {
    const file = `/usr/share/doc/${pack}/copyright`;
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    const name = /^Files: *\*\n(?:.+\n)*?License: *(\S.*)$/m.exec(text)?.[1];
    return name ? { licenses: [{ license: { name: name.trim() } }] } : {};
}

function ownerOf(file) {
    for (const one of [file, realpathSync(file), `/usr${file}`]) {
        const { status, stdout } = spawnSync("dpkg-query", ["-S", one], { encoding: "utf8" });
        if (status === 0)
            return stdout.split(":")[0];
    }
    throw new Error(`${file} is of no package`);
}

const neededBy = (file) => [...read("readelf", "-dW", file).matchAll(/\(NEEDED\).*\[(.+)\]/g)].map((match) => match[1]);

// Every library that is loaded with the program, by the name it is asked for: { soname: file }.
const loaded = new Map([...read("ldd", program).matchAll(/^\s*(\S+) => (\/\S+)/gm)].map((match) => [match[1], match[2]]));

function libraries() {
    const found = new Map();
    for (const [soname, file] of loaded) {
        const name = ownerOf(file);
        const it = found.get(name) ?? debian(name);
        it.properties.push({ name: "shuniu:soname", value: soname },
            { name: `shuniu:sha256:${soname}`, value: createHash("sha256").update(readFileSync(file)).digest("hex") });
        found.set(name, it);
    }
    return [...found.values()];
}

/* --- npm ---------------------------------------------------------------------------------------------------------- */

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;

function npm() {
    return Object.entries(lock).filter(([place, it]) => place !== "" && !it.dev).map(([place, it]) => {
        const name = place.replace(/^.*node_modules\//, "");
        return {
            type: "library", "bom-ref": `npm:${name}`, name, version: it.version,
            ...(it.license ? { licenses: [{ license: { name: it.license } }] } : {}),
            ...(it.integrity ? { hashes: [{ alg: "SHA-512",
                content: Buffer.from(it.integrity.replace(/^sha512-/, ""), "base64").toString("hex") }] } : {}),
            purl: `pkg:npm/${name.replace("@", "%40")}@${it.version}`,
        };
    });
}

/* --- what it was built with ----------------------------------------------------------------------------------------- */

// The packages script/lib.sh installs for building: not in the program, and able to put something there.
function tools() {
    const names = /build_packages="([^"]*)"/.exec(readFileSync("script/lib.sh", "utf8"))[1].split(/\s+/);
    return [...names, "gcc", "binutils"].map(debian).filter(Boolean)
        .map((it) => ({ ...it, scope: "excluded", properties: [...it.properties, { name: "shuniu:use", value: "build" }] }));
}

/* --- all of it ------------------------------------------------------------------------------------------------------ */

const version = /version: '([^']+)'/.exec(readFileSync("meson.build", "utf8"))[1];
const parts = [...libraries(), ...npm()];
const names = new Set(parts.map((it) => it["bom-ref"]));
const components = [...parts, ...tools().filter((it) => !names.has(it["bom-ref"]))]
    .sort((a, b) => (a["bom-ref"] < b["bom-ref"] ? -1 : 1));
const direct = neededBy(program).filter((soname) => loaded.has(soname)).map((soname) => `deb:${ownerOf(loaded.get(soname))}`);
const bundled = Object.keys(lock[""].dependencies ?? {}).map((name) => `npm:${name}`);
console.log(JSON.stringify({
    bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
    metadata: { component: {
        type: "application", "bom-ref": "shuniu", name: "shuniu", version, licenses: [{ license: { id: "MIT" } }],
        hashes: [{ alg: "SHA-256", content: createHash("sha256").update(readFileSync(program)).digest("hex") }],
        properties: [{ name: "shuniu:file", value: path.basename(program) }],
    } },
    components,
    dependencies: [{ ref: "shuniu", dependsOn: [...new Set([...direct, ...bundled])].sort() }],
}, null, 1));
