"""The tables, their indexes, and the views that answer what people ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlite_utils import Database

#: By these a file is known as ours: the bytes "quot", and the version of the schema.
APPLICATION_ID: Final = 0x71756F74
SCHEMA_VERSION: Final = 1

#: The columns of a quotation, in their order.
QUOTATIONS: Final = {
    "id": int,
    "doc_id": str,
    "quote_id": str,
    "text": str,
    "speaker_id": int,
    "speaker_kind": str,
    "kind": str,
    "channel": str,
    "start": int,
    "end": int,
    "mention": str,
    "mention_start": int,
    "mention_end": int,
    "cue_id": int,
    "cue_start": int,
    "cue_end": int,
    "rule": str,
    "confidence": float,
    "in_boilerplate": int,
    "duplicate_of": str,
    "utterance_id": str,
}
_NOT_NULL: Final = (
    "doc_id",
    "quote_id",
    "text",
    "speaker_kind",
    "kind",
    "channel",
    "start",
    "end",
    "rule",
    "confidence",
    "in_boilerplate",
)

# What a page has around its article, and copies of a paragraph, are kept but not counted.
_COUNTED: Final = "q.in_boilerplate = 0 and q.duplicate_of is null"

VIEWS: Final = {
    "statements": """
        select q.id, q.text, s.name as speaker, c.text as cue, d.outlet, d.date, d.title, d.author, d.url,
            q.kind, q.channel, q.mention, q.speaker_kind, q.confidence, q.rule, q.doc_id, q.quote_id,
            q.utterance_id
        from quotations q
        join documents d on d.doc_id = q.doc_id
        left join speakers s on s.id = q.speaker_id
        left join cues c on c.id = q.cue_id
    """,
    "most_quoted": f"""
        select s.id as speaker_id, s.name as speaker, count(*) as quotations,
            count(distinct q.doc_id) as documents, count(distinct d.outlet) as outlets,
            min(d.date) as first_date, max(d.date) as last_date
        from quotations q
        join speakers s on s.id = q.speaker_id
        join documents d on d.doc_id = q.doc_id
        where {_COUNTED}
        group by s.id
        order by quotations desc, speaker
    """,
    "by_month_and_outlet": f"""
        select substr(d.date, 1, 7) as month, d.outlet, count(*) as quotations,
            count(distinct q.doc_id) as documents, count(distinct q.speaker_id) as speakers
        from quotations q
        join documents d on d.doc_id = q.doc_id
        where {_COUNTED}
        group by 1, 2
        order by 1, 2
    """,
    "speakers_by_month": f"""
        select s.name as speaker, substr(d.date, 1, 7) as month, d.outlet, count(*) as quotations
        from quotations q
        join speakers s on s.id = q.speaker_id
        join documents d on d.doc_id = q.doc_id
        where {_COUNTED}
        group by 1, 2, 3
        order by 1, 2, 3
    """,
    "wordings": """
        select u.utterance_id, s.name as speaker, q.text, count(*) as quotations,
            count(distinct q.doc_id) as documents, group_concat(distinct d.outlet) as outlets,
            min(d.date) as first_date, max(d.date) as last_date
        from utterances u
        join quotations q on q.utterance_id = u.utterance_id
        join documents d on d.doc_id = q.doc_id
        left join speakers s on s.id = u.speaker_id
        group by u.utterance_id, q.text
        order by u.utterance_id, length(q.text) desc, q.text
    """,
}


def create(db: Database) -> None:
    """Make all of it in an empty database, within the transaction that is open."""
    _create_tables(db)
    quotations = db.table("quotations")
    # Not unique: reviewers may mark one stretch twice, for two speakers.
    quotations.create_index(["doc_id", "quote_id"])
    for column in ("speaker_id", "cue_id", "utterance_id", "kind", "channel"):
        quotations.create_index([column])
    for column in ("date", "outlet"):
        db.table("documents").create_index([column])
    db.table("speakers").create_index(["name"], unique=True)
    db.table("cues").create_index(["text"], unique=True)
    # By English stems: "recuse" finds "recused". Accents and case don't matter.
    quotations.enable_fts(["text"], tokenize="porter unicode61 remove_diacritics 2", create_triggers=True)
    for name, sql in VIEWS.items():
        db.create_view(name, sql)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _create_tables(db: Database) -> None:
    documents = dict.fromkeys(
        ("doc_id", "title", "author", "date", "outlet", "url", "text_sha256", "text", "record_sha256"), str
    )
    db.table("documents").create(documents, pk="doc_id", not_null=("text_sha256", "record_sha256"))
    db.table("speakers").create({"id": int, "name": str}, pk="id", not_null=("name",))
    db.table("cues").create({"id": int, "text": str}, pk="id", not_null=("text",))
    db.table("utterances").create(
        {"utterance_id": str, "text": str, "speaker_id": int},
        pk="utterance_id",
        foreign_keys=[("speaker_id", "speakers", "id")],
    )
    db.table("quotations").create(
        QUOTATIONS,
        pk="id",
        not_null=_NOT_NULL,
        foreign_keys=[
            ("doc_id", "documents", "doc_id"),
            ("speaker_id", "speakers", "id"),
            ("cue_id", "cues", "id"),
            ("utterance_id", "utterances", "utterance_id"),
        ],
    )
    db.table("parts").create(
        {"quotation_id": int, "number": int, "start": int, "end": int},
        pk=("quotation_id", "number"),
        not_null=("start", "end"),
        foreign_keys=[("quotation_id", "quotations", "id")],
    )
