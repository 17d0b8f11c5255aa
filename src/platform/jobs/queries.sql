-- name: job_add :exec
INSERT INTO job (district, id, kind, account, state, step, created_at, changed_at, name, message, result, payload)
VALUES (:district, :id, :kind, :account, 1, :step, :created_at, :changed_at, :name, :message, :result, :payload);

-- name: job_by_id :one index
SELECT district, id, kind, account, state, step, created_at, changed_at, name, message
  FROM job
 WHERE district = :district AND id = :id AND account = :account;

-- name: job_result :one index
SELECT result FROM job WHERE district = :district AND id = :id;

-- name: job_payload :one index
SELECT payload FROM job WHERE district = :district AND id = :id;

-- name: job_state_of :maybe index
SELECT state FROM job WHERE district = :district AND id = :id;

-- The oldest in a state.
-- name: job_first :maybe index
SELECT district, id, kind, account, state, step, created_at, changed_at, name, message
  FROM job
 WHERE state = :state
 ORDER BY id
 LIMIT 1;

-- name: job_of_account :many index
-- param: limit INT
SELECT district, id, kind, account, state, step, created_at, changed_at, name, message
  FROM job
 WHERE account = :account
 ORDER BY id DESC
 LIMIT :limit;

-- name: job_count_in :one index
SELECT count(*) AS "n:int" FROM job WHERE state = :state;

-- From one state to another; it must still be in the first.
-- name: job_move :change
-- param: from ENUM job_state
-- param: to ENUM job_state
UPDATE job
   SET state = :to, step = :step, message = :message, changed_at = :changed_at
 WHERE district = :district AND id = :id AND state = :from;

-- name: job_set_result :change
UPDATE job SET result = :result WHERE district = :district AND id = :id;

-- name: job_set_payload :change
UPDATE job SET payload = :payload WHERE district = :district AND id = :id;

-- name: job_purge :exec
-- param: before INSTANT
DELETE FROM job WHERE created_at < :before;
