-- include: platform/access/access.h

-- Years somebody has told of: later than the program knows, or otherwise than it thought.
-- reference
CREATE TABLE workday_year (
    year INT NOT NULL PRIMARY KEY,
    days TEXT NOT NULL,           -- as workday_text.h writes it
    source TEXT NOT NULL,         -- 国办发明电〔2026〕...号
    told_by ID account NOT NULL,
    told_at INSTANT NOT NULL,
    version INT NOT NULL
);
