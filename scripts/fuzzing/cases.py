"""A case: files that a seed makes, and the command that reads them."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from quotes.files.inputs import BROKEN, unpacked
from scripts.fuzzing import mutations, texts
from scripts.fuzzing.base import Base, Files

LARGEST = 1 << 20

_ARTICLE_SUFFIXES = (".txt", ".html", ".docx", ".pdf", ".parquet", ".jsonl", ".json", ".js", ".csv")
_RECORD_SUFFIXES = (".jsonl", ".parquet", ".spacy")
_TEXT_SUFFIXES = (".jsonl", ".json", ".js", ".csv", ".html", ".txt")
_OUTPUTS = (
    ".jsonl", ".jsonl.gz", ".jsonl.zst", ".csv", ".csv.gz", ".parquet", ".brat", ".spacy", ".jsonld",
    ".tei.xml", ".md", ".html",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """Files in a folder of their own, a command that runs in it, and what the command is to write."""

    number: int
    kind: str
    """How the files were made; for the summary."""
    files: Files
    arguments: tuple[str, ...]
    outputs: tuple[str, ...] = ()
    """Names of the files and folders that are there when all went well."""
    apart: bool = False
    """Whether it runs as a program started anew, not as a copy of this process."""

    @property
    def size(self) -> int:
        """The bytes of its files, unpacked: a small packed file may hold much to work on."""
        return sum(_unpacked_size(name, data) for name, data in self.files.items())

    def save(self, folder: Path, more: dict[str, object]) -> None:
        """Write it to a folder, for `load` and for people."""
        write(self.files, folder / "files")
        fields = {
            "number": self.number,
            "kind": self.kind,
            "arguments": self.arguments,
            "outputs": self.outputs,
            "apart": self.apart,
        }
        (folder / "case.json").write_text(json.dumps({**more, **fields}, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Case:
        """Read what `save` wrote."""
        fields = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        files = {
            path.relative_to(folder / "files").as_posix(): path.read_bytes()
            for path in (folder / "files").rglob("*")
            if path.is_file()
        }
        arguments, outputs = tuple(fields["arguments"]), tuple(fields["outputs"])
        return cls(fields["number"], fields["kind"], files, arguments, outputs, fields["apart"])


def write(files: Files, folder: Path) -> None:
    """Write a case's files to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def make(base: Base, seed: int, number: int, largest: int = LARGEST) -> Case:
    """The case of this number: always the same of one seed, and of the same sound files."""
    random = Random(f"{seed} {number}")
    command = random.choices(
        (_extract, _convert, _score, _build, _search, _variants, _people, _verify), (8, 4, 3, 2, 1, 3, 2, 3)
    )[0]
    return command(_Maker(base, random, number, largest))


class _Maker:
    """Makes the files of one case, and notes how."""

    def __init__(self, base: Base, random: Random, number: int, largest: int) -> None:
        self.base = base
        self.random = random
        self.number = number
        self.largest = largest
        self.kinds: list[str] = []

    def maybe(self, share: float, *arguments: str) -> list[str]:
        """The arguments, in some of the cases."""
        return list(arguments) if self.random.random() < share else []

    def article(self) -> Files:
        """A file to extract from."""
        how = self.random.choices(
            (self._noise, self._marks, self._changed_article, self._json, self._bomb), (2, 6, 8, 3, 0.3)
        )
        return how[0](_ARTICLE_SUFFIXES)

    def records(self) -> Files:
        """A file of records, or a folder of brat's; sometimes a sound one."""
        how = self.random.choices(
            (self._noise, self._changed_records, self._json, self._sound, self._bomb), (1, 8, 1, 1, 0.2)
        )
        return how[0](_RECORD_SUFFIXES)

    def case(self, files: Files, *arguments: str, outputs: tuple[str, ...] = ()) -> Case:
        """The case, with all that was noted."""
        apart = self.random.random() < 0.03
        return Case(self.number, "+".join(self.kinds), files, arguments, outputs, apart)

    def changed(self, files: Files) -> Files:
        """The files with one of them changed, and packed now and then."""
        name = self.random.choice(sorted(files))
        data = files[name]
        if name.endswith((".jsonl", ".json")) and self.random.random() < 0.7:
            return self._packed(name, mutations.of_lines(self.random, data), files)
        if name.endswith(".docx") and self.random.random() < 0.7:
            return self._packed(name, mutations.of_archive(self.random, data), files)
        return self._packed(name, mutations.of_bytes(self.random, data), files)

    def _packed(self, name: str, data: bytes, files: Files) -> Files:
        if "/" in name or self.random.random() < 0.85:
            return {**files, name: data}
        suffix = self.random.choice((".gz", ".zst"))
        self.kinds.append("packed")
        rest = {other: content for other, content in files.items() if other != name}
        return {**rest, f"{name}{suffix}": mutations.pack(self.random, data, suffix)}

    def _noise(self, suffixes: tuple[str, ...]) -> Files:
        self.kinds.append("noise")
        name = f"in{self.random.choice(suffixes)}{self.random.choice(('', '', '', '.gz', '.zst'))}"
        return {name: self.random.randbytes(texts.size(self.random, self.largest // 4))}

    def _marks(self, suffixes: tuple[str, ...]) -> Files:
        del suffixes
        self.kinds.append("marks")
        text = texts.text(self.random, self.largest)
        how = self.random.random()
        if how < 0.7:
            encoding = "utf-8" if how < 0.65 else "utf-16"
            return self._packed("in.txt", text.encode(encoding, "surrogatepass"), {})
        if how < 0.8:
            return {
                "in.html": f"<html><body><article><p>{text}</p></article></body></html>".encode(
                    "utf-8", "replace"
                )
            }
        fields = {
            "text": text,
            self.random.choice(("id", "title", "date", "author", "url")): texts.weird(self.random),
        }
        if how < 0.9:
            fields |= {
                "id": self.number,
                "user": {"screen_name": "quill"},
                "created_at": "2017-06-05T21:40:00Z",
            }
        return {"in.jsonl": mutations.as_json(fields)}

    def _changed_article(self, suffixes: tuple[str, ...]) -> Files:
        self.kinds.append("changed")
        return self.changed(self.base.one_of(self.random, self.base.articles, self.random.choice(suffixes)))

    def _changed_records(self, suffixes: tuple[str, ...]) -> Files:
        self.kinds.append("changed")
        # JSON Lines most: it is what is read most, and what can be changed by fields.
        suffix = self.random.choice((*suffixes, ".jsonl", ".jsonl", ".brat"))
        return self.changed(self.base.one_of(self.random, self.base.records, suffix))

    def _sound(self, suffixes: tuple[str, ...]) -> Files:
        self.kinds.append("sound")
        return self.base.one_of(self.random, self.base.records, self.random.choice((*suffixes, ".brat")))

    def _json(self, suffixes: tuple[str, ...]) -> Files:
        self.kinds.append("json")
        suffix = self.random.choice([suffix for suffix in suffixes if suffix in _TEXT_SUFFIXES])
        lines = [texts.raw_json(self.random) for _ in range(self.random.randint(1, 3))]
        return {f"in{suffix}": "\n".join(lines).encode("utf-8", "surrogatepass")}

    def _bomb(self, suffixes: tuple[str, ...]) -> Files:
        self.kinds.append("bomb")
        suffix = self.random.choice((".gz", ".zst"))
        return {f"in{self.random.choice(suffixes)}{suffix}": mutations.bomb(self.random, suffix)}

    def other(self, suffix: str) -> Files:
        """A file that some option reads, changed."""
        return self.changed(self.base.one_of(self.random, self.base.others, suffix))


def path_of(files: Files) -> str:
    """What to name on the command line: the file, or the folder of brat's files."""
    return next(iter(files)).partition("/")[0]


def _extract(maker: _Maker) -> Case:
    files = maker.article()
    options = [
        *maker.maybe(0.3, "--indirect"),
        *maker.maybe(0.3, "--include-unattributed"),
        *maker.maybe(0.15, "--split"),
        *maker.maybe(0.1, "--exhaustive"),
        *maker.maybe(0.1, "--skip", "boilerplate,duplicates"),
        *maker.maybe(0.1, "--author", "@quill"),
        *maker.maybe(0.1, "--field", "text=title"),
        *maker.maybe(0.1, "--formulas"),
        *maker.maybe(0.5, "--quiet"),
        *maker.maybe(0.5, "--with-text"),
    ]
    inputs = [path_of(files)]
    if maker.random.random() < 0.05:
        speakers = maker.other(".toml")
        files = {**files, **speakers}
        options += ["--speakers", path_of(speakers)]
    if maker.random.random() < 0.15:
        return maker.case(files, "extract", *inputs, *options, "--jobs", "1")
    out = f"out{maker.random.choice(_OUTPUTS)}"
    return maker.case(files, "extract", *inputs, *options, "--jobs", "1", "--out", out, outputs=(out,))


def _convert(maker: _Maker) -> Case:
    files = maker.records()
    out = f"out{maker.random.choice(_OUTPUTS)}"
    arguments = ["convert", path_of(files), "--out", out]
    if maker.random.random() < 0.2:
        article = maker.base.one_of(maker.random, maker.base.articles, ".txt")
        files = {**files, **(maker.changed(article) if maker.random.random() < 0.3 else article)}
        arguments += [argument for name in files if name.endswith(".txt") for argument in ("--texts", name)]
    return maker.case(files, *arguments, outputs=(out,))


def _score(maker: _Maker) -> Case:
    first = maker.records()
    sound = maker.base.one_of(maker.random, maker.base.records, ".jsonl")
    second = maker.random.choice(
        (lambda: maker.other("export.json"), lambda: maker.other("gold.jsonl"), lambda: sound)
    )()
    if path_of(first) == path_of(second):
        second = {f"gold-{name}": data for name, data in second.items()}
    sides = [path_of(first), path_of(second)]
    maker.random.shuffle(sides)
    files, outputs = {**first, **second}, ["out.json"]
    arguments = ["score", *sides, "--samples", "20", "--json", "out.json", *maker.maybe(0.1, "--agreement")]
    arguments += maker.maybe(0.2, "--by", "rule,document,speaker,folder")
    if maker.random.random() < 0.1:
        history = maker.other("history.jsonl")
        files, arguments = {**files, **history}, [*arguments, "--history", path_of(history)]
    if maker.random.random() < 0.1:
        arguments += ["--baseline", sides[0]]
    if maker.random.random() < 0.15:
        arguments += ["--html", "out.html"]
        outputs.append("out.html")
    return maker.case(files, *arguments, outputs=tuple(outputs))


def _build(maker: _Maker) -> Case:
    files = maker.records()
    out = "out.db"
    if maker.random.random() < 0.2:
        files = {**files, **maker.other(".db")}
        out = "quotes.db"
    outputs = tuple(name for name in (out, f"{Path(out).stem}-metadata.json") if name not in files)
    return maker.case(files, "db", "build", path_of(files), "--out", out, outputs=outputs)


def _search(maker: _Maker) -> Case:
    sound = maker.base.one_of(maker.random, maker.base.others, ".db")
    files = maker.changed(sound) if maker.random.random() < 0.5 else sound
    maker.kinds.append("search")

    def word() -> str:
        found = texts.sentence(maker.random).replace("\0", "").encode("utf-8", "replace").decode()
        return found.lstrip("-")

    operators = (
        '"',
        "*",
        "NEAR(a b)",
        "AND",
        "OR NOT",
        "speaker:",
        "^",
        "(",
        "harbour",
        "the",
        "",
        "+",
        "{a}:",
    )
    query = " ".join(maker.random.choice((word(), maker.random.choice(operators))) for _ in range(3)).lstrip(
        "-"
    )
    options = [*maker.maybe(0.2, "--speaker", word()), *maker.maybe(0.1, "--since", word() or "2017")]
    return maker.case(files, "db", "search", query, "--db", path_of(files), *options)


def _people(maker: _Maker) -> Case:
    files, inputs = _several(maker)
    options = maker.maybe(0.3, "--kind", "person,organization")
    outputs = []
    if maker.random.random() < 0.8:
        outputs.append(maker.random.choice(("out.jsonl", "out.csv", "out.toml", "out.toml")))
        options += ["--out", outputs[-1]]
        options += maker.maybe(0.5 * outputs[-1].endswith(".toml"), "--doubtful")
    return maker.case(files, "people", *inputs, *options, outputs=tuple(outputs))


def _several(maker: _Maker) -> tuple[Files, list[str]]:
    """A file of records, or two, and their names."""
    files = maker.records()
    inputs = [path_of(files)]
    if maker.random.random() < 0.5:
        sound = maker.base.one_of(maker.random, maker.base.records, ".jsonl")
        files = {**{f"more-{name}": data for name, data in sound.items()}, **files}
        inputs.append(f"more-{path_of(sound)}")
    return files, inputs


def _variants(maker: _Maker) -> Case:
    files, inputs = _several(maker)
    options = [*maker.maybe(0.8, "--documents", "1"), *maker.maybe(0.1, "--changed")]
    outputs = []
    if maker.random.random() < 0.6:
        outputs.append(maker.random.choice(("out.jsonl", "out.csv")))
        options += ["--out", outputs[-1]]
    if maker.random.random() < 0.3:
        outputs.append("grouped.jsonl")
        options += ["--records", outputs[-1]]
    return maker.case(files, "variants", *inputs, *options, outputs=tuple(outputs))


def _verify(maker: _Maker) -> Case:
    if maker.random.random() < 0.7:  # so that something is held against the sources
        files = maker.base.one_of(maker.random, maker.base.records, ".jsonl")
        inputs = [path_of(files)]
    else:
        files, inputs = _several(maker)
    options = [
        *maker.maybe(0.2, "--speaker", "Ada Quill"),
        *maker.maybe(0.1, "--author", "@quill"),
        *maker.maybe(0.1, "--quiet"),
    ]
    outputs = []
    if maker.random.random() < 0.2:
        sources = maker.other(".idx")
        options += ["--index", path_of(sources)]
    else:
        # Of an article, or of the records, the quotations may be the source's own.
        sources = maker.article() if maker.random.random() < 0.7 else maker.records()
        sources = {f"source-{name}": data for name, data in sources.items()}
        options += ["--against", path_of(sources)]
        if maker.random.random() < 0.2:
            outputs.append("out.idx")
            options += ["--index", outputs[-1]]
    if maker.random.random() < 0.7:
        outputs.append(f"out{maker.random.choice(_OUTPUTS)}")
        options += ["--out", outputs[-1]]
    if maker.random.random() < 0.3:
        outputs.append("page.html")
        options += ["--html", outputs[-1]]
    return maker.case({**sources, **files}, "verify", *inputs, *options, outputs=tuple(outputs))


def _unpacked_size(name: str, data: bytes) -> int:
    """The bytes that a file holds; of a damaged one, as many as can be unpacked."""
    size = 0
    with suppress(OSError, *BROKEN), unpacked(io.BytesIO(data), Path(name).suffix, name) as file:
        while chunk := file.read(1 << 20):
            size += len(chunk)
    return max(size, len(data))
