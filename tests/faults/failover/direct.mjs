// A connection to one node of the cluster, as PostgreSQL's own clients make it: what the program does is compared with this.
import net from "node:net";

// The text of a message of failure: fields of a letter and a text each; M is what a person reads.
const reason = (bytes) => bytes.toString("utf8").split("\0").find((field) => field.startsWith("M"))?.slice(1) ?? "refused";

function message(letter, body) {
    const head = Buffer.alloc(letter.length + 4);
    head.write(letter);
    head.writeInt32BE(body.length + 4, letter.length);
    return Buffer.concat([head, body]);
}

export class Direct {
    constructor(port, database) {
        this.pending = Buffer.alloc(0);
        this.isGone = false;
        this.settle = () => {};
        this.failure = null;
        this.socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
        this.socket.on("data", (bytes) => this.read(bytes));
        this.socket.on("error", (error) => this.close(error.message));
        this.socket.on("close", () => this.close("the connection was closed"));
        const version = Buffer.from([0, 3, 0, 0]);
        this.ready = this.answer(3000);
        this.ready.catch(() => {});
        this.socket.write(message("", Buffer.concat([version, Buffer.from(`user\0postgres\0database\0${database}\0\0`)])));
    }

    read(bytes) {
        this.pending = Buffer.concat([this.pending, bytes]);
        while (this.pending.length >= 5 && this.pending.length >= 1 + this.pending.readInt32BE(1)) {
            const end = 1 + this.pending.readInt32BE(1), letter = String.fromCharCode(this.pending[0]);
            const body = this.pending.subarray(5, end);
            this.pending = this.pending.subarray(end);
            if (letter === "E")
                this.failure = new Error(reason(body));
            if (letter === "Z") // ready for the next one
                this.settle();
        }
    }

    close(why) {
        this.failure ??= new Error(why);
        this.isGone = true;
        this.socket.destroy();
        this.settle();
    }

    // Until the server is ready again; a server that stays silent is left.
    answer(ms) {
        this.failure = null;
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => this.close("no answer"), ms);
            this.settle = () => {
                clearTimeout(timer);
                this.settle = () => {};
                this.failure ? reject(this.failure) : resolve();
            };
            if (this.isGone)
                this.close("the connection was closed");
        });
    }

    async run(sql, ms = 3000) {
        await this.ready;
        const answer = this.answer(ms);
        this.socket.write(message("Q", Buffer.from(`${sql}\0`)));
        return answer;
    }
}
