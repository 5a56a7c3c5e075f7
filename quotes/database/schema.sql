-- The tables, indexes and views of a quotation database. `opening.py` adds the full-text index and the version.

CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY,
    title TEXT,
    author TEXT,
    date TEXT,
    outlet TEXT,
    url TEXT,
    text_sha256 TEXT NOT NULL,
    text TEXT,
    record_sha256 TEXT NOT NULL
);

CREATE TABLE speakers (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    wikidata TEXT
);

CREATE TABLE cues (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL
);

CREATE TABLE utterances (
    utterance_id TEXT PRIMARY KEY,
    text TEXT,
    speaker_id INTEGER REFERENCES speakers(id)
);

CREATE TABLE quotations (
    id INTEGER PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES documents(doc_id),
    quote_id TEXT NOT NULL,
    text TEXT NOT NULL,
    speaker_id INTEGER REFERENCES speakers(id),
    speaker_kind TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    mention TEXT,
    mention_start INTEGER,
    mention_end INTEGER,
    source TEXT,
    source_start INTEGER,
    source_end INTEGER,
    cue_id INTEGER REFERENCES cues(id),
    cue_start INTEGER,
    cue_end INTEGER,
    attribution_type TEXT,
    negated INTEGER NOT NULL,
    rule TEXT NOT NULL,
    confidence REAL NOT NULL,
    speaker_role TEXT,
    name_confidence REAL,
    in_boilerplate INTEGER NOT NULL,
    duplicate_of TEXT,
    utterance_id TEXT REFERENCES utterances(utterance_id)
);

CREATE TABLE parts (
    quotation_id INTEGER REFERENCES quotations(id),
    number INTEGER,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    PRIMARY KEY (quotation_id, number)
);

-- All who speak, several if they speak together; the first is also in quotations.
CREATE TABLE said_by (
    quotation_id INTEGER REFERENCES quotations(id),
    number INTEGER,
    speaker_id INTEGER REFERENCES speakers(id),
    speaker_kind TEXT NOT NULL,
    mention TEXT,
    mention_start INTEGER,
    mention_end INTEGER,
    PRIMARY KEY (quotation_id, number)
);

-- All that is reported, of quotations of which that is more than their parts.
CREATE TABLE content (
    quotation_id INTEGER REFERENCES quotations(id),
    number INTEGER,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    PRIMARY KEY (quotation_id, number)
);

-- What `quotes verify` found: the verdict, and the place in a source; no place where nothing was found.
CREATE TABLE verifications (
    quotation_id INTEGER PRIMARY KEY REFERENCES quotations(id),
    verdict TEXT NOT NULL,
    probability REAL NOT NULL,
    source TEXT,
    start INTEGER,
    "end" INTEGER,
    text TEXT,
    date TEXT,
    url TEXT,
    speaker TEXT
);

-- What differs between a source and the quotation, in the words of each.
CREATE TABLE changes (
    quotation_id INTEGER REFERENCES verifications(quotation_id),
    number INTEGER,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    quoted TEXT NOT NULL,
    PRIMARY KEY (quotation_id, number)
);

-- Not unique: reviewers may mark the same range for two speakers.
CREATE INDEX idx_quotations_doc_id_quote_id ON quotations (doc_id, quote_id);
CREATE INDEX idx_quotations_speaker_id ON quotations (speaker_id);
CREATE INDEX idx_said_by_speaker_id ON said_by (speaker_id);
CREATE INDEX idx_quotations_cue_id ON quotations (cue_id);
CREATE INDEX idx_quotations_utterance_id ON quotations (utterance_id);
CREATE INDEX idx_quotations_kind ON quotations (kind);
CREATE INDEX idx_quotations_attribution_type ON quotations (attribution_type);
CREATE INDEX idx_quotations_channel ON quotations (channel);
CREATE INDEX idx_verifications_verdict ON verifications (verdict);
CREATE INDEX idx_documents_date ON documents (date);
CREATE INDEX idx_documents_outlet ON documents (outlet);
CREATE UNIQUE INDEX idx_speakers_name ON speakers (name);
CREATE UNIQUE INDEX idx_cues_text ON cues (text);

-- Views for common questions. Who speaks together with others is counted, too. A page's boilerplate and copies of paragraphs are stored but not counted.
-- What is reported without quotation marks is counted apart from quotations, in "indirect".

CREATE VIEW statements AS
select q.id, q.text, s.name as speaker, c.text as cue, d.outlet, d.date, d.title, d.author, d.url,
    q.kind, q.channel, q.mention, q.speaker_kind, q.confidence, q.rule, q.doc_id, q.quote_id,
    q.utterance_id, q.source, q.attribution_type, q.negated, q.speaker_role, q.name_confidence, s.wikidata,
    (select group_concat(coalesce(a.name, b.mention), ' and ') from said_by b
        left join speakers a on a.id = b.speaker_id
        where b.quotation_id = q.id having count(*) > 1) as speakers
from quotations q
join documents d on d.doc_id = q.doc_id
left join speakers s on s.id = q.speaker_id
left join cues c on c.id = q.cue_id;

CREATE VIEW most_quoted AS
select s.id as speaker_id, s.name as speaker, sum(q.kind <> 'indirect') as quotations,
    count(distinct q.doc_id) as documents, count(distinct d.outlet) as outlets,
    min(d.date) as first_date, max(d.date) as last_date, sum(q.kind = 'indirect') as indirect
from quotations q
join said_by b on b.quotation_id = q.id
join speakers s on s.id = b.speaker_id
join documents d on d.doc_id = q.doc_id
where q.in_boilerplate = 0 and q.duplicate_of is null
group by s.id
order by quotations desc, indirect desc, speaker;

CREATE VIEW by_month_and_outlet AS
select substr(d.date, 1, 7) as month, d.outlet,
    sum(q.kind <> 'indirect' and ifnull(b.number, 1) = 1) as quotations,
    count(distinct q.doc_id) as documents, count(distinct b.speaker_id) as speakers,
    sum(q.kind = 'indirect' and ifnull(b.number, 1) = 1) as indirect
from quotations q
left join said_by b on b.quotation_id = q.id
join documents d on d.doc_id = q.doc_id
where q.in_boilerplate = 0 and q.duplicate_of is null
group by 1, 2
order by 1, 2;

CREATE VIEW speakers_by_month AS
select s.name as speaker, substr(d.date, 1, 7) as month, d.outlet, sum(q.kind <> 'indirect') as quotations,
    sum(q.kind = 'indirect') as indirect
from quotations q
join said_by b on b.quotation_id = q.id
join speakers s on s.id = b.speaker_id
join documents d on d.doc_id = q.doc_id
where q.in_boilerplate = 0 and q.duplicate_of is null
group by 1, 2, 3
order by 1, 2, 3;

CREATE VIEW by_kind_and_type AS
select q.kind, q.attribution_type, q.negated, sum(ifnull(b.number, 1) = 1) as records,
    count(distinct q.doc_id) as documents, count(distinct b.speaker_id) as speakers
from quotations q
left join said_by b on b.quotation_id = q.id
where q.in_boilerplate = 0 and q.duplicate_of is null
group by 1, 2, 3
order by records desc, 1, 2, 3;

CREATE VIEW wordings AS
select u.utterance_id, s.name as speaker, q.text, count(*) as quotations,
    count(distinct q.doc_id) as documents, group_concat(distinct d.outlet) as outlets,
    min(d.date) as first_date, max(d.date) as last_date
from utterances u
join quotations q on q.utterance_id = u.utterance_id
join documents d on d.doc_id = q.doc_id
left join speakers s on s.id = u.speaker_id
group by u.utterance_id, q.text
order by u.utterance_id, length(q.text) desc, q.text;

CREATE VIEW verified AS
select q.id, v.verdict, v.probability, s.name as speaker, q.text as quotation, v.text as source_text,
    (select group_concat(kind || ': ' || source || ' → ' || quoted, '; ')
        from (select * from changes where quotation_id = q.id order by number)) as changes,
    v.source, v.start, v."end", v.speaker as source_speaker, v.date as source_date, v.url as source_url,
    d.outlet, d.date, d.title, d.url, q.doc_id, q.quote_id
from verifications v
join quotations q on q.id = v.quotation_id
join documents d on d.doc_id = q.doc_id
left join speakers s on s.id = q.speaker_id;
