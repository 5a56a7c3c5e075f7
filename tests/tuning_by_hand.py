"""A small newsroom: articles with their gold, and what `quotes tune` needs beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from builders import quotation, record

from quotes.records import Document, DocumentRecord
from quotes.running import ExtractorFactory
from quotes.tuned import About, fingerprint
from quotes.tuning.held_out import HeldOut, Reviewed

WORDS = "“It rained all night, and nobody came,”"


def about(folds: int = 4, level: float = 0.05) -> About:
    """What a tuned folder says of itself."""
    return About(
        date="2026-03-01T10:00:00Z", quotes="0.1.0", fitted_on=fingerprint(), gold=("gold.jsonl",),
        gold_sha256="0" * 64, documents=1, partly_reviewed=0, quotations=1, folds=folds, seed=0,
        level=level, parts={},
    )  # fmt: skip


def surname_alone(number: int, name: str | None = "Ada Quill") -> DocumentRecord:
    """An article that has a surname only; the reviewer knows whose it is."""
    text = f"The council met for {number} hours.\n\n{WORDS} Quill said.\n"
    said = quotation(text, WORDS, speaker="Quill", cue="said", speaker_name=name)
    return record(f"council-{number}", text, said)


def unknown_cue(number: int, *, said: bool = True) -> DocumentRecord:
    """An article with a cue verb that nobody knows, and one with "said"."""
    text = (
        f"The pier was shut for {number} days.\n\n{WORDS} yodelled Quill.\n\n“The dam held,” Bo Tarn said.\n"
    )
    sung = (
        quotation(text, WORDS, speaker="Quill", cue="yodelled", speaker_name="Quill")
        if said
        else quotation(text, WORDS, kind="unattributed", speaker_kind="unknown")
    )
    held = quotation(text, "“The dam held,”", speaker="Bo Tarn", cue="said", speaker_name="Bo Tarn")
    return record(f"pier-{number}", text, sung, held)


def held_out(gold: Sequence[DocumentRecord], about: About, speakers: Path | None = None) -> HeldOut:
    """The articles of some gold in folds."""
    articles = [Reviewed.of(Document(doc_id=one.doc_id, text=one.text or ""), one) for one in gold]
    return HeldOut.of(articles, ExtractorFactory(None, speakers), about)
