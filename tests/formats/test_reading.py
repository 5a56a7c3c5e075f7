from __future__ import annotations

import io
import os
import sys
from array import array
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.errors import ReadError
from quotes.files import inputs
from quotes.files.decoding import decode
from quotes.formats import doc_ids as hashed
from quotes.formats import walking
from quotes.formats.doc_ids import doc_ids
from quotes.formats.sources import expand, read, read_all, single

ENGLISH = "“Café prices rose by £2,” said Zoë Quill — the mayor’s naïve friend. ‘No more,’ she added…\n"


def write(path: Path, content: str | bytes = "words") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# Decoding


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "mac_roman"])
def test_charsets_of_english_news(charset: str) -> None:
    assert decode(ENGLISH.encode(charset), "story.txt") == ENGLISH


@pytest.mark.parametrize(
    "text", ["The café.", 'Zoë said: "Naïve."', "The mayor's façade cost £300, he said."]
)
def test_a_short_latin_1_text(text: str) -> None:
    assert decode(text.encode("latin_1"), "story.txt") == text


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_byte_order_marks_of_both_directions(mark: str) -> None:
    assert decode(("\ufeff" + ENGLISH).encode(mark), "story.txt") == ENGLISH


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-7"])
@pytest.mark.parametrize("text", [ENGLISH, "“It rained,” she said.", "‘Up +5%,’ he said, ‘or 1+1.’"])
def test_without_a_byte_order_mark(charset: str, text: str) -> None:
    assert decode(text.encode(charset), "story.txt") == text


@pytest.mark.parametrize(
    "text",
    [
        "Call +1-555-0100, or +44 20 7946 0000.",
        "C++ and A+B=C, 1+1=2.",
        "Google+ and +IBM- and IBM+IBM-",
        "UTF-7 writes +IBw- and +IB0- where others write marks; 1 + 1 is 2.",
        "AAAA+IBw/ZZ09+abc",
        "AK+AKs-, ASTM+ACI-",
        'He said: "+5 degrees"',
        "a+",
    ],
)
def test_ascii_with_plus_signs_stays_what_it_is(text: str) -> None:
    assert decode(text.encode(), "story.txt") == text


@pytest.mark.parametrize(
    "data",
    [
        b"a\0b\0\0\0c\0",
        bytes(range(256)) * 4,
        array("h", range(-3000, 3000)).tobytes(),
        array("i", range(3000)).tobytes(),
        "彼は「雨が降った」と言った。\0".encode("utf-16-le"),
    ],
)
def test_binary_data_is_no_text_of_two_bytes_a_character(data: bytes) -> None:
    with pytest.raises(ReadError, match="binary data"):
        decode(data, "story.txt")


def test_only_the_byte_order_mark_is_dropped() -> None:
    assert decode("\ufeff\ufeffa\ufeff".encode(), "story.txt") == "\ufeffa\ufeff"


def test_a_charset_that_is_not_latin() -> None:
    text = "彼は「雨が降った」と言った。そして帰った。"
    assert decode(text.encode("shift_jis"), "story.txt") == text


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_become_one(ending: str) -> None:
    assert decode(f"one{ending}two{ending}{ending}three".encode(), "story.txt") == "one\ntwo\n\nthree"


def test_mixed_line_ends() -> None:
    assert decode(b"a\r\r\nb\n\rc", "story.txt") == "a\n\nb\n\nc"


def test_a_download_that_stops_within_a_character_keeps_its_quotation_marks() -> None:
    data = "“It rained,” she said. “A lot”".encode()[:-1]
    assert decode(data, "story.txt") == "“It rained,” she said. “A lot\ufffd"


def test_an_empty_file_is_a_text() -> None:
    assert decode(b"", "story.txt") == ""


@pytest.mark.parametrize(
    ("data", "what"),
    [
        pytest.param(b"text\0text", "binary", id="a NUL"),
        pytest.param(bytes(range(1, 256)) * 4, "binary", id="control characters"),
        pytest.param(b"%PDF-1.7 and so on", "a PDF", id="PDF"),
        pytest.param(b"PK\x03\x04rest", "office document", id="docx"),
        pytest.param(b"\xff\xd8\xff\xe0rest", "picture", id="JPEG"),
        pytest.param(b"\xff\xfea\0b", "UTF-16", id="half a character of UTF-16"),
        pytest.param(bytes(range(0x80, 0x100)) * 3, "encoding", id="high bytes without sense"),
    ],
)
def test_what_is_no_text_says_what_where_and_what_to_do(data: bytes, what: str) -> None:
    with pytest.raises(ReadError) as caught:
        decode(data, "folder/story.txt")
    message = str(caught.value)
    assert message.startswith("folder/story.txt: ")
    assert what in message
    assert "UTF-8" in message


@given(st.binary())
def test_any_bytes_become_a_text_or_a_read_error(data: bytes) -> None:
    try:
        text = decode(data, "story.txt")
    except ReadError:
        return
    assert "\r" not in text
    text.encode()  # no lone surrogates


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff")))
def test_any_text_comes_back_from_utf_8(text: str) -> None:
    if not text.startswith(("%PDF-", "{\\rtf", "PK\x03\x04")):
        assert decode(text.encode(), "story.txt") == text


# Finding files


def names(paths: list[str], root: Path) -> list[str]:
    return [source.path.relative_to(root).as_posix() for source in expand(paths) if source.path]


def test_a_folder_gives_its_articles_in_order_and_nothing_else(tmp_path: Path) -> None:
    for name in [
        "b.txt",
        "a.text",
        "C.TXT",
        "README.md",
        "data.json",
        ".hidden.txt",
        ".git/x.txt",
        "sub/d.txt",
    ]:
        write(tmp_path / name)
    assert names([str(tmp_path)], tmp_path) == ["C.TXT", "a.text", "b.txt", "sub/d.txt"]


def test_a_named_file_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    for name in ["README.md", ".hidden.txt", "no_suffix"]:
        write(tmp_path / name, "“Words”")
        assert read(single(str(tmp_path / name))).text == "“Words”"


def test_order_is_that_of_the_command_line(tmp_path: Path) -> None:
    b, a = write(tmp_path / "b.txt"), write(tmp_path / "a.txt")
    assert [source.doc_id for source in expand([str(b), "-", str(a)])] == ["b", "stdin", "a"]


def test_the_same_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story = write(tmp_path / "news" / "story.txt")
    (tmp_path / "news" / "alias.txt").symlink_to(story)
    monkeypatch.chdir(tmp_path)
    assert len(expand(["news/story.txt", "news", "./news/../news/story.txt", str(story), "-", "-"])) == 2


def test_folders_that_overlap_are_read_once(tmp_path: Path) -> None:
    for name in ("a.txt", "b/c.txt", "b/d.txt"):
        write(tmp_path / name)
    root = str(tmp_path)
    sources = expand([f"{root}/b/d.txt", root, f"{root}/b", root])
    assert len(sources) == 3
    assert [source.doc_id for source in sources] == ["d", "a", "c"]


def test_a_great_folder_is_taken_as_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [f"{n:02}.txt" for n in range(30)] + [f"sub{n}/{m}.txt" for n in range(5) for m in range(5)]
    for name in files:
        write(tmp_path / name)
    monkeypatch.setattr(walking, "_SORTED", 20)
    found = names([str(tmp_path)], tmp_path)
    assert sorted(found) == sorted(files)
    # What is few enough stays in order.
    assert [name for name in found if name.startswith("sub3")] == [f"sub3/{m}.txt" for m in range(5)]
    assert names([str(tmp_path)], tmp_path) == found
    monkeypatch.setattr(walking, "_SORTED", 100)
    assert names([str(tmp_path)], tmp_path) == files


def test_no_folder_is_listed_before_its_turn(tmp_path: Path) -> None:
    for name in ("a/1.txt", "b/1.txt", "b/2.txt"):
        write(tmp_path / name)
    sources = expand([str(tmp_path)])
    assert (len(sources), sources.total) == (3, 3)
    found = iter(sources)
    assert next(found).doc_id == "a/1"
    (tmp_path / "b" / "2.txt").unlink()
    assert [source.doc_id for source in found] == ["b/1"]


def test_what_vanishes_after_it_was_found_is_told(tmp_path: Path) -> None:
    story, folder = write(tmp_path / "story.txt"), write(tmp_path / "news" / "a.txt").parent
    problems: list[ReadError] = []
    sources = expand([str(story), str(folder), str(tmp_path / "stroy.txt")], problems.append)
    story.unlink()
    (folder / "a.txt").unlink()
    assert list(read_all(sources, problems.append)) == []
    assert [str(problem).partition(":")[0] for problem in problems] == [
        str(tmp_path / "stroy.txt"),
        str(story),
        str(folder),
    ]


def test_links_in_a_circle_do_not_hang(tmp_path: Path) -> None:
    write(tmp_path / "news" / "story.txt")
    (tmp_path / "news" / "again").symlink_to(tmp_path / "news")
    (tmp_path / "news" / "self.txt").symlink_to(tmp_path / "news" / "self.txt")
    problems: list[ReadError] = []
    documents = list(read_all(expand([str(tmp_path)], problems.append), problems.append))
    assert [document.doc_id for document in documents] == ["story"]
    assert ["self.txt" in str(problem) for problem in problems] == [True]


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    write(tmp_path / "story.txt")
    problems: list[ReadError] = []
    documents = list(read_all(expand([str(tmp_path)], problems.append)))
    assert [document.doc_id for document in documents] == ["story"]
    assert [str(problem) for problem in problems] == [
        f"{tmp_path / 'pipe.txt'}: this is a pipe, not a file. Only files are read from folders.",
        f"{tmp_path / 'zero.txt'}: this is a device, not a file. Only files are read from folders.",
    ]


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
@pytest.mark.parametrize("name", ["endless.txt", "endless.jsonl", "endless.html"])
def test_a_device_is_refused(device: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).symlink_to(device)
    problems: list[ReadError] = []
    assert not list(read_all(expand([str(tmp_path / name)]), problems.append))
    assert [str(problem) for problem in problems] == [
        f"{tmp_path / name}: this is a device, not a file. Name a file."
    ]


def test_no_device_is_an_empty_file() -> None:
    assert read(single("/dev/null")).text == ""


def test_a_named_pipe_without_a_writer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "PATIENCE", 0.05)
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(ReadError, match=r"pipe.txt: no program writes to this pipe. Start"):
        read(single(str(tmp_path / "pipe.txt")))


def test_a_named_pipe_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    Thread(target=(tmp_path / "pipe.txt").write_text, args=["Words."], daemon=True).start()
    assert read(single(str(tmp_path / "pipe.txt"))).text == "Words."


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="there are no open files by number")
@pytest.mark.parametrize("words", [b"Words.", b""])
def test_the_pipe_of_a_shell_is_read_when_its_writer_has_ended(words: bytes) -> None:
    reading, writing = os.pipe()
    os.write(writing, words)
    os.close(writing)
    assert read(single(f"/dev/fd/{reading}")).text == words.decode()
    os.close(reading)


def test_a_broken_link_is_told(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    problems: list[ReadError] = []
    assert list(read_all(expand([str(tmp_path)]), problems.append)) == []
    assert "gone.txt" in str(problems[0])


def test_a_missing_path_is_named_and_the_rest_is_found(tmp_path: Path) -> None:
    story = write(tmp_path / "story.txt")
    problems: list[ReadError] = []
    assert len(expand([str(tmp_path / "stroy.txt"), str(story)], problems.append)) == 1
    assert "stroy.txt: there is no such file or folder. Check" in str(problems[0])
    with pytest.raises(ReadError):
        expand([str(tmp_path / "stroy.txt")])


def test_a_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "sub" / "README.md")
    with pytest.raises(ReadError, match=r"no article is in this folder or below \(.txt or .text or "):
        expand([str(tmp_path)])


def test_a_folder_of_files_with_many_documents_names_one_of_them(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.JSONL.gz", ".hidden.jsonl", "README.md"):
        write(tmp_path / name)
    with pytest.raises(ReadError, match=r"one by one, such as .*a\.JSONL\.gz\.$"):
        expand([str(tmp_path)])


def test_one_file_is_asked_for_and_a_folder_given(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="this is a folder"):
        single(str(tmp_path))


def test_files_are_opened_one_at_a_time(tmp_path: Path) -> None:
    sources = expand([str(write(tmp_path / name)) for name in ("a.txt", "b.txt")])
    documents = read_all(sources)
    assert next(documents).doc_id == "a"
    (tmp_path / "b.txt").write_text("changed in the meantime")
    assert next(documents).text == "changed in the meantime"


def test_a_file_that_vanishes_is_told(tmp_path: Path) -> None:
    story = write(tmp_path / "story.txt")
    [source] = expand([str(story)])
    story.unlink()
    with pytest.raises(ReadError, match=r"story.txt: can't be read \(No such file"):
        read(source)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"one\r\ntwo")))
    document = read(single("-"))
    assert (document.doc_id, document.text) == ("stdin", "one\ntwo")


# Names of documents


@pytest.mark.parametrize(
    ("paths", "ids"),
    [
        (["/n/story.txt"], ["story"]),
        (["/n/a.b.txt", "/n/no_suffix"], ["a.b", "no_suffix"]),
        (["/n/a/story.txt", "/n/b/story.txt", "/n/b/other.txt"], ["a/story", "b/story", "other"]),
        (["/x/a/s.txt", "/y/a/s.txt", "/y/b/s.txt"], ["x/a/s", "y/a/s", "b/s"]),
        (["/n/story.txt", "/n/story.text"], ["story.txt", "story.text"]),
        (["/n/story.txt", "/n/story.text", "/m/story.txt"], ["story.txt", "story.text", "story"]),
        (["/story.txt", "/a/story.txt"], ["story", "a/story"]),
        ([None, "/n/stdin.txt"], ["stdin", "n/stdin"]),
        (["/n/../n/a/story.txt", "/n/b/story.txt"], ["a/story", "b/story"]),
        (["/n/s\udcff.txt", "/n/s\udcfe.txt"], ["n/s\ufffd", "n/s\ufffd~2"]),
    ],
)
def test_doc_ids(paths: list[str | None], ids: list[str]) -> None:
    assert doc_ids([path if path is None else Path(path) for path in paths]) == ids


FOLDERS = st.lists(st.sampled_from(["a", "b", "story"]), max_size=3)
NAMES = st.sampled_from(
    ["story.txt", "story.text", "story", "story.txt.txt", "stdin.txt", "story~2.txt", "s\udcff", "s\udcfe"]
)


PATHS = st.lists(st.builds(lambda folders, name: Path("/", *folders, name), FOLDERS, NAMES), unique=True)


@given(PATHS)
def test_no_two_doc_ids_are_alike(paths: list[Path]) -> None:
    ids = doc_ids([None, *paths])
    assert len(set(ids)) == len(ids)
    assert ids[0] == "stdin"


def plain_doc_ids(paths: list[Path]) -> list[str]:
    """What the ids are, said as plainly as can be, with every path at hand."""
    parts = [
        [part.encode(errors="surrogateescape").decode(errors="replace") for part in path.parts[1:]]
        for path in paths
    ]

    def named(one: int) -> str:
        alike = [
            other for other in paths if (other.parent, stem(other)) == (paths[one].parent, stem(paths[one]))
        ]
        return parts[one][-1] if len(alike) > 1 else stem(Path(parts[one][-1]))

    ids = [named(one) for one in range(len(paths))]
    folders = [0] * len(paths)
    while True:
        up = [i for i, name in enumerate(ids) if ids.count(name) > 1 and folders[i] < len(parts[i]) - 1]
        for i in up:
            folders[i] += 1
            ids[i] = "/".join([*parts[i][-1 - folders[i] : -1], named(i)])
        if not up:
            break
    given = set(ids)
    for i, name in enumerate(ids):
        number = 2
        while ids[i] in ids[:i] or (ids[i] != name and ids[i] in given):
            ids[i] = f"{name}~{number}"
            number += 1
    return ids


def stem(path: Path) -> str:
    before, dot, after = path.name.rpartition(".")
    return before if dot and before and after else path.name


@settings(deadline=None)  # the plain way is slow
@given(PATHS)
def test_doc_ids_from_hashes_are_those_from_all_paths(paths: list[Path]) -> None:
    assert doc_ids(paths) == plain_doc_ids(paths)


@settings(deadline=None)  # the first sort imports numpy
@given(st.lists(st.text("ab", max_size=4)), st.sampled_from([1, 2, 5]))
def test_names_are_a_set(names: list[str], recent: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashed, "_RECENT", recent)
        seen, plain = hashed.Names(), set[str]()
        for name in names:
            assert (name in seen) == (name in plain)
            assert seen.add(name) == (name not in plain)
            plain.add(name)
            assert len(seen) == len(plain)
        assert all(name in seen for name in plain)
        # Few lists, however many names: each is longer than all behind it.
        assert len(seen._older) <= len(plain).bit_length()


@settings(deadline=None)
@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)))
def test_hashes_are_looked_up_and_counted(values: list[int]) -> None:
    hashes = hashed.Hashes(values)
    assert hashes.distinct() == len(set(values))
    assert all(value in hashes for value in values)
    repeated = hashes.repeated()
    probes = {*values, 0, 7}
    assert {probe for probe in probes if probe in repeated} == {v for v in values if values.count(v) > 1}
    numbers = hashed.Numbers(array("q", set(values)), array("H", range(len(set(values)))))
    assert [numbers[value] for value in set(values)] == list(range(len(set(values))))
    assert all(numbers[probe] == 0 for probe in probes - set(values))


def test_what_a_browser_saved_with_a_page_is_no_article(tmp_path: Path) -> None:
    for name in ("story.html", "story_files/frame.html", "court_files/ruling.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<p>“It rained.”</p>")
    found = [
        source.path.relative_to(tmp_path).as_posix() for source in expand([str(tmp_path)]) if source.path
    ]
    assert found == ["story.html", "court_files/ruling.txt"]
