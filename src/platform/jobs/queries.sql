-- name: job_add :exec
INSERT INTO job (district, id, kind, account, state, step, lang, created_at, changed_at, name, message, result)
VALUES (:district, :id, :kind, :account, 1, :step, :lang, :created_at, :changed_at, :name, :message, :result);

-- name: job_by_id :one index
SELECT district, id, kind, account, state, step, lang, created_at, changed_at, name, message
  FROM job
 WHERE district = :district AND id = :id AND account = :account;

-- name: job_result :one index
SELECT result FROM job WHERE district = :district AND id = :id;

-- name: job_result_sealed :many index rollup
-- param: limit INT
SELECT district, id, result FROM job WHERE (district, id) > (:district, :id) ORDER BY district, id LIMIT :limit;

-- Under another key, if it is still the same.
-- name: job_result_reseal :exec
-- param: was BLOB
UPDATE job SET result = :result WHERE district = :district AND id = :id AND result = :was;

-- name: job_payload_sealed :many index rollup
-- param: limit INT
SELECT district, job, bytes FROM job_payload WHERE (district, job) > (:district, :job) ORDER BY district, job LIMIT :limit;

-- name: job_payload_reseal :exec
-- param: was BLOB
UPDATE job_payload SET bytes = :bytes WHERE district = :district AND job = :job AND bytes = :was;

-- name: job_payload_of :maybe index
SELECT bytes FROM job_payload WHERE district = :district AND job = :job;

-- name: job_payload_set :exec
INSERT INTO job_payload (district, job, bytes) VALUES (:district, :job, :bytes)
ON CONFLICT (district, job) DO UPDATE SET bytes = excluded.bytes;

-- name: job_payload_drop :exec
DELETE FROM job_payload WHERE district = :district AND job = :job;

-- name: job_state_of :maybe index
SELECT state FROM job WHERE district = :district AND id = :id;

-- The oldest in a state.
-- name: job_first :maybe index rollup
SELECT district, id, kind, account, state, step, lang, created_at, changed_at, name, message
  FROM job
 WHERE state = :state
 ORDER BY id
 LIMIT 1;

-- Those that are not over first, so that a limit leaves out none that another one waits for; then the newest.
-- name: job_of_account :many rollup
-- param: limit INT
SELECT district, id, kind, account, state, step, lang, created_at, changed_at, name, message
  FROM job
 WHERE account = :account
 ORDER BY state >= 4, id DESC
 LIMIT :limit;

-- Of one account, neither done, failed nor cancelled.
-- name: job_unfinished_count :one index rollup
SELECT count(*) AS "n:int" FROM job WHERE account = :account AND state < 4;

-- name: job_count_in :one index rollup
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

-- name: job_purge_payloads :exec rollup
-- param: before INSTANT
DELETE FROM job_payload
 WHERE EXISTS (SELECT 1 FROM job AS j
                WHERE j.district = job_payload.district AND j.id = job_payload.job AND j.created_at < :before);

-- name: job_purge :exec rollup
-- param: before INSTANT
DELETE FROM job WHERE created_at < :before;

-- What an account has of jobs that are over, but for the newest: their payloads are gone already.
-- name: job_purge_old :exec rollup
-- param: keep INT
DELETE FROM job
 WHERE account = :account AND state >= 4
   AND id <= (SELECT id FROM job WHERE account = :account AND state >= 4 ORDER BY id DESC LIMIT 1 OFFSET :keep);
