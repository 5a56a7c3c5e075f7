"""`quotes review`: a page on this machine that shows one quotation at a time, least sure first."""

from __future__ import annotations

import getpass
import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotes.cli.labelstudio_serve import ended_by_signals
from quotes.cli.messages import EXIT_FAILED, Problems, message
from quotes.cli.options import RECORDS_HELP, MaxSizeOption, need_records

if TYPE_CHECKING:
    from quotes.review.journal import Journal
    from quotes.review.queue import Queue

SUFFIX = ".journal"


def review(
    records: Annotated[list[Path], typer.Argument(metavar="RECORDS...", help=RECORDS_HELP)],
    texts: Annotated[
        list[str] | None,
        typer.Option(
            "--texts",
            metavar="PATH",
            help="The extracted articles, files or folders, if the records don't include their text.",
        ),
    ] = None,
    reviewer: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Your name (default: that of your account).")
    ] = None,
    journal: Annotated[
        list[Path] | None,
        typer.Option(
            "--journal",
            metavar="FILE",
            help="The file of your decisions (default: RECORDS.NAME.journal). With --gold and --left: of "
            "whose (default: all beside RECORDS).",
        ),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option(
            "--gold", metavar="FILE", help="Open no page: write the decisions as gold records: .jsonl, …"
        ),
    ] = None,
    merge: Annotated[
        list[Path] | None,
        typer.Option(
            "--merge",
            metavar="FILE",
            help="With --gold, also take what is in this gold, such as that of `quotes labelstudio pull`.",
        ),
    ] = None,
    left: Annotated[
        Path | None,
        typer.Option(
            "--left",
            metavar="FILE",
            help="Open no page: write the documents with something left or unsure, for `quotes labelstudio "
            "push`.",
        ),
    ] = None,
    consensus: Annotated[
        bool,
        typer.Option(
            "--consensus", help="With --gold, where several people decided, keep the majority's answer."
        ),
    ] = False,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="With --gold, include each document's text in its record.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="N", help="The port; 0 is any free port.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address of the page, and don't open it.")
    ] = False,
    _max_size: MaxSizeOption = None,
) -> None:
    """Decide about one quotation at a time, least sure first, on a page in your browser.

    Only this machine can open the page. Each decision is saved at once in a journal; run the same command
    again to continue. Records whose text is missing or has changed are reported and left out, and the exit
    code is 1.
    """
    from quotes.formats.record_files import read_all_records
    from quotes.formats.texts import with_texts
    from quotes.review.queue import Queue

    for out, option in ((gold, "--gold"), (left, "--left")):
        if out is not None:
            with_text |= need_records(out, option)
    if (merge or consensus) and gold is None:
        raise typer.BadParameter("this needs --gold.", param_hint="--merge" if merge else "--consensus")
    problems = Problems()
    queue = Queue(with_texts(read_all_records(records), texts or (), problems.report))
    if gold is None and left is None:
        _open_page(queue, records, reviewer, journal, port, no_browser=no_browser)
    else:
        with ExitStack() as stack:
            journals = _journals(records, journal, stack)
            if gold is not None:
                _write_gold(queue, journals, gold, merge or [], consensus=consensus, with_text=with_text)
            if left is not None:
                _write_left(queue, journals, left, records)
    if problems.found:
        raise typer.Exit(EXIT_FAILED)


def _open_page(
    queue: Queue,
    records: Sequence[Path],
    reviewer: str | None,
    journal: Sequence[Path] | None,
    port: int,
    *,
    no_browser: bool,
) -> None:
    from quotes.errors import ReviewError, how_to_install, installed
    from quotes.files.alone import alone
    from quotes.review.journal import Journal

    if not installed("review"):
        raise ReviewError(f"The page needs an extra. {how_to_install('review')}")
    from quotes.review.desk import Desk
    from quotes.review.server import Server

    if not queue.places:
        message("There are no quotations to review.")
        raise typer.Exit(EXIT_FAILED)
    who = " ".join((reviewer or _account()).split())
    if journal and len(journal) > 1:
        raise typer.BadParameter("the page writes one journal; name one.", param_hint="--journal")
    path = journal[0] if journal else _journal_path(records, who)
    with alone(path), Journal.continued(path, who) as decisions, ended_by_signals():
        if decisions.problem:
            message(f"Note: {decisions.problem}")
        server = Server(Desk(queue, decisions), port)
        message(f"{len(queue.places):,} quotations of {queue.documents:,} documents, least sure first.")
        message(f"The page: {server.url}")
        message(f"Your decisions: {path}. Stop with Ctrl-C.")
        if not no_browser:
            _open_browser(server.url)
        with suppress(KeyboardInterrupt):  # the normal way to stop it
            server.run()
        files = shlex.join(map(str, records))
        message(f"Decisions: {len(decisions.entries):,}, in {path}. To make gold of them:")
        message(f"  quotes review {files} --gold gold.jsonl   (with the same --texts)")


def _account() -> str:
    """The name of the account. Raises BadParameter if it has none, as in some containers."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise typer.BadParameter("this account has no name; add yours.", param_hint="--as") from None


def _open_browser(url: str) -> None:
    """Open the page if there is a desktop: in a terminal, a text browser would take it over."""
    import webbrowser

    if sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY"))):
        webbrowser.open(url)


def _journal_path(records: Sequence[Path], who: str) -> Path:
    from quotes.gold.files import safe_name

    return _beside(records).with_name(f"{_beside(records).name}.{safe_name(who)}{SUFFIX}")


def _beside(records: Sequence[Path]) -> Path:
    """The first file of records, without suffix: where the journals are. Raises BadParameter for a pipe."""
    from quotes.errors import OutputError
    from quotes.files.inputs import STDIN
    from quotes.formats.table import split_suffixes

    path = records[0]
    if path == STDIN:
        raise typer.BadParameter(
            "records from standard input have no place for a journal; name one.", param_hint="--journal"
        )
    try:
        return path.with_name(split_suffixes(path)[0])
    except OutputError:  # a folder, or a file of another name
        return path


def _journals(records: Sequence[Path], named: Sequence[Path] | None, stack: ExitStack) -> list[Journal]:
    """The journals that are named, or all beside the records. Raises ReviewError if there are none."""
    from glob import escape

    from quotes.errors import ReviewError
    from quotes.review.journal import Journal

    base = Path() if named else _beside(records)
    paths = named or sorted(base.parent.glob(f"{escape(base.name)}.*{SUFFIX}"))
    if not paths:
        raise ReviewError(
            f"{base}.NAME{SUFFIX}: there are no decisions yet. Run the command without --gold and --left to "
            "decide, or add --journal with their file."
        )
    journals = [stack.enter_context(Journal(path)) for path in paths]
    for journal in journals:
        if journal.problem:
            message(f"Note: {journal.problem}")
    return journals


def _write_gold(
    queue: Queue,
    journals: Sequence[Journal],
    out: Path,
    others: Sequence[Path],
    *,
    consensus: bool,
    with_text: bool,
) -> None:
    """Write the gold, and print what it is made of. What the file has of others stays in it.

    Raises Exit if nothing is decided.
    """
    from quotes.files.alone import alone
    from quotes.formats.record_files import read_any_records
    from quotes.gold.files import earlier, merge, publish
    from quotes.review.gold import gold

    with alone(out):
        found = gold(queue, journals, consensus=consensus, with_text=with_text)
        before = earlier(out, {journal.reviewer for journal in journals})
        added = [list(read_any_records(path)) for path in others]
        merged, notes = merge([before, found.records, *added])
        if found.records or added:
            inputs = [journal.path for journal in journals]
            for path in publish(merged, found.by_reviewer, out, inputs):
                if str(path) != "-":
                    message(f"Written: {path}")
    for line in (*(f"Note: {note}" for note in notes), *found.lines):
        message(line)
    decided = {record.doc_id for record in found.records}
    if kept := [record.doc_id for record in before if record.doc_id not in decided]:
        message(f"Kept: {len(kept):,} document{'s' * (len(kept) != 1)} that {out} had already.")
    if others:
        complete = sum(not record.partly_reviewed for record in merged)
        message(f"With what was merged: {len(merged):,} documents, {complete:,} of them complete.")
    if not (found.records or added):
        raise typer.Exit(EXIT_FAILED)


def _write_left(queue: Queue, journals: Sequence[Journal], out: Path, records: Sequence[Path]) -> None:
    from quotes.files.alone import alone
    from quotes.formats.output import open_output
    from quotes.review.gold import left

    with alone(out), open_output(str(out), records) as sink:
        for record in left(queue, journals):
            sink.write(record)
    message(f"{sink.written:,} of {queue.documents:,} documents have something left or unsure.")
