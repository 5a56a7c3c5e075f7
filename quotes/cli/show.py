"""`quotes show`: one article with its quotations in colour, on the terminal or as a page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotes.cli.messages import message
from quotes.cli.options import MaxSizeOption, ModelOption, SpeakersOption, UnattributedOption

if TYPE_CHECKING:
    from quotes.records import DocumentRecord


def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An article, or - for standard input.")],
    model: ModelOption = None,
    speakers: SpeakersOption = None,
    include_unattributed: UnattributedOption = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say why: who else was weighed, and how the speaker was resolved."),
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page that you can mail instead, a .html file."),
    ] = None,
    _max_size: MaxSizeOption = None,
) -> None:
    """Show an article with quotation, cue and speaker in colour, and who said what below."""
    from quotes.extractor import Extractor
    from quotes.reading.files import read, single
    from quotes.writing.article import article, legend
    from quotes.writing.explanation import explanations
    from quotes.writing.terminal import console, document_table

    if html is not None and (explain or html.suffix.lower() != ".html"):
        wrong = "not together with --explain." if explain else f"{html}: end the name in .html."
        raise typer.BadParameter(wrong, param_hint="--html")
    source = single(file)
    document = read(source)
    extractor = Extractor(model, speakers=speakers, include_unattributed=include_unattributed)
    if html is not None:
        [record] = extractor.pipe([document])
        _write_page(record.model_copy(update={"text": document.text}), html, source.path)
        return
    terminal = console(sys.stdout)
    if explain:
        explained = extractor.explain(document.text)
        quotations, below = tuple(one.quotation for one in explained), explanations(explained)
    else:
        [record] = extractor.pipe([document])
        quotations, below = record.quotations, document_table(record, terminal.width)
    terminal.print(legend(), end="\n\n")
    terminal.print(article(document, quotations), end="\n\n")
    terminal.print(below)


def _write_page(record: DocumentRecord, path: Path, source: Path | None) -> None:
    from quotes.writing.sinks import open_sink

    with open_sink(str(path), [source] if source else []) as sink:
        sink.write(record)
    message(f"The page is in {path}.")
