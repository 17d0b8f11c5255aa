// What the browser tests and the screenshots share: one Chromium, the demo's sign-ins, the list of pages.
import { chromium } from "playwright-core";

export const password = "shunde-demo-2026";
export const windows = { wide: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };
export const district = "440606", town = "440606102";

const chromiumPath = process.env.SHUNIU_CHROMIUM ?? "/usr/bin/chromium";
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"];

export const launch = () => chromium.launch({ executablePath: chromiumPath, args: flags });

// A browser window of its own, with the language and the theme a person chose.
export async function windowOf(browser, base, { size = windows.wide, lang = "zh", theme = "light", ...more } = {}) {
    const context = await browser.newContext({ baseURL: base, viewport: size, colorScheme: theme,
        locale: lang === "zh" ? "zh-CN" : "en", ...more });
    await context.addCookies([{ name: "lang", value: lang === "zh" ? "zh" : "en", url: base },
        { name: "theme", value: theme, url: base }]);
    return context;
}

export async function signIn(page, login) {
    await page.goto("/sign-in");
    await page.fill("[name=login]", login);
    await page.fill("[name=password]", password);
    await page.click("main [type=submit]");
    await page.waitForURL(url => url.pathname !== "/sign-in");
}

// The addresses of the first record of each list, looked up once.
export async function records(browser, base) {
    const first = async (login, list) => {
        const page = await pageAs(browser, base, login);
        await page.goto(list);
        const address = await page.locator("main tbody th a").first().getAttribute("href");
        await page.context().close();
        return address;
    };
    return { spot: await first("beijiao-union", `/spots?at=${town}`),
        closed: await first("beijiao-union", `/spots?at=${town}&show=closed`),
        unit: await first("beijiao-union", `/units?at=${town}`),
        organisation: await first("beijiao-union", `/organisations?at=${town}`),
        appeal: await first("beijiao-union", `/appeals?at=${town}`),
        answered: await first("beijiao-union", `/appeals?at=${town}&show=closed`),
        account: await first("admin", "/accounts") };
}

// Clicks what leads to another page, and waits until that is there.
export const follow = (page, what) =>
    Promise.all([page.waitForEvent("load"), (typeof what === "string" ? page.locator(what).first() : what).click()]);

// Sends the form of a page as it stands, to see its problems.
const send = page => follow(page, "main form[method=post] [type=submit]:visible");
const badUnit = async page => {
    await page.fill("[name=name]", "佛山市顺德区北滘镇一家名字特别特别长的家用电器制造有限责任公司");
    await page.fill("[name=uscc]", "91440606MA0000000X");
    await page.fill("[name=employees]", "10");
    await page.fill("[name=women]", "20");
    await send(page);
};

const coverWithNothing = async page => {
    const last = page.locator(".next details").last();
    await last.locator("summary").click();
    await follow(page, last.locator("[type=submit]"));
};

// Every page people see: who looks, where, and what is done there first.
export const pages = found => [
    { name: "sign-in", path: "/sign-in" },
    { name: "sign-in-wrong", path: "/sign-in", act: async page => {
        await page.fill("[name=login]", "nobody");
        await page.fill("[name=password]", "not the password");
        await send(page);
    } },
    { name: "today", as: "beijiao-union", path: "/" },
    { name: "today-village", as: "beijiao-1", path: "/" },
    { name: "matrix-nation", as: "admin", path: "/network?at=0" },
    { name: "matrix-district", as: "leader", path: `/network?at=${district}` },
    { name: "matrix-town", as: "leader", path: `/network?at=${town}` },
    { name: "matrix-line", as: "beijiao-union", path: `/network?at=${town}&line=1` },
    { name: "spots", as: "leader", path: `/spots?at=${town}` },
    { name: "spots-late", as: "leader", path: `/spots?at=${district}&show=late` },
    { name: "spots-none", as: "shunde-women", path: `/spots?at=${town}&show=late` },
    { name: "spot", as: "beijiao-union", path: found.spot },
    { name: "spot-problem", as: "beijiao-union", path: found.spot, act: coverWithNothing },
    { name: "spot-closed", as: "beijiao-union", path: found.closed },
    { name: "spot-read", as: "leader", path: found.spot },
    { name: "units", as: "beijiao-union", path: `/units?at=${town}` },
    { name: "unit", as: "beijiao-union", path: found.unit },
    { name: "unit-new", as: "beijiao-union", path: `/units/new?at=${town}` },
    { name: "unit-new-problems", as: "beijiao-union", path: `/units/new?at=${town}`, act: badUnit },
    { name: "import", as: "beijiao-union", path: `/units/import?at=${town}` },
    { name: "organisations", as: "beijiao-union", path: `/organisations?at=${town}` },
    { name: "organisation", as: "beijiao-union", path: found.organisation },
    { name: "organisation-new", as: "beijiao-union", path: `/organisations/new?at=${town}` },
    { name: "appeals", as: "beijiao-union", path: `/appeals?at=${town}` },
    { name: "appeals-closed", as: "leader", path: `/appeals?at=${district}&show=closed` },
    { name: "appeals-found", as: "leader", path: `/appeals?at=${district}&q=工资` },
    { name: "appeals-late", as: "shunde-union", path: `/appeals?at=${district}&show=late` },
    { name: "appeal", as: "beijiao-union", path: found.appeal },
    { name: "appeal-read", as: "leader", path: found.appeal },
    { name: "appeal-closed", as: "beijiao-union", path: found.answered },
    { name: "appeal-edit", as: "beijiao-union", path: found.appeal.replace(/(\?|$)/, "/edit$1") },
    { name: "appeal-new", as: "beijiao-1", path: "/appeals/new" },
    { name: "appeal-new-problems", as: "beijiao-1", path: "/appeals/new", act: send },
    { name: "time-limits", as: "admin", path: "/time-limits" },
    { name: "time-limit-new", as: "admin", path: "/time-limits/new" },
    { name: "workdays", as: "leader", path: "/workdays" },
    { name: "coverage", as: "leader", path: `/network/coverage?at=${town}&line=1` },
    { name: "coverage-why", as: "leader", path: `/network/coverage?at=${town}&line=1&show=blank&why=1` },
    { name: "units-found", as: "leader", path: `/units?at=${district}&q=机械` },
    { name: "organisations-found", as: "leader", path: `/organisations?at=${district}&q=工会` },
    { name: "spots-found", as: "leader", path: `/spots?at=${district}&q=机械` },
    { name: "rules", as: "leader", path: "/network/rules" },
    { name: "rules-admin", as: "admin", path: "/network/rules" },
    { name: "rule-new", as: "admin", path: "/network/rules/new" },
    { name: "lines", as: "leader", path: "/network/lines" },
    { name: "line-new", as: "admin", path: "/network/lines/new" },
    { name: "map", as: "leader", path: `/network/map?at=${district}` },
    { name: "trend", as: "leader", path: `/network/trend?at=${district}` },
    { name: "divisions", as: "leader", path: "/divisions" },
    { name: "divisions-found", as: "leader", path: "/divisions?q=bjz" },
    { name: "divisions-none", as: "leader", path: "/divisions?q=zzzzzz" },
    { name: "division", as: "leader", path: `/divisions/${district}` },
    { name: "account", as: "beijiao-union", path: "/account" },
    { name: "password", as: "beijiao-union", path: "/account/password" },
    { name: "accounts", as: "admin", path: "/accounts" },
    { name: "account-new", as: "admin", path: "/accounts/new" },
    { name: "account-new-problems", as: "admin", path: "/accounts/new", act: send },
    { name: "account-show", as: "admin", path: found.account },
    { name: "not-found", as: "leader", path: "/nowhere" },
];

// The session of a person, signed in once for all windows: hashing a password is slow on purpose.
const sessions = new Map();
async function sessionOf(browser, base, login) {
    if (!sessions.has(login)) {
        const context = await windowOf(browser, base);
        await signIn(await context.newPage(), login);
        const cookies = await context.cookies();
        sessions.set(login, cookies.filter(({ name }) => name !== "lang" && name !== "theme"));
        await context.close();
    }
    return sessions.get(login);
}

// An empty page in a window of its own, somebody being signed in (undefined: nobody).
export async function pageAs(browser, base, login, options) {
    const context = await windowOf(browser, base, options);
    if (login)
        await context.addCookies(await sessionOf(browser, base, login));
    return context.newPage();
}

// Visits every page in the window described: visit(page, entry) is called with the page open.
export async function tour(browser, base, options, found, visit) {
    const open = new Map();
    for (const entry of pages(found)) {
        if (!open.has(entry.as))
            open.set(entry.as, await pageAs(browser, base, entry.as, options));
        const page = open.get(entry.as);
        await page.goto(entry.path);
        if (entry.act)
            await entry.act(page);
        await visit(page, entry);
    }
    for (const page of open.values())
        await page.context().close();
}
