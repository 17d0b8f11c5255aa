-- name: draft_put :change
INSERT INTO draft (account, address, id, fields, saved_at)
VALUES (:account, :address, :id, :fields, :saved_at)
ON CONFLICT (account, address) DO UPDATE SET fields = excluded.fields, saved_at = excluded.saved_at;

-- name: draft_of :maybe index
SELECT id, fields, saved_at FROM draft WHERE account = :account AND address = :address;

-- name: draft_sealed :many index
-- param: limit INT
SELECT id, account, fields FROM draft WHERE id > :id ORDER BY id LIMIT :limit;

-- Under another key, if it is still the same.
-- name: draft_reseal :exec
-- param: was BLOB
UPDATE draft SET fields = :fields WHERE id = :id AND fields = :was;

-- name: draft_drop :exec
DELETE FROM draft WHERE account = :account AND address = :address;

-- name: draft_discard :exec
DELETE FROM draft WHERE id = :id AND account = :account;

-- All of an account but the newest.
-- name: draft_trim :exec
-- param: keep INT
DELETE FROM draft
 WHERE account = :account
   AND saved_at < (SELECT min(saved_at)
                     FROM (SELECT saved_at FROM draft WHERE account = :account ORDER BY saved_at DESC LIMIT :keep) AS newest);

-- name: draft_purge :exec
-- param: before INSTANT
-- param: limit INT
DELETE FROM draft WHERE id IN (SELECT id FROM draft WHERE saved_at < :before ORDER BY saved_at LIMIT :limit);

-- name: form_done_of :maybe index
SELECT location FROM form_done
 WHERE account = :account AND key = :key AND address = :address AND digest = :digest;

-- name: form_done_add :change
INSERT INTO form_done (account, key, address, digest, location, at)
VALUES (:account, :key, :address, :digest, :location, :at);

-- name: form_done_purge :exec
-- param: before INSTANT
-- param: limit INT
DELETE FROM form_done
 WHERE (account, key) IN (SELECT account, key FROM form_done WHERE at < :before ORDER BY at LIMIT :limit);
