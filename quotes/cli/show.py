"""`quotes show`: one article with its quotations in colour."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from quotes.cli.options import ModelOption, SpeakersOption, UnattributedOption


def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An article, or - for standard input.")],
    model: ModelOption = None,
    speakers: SpeakersOption = None,
    include_unattributed: UnattributedOption = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say why: who else was weighed, and how the speaker was resolved."),
    ] = False,
) -> None:
    """Show an article with quotation, cue and speaker in colour, and who said what below."""
    from quotes.extractor import Extractor
    from quotes.reading.files import read, single
    from quotes.writing.article import article, legend
    from quotes.writing.explanation import explanations
    from quotes.writing.terminal import console, document_table

    document = read(single(file))
    extractor = Extractor(model, speakers=speakers, include_unattributed=include_unattributed)
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
