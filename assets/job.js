/*
 * job.js - keeps the progress of a job's page fresh: asks for the page again and takes its part over; when the job no
 * longer runs, the page is loaded anew.
 */
'use strict';
(() => {
    const EVERY_MS = 400, AFTER_FAULT_MS = 2000;

    async function refresh() {
        const live = document.getElementById('job-live');
        if (!live)
            return;
        let wait = EVERY_MS;
        try {
            const reply = await fetch(location.href, { credentials: 'same-origin' });
            const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
            const fresh = page.getElementById('job-live');
            if (reply.ok && !fresh) {
                location.reload();
                return;
            }
            if (fresh)
                live.innerHTML = fresh.innerHTML;
        } catch {
            wait = AFTER_FAULT_MS; /* the network is away for a moment */
        }
        setTimeout(refresh, wait);
    }

    setTimeout(refresh, EVERY_MS);
})();
