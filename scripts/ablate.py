"""What each rule is worth: how many quotations it decides, how many rightly, and what is lost without it.

    python scripts/ablate.py ../shared/polnear/dev --out docs/ablation.md

Reads a PolNeAR compartment and attributes it once as it is, and once without each rule: its candidates are
taken away, and the ranker, with the weights that ship, chooses among the others. A segment is what stands
between one pair of marks; it is right when the speaker's mention overlaps the source that people marked.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Set
from pathlib import Path
from typing import Annotated

import typer

from quotes import parsing
from quotes.attribution import CONTINUED, LATE, ORDER, cue_rules, decide, propose
from scripts.fit_ranker import Article, f1, read, right


def rules() -> list[str]:
    """The names of all rules, in the order in which they are asked."""
    names: list[str] = []
    for matcher in (*ORDER, *LATE):
        cued = [rule for rule, _ in cue_rules.TESTS]
        names += cued if matcher is cue_rules.match else [matcher.__name__.replace("_", "-")]
    return [*names, CONTINUED]


def count(articles: Iterable[Article], without: Set[str] = frozenset()) -> tuple[Counter[str], Counter[str]]:
    """How many segments each rule claimed and how many of them rightly; "gold" and "predicted" are totals.

    The first counter has the claims and the totals, the second the right claims, by rule.
    """
    claimed: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for article in articles:
        claims = decide(article.scene, without=without)
        for claim, sources in zip(claims.of_segment, article.sources, strict=True):
            claimed["gold"] += sources is not None
            if claim is not None:
                mention, rule = claim.candidate.mention, claim.candidate.rule
                claimed["predicted"] += 1
                claimed[rule] += 1
                hits[rule] += right(sources, mention.start, mention.end)
    return claimed, hits


def proposals(articles: Iterable[Article]) -> Counter[str]:
    """For how many segments each rule has a candidate, once they are attributed."""
    found: Counter[str] = Counter()
    for article in articles:
        scene, decided = article.scene, decide(article.scene).of_segment
        for segment in range(len(scene.segments)):
            found.update({candidate.rule for candidate in propose(scene, segment, decided)})
    return found


def table(articles: list[Article]) -> str:
    """A Markdown table with a row a rule, and one for all of them."""
    claimed, hits = count(articles)
    proposed = proposals(articles)
    whole = f1(hits.total(), claimed)
    rows = [
        "| rule | proposed | claimed | right | precision | F1 without it | change |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for rule in rules():
        others, others_hits = count(articles, frozenset([rule]))
        less = f1(others_hits.total(), others)
        offered = proposed[rule] if rule != CONTINUED else "–"
        share = f"{100 * hits[rule] / claimed[rule]:.1f}" if claimed[rule] else "–"
        change = f"{less - whole:+.1f}".replace("-", "−") if less != whole else "0"
        rows.append(
            f"| `{rule}` | {offered} | {claimed[rule]} | {hits[rule]} | {share} | {less} | {change} |"
        )
    share = f"{100 * hits.total() / max(1, claimed['predicted']):.1f}"
    rows.append(f"| all | | {claimed['predicted']} | {hits.total()} | {share} | {whole} | |")
    return "\n".join(rows)


def page(articles: list[Article]) -> str:
    """The table with what it takes to read it, in Markdown."""
    quotations = sum(sources is not None for article in articles for sources in article.sources)
    one = 200 / max(1, 2 * quotations)
    return f"""# What each rule is worth

Written by `scripts/ablate.py` on {len(articles)} articles with {quotations} quoted segments that people
attributed, those in single marks included. *Proposed* are the segments for which the rule has a candidate,
*claimed* those that it decided, *right* those of them whose mention overlaps the source that people marked.
Where several rules propose the mention that wins, the most precise one claims the segment. *F1 without it* is
the attributed F1 in per cent when the rule proposes nothing and the ranker keeps its weights: its segments
may then go to another rule. One segment is worth about {one:.2f} points.

{table(articles)}
"""


def main(
    compartment: Annotated[Path, typer.Argument(help="A folder with text/ and attributions/.")],
    out: Annotated[Path | None, typer.Option(help="A Markdown file to write instead of printing.")] = None,
    model: Annotated[str, typer.Option(help="The spaCy pipeline.")] = parsing.DEFAULT_MODEL,
) -> None:
    """Attribute a compartment with all rules and without each, and make the table."""
    articles = read_compartment(compartment, model)
    text = page(articles)
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, encoding="utf-8")


def read_compartment(compartment: Path, model: str) -> list[Article]:
    """The annotated articles; exits with 1 and a reason when the folder is no compartment."""
    lack = [name for name in ("text", "attributions") if not (compartment / name).is_dir()]
    articles = [] if lack else read(compartment, model)
    if not articles:
        what = f"no folder {lack[0]}/" if lack else "no annotated article"
        print(f"Error: {compartment}: {what}. Give the folder of a PolNeAR compartment.", file=sys.stderr)
        raise typer.Exit(1)
    return articles


if __name__ == "__main__":
    typer.run(main)
