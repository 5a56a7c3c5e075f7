"""What kinds of error attribution makes, counted: missed quotations, spurious ones, and wrong speakers.

    python scripts/errors.py ../shared/polnear/dev            # the twenty most common kinds
    python scripts/errors.py ../shared/polnear/dev --show 3   # with three examples each, from the corpus

Reads a PolNeAR compartment, attributes it, and holds each segment between marks against the annotations. Each
error is of one kind, the first that fits. Some are the annotation's: source and cue swapped, or no source.
Examples are the corpus's text: look at them, but don't put them into this repository.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from quotes import data, parsing
from quotes.attribution import Candidate, Claim, Scene, decide
from quotes.attribution.scene import Scored
from quotes.formats.brat.standoff import Attribution, Range, attributions
from quotes.parsing.mentions import Mention
from quotes.speakers.entities import Resolver
from quotes.speakers.learned import Learned
from quotes.text.marks import DOUBLE
from scripts.ablate import read_compartment
from scripts.count_cues import QUOTED
from scripts.fit_ranker import Article, right

_RELATIVE = frozenset(["who", "which", "that", "whom", "whose"])
_PRONOUNS = frozenset("i we you he she it they me us him her them my our your his its their".split())
_DETERMINERS = frozenset("a an the his her their its this that these those so-called".split())
_CONTEXT = 60


@dataclass(frozen=True, slots=True)
class Error:
    """One error: its kind, the rule that decided ("" when none did), and what an example shows."""

    kind: str
    rule: str
    text: str
    at: Range
    chosen: str = ""
    wanted: str = ""

    def __str__(self) -> str:
        """The words in their context on one line."""
        (start, end), text = self.at, self.text
        around = text[max(0, start - _CONTEXT) : start], text[start:end], text[end : end + _CONTEXT]
        words = " ".join("{}⟦{}⟧{}".format(*around).split())
        return f"{words}  chosen: {self.chosen or '–'}, annotated: {self.wanted or '–'}"


def gold_of(compartment: Path) -> Iterator[list[Attribution]]:
    """The attributions of each annotated article, in the order in which `read` gives the articles."""
    for path in sorted((compartment / "text").iterdir()):
        name = path.name.removesuffix(".txt").replace("[", "[[]")
        if annotations := sorted((compartment / "attributions").glob(f"{name}_????.ann")):
            yield attributions(annotations[0])


def find(article: Article, gold: Sequence[Attribution]) -> Iterator[Error]:
    """The errors in one article."""
    scene, text = article.scene, article.scene.text
    claims = decide(scene, keep_weighed=True)
    quoted = [(segment.start, segment.end) for segment in scene.segments]
    resolver, learned = Resolver(scene.segments, data.registry(None), scene.subjects()), Learned()
    for i, (claim, sources) in enumerate(zip(claims.of_segment, article.sources, strict=True)):
        wanted = ", ".join(text[start:end] for start, end in sources or ())
        if claim is None:
            if sources is not None:
                yield Error(
                    f"missed: {_missed(scene, i, claims.weighed[i], sources)}",
                    "",
                    text,
                    quoted[i],
                    "",
                    wanted,
                )
            continue
        mention, rule = claim.candidate.mention, claim.candidate.rule
        name = resolver.resolve(mention, learned).name
        chosen = text[mention.start : mention.end]
        if sources is None:
            yield Error(f"spurious: {_look(scene, i, gold)}", rule, text, quoted[i], chosen)
        elif not right(sources, mention.start, mention.end):
            same = name is not None and any(
                _name(resolver, learned, scene, source) == name for source in sources
            )
            kind = _wrong(scene, i, claim, claims.weighed[i], gold, sources, same=same)
            yield Error(f"wrong speaker: {kind}", rule, text, quoted[i], chosen, wanted)
    for run in _unpaired(scene, gold):
        yield Error("missed: the marks were paired otherwise", "", text, run)


def _missed(scene: Scene, segment: int, weighed: Scored, sources: tuple[Range, ...]) -> str:
    """Why a quotation has no speaker."""
    this = scene.segments[segment]
    if not sources:
        return "the annotation has no source"
    if this.family != DOUBLE:
        return "in single marks" if this.paragraph else "in single marks, in the headline"
    if not this.closed:
        return "the mark never closes"
    if any(_fits(candidate, sources) for candidate, _ in weighed):
        few = len(scene.segments.words[segment]) <= 3
        return f"the source is below the threshold, {'up to three words' if few else 'four words or more'}"
    if not weighed:
        return "no candidate"
    return f"the source is no candidate{_elsewhere(scene, segment, sources)}"


def _look(scene: Scene, segment: int, gold: Sequence[Attribution]) -> str:
    """What quoted words that nobody says look like."""
    this = scene.segments[segment]
    ranges = [r for attribution in gold for r in attribution.content]
    if any(min(end, this.end) > max(start, this.start) for start, end in ranges):
        return "an attribution holds a part of it"
    words = scene.segments.words[segment]
    lead = re.findall(r"[\w-]+", scene.segments.before(segment)[-30:].lower())[-1:]
    if sum(word[0].isupper() for word in words) >= max(1, 0.6 * len(words)):
        return "in title case" if len(words) > 1 else "one capitalised word"
    if lead and lead[0] in _DETERMINERS:
        return "after an article or the like"
    return "one word" if len(words) < 2 else "two or three words" if len(words) < 4 else "four words or more"


def _wrong(
    scene: Scene,
    segment: int,
    claim: Claim,
    weighed: Scored,
    gold: Sequence[Attribution],
    sources: tuple[Range, ...],
    *,
    same: bool,
) -> str:
    """What was taken for the speaker instead of what; `same` if both stand for one person."""
    this, mention = scene.segments[segment], claim.candidate.mention
    size = this.end - this.start
    holding = [
        attribution
        for attribution in gold
        if any(min(e, this.end) - max(s, this.start) >= 0.8 * size for s, e in attribution.content)
    ]
    if not sources:
        return "the annotation has no source"
    if right(holding[0].cue, mention.start, mention.end):
        swapped = scene.text[slice(*sources[0])].lower() in data.cues().verbs
        return "source and cue are swapped in the annotation" if swapped else "it is in the annotated cue"
    if any(right(attribution.source, mention.start, mention.end) for attribution in holding[1:]):
        return "nested attributions, the other one's source"
    if any(right(attribution.content, mention.start, mention.end) for attribution in holding):
        return "nested clauses, the inner one's subject"
    if all(scene.text[start:end].lower() in _RELATIVE for start, end in sources):
        return "who or which is annotated, not what it stands for"
    if same:
        return "another mention of the same person"
    proposed = any(_fits(candidate, sources) for candidate, _ in weighed)
    if not proposed and (elsewhere := _elsewhere(scene, segment, sources)):
        return f"the source is no candidate{elsewhere}"
    what = f"{mention.form} instead of {_form(scene, sources[0])}"
    return f"{what}, {'a lesser candidate' if proposed else 'no candidate'}"


def _fits(candidate: Candidate, sources: tuple[Range, ...]) -> bool:
    return right(sources, candidate.mention.start, candidate.mention.end)


def _elsewhere(scene: Scene, segment: int, sources: tuple[Range, ...]) -> str:
    start, end = scene.segments.paragraphs[scene.segments[segment].paragraph]
    return "" if any(start <= source[0] < end for source in sources) else ", it stands in another paragraph"


def _form(scene: Scene, source: Range) -> str:
    words = scene.text[slice(*source)]
    if words.lower() in _PRONOUNS:
        return "pronoun"
    return "name" if re.search(r"(?<!^)\b[^\W\d_a-z]|^(?!The |A |An )[^\W\d_a-z]", words) else "nominal"


def _name(resolver: Resolver, learned: Learned, scene: Scene, source: Range) -> str | None:
    """Who an annotated source is, by the resolver."""
    word = scene.text[slice(*source)].lower()
    if word in _PRONOUNS:
        mention = Mention(*source, "pronoun", word, word in ("we", "they"), -1, -1)
        return resolver.resolve(mention, learned).name
    person = resolver.people.at(*source)
    return person.name if person else None


def _unpaired(scene: Scene, gold: Sequence[Attribution]) -> Iterator[Range]:
    """The runs between double marks inside annotated content that are no segment."""
    runs = {
        run.span()
        for attribution in gold
        for start, end in attribution.content
        for run in QUOTED.finditer(scene.text, max(0, start - 1), min(len(scene.text), end + 1))
    }
    for start, end in sorted(runs):
        least = 0.8 * (end - start)
        if not any(min(end, s.end) - max(start, s.start) >= least for s in scene.segments):
            yield start, end


def table(errors: Sequence[Error], most: int) -> str:
    """The most common kinds in a Markdown table, each with its count and the rules that decided."""
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for error in errors:
        kinds[error.kind][error.rule] += 1
    ordered = sorted(kinds.items(), key=lambda item: (-item[1].total(), item[0]))
    rows = ["| kind of error | count | decided by |", "|---|---:|---|"]
    for kind, rules in ordered[:most]:
        by = ", ".join(f"`{rule}` {n}" for rule, n in rules.most_common() if rule)
        rows.append(f"| {kind} | {rules.total()} | {by} |")
    if rest := sum(rules.total() for _, rules in ordered[most:]):
        rows.append(f"| {len(ordered) - most} other kinds | {rest} | |")
    rows.append(f"| all | {len(errors)} | |")
    return "\n".join(rows)


def main(
    compartment: Annotated[Path, typer.Argument(help="A folder with text/ and attributions/.")],
    most: Annotated[int, typer.Option(min=1, help="How many kinds to print.")] = 20,
    show: Annotated[int, typer.Option(min=0, help="Examples of each kind, text from the corpus.")] = 0,
    model: Annotated[str, typer.Option(help="The spaCy pipeline.")] = parsing.DEFAULT_MODEL,
) -> None:
    """Count the kinds of error on a compartment."""
    articles = read_compartment(compartment, model)
    pairs = zip(articles, gold_of(compartment), strict=True)
    errors = [error for article, gold in pairs for error in find(article, gold)]
    print(table(errors, most))
    kinds: defaultdict[str, list[Error]] = defaultdict(list)
    for error in errors if show else ():
        kinds[error.kind].append(error)
    for kind, found in sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0]))[:most]:
        print(f"\n{kind} ({len(found)})", *found[:show], sep="\n  ")


if __name__ == "__main__":
    typer.run(main)
