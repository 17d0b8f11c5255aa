-- One durable change, as a good engineer writes it by hand for pgbench: what moving a blank spot stores and asks (the spot, its
-- event, the audit chain, the form that is done), in one transaction of its own.
\set district random(1, :districts)
BEGIN;
SELECT location FROM form_done WHERE account = 5 AND key = 'k' AND address = 'a' AND digest = '\x00';
SELECT district, id, unit, line, division, state, is_open, found_on, found_by, owner, plan, deadline, closed_on, organisation, version FROM spot WHERE district = 440606 AND id = (SELECT id FROM bench_spot WHERE n = :client_id) AND division BETWEEN 0 AND 999999999999 AND line BETWEEN 0 AND 99;
UPDATE spot SET state = state, version = version + 1 WHERE district = 440606 AND id = (SELECT id FROM bench_spot WHERE n = :client_id) AND is_open = 1;
INSERT INTO spot_event (district, spot, id, at, account, act, state, note) VALUES (440606, (SELECT id FROM bench_spot WHERE n = :client_id), nextval('bench_id'), 1, 5, 'contact', 2, '电话联系了单位负责人。');
SELECT seq, hash FROM audit_head WHERE district = :district;
INSERT INTO audit_event (district, seq, at, account, action, subject, detail, hash) VALUES (:district, nextval('bench_id'), 1, 5, 'spot.act', 'spot:1', 'x', '\x0011223344556677001122334455667700112233445566770011223344556677');
INSERT INTO audit_head (district, seq, hash) VALUES (:district, 1, '\x0011223344556677001122334455667700112233445566770011223344556677') ON CONFLICT (district) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
INSERT INTO form_done (account, key, address, digest, location, at) VALUES (5, 'k' || nextval('bench_id'), 'a', '\x0011', '/spots', 1);
DELETE FROM draft WHERE account = 5 AND address = '/x';
COMMIT;
