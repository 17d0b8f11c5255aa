// Data of earlier versions on PostgreSQL, brought to this one.  usage: with_postgres postgres.mjs SHUNIU
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { copyFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { finish, ok, sleep } from "../serve/wire.mjs";

const shuniu = process.argv[2];
const root = process.env.SHUNIU_TEST_POSTGRES;
const socket = /[?&]host=([^&]+)/.exec(root)[1];
const bin = `/usr/lib/postgresql/${readdirSync("/usr/lib/postgresql").sort((a, b) => a - b).at(-1)}/bin`;
const data = path.join(path.dirname(fileURLToPath(import.meta.url)), "data");
const versions = readdirSync(data).map((name) => Number(/^v(\d+)\.postgres\.sql\.gz$/.exec(name)?.[1])).filter((n) => n > 0).sort((a, b) => a - b);
const folder = mkdtempSync(path.join(os.tmpdir(), "shuniu-upgrade-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const psql = ["-h", socket, "-U", "shuniu", "-Atq", "-v", "ON_ERROR_STOP=1"];
const sql = (database, text) => execFileSync(path.join(bin, "psql"), [...psql, "-d", database, "-c", text], { encoding: "utf8" }).trim();
const address = (database) => root.replace("/postgres?", `/${database}?`);

function load(database, version) {
    sql("postgres", `CREATE DATABASE ${database}`);
    const dump = gunzipSync(readFileSync(path.join(data, `v${version}.postgres.sql.gz`)));
    execFileSync(path.join(bin, "psql"), [...psql, "-d", database], { input: dump, stdio: ["pipe", "ignore", "inherit"] });
}

function keysOf(version) {
    const keys = path.join(folder, `keys${version}`);
    copyFileSync(path.join(data, `v${version}.keys`), keys);
    chmodSync(keys, 0o600);
    return ["--keys", keys];
}

function says(words, status, what, name) {
    const got = spawnSync(shuniu, [...words, "--data", path.join(folder, "none")], { encoding: "utf8" });
    const text = got.stdout + got.stderr;
    ok(got.status === status && what.test(text) && !/Sanitizer|runtime error:/.test(text), name, `${got.status}\n${text}`);
}

// Every table's rows, of the columns there were; without what tells of the upgrade, and words to be searched.
function rows(database, columns) {
    const digest = {};
    for (const [table, list] of Object.entries(columns))
        digest[table] = sql(database, `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM (SELECT ${list} FROM ${table}) AS t`);
    return digest;
}

function columnsOf(database) {
    const all = sql(database, "SELECT table_name || ' ' || string_agg(column_name, ',' ORDER BY ordinal_position) FROM information_schema.columns " +
        "WHERE table_schema = 'public' AND table_name !~ '^(shuniu|audit)' GROUP BY table_name");
    return Object.fromEntries(all.split("\n").map((line) => line.split(" ")));
}

async function upgrade(version) {
    const database = `v${version}`, to = ["--db", address(database)], keys = keysOf(version);
    load(database, version);
    const columns = columnsOf(database), before = rows(database, columns);
    ok(Object.keys(columns).length > 15, `version ${version}: ${Object.keys(columns).length} tables`);
    says(["recount", ...to], 1, new RegExp(`older schema ${version}: stop every server, make a copy`), "another command says what to do");
    says(["serve", ...to, ...keys, "--port", "0"], 1, /older schema/, "a server does not upgrade by itself: others may be at work");
    const other = spawn(path.join(bin, "psql"), ["-h", socket, "-U", "shuniu", "-d", database, "-c", "SELECT pg_sleep(60)"],
        { env: { ...process.env, PGAPPNAME: "shuniu" }, stdio: "ignore" });
    while (sql(database, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'shuniu' AND datname = current_database()") === "0")
        await sleep(50);
    says(["upgrade", ...to, ...keys], 1, /in use by 1 connections: stop the servers first/, "not while a server is at work");
    other.kill();
    sql(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'shuniu' AND datname = current_database()");
    sql(database, "CREATE INDEX too_much ON unit (name)");
    says(["upgrade", ...to, ...keys], 1, /its tables are not those of its version: unit: CREATE INDEX too_much/, "not with other tables");
    ok(sql(database, "SELECT schema_version FROM shuniu") === String(version), "and nothing has changed");
    sql(database, "DROP INDEX too_much; ALTER TABLE unit ALTER COLUMN name DROP NOT NULL");
    says(["upgrade", ...to, ...keys], 1, /its tables are not those of its version: unit: name text/, "nor with a column that may be empty");
    sql(database, "ALTER TABLE unit ALTER COLUMN name SET NOT NULL");
    says(["upgrade", ...to, ...keys], 0, new RegExp(`from schema ${version} to \\d+`), "upgrade");
    says(["upgrade", ...to, ...keys], 0, /already/, "upgrade once more");
    const after = rows(database, columns);
    const other_rows = Object.keys(before).filter((table) => table !== "setting" && before[table] !== after[table]);
    ok(other_rows.length === 0, "every row is there as it was", other_rows.join(" "));
    says(["audit", "verify", ...to], 0, /all fit/, "the chains hold");
    says(["recount", ...to], 0, /equal the full count/, "and the figures");
    says(["check", "shard", ...to], 0, / 0 faults/, "the tables are fit to be spread");
    says(["keys", "list", ...to, ...keys], 0, /^key 1 .* [1-9]\d* values {2}current$/m, "what is sealed opens with its key");
    ok(sql(database, "SELECT count(*) FROM pg_namespace WHERE nspname = 'shuniu_new'") === "0", "nothing else is left there");
}

for (const version of versions)
    await upgrade(version);
finish();
