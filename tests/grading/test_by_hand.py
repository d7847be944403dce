"""Marking in the browser: what is said is saved, nothing of others is lost, and no stranger may."""

import csv
import http.client
import json
import re
import threading
from contextlib import contextmanager
from dataclasses import asdict
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessonlib.cli import main
from lessonlib.grading.books.journal import Journal, Question, Record
from lessonlib.grading.books.marks import Marks, key_of
from lessonlib.grading.by_hand.book import LOG, Book, BusyError, ChangedError, merged
from lessonlib.grading.by_hand.command import desk_of
from lessonlib.grading.paper.terms import Terms
from lessonlib.grading.paper.words import RefusedError
from lessonlib.grading.runs.lock import only_one

NAMES = ("points", "comment", "extra", "reason")
EMPTY = dict.fromkeys(NAMES, "")
LEARNERS = ("ada", "bo", "=1+1")


def waiting(learner, answer=""):
    answer = answer or f"answer of {learner}"
    own = Question("why", "pending", max_points=2.0, answer=answer, written=True, rubric=("a <b>",))
    return Record(learner, "02_why", Terms(1), (own,), digest="digest")


def key(learner):
    record = waiting(learner)
    return key_of(record, record.questions[0])


@pytest.fixture
def folder(tmp_path):
    journal = Journal(tmp_path)
    for learner in LEARNERS:
        journal.add(waiting(learner))
    Marks.read(tmp_path / "marks.csv").write(tmp_path / "marks.csv", journal)
    return tmp_path


def said(folder, learner):
    return Marks.read(folder / "marks.csv", LEARNERS).said_of(key(learner))


def test_what_is_said_stands_in_the_table_and_in_the_log(folder):
    book = Book(folder, LEARNERS, "me")
    now = book.say(key("ada"), EMPTY | {"points": "1,5", "comment": "gut"}, EMPTY, 2)
    assert now == said(folder, "ada") == EMPTY | {"points": "1.5", "comment": "gut"}
    assert said(folder, "bo") == EMPTY
    book.say(key("ada"), now | {"points": ""}, now, 2)
    assert said(folder, "ada")["points"] == ""
    logged = [json.loads(line) for line in (folder / LOG).read_text().splitlines()]
    assert [line["said"]["points"] for line in logged] == ["1,5", ""]
    assert {line["marker"] for line in logged} == {"me"}


@pytest.mark.parametrize("points", ["3", "-1", "two", "nan", "inf"])
def test_what_is_no_mark_is_refused_and_yet_in_the_log(folder, points):
    with pytest.raises(RefusedError):
        Book(folder, LEARNERS).say(key("ada"), EMPTY | {"points": points}, EMPTY, 2)
    assert said(folder, "ada") == EMPTY
    assert points in (folder / LOG).read_text()


def test_nobody_writes_over_what_they_have_not_seen(folder):
    book = Book(folder, LEARNERS)
    first = book.say(key("ada"), EMPTY | {"points": "1"}, EMPTY, 2)
    with pytest.raises(ChangedError) as problem:
        book.say(key("ada"), EMPTY | {"points": "2"}, EMPTY, 2)
    assert problem.value.now == first == said(folder, "ada")
    with only_one(folder), pytest.raises(BusyError):
        book.say(key("bo"), EMPTY | {"points": "2"}, EMPTY, 2)


def test_a_spreadsheet_program_may_save_meanwhile(folder):
    book, path = Book(folder, LEARNERS), folder / "marks.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    with path.open("w", newline="", encoding="cp1252") as file:
        writer = csv.DictWriter(file, [*lines[0], "mine"], delimiter=";")
        writer.writeheader()
        writer.writerows(line | {"points": "1", "mine": "x"} for line in lines)
    now = book.say(key("bo"), EMPTY | {"points": "2"}, EMPTY | {"points": "1"}, 2)
    assert now["points"] == "2"
    assert said(folder, "ada")["points"] == "1"
    assert "mine" in path.read_text("utf-8-sig")


SAID = st.fixed_dictionaries(
    {
        "points": st.sampled_from(["", "0", "1", "1.5", "2", "ex"]),
        "comment": st.text(max_size=20),
        "extra": st.sampled_from(["", "1", "-0.5"]),
        "reason": st.text(max_size=20),
    }
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
@given(steps=st.lists(st.tuples(st.sampled_from(LEARNERS), SAID), max_size=8))
def test_no_mark_is_lost_whatever_is_said(folder, steps):
    book = Book(folder, LEARNERS)
    stands = {learner: said(folder, learner) for learner in LEARNERS}
    for learner, words in steps:
        now = book.say(key(learner), words, stands[learner], 2)
        assert now["points"] == words["points"]
        assert now["extra"] == words["extra"]
        stands[learner] = now
        assert {each: said(folder, each) for each in LEARNERS} == stands


def test_two_markers_are_merged_and_differences_stay_for_a_person(folder, tmp_path):
    one = Marks.read(folder / "marks.csv", LEARNERS)
    two = one.say(key("ada"), EMPTY | {"points": "1"}).say(key("bo"), EMPTY | {"points": "2"})
    one = one.say(key("ada"), EMPTY | {"points": "2"}).say(key("=1+1"), EMPTY | {"points": "0"})
    made, differing = merged(one, two)
    assert differing == [key("ada")]
    made.save(folder / "both.csv")
    read = Marks.read(folder / "both.csv", LEARNERS)
    assert read.said_of(key("bo"))["points"] == "2"
    assert read.said_of(key("=1+1"))["points"] == "0"
    assert read.merged(waiting("bo")).questions[0].points == 2
    assert read.merged(waiting("ada")).questions[0].verdict == "pending"
    assert len(list(read.problems(waiting("ada")))) == 1
    assert {mark.said["points"] for mark in read._of(key("ada"))} == {"1", "2"}
    again, differing = merged(read, two)
    assert (again.given, differing) == (read.given, [])


def test_the_command_merges_and_keeps_what_was_there(folder, tmp_path_factory, capsys):
    other = tmp_path_factory.mktemp("other") / "marks.csv"
    Marks.read(folder / "marks.csv", LEARNERS).say(key("ada"), EMPTY | {"points": "1"}).save(other)
    Book(folder, LEARNERS).say(key("ada"), EMPTY | {"points": "2"}, EMPTY, 2)
    before = (folder / "marks.csv").read_bytes()
    assert main(["mark", str(folder), "--merge", str(other)]) == 0
    assert "ada / 02_why / why" in capsys.readouterr().out
    assert (folder / "marks.csv.bak").read_bytes() == before
    assert main(["mark", str(folder), "--merge", str(folder / "nowhere")]) == 2


@contextmanager
def serving(folder, **how):
    with desk_of(folder, **how) as desk:
        thread = threading.Thread(target=desk.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield desk
        finally:
            desk.shutdown()
            thread.join()


def ask(desk, way, body=None, **headers):
    """Ask as the browser with the cookie does, but for what the headers say."""
    told = {"Host": desk.host, "Cookie": f"{desk.cookie}={desk.secret}"}
    if body is not None:
        told |= {"Origin": f"http://{desk.host}", "Content-Type": "application/json"}
    told |= {name.replace("_", "-"): each for name, each in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", desk.server_address[1], timeout=20)
    connection.putrequest("GET" if body is None else "POST", way, skip_host=True)
    for name, each in told.items():
        if each is not None:
            connection.putheader(name, each)
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    if body is not None and "Content_Length" not in headers:
        connection.putheader("Content-Length", str(len(data)))
    connection.endheaders(data or None)
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), dict(answer.getheaders())


def test_only_the_page_itself_may_ask(folder):
    say = {"answer": 0, "said": EMPTY | {"points": "1"}, "seen": EMPTY}
    with serving(folder) as desk:
        port = desk.server_address[1]
        assert desk.server_address[0] == "127.0.0.1"
        for headers in (
            {"Cookie": None},
            {"Cookie": f"{desk.cookie}=wrong"},
            {"Cookie": '"\\'},
            {"Host": f"evil.example:{port}"},
            {"Host": f"localhost:{port}"},
            {"Host": None},
        ):
            assert ask(desk, "/", **headers)[0] in (403, 421)
            assert ask(desk, "/say", say, **headers)[0] in (403, 421)
        for headers in (
            {"Origin": None},
            {"Origin": "null"},
            {"Origin": "http://evil.example"},
            {"Origin": f"http://127.0.0.1:{port + 1}"},
            {"Content_Type": "text/plain"},
            {"Content_Type": "application/x-www-form-urlencoded"},
        ):
            assert ask(desk, "/say", say, **headers)[0] == 403
        assert said(folder, "=1+1") == EMPTY
        assert ask(desk, "/?secret=wrong", Cookie=None)[0] == 403
        status, _, headers = ask(desk, f"/?secret={desk.secret}", Cookie=None)
        assert status == 303
        assert "HttpOnly" in headers["Set-Cookie"]
        assert "SameSite=Strict" in headers["Set-Cookie"]
        assert ask(desk, "/say", say)[0] == 200
        assert ask(desk, "/say", say)[0] == 200, "said twice is said once"
        assert ask(desk, "/say", say | {"said": EMPTY | {"points": "2"}})[0] == 409


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"[" * 5000, b'{"answer": -1, "said": {}, "seen": {}}', b"null",
     b'{"answer": 99, "said": {}, "seen": {}}', b'{"answer": true, "said": {}, "seen": {}}',
     b'{"answer": 0, "said": {"points": 1}, "seen": {}}', b'{"answer": 0, "said": 7, "seen": 1}',
     b'{"answer": 0, "said": {"comment": "' + b"x" * 30_000 + b'"}, "seen": {}}', b"x" * 250_000],
)  # fmt: skip
def test_anything_else_is_refused_and_the_server_goes_on(folder, body):
    with serving(folder) as desk:
        length = {"Content_Length": str(len(body))} if len(body) > 200_000 else {}
        try:
            status = ask(desk, "/say", body, **length)[0]
        except (BrokenPipeError, ConnectionResetError):
            status = 413
        assert status in (400, 413, 422)
        assert ask(desk, "/")[0] == 200
    assert said(folder, "ada") == EMPTY


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


BAD = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>\x00<!-- form --></head>"


def test_nothing_that_was_handed_in_or_said_runs_on_the_page(tmp_path):
    journal = Journal(tmp_path)
    journal.add(waiting(BAD, BAD))
    marks = Marks.read(tmp_path / "marks.csv")
    marks.write(tmp_path / "marks.csv", journal)
    record = next(iter(journal))
    Book(tmp_path, [BAD]).say(
        key_of(record, record.questions[0]), EMPTY | {"comment": BAD}, EMPTY, 2
    )
    (tmp_path / "comments.txt").write_text(f"{BAD}\nwell said\n")
    with serving(tmp_path) as desk:
        status, text, headers = ask(desk, "/to_mark/02_why-why.html")
        assert status == 200
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        tags = Tags(text).found
        assert not any(told.get("http-equiv") for tag, told in tags if tag == "meta"), text[:500]
        assert [told["src"] for tag, told in tags if tag == "script"] == ["/mark.js"]
        assert sum(tag == "form" for tag, _ in tags) == 1
        assert not any(name.startswith("on") for _, told in tags for name in told)
        assert "well said" in text
        assert ask(desk, "/../journal.jsonl")[0] == 404
        assert ask(desk, "/marks.csv")[0] == 404


def test_who_marks_blindly_reads_no_name(folder):
    with serving(folder, blind=True) as desk:
        _, text, _ = ask(desk, "/to_mark/02_why-why.html")
        own = re.sub(r"answer of [^<]*", "", text)
        assert not any(f">{learner}<" in own or f"{learner}/" in own for learner in LEARNERS)
        assert "Answer 3" in text
        for number, learner in enumerate(sorted(LEARNERS)):
            told = {"answer": number, "said": EMPTY | {"points": "1"}, "seen": EMPTY}
            assert ask(desk, "/say", told)[0] == 200
            assert said(folder, learner)["points"] == "1"


def test_a_gradebook_that_is_none_is_refused(tmp_path):
    with pytest.raises(RefusedError):
        desk_of(tmp_path)
    assert asdict(waiting("ada"))["digest"]
