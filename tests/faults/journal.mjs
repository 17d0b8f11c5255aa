// Holds a journal of acknowledged changes against the data: lost, half-written, written twice.
//
// A change leaves traces in several tables, all of them with its mark.  Acknowledged, it has left each of them once; not
// acknowledged, each once or none at all.

// To add a kind of change: one row, the traces it leaves.
const TRACES = {
    act: (entry) => [`event ${entry.action} ${entry.spot}`, `audit spot.${entry.action} spot:${entry.spot}`, "done"],
    note: (entry) => [`event note ${entry.spot}`, `audit spot.note spot:${entry.spot}`, "done"],
    unit: () => ["unit", "audit unit.add", "done"],
    cover: (entry) => [`event cover ${entry.spot}`, `audit spot.cover spot:${entry.spot}`, "organisation",
        "audit organisation.add", `covered ${entry.spot}`, "done"],
    edit: (entry) => [`reason ${entry.unit}`, `audit unit.change unit:${entry.unit}`, "done"],
};

// What every state of the data must give no row of, whatever was done.  Portable SQL: both engines answer it.
const INVARIANTS = {
    "a blank spot is not in the state of its last step": `
        SELECT s.id FROM spot s JOIN spot_event e ON e.district = s.district AND e.spot = s.id
         WHERE e.state <> s.state AND NOT EXISTS
               (SELECT 1 FROM spot_event l WHERE l.district = e.district AND l.spot = e.spot AND l.id > e.id)`,
    "a pair is due, not covered, and has no open blank spot": `
        SELECT c.unit FROM coverage c WHERE c.due_rule <> 0 AND c.form = 0 AND NOT EXISTS
               (SELECT 1 FROM spot s WHERE s.district = c.district AND s.unit = c.unit AND s.line = c.line AND s.state < 20)`,
    "an open blank spot is of no such pair": `
        SELECT s.id FROM spot s WHERE s.state < 20 AND NOT EXISTS
               (SELECT 1 FROM coverage c WHERE c.district = s.district AND c.unit = s.unit AND c.line = s.line
                   AND c.due_rule <> 0 AND c.form = 0)`,
    "a pair is covered by an organisation that is not there": `
        SELECT c.unit FROM coverage c WHERE c.organisation <> 0 AND NOT EXISTS
               (SELECT 1 FROM organisation o WHERE o.district = c.district AND o.id = c.organisation)`,
};

// Each mark of a round with all it has left: { "K3.7.12": ["event note 123", ...] }.
function tracesOf(ask, round) {
    const found = new Map();
    const add = (mark, trace) => found.set(mark, [...found.get(mark) ?? [], trace]);
    const like = `LIKE 'K${round}.%'`;
    for (const [mark, act, spot] of ask(`SELECT note, act, spot FROM spot_event WHERE note ${like}`))
        add(mark, `event ${act} ${spot}`);
    for (const [detail, action, subject] of ask(`SELECT detail, action, subject FROM audit_event WHERE detail LIKE '%K${round}.%'`)) {
        const isNew = action === "unit.add" || action === "organisation.add"; // whose number nobody knows before
        const mark = new RegExp(`K${round}\\.\\d+\\.\\d+`).exec(detail)?.[0];
        if (mark) // 'K1.' is found in 'K11.' too
            add(mark, isNew ? `audit ${action}` : `audit ${action} ${subject}`);
    }
    for (const [mark] of ask(`SELECT name FROM unit WHERE name ${like}`))
        add(mark, "unit");
    for (const [mark, unit] of ask(`SELECT uscc_missing, id FROM unit WHERE uscc_missing ${like}`))
        add(mark, `reason ${unit}`);
    for (const [mark] of ask(`SELECT name FROM organisation WHERE name ${like}`))
        add(mark, "organisation");
    for (const [mark, spot] of ask(`SELECT o.name, s.id FROM organisation o
            JOIN coverage c ON c.district = o.district AND c.organisation = o.id AND c.form = 1
            JOIN spot s ON s.district = o.district AND s.organisation = o.id AND s.state = 20 AND s.unit = c.unit
            WHERE o.name ${like}`))
        add(mark, `covered ${spot}`);
    for (const [key] of ask(`SELECT key FROM form_done WHERE key ${like}`))
        add(key, "done");
    return found;
}

function checkEntry(entry, found) {
    const wanted = TRACES[entry.kind](entry), have = found.get(entry.mark) ?? [];
    if (have.length === 0)
        return entry.isAcked ? `LOST: ${entry.kind} ${entry.mark} was acknowledged` : null;
    const isWhole = wanted.length === have.length && wanted.every((trace) => have.includes(trace));
    return isWhole ? null : `HALF: ${entry.kind} ${entry.mark} left ${JSON.stringify(have)} of ${JSON.stringify(wanted)}`;
}

// What a draft says is sealed, but its length shows: so the n-th of a round is so many characters long.
const ROUND_CHARACTERS = 1000, SEALED_AND_NAME = 44 + "note=".length;
export const draftText = (mark, round, n) => mark.padEnd(20 + round % 20 * ROUND_CHARACTERS + n, "x");

// Of an address the last draft is there, or the one after it that was on its way.
function checkDrafts(ask, round, journal) {
    const faults = [], last = new Map();
    for (const entry of journal.filter((one) => one.kind === "draft" && one.isAcked))
        last.set(entry.address, entry);
    for (const [address, entry] of last) {
        const bytes = Number(ask(`SELECT length(fields) FROM draft WHERE address = '${address}'`).join());
        const n = bytes - SEALED_AND_NAME - draftText("", round, 0).length;
        if (n < entry.n || n >= ROUND_CHARACTERS)
            faults.push(`LOST: draft ${entry.mark} was acknowledged, there is one of ${bytes} bytes`);
    }
    return faults;
}

// { faults, kept }: what is wrong, in words; how many changes are there though nobody was told.  ask: SQL to rows of texts.
export function check(ask, round, journal) {
    const found = tracesOf(ask, round);
    const changes = journal.filter((entry) => entry.kind !== "draft");
    const faults = changes.map((entry) => checkEntry(entry, found)).filter((fault) => fault !== null);
    const known = new Set(changes.map((entry) => entry.mark));
    for (const [mark, traces] of found)
        if (!known.has(mark))
            faults.push(`STRANGE: nobody sent ${mark}: ${traces.join(", ")}`);
    for (const [what, sql] of Object.entries(INVARIANTS))
        for (const [id] of ask(sql))
            faults.push(`INVARIANT: ${what}: ${id}`);
    const kept = changes.filter((entry) => !entry.isAcked && found.has(entry.mark)).length;
    return { faults: [...faults, ...checkDrafts(ask, round, journal)], kept };
}
