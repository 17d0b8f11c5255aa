// What the tests of upgrades share with the maker of their data: people who sign in over HTTP, and commands.
import { spawnSync } from "node:child_process";
import http from "node:http";

export const PASSWORD = "wind-over-the-harbour-7";

export function command(shuniu, dir, words, input = "") {
    const { status, stdout, stderr } = spawnSync(shuniu, [...words, "--data", dir], { input, encoding: "utf8" });
    return { status, text: stdout + stderr };
}

export function mustCommand(shuniu, dir, words, input = "") {
    const { status, text } = command(shuniu, dir, words, input);
    if (status !== 0)
        throw new Error(`${words.join(" ")}: ${status}\n${text}`);
    return text;
}

function ask(port, method, path, headers, body) {
    return new Promise((resolve, reject) => {
        const request = http.request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
            const chunks = [];
            response.on("data", (chunk) => chunks.push(chunk));
            response.on("end", () => resolve({ status: response.statusCode, headers: response.headers,
                location: response.headers.location ?? "", body: Buffer.concat(chunks).toString("utf8") }));
        });
        request.on("error", reject);
        request.end(body);
    });
}

// A browser: its cookies, and the token of its forms.
export class Person {
    constructor(port) {
        this.port = port;
        this.cookies = new Map();
        this.csrf = "";
    }

    async ask(method, path, headers = {}, body = "") {
        const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        const reply = await ask(this.port, method, path,
            { Cookie: cookie, Origin: `http://127.0.0.1:${this.port}`, ...headers }, body);
        for (const line of reply.headers["set-cookie"] ?? [])
            this.cookies.set(line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1, line.indexOf(";")));
        this.csrf = /name="csrf" value="([^"]+)"/.exec(reply.body)?.[1] ?? this.csrf;
        return reply;
    }

    get(path) {
        return this.ask("GET", encodeURI(path));
    }

    post(path, fields) {
        const body = new URLSearchParams({ csrf: this.csrf, ...fields }).toString();
        return this.ask("POST", path, { "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": Buffer.byteLength(body) }, body);
    }

    async signIn(login, password = PASSWORD) {
        const reply = await this.post("/sign-in", { login, password });
        await this.get("/account/password"); // has a form on it, and so the token
        return reply;
    }

    // A change that must be made: the number in the address it leads to.
    async make(path, fields) {
        const reply = await this.post(path, fields);
        if (reply.status !== 303) {
            const problems = reply.body.match(/class="[^"]*(?:problem|invalid|alert)[^"]*"[^>]*>[^<]*/g) ?? [];
            throw new Error(`POST ${path}: ${reply.status}\n${problems.join("\n")}`);
        }
        return /\/(\d+)(?:[?#].*)?$/.exec(reply.location)?.[1] ?? "";
    }
}
