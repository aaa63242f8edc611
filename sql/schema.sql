-- The store, version 3 (application_id 0x746c6f64, "tlod").
-- The views are the contract (sql/README.md); the tables may change with a migration
-- (migrate.c), which makes all views anew: they come last.
-- A CHECK with IN of three values or more makes a temporary table for each row that is
-- written, hence the ORs.

CREATE TABLE site (
    site_id INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE
) STRICT;

-- One row for each file that was read, or is being read.
CREATE TABLE input (
    input_id    INTEGER PRIMARY KEY,
    site_id     INTEGER NOT NULL REFERENCES site,
    name        TEXT NOT NULL,     -- base name, of an archive's member too
    kind        TEXT NOT NULL,     -- root element (posts, comments, ...), csv posts, jsonl, text, ...
    size        INTEGER NOT NULL,  -- bytes of the file as named, -1 for a pipe
    mtime       INTEGER NOT NULL,  -- nanoseconds, 0 for a pipe
    selection   TEXT NOT NULL,     -- what decides which posts are kept, and how they are read
    pass        INTEGER NOT NULL,  -- 1, or 2 for the answers of a file out of order; 0: posts came
                                   -- after it, it is to be read again
    cursor      INTEGER NOT NULL,  -- decompressed byte after the last row that is in the store
    hash        BLOB NOT NULL,     -- XXH3-128 of the rows before the cursor
    hash_state  BLOB NOT NULL,     -- the hash, ready to go on; empty when complete
    last_orphan INTEGER NOT NULL,  -- largest id of an answer that was left out
    disorder    INTEGER NOT NULL,  -- 1: a question came after an answer to it was left out
    complete    INTEGER NOT NULL DEFAULT 0,
    rows        INTEGER NOT NULL DEFAULT 0,
    questions   INTEGER NOT NULL DEFAULT 0,
    answers     INTEGER NOT NULL DEFAULT 0,
    duplicates  INTEGER NOT NULL DEFAULT 0,
    orphans     INTEGER NOT NULL DEFAULT 0,
    repaired    INTEGER NOT NULL DEFAULT 0,
    quarantined INTEGER NOT NULL DEFAULT 0,
    unmatched   INTEGER NOT NULL DEFAULT 0,
    kept        INTEGER NOT NULL DEFAULT 0,  -- revisions, comments or tags
    UNIQUE (site_id, name)
) STRICT;

-- Rows that could not be read, with the reason; their neighbours are in the store.
CREATE TABLE quarantine (
    input_id INTEGER NOT NULL REFERENCES input ON DELETE CASCADE,
    offset   INTEGER NOT NULL,  -- decompressed byte at which the row begins
    reason   TEXT NOT NULL,
    PRIMARY KEY (input_id, offset)
) STRICT, WITHOUT ROWID;

CREATE TABLE library (
    library_id INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL
) STRICT;

CREATE TABLE question (
    question_key INTEGER PRIMARY KEY,
    input_id     INTEGER NOT NULL REFERENCES input ON DELETE CASCADE,
    site_id      INTEGER NOT NULL REFERENCES site,
    id           ANY NOT NULL,  -- an integer on Stack Exchange, the given text elsewhere
    title        TEXT,
    created      INTEGER,       -- milliseconds since 1970, UTC
    score        INTEGER,
    views        INTEGER,
    comments     INTEGER,
    answers      INTEGER,
    accepted     INTEGER,       -- id of the accepted answer, which the dump may lack
    UNIQUE (site_id, id)
) STRICT;

CREATE INDEX question_by_input ON question (input_id);

CREATE TABLE question_library (
    question_key INTEGER NOT NULL REFERENCES question ON DELETE CASCADE,
    library_id   INTEGER NOT NULL REFERENCES library,
    PRIMARY KEY (library_id, question_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX question_library_by_question ON question_library (question_key);

-- What each profile reads in a question.
CREATE TABLE reading (
    question_key INTEGER NOT NULL REFERENCES question ON DELETE CASCADE,
    profile      TEXT NOT NULL CHECK (profile IN ('paper', 'full')),
    has_code     INTEGER NOT NULL,
    has_trace    INTEGER NOT NULL,
    os           TEXT CHECK (os IN ('unix', 'windows')),
    words        INTEGER,
    code_lines   INTEGER,
    PRIMARY KEY (question_key, profile)
) STRICT, WITHOUT ROWID;

CREATE TABLE answer (
    question_key INTEGER NOT NULL REFERENCES question ON DELETE CASCADE,
    id           INTEGER NOT NULL,
    input_id     INTEGER NOT NULL REFERENCES input ON DELETE CASCADE,
    created      INTEGER,
    score        INTEGER,
    PRIMARY KEY (question_key, id)
) STRICT, WITHOUT ROWID;

-- Answers met before their question.
CREATE TABLE pending_answer (
    site_id  INTEGER NOT NULL REFERENCES site,
    parent   INTEGER NOT NULL,
    id       INTEGER NOT NULL,
    input_id INTEGER NOT NULL REFERENCES input ON DELETE CASCADE,
    created  INTEGER,
    score    INTEGER,
    PRIMARY KEY (site_id, parent, id)
) STRICT, WITHOUT ROWID;

-- Comments of the questions; what the dump counts stands in question.comments.
CREATE TABLE comment (
    question_key INTEGER NOT NULL REFERENCES question ON DELETE CASCADE,
    id           INTEGER NOT NULL,
    input_id     INTEGER NOT NULL REFERENCES input ON DELETE CASCADE,
    created      INTEGER,
    score        INTEGER,
    PRIMARY KEY (question_key, id)
) STRICT, WITHOUT ROWID;

-- What profile full reads in each body that a question has had.
CREATE TABLE revision (
    question_key INTEGER NOT NULL REFERENCES question ON DELETE CASCADE,
    id           INTEGER NOT NULL,  -- of PostHistory
    input_id     INTEGER NOT NULL REFERENCES input ON DELETE CASCADE,
    kind         TEXT CHECK (kind = 'initial' OR kind = 'edit' OR kind = 'rollback'), -- NULL: not told
    created      INTEGER,
    has_code     INTEGER NOT NULL,
    has_trace    INTEGER NOT NULL,
    PRIMARY KEY (question_key, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag (
    site_id  INTEGER NOT NULL REFERENCES site,
    name     TEXT NOT NULL,
    input_id INTEGER NOT NULL REFERENCES input ON DELETE CASCADE,
    count    INTEGER,           -- of the site's questions, as the dump says
    PRIMARY KEY (site_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE trace (
    trace_id     INTEGER PRIMARY KEY,
    question_key INTEGER NOT NULL REFERENCES question ON DELETE CASCADE,
    profile      TEXT NOT NULL CHECK (profile IN ('paper', 'full')),
    position     INTEGER NOT NULL,  -- from 0 in the question
    frames       INTEGER NOT NULL,
    exception    TEXT,
    message      TEXT,
    template     TEXT,
    link         TEXT CHECK (link = 'context' OR link = 'cause' OR link = 'group'),
    linked_to    INTEGER,           -- position of the trace it links to
    UNIQUE (question_key, profile, position)
) STRICT;

-- The trace instances, to count those of a question.
CREATE INDEX trace_instance ON trace (question_key, profile) WHERE frames > 0;

CREATE TABLE symbol (
    symbol_id INTEGER PRIMARY KEY,
    file      TEXT NOT NULL,
    function  TEXT NOT NULL,
    UNIQUE (file, function)
) STRICT;

CREATE TABLE path (
    path_id INTEGER PRIMARY KEY,
    text    TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE frame (
    trace_id  INTEGER NOT NULL REFERENCES trace ON DELETE CASCADE,
    depth     INTEGER NOT NULL,  -- 0 is the first frame printed
    symbol_id INTEGER NOT NULL REFERENCES symbol,
    path_id   INTEGER REFERENCES path,
    line      INTEGER,
    package   TEXT,
    own_code  INTEGER,
    PRIMARY KEY (trace_id, depth)
) STRICT, WITHOUT ROWID;

CREATE TABLE error_line (
    question_key INTEGER NOT NULL REFERENCES question ON DELETE CASCADE,
    profile      TEXT NOT NULL CHECK (profile IN ('paper', 'full')),
    position     INTEGER NOT NULL,
    exception    TEXT NOT NULL,
    message      TEXT NOT NULL,
    template     TEXT,  -- NULL: the line was read into a store of version 1
    PRIMARY KEY (question_key, profile, position)
) STRICT, WITHOUT ROWID;

-- How many of all the questions of an input, kept or not, have each value.
CREATE TABLE histogram (
    input_id INTEGER NOT NULL REFERENCES input ON DELETE CASCADE,
    measure  TEXT NOT NULL CHECK (measure = 'score' OR measure = 'views' OR measure = 'comments' OR measure = 'answers'),
    value    INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    PRIMARY KEY (input_id, measure, value)
) STRICT, WITHOUT ROWID;

-- A mining result and its closed patterns.
CREATE TABLE mining (
    mining_id    INTEGER PRIMARY KEY,
    library_id   INTEGER NOT NULL REFERENCES library,
    profile      TEXT NOT NULL CHECK (profile IN ('paper', 'full')),
    support_kind TEXT NOT NULL CHECK (support_kind IN ('sequences', 'occurrences')),
    key          TEXT NOT NULL CHECK (key IN ('stem', 'module', 'function')),
    min_support  INTEGER NOT NULL,
    sequences    INTEGER NOT NULL,  -- non-empty ones that were mined
    traces_seen  INTEGER NOT NULL,  -- largest trace_id there was: a larger one now means stale;
                                    -- -1: no trace was mined, the patterns were imported
    min_length   INTEGER NOT NULL DEFAULT 0,  -- shorter patterns were left out, ...
    max_length   INTEGER NOT NULL DEFAULT 0,  -- ... and longer ones; 0: none
    UNIQUE (library_id, profile, support_kind, key, min_support)
) STRICT;

CREATE TABLE pattern (
    pattern_key INTEGER PRIMARY KEY,
    mining_id   INTEGER NOT NULL REFERENCES mining ON DELETE CASCADE,
    pattern_id  TEXT NOT NULL,
    support     INTEGER NOT NULL,
    length      INTEGER NOT NULL,
    frames      TEXT NOT NULL,
    category    TEXT,
    type        TEXT,
    confidence  REAL,
    libraries   INTEGER,        -- that have it; this and the next three: see search_index.h
    questions   INTEGER,        -- that hold it
    unanswered  INTEGER,        -- of these
    views       REAL,           -- their median
    UNIQUE (mining_id, pattern_id)
) STRICT;

-- Patterns worth asking for, with all that a question about them looks at.
CREATE INDEX pattern_recurrent ON pattern (mining_id, support DESC, length DESC, frames, type, category,
                                           libraries, questions, unanswered, views)
WHERE support >= 2;

CREATE INDEX pattern_by_id ON pattern (pattern_id);

CREATE TABLE pattern_trace (
    pattern_key INTEGER NOT NULL REFERENCES pattern ON DELETE CASCADE,
    trace_id    INTEGER NOT NULL REFERENCES trace ON DELETE CASCADE,
    PRIMARY KEY (pattern_key, trace_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX pattern_trace_by_trace ON pattern_trace (trace_id);

-- What the tables ask of pattern_trace again and again, of patterns with support >= 2
-- alone: the questions that hold each, and the traces that hold any of a mining.
CREATE TABLE pattern_holder (
    pattern_key  INTEGER NOT NULL REFERENCES pattern ON DELETE CASCADE,
    question_key INTEGER NOT NULL,
    PRIMARY KEY (pattern_key, question_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE recurrent_trace (
    mining_id    INTEGER NOT NULL REFERENCES mining ON DELETE CASCADE,
    trace_id     INTEGER NOT NULL,
    question_key INTEGER NOT NULL,  -- the trace's
    PRIMARY KEY (mining_id, trace_id)
) STRICT, WITHOUT ROWID;

-- A few questions of each pattern with support >= 2, the most viewed first.
CREATE TABLE pattern_example (
    pattern_key  INTEGER NOT NULL REFERENCES pattern ON DELETE CASCADE,
    place        INTEGER NOT NULL,  -- from 0
    question_key INTEGER NOT NULL,
    PRIMARY KEY (pattern_key, place)
) STRICT, WITHOUT ROWID;

-- The search index (search_index.h), made anew after every mining, of profile `full`:
-- which traces hold a library's frame, and the words of titles and messages.
CREATE TABLE search_state (
    traces      INTEGER NOT NULL,  -- that were indexed
    traces_seen INTEGER NOT NULL   -- largest trace_id there was
) STRICT;

CREATE TABLE search_symbol (
    symbol_id INTEGER PRIMARY KEY,
    traces    INTEGER NOT NULL     -- that hold it
) STRICT;

CREATE TABLE search_frame (
    symbol_id INTEGER NOT NULL,
    trace_id  INTEGER NOT NULL,
    PRIMARY KEY (symbol_id, trace_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX trace_by_template ON trace (template, trace_id) WHERE profile = 'full' AND template IS NOT NULL;

CREATE VIRTUAL TABLE search_text USING fts5 (title, message, content = '', tokenize = "unicode61 tokenchars '_'");
CREATE VIRTUAL TABLE search_word USING fts5vocab (search_text, row);

-- The questions that hold an imported pattern, as published; the store may lack them.
CREATE TABLE pattern_question (
    pattern_key INTEGER NOT NULL REFERENCES pattern ON DELETE CASCADE,
    site_id     INTEGER NOT NULL REFERENCES site,
    id          ANY NOT NULL,
    PRIMARY KEY (pattern_key, site_id, id)
) STRICT, WITHOUT ROWID;

-- The taxonomy that the patterns were typed with, and what labels mean in it.
CREATE TABLE type (
    type_id       INTEGER PRIMARY KEY,
    category      TEXT NOT NULL,  -- "MOD"
    category_name TEXT NOT NULL,  -- "model"
    name          TEXT NOT NULL,  -- "training/learning"
    description   TEXT NOT NULL,
    UNIQUE (category, name)
) STRICT;

CREATE TABLE type_label (
    label   TEXT PRIMARY KEY COLLATE NOCASE,
    type_id INTEGER NOT NULL REFERENCES type ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What coders called a pattern.  A pattern_id is stable, so labels outlive a mining result.
CREATE TABLE label (
    pattern_id TEXT NOT NULL,
    round      INTEGER NOT NULL CHECK (round IN (1, 2)),
    coder      TEXT NOT NULL,  -- 'label': the one that the coders agreed on
    label      TEXT NOT NULL,
    PRIMARY KEY (pattern_id, round, coder)
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- views ----

-- A question as a profile reads it, once, whatever its libraries.
CREATE VIEW v_reading AS
SELECT s.name AS site, q.id AS question_id, r.profile, r.has_code, r.has_trace,
       r.os, r.words, r.code_lines, q.score, q.views,
       -- A dump without CommentCount: what its Comments.xml holds.
       coalesce(q.comments,
                CASE WHEN EXISTS (SELECT 1 FROM input i
                                  WHERE i.site_id = q.site_id AND i.kind = 'comments' AND i.complete)
                     THEN (SELECT count(*) FROM comment c WHERE c.question_key = q.question_key)
                END) AS comments,
       q.answers,
       ((SELECT min(a.created) FROM answer a WHERE a.question_key = q.question_key) - q.created)
           / 3600000.0 AS first_answer_hours,
       ((SELECT a.created FROM answer a WHERE a.question_key = q.question_key AND a.id = q.accepted)
           - q.created) / 3600000.0 AS accepted_answer_hours,
       q.title,
       strftime('%Y-%m-%dT%H:%M:%fZ', q.created / 1000.0, 'unixepoch') AS created,
       q.accepted AS accepted_answer_id,
       EXISTS (SELECT 1 FROM answer a WHERE a.question_key = q.question_key AND a.id = q.accepted)
           AS accepted_in_dump,
       -- Of a question with a trace: was one there from the first revision on (1), or
       -- did it come with an edit (0)?  As profile full reads it; NULL: not known.
       CASE WHEN r.has_trace
            THEN (SELECT v.has_trace FROM revision v
                  WHERE v.question_key = q.question_key AND ifnull(v.kind, 'initial') = 'initial'
                  ORDER BY v.id LIMIT 1)
       END AS trace_from_start,
       -- Its trace instances: those with at least one frame.
       CASE WHEN r.has_trace
            THEN (SELECT count(*) FROM trace t
                  WHERE t.question_key = q.question_key AND t.profile = r.profile AND t.frames > 0)
            ELSE 0
       END AS traces,
       q.question_key
FROM reading r
JOIN question q USING (question_key)
JOIN site s USING (site_id);

CREATE VIEW v_question AS
SELECT r.site, l.key AS library, r.question_id, r.profile, r.has_code, r.has_trace, r.os, r.words,
       r.code_lines, r.score, r.views, r.comments, r.answers, r.first_answer_hours,
       r.accepted_answer_hours, r.title, r.created, r.accepted_answer_id, r.accepted_in_dump,
       r.trace_from_start, r.traces
FROM v_reading r
JOIN question_library ql USING (question_key)
JOIN library l USING (library_id);

CREATE VIEW v_trace AS
SELECT s.name AS site, q.id AS question_id, t.trace_id, t.profile, t.position, t.frames,
       t.exception, t.message, t.template, t.link, t.linked_to
FROM trace t
JOIN question q USING (question_key)
JOIN site s USING (site_id);

CREATE VIEW v_frame AS
SELECT f.trace_id, f.depth, y.file, y.function, p.text AS path, f.line, f.package, f.own_code
FROM frame f
JOIN symbol y USING (symbol_id)
LEFT JOIN path p USING (path_id);

CREATE VIEW v_revision AS
SELECT s.name AS site, q.id AS question_id, v.id AS revision_id, v.kind, v.has_code, v.has_trace,
       strftime('%Y-%m-%dT%H:%M:%fZ', v.created / 1000.0, 'unixepoch') AS created
FROM revision v
JOIN question q USING (question_key)
JOIN site s ON s.site_id = q.site_id;

CREATE VIEW v_tag AS
SELECT s.name AS site, t.name AS tag, t.count
FROM tag t
JOIN site s USING (site_id);

-- The mining result that counts for each library, profile, support kind and key: the one
-- with the lowest minimum support (what is closed does not depend on it).
CREATE VIEW v_mining AS
SELECT m.mining_id, l.key AS library, m.profile, m.support_kind, m.key, m.min_support, m.sequences
FROM mining m
JOIN library l USING (library_id)
WHERE m.min_support = (SELECT min(o.min_support) FROM mining o
                       WHERE o.library_id = m.library_id AND o.profile = m.profile
                         AND o.support_kind = m.support_kind AND o.key = m.key);

CREATE VIEW v_pattern AS
SELECT p.pattern_id, m.library, m.profile, m.support_kind, p.support, p.length, p.frames,
       p.category, p.type, p.confidence, m.key, p.libraries, p.questions, p.unanswered,
       p.views AS views_median, p.pattern_key
FROM pattern p
JOIN v_mining m USING (mining_id);

-- An imported pattern that no trace of the store holds has the questions that were
-- published with it.
CREATE VIEW v_pattern_question AS
SELECT DISTINCT p.pattern_id, s.name AS site, q.id AS question_id
FROM pattern p
JOIN pattern_trace pt USING (pattern_key)
JOIN trace t USING (trace_id)
JOIN question q USING (question_key)
JOIN site s USING (site_id)
UNION ALL
SELECT p.pattern_id, s.name, i.id
FROM pattern p
JOIN pattern_question i USING (pattern_key)
JOIN site s USING (site_id)
WHERE NOT EXISTS (SELECT 1 FROM pattern o JOIN pattern_trace USING (pattern_key)
                  WHERE o.pattern_id = p.pattern_id);

CREATE VIEW v_label AS
SELECT pattern_id, round, coder, label
FROM label;
