-- Topics ---------------------------------------------------------------------------------------------------------

-- name: appeal_topic_all :many cached
-- param: today DATE
SELECT topic, parent, line, name_zh, name_en, valid_to
  FROM appeal_topic
 WHERE valid_from <= :today
 ORDER BY topic;

-- name: appeal_topic_any :maybe
SELECT topic FROM appeal_topic ORDER BY topic LIMIT 1;

-- name: appeal_topic_add :exec
INSERT INTO appeal_topic (topic, parent, line, code, name_zh, name_en, valid_from, valid_to)
VALUES (:topic, :parent, :line, :code, :name_zh, :name_en, :valid_from, :valid_to);

-- Appeals --------------------------------------------------------------------------------------------------------

-- name: appeal_number_of :maybe index
SELECT last FROM appeal_number WHERE district = :district AND year = :year;

-- name: appeal_number_first :exec
INSERT INTO appeal_number (district, year, last) VALUES (:district, :year, 1);

-- name: appeal_number_next :change
UPDATE appeal_number SET last = last + 1 WHERE district = :district AND year = :year;

-- name: appeal_add :exec
INSERT INTO appeal (district, id, number, state, is_open, division, line, desk, owner, topic, type, channel, title, story,
                    wish, person, is_anonymous, received_at, taken_by, due_at, due_kind, told, look_at, reason, reply, replied_by,
                    answer, mood, missed, missed_on, moved, returned, returned_by, is_settled, reopened, closed_at, version)
VALUES (:district, :id, :number, :state, 1, :division, :line, :desk, 0, :topic, :type, :channel, :title, :story,
        :wish, :person, :is_anonymous, :received_at, :taken_by, :due_at, :due_kind, 0, :look_at, 0, '', 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, :closed_at, 1);

-- name: appeal_by_id :one index
SELECT district, id, number, state, is_open, division, line, desk, owner, topic, type, channel, title, story, wish,
       person AS sealed_person, is_anonymous, received_at, taken_by, due_at, due_kind, told, look_at, reason, reply, replied_by,
       answer, mood, missed, missed_on, moved, returned, returned_by, is_settled, reopened, closed_at, version
  FROM appeal
 WHERE district = :district AND id = :id;

-- What a row of a workbook has beside those of lists.
-- name: appeal_sheet :one index
SELECT type, channel, reply, answer, mood FROM appeal WHERE district = :district AND id = :id;

-- Moves an appeal on; the version that was seen guards against a lost race.
-- name: appeal_move :change
UPDATE appeal
   SET state = :state, is_open = :is_open, line = :line, desk = :desk, owner = :owner, due_at = :due_at, due_kind = :due_kind,
       told = :told, look_at = :look_at, reason = :reason, reply = :reply, replied_by = :replied_by, answer = :answer, mood = :mood,
       missed = :missed, missed_on = :missed_on, moved = :moved, returned = :returned, returned_by = :returned_by,
       is_settled = :is_settled, reopened = :reopened, closed_at = :closed_at, version = version + 1
 WHERE district = :district AND id = :id AND version = :version;

-- name: appeal_due_of :maybe index
SELECT due_at, due_kind, version FROM appeal WHERE district = :district AND id = :id;

-- name: appeal_set_due :change
UPDATE appeal SET due_at = :due_at, due_kind = :due_kind, told = 0, look_at = :look_at
 WHERE district = :district AND id = :id AND version = :version;

-- name: appeal_edit :change
UPDATE appeal
   SET topic = :topic, title = :title, wish = :wish, person = :person, is_anonymous = :is_anonymous, version = version + 1
 WHERE district = :district AND id = :id AND version = :version AND is_open = 1;

-- What an office has, the most urgent first.
-- name: appeal_desk_list :many index
-- param: after_due INSTANT
-- param: after_id ID appeal
-- param: limit INT
SELECT district, id, number, state, is_open, division, line, desk, owner, topic, title, received_at, due_at, due_kind, closed_at
  FROM appeal
 WHERE district = :district AND desk = :desk AND is_open = 1 AND (due_at, id) > (:after_due, :after_id)
--? line
   AND line = :line
 ORDER BY due_at, id
 LIMIT :limit;

-- Of which an office was told that they are over, the longest first.
-- name: appeal_late_list :many index
-- param: after_due INSTANT
-- param: after_id ID appeal
-- param: limit INT
SELECT district, id, number, state, is_open, division, line, desk, owner, topic, title, received_at, due_at, due_kind, closed_at
  FROM appeal
 WHERE district = :district AND told = :told AND told <> 0 AND (due_at, id) > (:after_due, :after_id)
--? line
   AND line = :line
 ORDER BY due_at, id
 LIMIT :limit;

-- What the ladder has to look at; look_at: 9999-12-31 where it does not.
-- name: appeal_ladder_list :many index rollup
-- param: now INSTANT
-- param: limit INT
SELECT district, id
  FROM appeal
 WHERE look_at <> 253402185600000000 AND look_at < :now
 ORDER BY look_at, district, id
 LIMIT :limit;

-- name: appeal_climb :change
UPDATE appeal SET told = :told, look_at = :look_at WHERE district = :district AND id = :id AND version = :version;

-- One's own, wherever they lie.
-- name: appeal_owner_list :many index rollup
-- param: after_due INSTANT
-- param: after_id ID appeal
-- param: limit INT
SELECT district, id, number, state, is_open, division, line, desk, owner, topic, title, received_at, due_at, due_kind, closed_at
  FROM appeal
 WHERE owner = :owner AND owner <> 0 AND is_open = 1 AND (due_at, id) > (:after_due, :after_id)
 ORDER BY due_at, id
 LIMIT :limit;

-- What one took in, the newest first, wherever it went.
-- name: appeal_taken_list :many index rollup
-- param: before ID appeal
-- param: limit INT
SELECT district, id, number, state, is_open, division, line, desk, owner, topic, title, received_at, due_at, due_kind, closed_at
  FROM appeal
 WHERE taken_by = :taken_by AND taken_by <> 0 AND id < :before
 ORDER BY id DESC
 LIMIT :limit;

-- name: appeal_list :many index rollup
-- param: from DIVISION
-- param: to DIVISION
-- param: after_division DIVISION
-- param: after_id ID appeal
-- param: limit INT
SELECT district, id, number, state, is_open, division, line, desk, owner, topic, title, received_at, due_at, due_kind, closed_at
  FROM appeal
 WHERE is_open = :is_open AND division BETWEEN :from AND :to AND (division, id) > (:after_division, :after_id)
--@ postgres
--? in_district
   AND district = :in_district
--? line
   AND line = :line
 ORDER BY division, id
 LIMIT :limit;

-- Searching -------------------------------------------------------------------------------------------------------

-- name: appeal_entry_each :each rollup
SELECT id, division, line, number, title, story, wish FROM appeal ORDER BY district, id;

-- name: appeal_search_add :exec
-- param: district INT
-- param: id ID appeal
-- param: words WORDS
--@ sqlite
INSERT INTO appeal_search (rowid, words) VALUES (:id, :words)
--@ postgres
INSERT INTO appeal_search (district, rowid, words) VALUES (:district, :id, :words)
;

-- name: appeal_search_remove :exec
-- param: district INT
-- param: id ID appeal
-- param: words WORDS
--@ sqlite
INSERT INTO appeal_search (appeal_search, rowid, words) VALUES ('delete', :id, :words)
--@ postgres
DELETE FROM appeal_search WHERE district = :district AND rowid = :id
;

-- Newest first; the words of the place and the line are part of what is looked for.  One by one: a story is long.
-- name: appeal_found :each index rollup
-- param: match MATCH
-- param: before ID appeal
-- param: limit INT
SELECT a.district, a.id, a.number, a.state, a.is_open, a.division, a.line, a.desk, a.owner, a.topic, a.title, a.story, a.wish,
       a.received_at, a.due_at, a.due_kind, a.closed_at
  FROM appeal_search
--@ sqlite
  JOIN appeal AS a ON a.id = appeal_search.rowid
--@ postgres
  JOIN appeal AS a ON a.district = appeal_search.district AND a.id = appeal_search.rowid
 WHERE +a.is_open = :is_open AND appeal_search.rowid < :before
--@ sqlite
   AND appeal_search MATCH :match
--@ postgres
   AND appeal_search.words @@ :match
 ORDER BY appeal_search.rowid DESC
 LIMIT :limit;

-- What was done -----------------------------------------------------------------------------------------------------

-- name: appeal_event_add :exec
INSERT INTO appeal_event (district, appeal, id, at, account, act, state, line, desk, reason, note, clock, amount, pause, until)
VALUES (:district, :appeal, :id, :at, :account, :act, :state, :line, :desk, :reason, :note, :clock, :amount, :pause, :until);

-- The newest, so many.
-- name: appeal_event_list :many index
-- param: limit INT
SELECT id, at, account, act, state, line, desk, reason, note, clock, amount, pause, until
  FROM appeal_event
 WHERE district = :district AND appeal = :appeal
 ORDER BY id DESC
 LIMIT :limit;

-- Sealed values ---------------------------------------------------------------------------------------------------

-- name: appeal_sealed :many index rollup
-- param: district INT
-- param: limit INT
SELECT district, id, version, person
  FROM appeal
 WHERE (district, id) > (:district, :id)
 ORDER BY district, id
 LIMIT :limit;

-- name: appeal_reseal :exec
-- param: was BLOB
UPDATE appeal SET person = :person WHERE district = :district AND id = :id AND version = :version AND person = :was;
