"""Records are paired with their texts; a record whose text is missing or has changed is reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from labelstudio_by_hand import DOCUMENT, RECORD, SHA, TEXT

from quotes.errors import QuotesError, ReadError
from quotes.formats.texts import text_hashes, with_texts


def test_the_text_comes_from_the_record_or_from_the_article(tmp_path: Path) -> None:
    (tmp_path / "flood.txt").write_text(TEXT.replace("\n", "\r\n"), encoding="utf-8", newline="")
    told = RECORD.model_copy(update={"text": TEXT})
    assert list(with_texts([told])) == [(DOCUMENT, told)]
    assert list(with_texts([RECORD], [str(tmp_path)])) == [(DOCUMENT, RECORD)]
    assert text_hashes([str(tmp_path)]) == {"flood": SHA}


def test_one_bad_document_does_not_end_the_others(tmp_path: Path) -> None:
    (tmp_path / "changed.txt").write_text("Not it.\n")
    (tmp_path / "flood.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "page.txt").write_bytes(b"%PDF-1.4")
    records = [
        RECORD.model_copy(update={"doc_id": "changed"}),
        RECORD.model_copy(update={"doc_id": "gone"}),
        RECORD.model_copy(update={"doc_id": "page"}),
        RECORD.model_copy(update={"doc_id": "lies", "text": "Not it."}),
        RECORD,
    ]
    problems: list[QuotesError] = []
    assert list(with_texts(records, [str(tmp_path)], problems.append)) == [(DOCUMENT, RECORD)]
    says = ["has changed", "is missing", "this is a PDF", "is not the one"]
    assert all(words in str(problem) for words, problem in zip(says, problems, strict=True))
    with pytest.raises(ReadError, match="changed"):
        list(with_texts(records, [str(tmp_path)]))
