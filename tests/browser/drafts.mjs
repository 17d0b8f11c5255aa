// What was typed and not sent is there again, and a double click makes one record.
import { strict as assert } from "node:assert";
import { follow, signIn, town } from "./lib.mjs";

const kept = page => page.waitForResponse(reply => reply.url().endsWith("/drafts") && reply.status() === 204);

async function fill(page, name) {
    await page.fill("main [name=name]", name);
    await page.fill("main [name=uscc_missing]", "新成立");
    await page.fill("main [name=employees]", "3");
}

async function count(page, name) {
    await page.goto(`/units?at=${town}&q=${encodeURIComponent(name)}`);
    return page.locator("main tbody th a", { hasText: name }).count();
}

// Typed, and the page loaded anew without saving; taken up, and saved.
export async function takeUpDraft(page, name) {
    await signIn(page, "beijiao-union");
    await page.goto(`/units/new?at=${town}`);
    const first = kept(page);
    await fill(page, name);
    await first;
    await page.reload();
    assert.equal(await page.locator("main [name=name]").inputValue(), "");
    await follow(page, page.locator(".draft a"));
    assert.equal(await page.locator("main [name=name]").inputValue(), name);
    assert.equal(await page.locator("main [name=employees]").inputValue(), "3");
    await follow(page, "main form.box [type=submit]");
    assert.match(new URL(page.url()).pathname, /^\/units\/\d+\/\d+$/);
    await page.goto(`/units/new?at=${town}`);
    assert.equal(await page.locator(".draft").count(), 0);
}

// The last keys before leaving reach the server too, and nobody is asked.
export async function leaveAndThrowAway(page, name) {
    await signIn(page, "beijiao-union");
    await page.goto(`/units/new?at=${town}`);
    page.on("dialog", () => assert.fail("asks before leaving"));
    await fill(page, name);
    await page.goto("/units");
    await page.goto(`/units/new?at=${town}`);
    await follow(page, page.locator(".draft a"));
    assert.equal(await page.locator("main [name=name]").inputValue(), name);
    await follow(page, page.locator(".draft button"));
    assert.equal(new URL(page.url()).pathname, "/units/new");
    assert.equal(await page.locator(".draft").count(), 0);
}

// Twice in a row, past the script that keeps a browser from it: the server is what is asked here.
export async function clickTwice(page, name) {
    await signIn(page, "beijiao-union");
    await page.goto(`/units/new?at=${town}`);
    await fill(page, name);
    await Promise.all([page.waitForURL(/\/units\/\d+\/\d+/), page.evaluate(() => {
        const form = document.querySelector("main form.box"), body = new URLSearchParams(new FormData(form));
        return fetch(form.action, { method: "POST", body }).then(() => { form.submit(); });
    })]);
    assert.equal(await count(page, name), 1);
    await page.goto(`/units/new?at=${town}`);
    await fill(page, name + "二");
    await Promise.all([page.waitForURL(/\/units\/\d+\/\d+/), page.locator("main form.box [type=submit]").dblclick()]);
    assert.equal(await count(page, name + "二"), 1);
}
