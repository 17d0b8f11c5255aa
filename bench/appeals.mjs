// Appeals: taken in by 64 clients, against the same clients moving blank spots on; the queue of an office.
import path from "node:path";
import { changes, copyData, load, median, openSpots, page, post, serve, signIn, stop } from "./wire.mjs";

const ROUNDS = 5, SECONDS = 2, CLIENTS = 64;
const percent = (x) => `${(x * 100).toFixed(0)} %`;
const whole = (x) => Math.round(x).toLocaleString("en");

class Intake {
    constructor(cookie, csrf) { Object.assign(this, { cookie, csrf }); }
    request() {
        return post("/appeals/new", this.cookie, { csrf: this.csrf, topic: 1, type: 3, channel: 1, division: 440606102001,
            name: "张三丰", phone: "13800138000", story: "厂里从八月起没有发工资，问了几次都说等下个月。", wish: "早点拿到工资。" });
    }
    done() {}
}

export async function appeals(shuniu, demo, dir, say, row) {
    const copy = path.join(dir, "appeals");
    copyData(demo, copy);
    const server = await serve(shuniu, copy);
    const cookie = await signIn(server, "shunde-union");
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page(server, "/account", cookie))[1];
    const spots = await openSpots(server, cookie, csrf);
    const desk = Array.from({ length: CLIENTS }, () => new Intake(cookie, csrf));
    const taken = [], moved = [];
    for (let i = 0; i < ROUNDS; i++) {
        say(`appeals: round ${i + 1} of ${ROUNDS}`);
        moved.push((await changes(server, spots, SECONDS)).perSecond);
        taken.push((await changes(server, desk, SECONDS)).perSecond);
    }
    const ratio = median(taken.map((rate, i) => rate / moved[i]));
    row("appeals taken in / durable changes, 64 clients", `${whole(median(taken))} / ${whole(median(moved))} per s`, percent(ratio),
        "≥ 70 %", ratio >= 0.7);
    const queue = [];
    for (let i = 0; i < ROUNDS; i++)
        queue.push((await load(server, "/appeals?at=440606&line=1", cookie, SECONDS)).rps);
    row("queue of an office, 20 of some ten thousand", `${whole(median(queue))} per s`, "", "", null);
    await stop(server);
}
