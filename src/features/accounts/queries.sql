-- name: account_add :change
INSERT INTO account (id, login, name, password_hash, is_active, must_change, failures, locked_until, created_at,
                     created_by, version)
VALUES (:id, :login, :name, :password_hash, 1, :must_change, 0, 0, :created_at, :created_by, 1)
ON CONFLICT (login) DO NOTHING;

-- name: account_by_id :one
SELECT id, login, name, password_hash, is_active, must_change, failures, locked_until, created_at, created_by,
       version
  FROM account
 WHERE id = :id;

-- name: account_by_login :maybe
SELECT id, name, password_hash, locked_until, version FROM account WHERE login = :login;

-- name: account_any :maybe
SELECT id FROM account LIMIT 1;

-- name: account_name_of :maybe cached
SELECT name FROM account WHERE id = :id;

-- Accounts a manager of this subtree sees; those without a grant belong to who made them, and to the nation.
-- name: account_list :many index
-- param: from DIVISION
-- param: to DIVISION
-- param: who ID account
-- param: is_nation BOOL
-- param: q TEXT
-- param: q_login TEXT
-- param: after TEXT
-- param: limit INT
SELECT id, login, name, is_active, locked_until
  FROM account
 WHERE (EXISTS (SELECT 1 FROM account_grant
                 WHERE account_grant.account = account.id AND division BETWEEN :from AND :to)
        OR ((:is_nation = 1 OR created_by = :who)
            AND NOT EXISTS (SELECT 1 FROM account_grant WHERE account_grant.account = account.id)))
--? search
   AND (substr(login, 1, length(:q_login)) = :q_login OR substr(name, 1, length(:q)) = :q)
--? after
   AND login > :after
 ORDER BY login
 LIMIT :limit;

-- A division is covered by a grant for itself or for one of those above it.
-- name: account_with_role :many index
-- param: roles INT
-- param: province DIVISION
-- param: city DIVISION
-- param: district DIVISION
-- param: town DIVISION
-- param: limit INT
SELECT DISTINCT account.id, account.name
  FROM account_grant JOIN account ON account.id = account_grant.account
 WHERE division IN (0, :province, :city, :district, :town, :division)
   AND (:roles >> role) & 1 = 1 AND is_active = 1
--? line
   AND line IN (0, :line)
 LIMIT :limit;

-- A wrong password: counted, and locked for a while when there were too many.
-- name: account_failures_set :change
UPDATE account SET failures = :failures, locked_until = :locked_until WHERE id = :id;

-- name: account_password_set :change
-- param: was INT
UPDATE account
   SET password_hash = :password_hash, must_change = :must_change, failures = 0, locked_until = 0,
       version = version + 1
 WHERE id = :id AND version = :was;

-- name: account_active_set :change
-- param: was BOOL
UPDATE account SET is_active = :is_active, version = version + 1 WHERE id = :id AND is_active = :was;

-- name: grant_add :change
INSERT INTO account_grant (account, role, line, division, given_by, given_at)
VALUES (:account, :role, :line, :division, :given_by, :given_at)
ON CONFLICT (account, role, line, division) DO NOTHING;

-- name: grant_remove :change
DELETE FROM account_grant
 WHERE account = :account AND role = :role AND line = :line AND division = :division;

-- The first one says where the person is at home.
-- name: grant_of_account :many cached
-- param: limit INT
SELECT role, line, division
  FROM account_grant
 WHERE account = :account
 ORDER BY given_at, role, line, division
 LIMIT :limit;

-- name: session_add :change
INSERT INTO session (token_hash, id, account, csrf, created_at, expires_at, address, agent)
VALUES (:token_hash, :id, :account, :csrf, :created_at, :expires_at, :address, :agent);

-- name: session_holder :maybe index cached
SELECT session.id, session.csrf, session.expires_at, account.id AS account, account.name, account.must_change
  FROM session JOIN account ON account.id = session.account
 WHERE token_hash = :token_hash AND is_active = 1;

-- name: session_of_account :many index
-- param: now INSTANT
-- param: limit INT
SELECT id, created_at, address, agent
  FROM session
 WHERE account = :account AND expires_at > :now
 ORDER BY created_at DESC, id DESC
 LIMIT :limit;

-- name: session_end :exec
DELETE FROM session WHERE id = :id AND account = :account;

-- name: session_end_expired :exec
-- param: now INSTANT
DELETE FROM session WHERE account = :account AND expires_at <= :now;

-- All of an account but one; 0 keeps none.
-- name: session_end_others :exec
-- param: keep INT
DELETE FROM session WHERE account = :account AND id <> :keep;

-- name: sign_in_address_of :maybe
SELECT owed_until FROM sign_in_address WHERE address = :address;

-- name: sign_in_address_set :change
INSERT INTO sign_in_address (address, owed_until) VALUES (:address, :owed_until)
ON CONFLICT (address) DO UPDATE SET owed_until = excluded.owed_until;

-- name: sign_in_address_forget :exec
-- param: now INSTANT
DELETE FROM sign_in_address WHERE owed_until <= :now;

-- All but so many, those with the fewest failures first.
-- name: sign_in_address_trim :exec
-- param: keep INT
DELETE FROM sign_in_address
 WHERE address IN (SELECT address FROM sign_in_address
                    ORDER BY owed_until
                    LIMIT (SELECT CASE WHEN count(*) > :keep THEN count(*) - :keep ELSE 0 END
                             FROM sign_in_address));

-- name: sign_in_familiar_of :maybe
-- param: since INSTANT
SELECT seen_at FROM sign_in_familiar WHERE account = :account AND address = :address AND seen_at >= :since;

-- name: sign_in_familiar_set :change
INSERT INTO sign_in_familiar (account, address, seen_at) VALUES (:account, :address, :seen_at)
ON CONFLICT (account, address) DO UPDATE SET seen_at = excluded.seen_at;

-- name: sign_in_familiar_forget :exec
-- param: before INSTANT
DELETE FROM sign_in_familiar WHERE seen_at < :before;

-- All of an account but the newest.
-- name: sign_in_familiar_trim :exec
-- param: keep INT
DELETE FROM sign_in_familiar
 WHERE account = :account
   AND seen_at < (SELECT min(seen_at)
                    FROM (SELECT seen_at FROM sign_in_familiar WHERE account = :account
                           ORDER BY seen_at DESC LIMIT :keep) AS newest);
