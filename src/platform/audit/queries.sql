-- name: audit_head_of :maybe
SELECT seq, hash FROM audit_head WHERE district = :district;

-- name: audit_head_set :exec
INSERT INTO audit_head (district, seq, hash) VALUES (:district, :seq, :hash)
ON CONFLICT (district) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;

-- name: audit_event_add :exec
INSERT INTO audit_event (district, seq, at, account, action, subject, detail, hash)
VALUES (:district, :seq, :at, :account, :action, :subject, :detail, :hash);

-- name: audit_event_each :each rollup
SELECT district, seq, at, account, action, subject, detail, hash
  FROM audit_event
 ORDER BY district, seq;

-- name: audit_head_all :many rollup
SELECT district, seq, hash FROM audit_head ORDER BY district;

-- What happened to one thing: the newest, so that a limit leaves out the oldest.
-- name: audit_of_subject :many index
-- param: limit INT
SELECT seq, at, account, action, detail
  FROM audit_event
 WHERE district = :district AND subject = :subject
 ORDER BY seq DESC
 LIMIT :limit;
