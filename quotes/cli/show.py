"""`quotes show`: one article with its quotations in colour, on the terminal or as a web page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotes.cli.messages import message
from quotes.cli.options import (
    IndirectOption,
    KindOption,
    MaxSizeOption,
    MinConfidenceOption,
    ModelOption,
    QuietOption,
    SpeakersOption,
    TunedOption,
    TypeOption,
    UnattributedOption,
    selection_of,
)

if TYPE_CHECKING:
    from quotes.extractor import Extractor
    from quotes.formats.sources import Source
    from quotes.records import Document
    from quotes.running.selection import Selection


def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An article, or - for standard input.")],
    model: ModelOption = None,
    speakers: SpeakersOption = None,
    tuned: TunedOption = None,
    indirect: IndirectOption = False,
    kind: KindOption = None,
    type_: TypeOption = None,
    include_unattributed: UnattributedOption = False,
    min_confidence: MinConfidenceOption = 0.0,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say why: the other candidates, and how the speaker was resolved."),
    ] = False,
    html: Annotated[
        str | None,
        typer.Option(
            "--html", metavar="FILE", help="Write a self-contained web page instead: FILE.html, or -."
        ),
    ] = None,
    _max_size: MaxSizeOption = None,
    quiet: QuietOption = False,
) -> None:
    """Show an article with quotations, cues and speakers in colour, and who said what below.

    With --indirect, what is reported without quotation marks is underlined. In a pipe, or if NO_COLOR is set,
    brackets mark them.
    """
    from quotes.cli.languages import language_name
    from quotes.extractor import Extractor, other_language
    from quotes.files.alone import alone
    from quotes.formats.sources import read, single

    if html is not None and (explain or (html != "-" and not html.lower().endswith(".html"))):
        wrong = "not together with --explain." if explain else f"{html}: end the name in .html."
        raise typer.BadParameter(wrong, param_hint="--html")
    selection = selection_of(kind, include_unattributed, min_confidence, indirect=indirect, type_=type_)
    source = single(file)
    with alone(html):
        document = read(source)
        extractor = Extractor(
            model,
            speakers=speakers,
            include_unattributed=True,
            indirect=indirect,
            any_language=True,
            tuned=tuned,
        )
        if (language := other_language(document)) is not None:
            message(f"{source.where}: this seems to be {language_name(language)}. Quotations may be wrong.")
        if html is None:
            _print(document, extractor, selection, indirect=indirect, explain=explain, quiet=quiet)
            return
        _write_page(document, extractor, selection, html, source)
    if html != "-" and not quiet:
        message(f"Written to {html}.")


def _print(
    document: Document,
    extractor: Extractor,
    selection: Selection,
    *,
    indirect: bool,
    explain: bool,
    quiet: bool,
) -> None:
    from quotes.display.article import article, legend
    from quotes.display.explanation import explanations
    from quotes.display.tables import colourless, console, document_table

    terminal = console(sys.stdout)
    brackets = colourless(terminal)
    if explain:
        explained = [one for one in extractor.explain(document.text) if selection.takes(one.quotation)]
        quotations, below = tuple(one.quotation for one in explained), explanations(explained)
    else:
        record = selection.of(next(iter(extractor.pipe([document]))))
        quotations, below = record.quotations, document_table(record, terminal.width)
    if not quiet:
        terminal.print(legend(brackets=brackets, indirect=indirect), end="\n\n")
    terminal.print(article(document, quotations, brackets=brackets), end="\n\n")
    terminal.print(below)


def _write_page(
    document: Document, extractor: Extractor, selection: Selection, out: str, source: Source
) -> None:
    from tempfile import TemporaryDirectory

    from quotes.files.standard_output import to_stdout
    from quotes.formats.output import open_output

    record = selection.of(next(iter(extractor.pipe([document]))))
    with TemporaryDirectory() as folder:
        path = Path(folder, "page.html") if out == "-" else Path(out)
        with open_output(str(path), [source.path] if source.path else []) as output:
            output.write(record.model_copy(update={"text": document.text}))
        if out == "-":
            to_stdout(path.read_bytes())
