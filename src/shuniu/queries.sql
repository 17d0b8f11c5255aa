-- name: setting_of :maybe
SELECT value FROM setting WHERE name = :name;

-- name: setting_all :many
SELECT name, value FROM setting ORDER BY name;

-- name: setting_set :exec
INSERT INTO setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
