-- Which step of a life ended a relation: the first of that day by which one of the two ended.
CREATE TABLE organisation_relation_next (
    district INTEGER NOT NULL,
    id INTEGER PRIMARY KEY NOT NULL,
    organisation INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    other INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    ended_by INTEGER NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (district, id),
    FOREIGN KEY (district, organisation) REFERENCES organisation (district, id),
    FOREIGN KEY (district, other) REFERENCES organisation (district, id),
    CHECK (organisation <> other),
    CHECK (since <= until)
) STRICT;
INSERT INTO organisation_relation_next (district, id, organisation, kind, other, since, until, ended_by, note)
SELECT district, id, organisation, kind, other, since, until,
       ifnull((SELECT min(e.id)
                 FROM organisation_event AS e
                WHERE e.district = r.district AND e.organisation IN (r.organisation, r.other)
                  AND e.state IN (3, 5, 6) AND e.happened_on = r.until), 0),
       note
  FROM organisation_relation AS r;
DROP TABLE organisation_relation;
ALTER TABLE organisation_relation_next RENAME TO organisation_relation;
CREATE INDEX relation_out ON organisation_relation (district, organisation, until, kind, other);
CREATE INDEX relation_in ON organisation_relation (district, other, until, kind, organisation);

-- What an organisation covered when it ended: known of those that end from now on.
CREATE TABLE coverage_ended (
    district INTEGER NOT NULL,
    organisation INTEGER NOT NULL,
    event INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    form INTEGER NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (district, organisation, event, unit),
    FOREIGN KEY (district, organisation) REFERENCES organisation (district, id),
    FOREIGN KEY (district, unit) REFERENCES unit (district, id)
) STRICT;

-- The rows of an import are kept in another form: one that waits to be saved is to be started again.
UPDATE job
   SET state = 5, message = 'job_interrupted'
 WHERE kind = 'network.import' AND (state = 3 OR (state IN (1, 2) AND step = 2));
DELETE FROM job_payload
 WHERE EXISTS (SELECT 1 FROM job
                WHERE job.district = job_payload.district AND job.id = job_payload.job AND job.state = 5);
