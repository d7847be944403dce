"""Marking in the browser: what is said is saved, nothing of others is lost, and no stranger may."""

import csv
import html
import http.client
import json
import os
import re
import threading
from contextlib import contextmanager
from dataclasses import asdict, replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell

from lessonlib.cli import main
from lessonlib.grading.books import history
from lessonlib.grading.books.journal import Journal, Question, Record
from lessonlib.grading.books.marks import Marks, key_of
from lessonlib.grading.books.reports import learner_page
from lessonlib.grading.books.said import NAME as LOG
from lessonlib.grading.books.said import Sayings
from lessonlib.grading.by_hand.book import Book, BusyError, ChangedError, merged
from lessonlib.grading.by_hand.command import desk_of
from lessonlib.grading.paper.terms import Terms
from lessonlib.grading.paper.words import RefusedError
from lessonlib.grading.runs.grading import write_all
from lessonlib.grading.runs.lock import only_one
from lessonlib.grading.runs.looking import look_again
from tests.grading.conftest import grade
from tests.grading.handouts import EXERCISE, RIGHT, WRITTEN, hand_in, handout
from tests.grading.test_marking import png

NAMES = ("points", "comment", "extra", "reason", "rubric")
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
    assert [line["said"]["points"] for line in logged] == ["1.5", ""]
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
        "comment": st.text(max_size=20) | st.just("as Windows\r\nwrites it"),
        "extra": st.sampled_from(["", "1", "-0.5"]),
        "reason": st.text(max_size=20) | st.sampled_from(["'007", "''007", "'=1", "''=1", "\r\n"]),
        "rubric": st.sampled_from(["", "1", "1 2"]),
    }
)
STEPS = st.tuples(st.sampled_from(["here", "outside"]), st.sampled_from(LEARNERS), SAID)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
@given(steps=st.lists(STEPS, max_size=8))
def test_no_mark_is_lost_whatever_is_said_here_or_elsewhere(folder, steps):
    """What the server holds of the table is what a new reader finds there, after every step."""
    book, path = Book(folder, LEARNERS), folder / "marks.csv"
    stands = {learner: said(folder, learner) for learner in LEARNERS}
    for where, learner, words in steps:
        if where == "outside":
            Marks.read(path, LEARNERS).say(key(learner), words).save(path)
            stands[learner] = said(folder, learner)
        else:
            now = book.say(key(learner), words, stands[learner], 2, 2)
            assert [now[name] for name in ("points", "extra", "rubric")] == [
                words[name] for name in ("points", "extra", "rubric")
            ]
            stands[learner] = now
        assert {each: said(folder, each) for each in LEARNERS} == stands
        assert book.table.read() == Marks.read(path, LEARNERS)


def test_an_edit_of_the_same_length_at_the_same_time_is_seen(folder):
    """Whoever goes by a file's date and size alone would lose what a program saved in between."""
    book, path = Book(folder, LEARNERS), folder / "marks.csv"
    now = book.say(key("ada"), EMPTY | {"points": "1"}, EMPTY, 2)
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b",1,", b",2,"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    with pytest.raises(ChangedError) as problem:
        book.say(key("ada"), now | {"points": "0"}, now, 2)
    assert problem.value.now["points"] == "2"


def test_a_table_is_read_once_while_nobody_else_writes(folder, monkeypatch):
    book = Book(folder, LEARNERS)
    now = book.say(key("ada"), EMPTY | {"points": "1"}, EMPTY, 2)
    monkeypatch.setattr(Marks, "of", lambda *_: pytest.fail("read again"))
    for points in ("0", "1", "2"):
        now = book.say(key("ada"), now | {"points": points}, now, 2)
    monkeypatch.undo()
    assert said(folder, "ada") == now


def test_lines_of_the_rubric_are_kept_and_told_to_the_learner(folder):
    told = EMPTY | {"points": "2", "rubric": "1"}
    for wrong in ("2", "0", "x", "1 1", "-1"):
        with pytest.raises(RefusedError):
            Book(folder, LEARNERS).say(key("ada"), told | {"rubric": wrong}, EMPTY, 2, 1)
    assert said(folder, "ada") == EMPTY
    Book(folder, LEARNERS).say(key("ada"), told, EMPTY, 2, 1)
    (question,) = Marks.read(folder / "marks.csv", LEARNERS).merged(waiting("ada")).questions
    assert question.met == (1,)
    page = learner_page("ada", [replace(waiting("ada"), questions=(question,))])
    assert "a &lt;b&gt; (yours does)" in page


def test_the_log_says_who_said_what_stands_there(folder):
    now = Book(folder, LEARNERS, "me").say(key("ada"), EMPTY | {"points": "1"}, EMPTY, 2)
    assert Sayings(folder).marker(key("ada"), now) == "me"
    assert Sayings(folder).marker(key("bo"), EMPTY | {"points": "1"}) == ""
    Marks.read(folder / "marks.csv").say(key("ada"), {"points": "2"}).save(folder / "marks.csv")
    with (folder / LOG).open("ab") as file:  # as a crash leaves it
        file.write(b'{"time": "')
    assert Sayings(folder).marker(key("ada"), said(folder, "ada")) == ""
    assert Sayings(folder).marker(key("ada"), now) == "me"
    tricky = EMPTY | {"points": "1", "comment": '"key": ["bo"], "said": {}}\n'}
    now = Book(folder, LEARNERS, "you").say(key("bo"), tricky, EMPTY, 2)
    assert Sayings(folder).marker(key("bo"), now) == "you"
    assert Sayings(folder).marker(key("ada"), EMPTY | {"points": "1"}) == "me"


def test_the_history_says_who_marked_and_why_and_what_came_late(folder):
    write_all(folder, Journal(folder))
    Book(folder, LEARNERS, "me").say(
        key("ada"), EMPTY | {"points": "1", "reason": "well argued"}, EMPTY, 2
    )
    write_all(folder, Journal(folder))
    lines = [each for each in history.lines(folder) if each.learner == "ada"]
    assert [each.questions[0].marker for each in lines] == ["", "me"]
    assert [each.questions[0].reason for each in lines] == ["", "well argued"]
    late = history.standing(replace(waiting("ada"), late=90.0, lost=0.5))
    assert (late.late, late.lost) == (90.0, 0.5)
    assert history.standing(replace(waiting("ada"), late=-90.0)).late == 0
    once = (folder / history.NAME).read_bytes()
    write_all(folder, Journal(folder))
    assert (folder / history.NAME).read_bytes() == once


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
        status, text, _ = ask(desk, "/stands", {"answers": [0, 1]})
        assert (status, json.loads(text)["now"]) == (200, [EMPTY | {"points": "1"}, EMPTY])
        for wrong in ({"answers": [3]}, {"answers": [-1]}, {"answers": 1}, {}, {"answers": [True]}):
            assert ask(desk, "/stands", wrong)[0] in (400, 422)
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
        numbers = re.findall(r'data-answer="(\d+)"', text)
        learners = [html.unescape(each) for each in re.findall("answer of ([^<]*)", text)]
        assert sorted(learners) == sorted(LEARNERS)
        for number, learner in zip(numbers, learners, strict=True):
            told = {"answer": int(number), "said": EMPTY | {"points": "1"}, "seen": EMPTY}
            assert ask(desk, "/say", told)[0] == 200
            assert said(folder, learner)["points"] == "1"
            for wrong in ({"points": "9"}, {"points": "x"}, {"rubric": "7"}):
                status, answer, _ = ask(desk, "/say", told | {"said": EMPTY | wrong})
                assert status == 422
                assert json.dumps(learner)[1:-1] not in answer


def test_who_marks_blindly_learns_nothing_from_the_order_or_from_flags(tmp_path):
    journal, learners = Journal(tmp_path), [f"learner{number:02}" for number in range(12)]
    for learner in learners:
        (question,) = waiting(learner).questions
        flagged = replace(question, flags=("same_answers_as:learner07",))
        journal.add(replace(waiting(learner), questions=(flagged,)))

    def shown(blind):
        with serving(tmp_path, blind=blind) as desk:
            return ask(desk, "/to_mark/02_why-why.html")[1]

    def order(text):
        return re.findall(r"answer of (\w+)", text)

    assert order(shown(False)) == learners
    assert sorted(order(shown(True))) == learners != order(shown(True)) == order(shown(True))
    assert "same as that of learner07" in shown(False)
    assert "same as that" not in shown(True)


def test_pictures_and_what_stands_around_are_shown_unless_they_are_others_by_now(
    small_course, graded_by
):
    notebook = handout(RIGHT | {WRITTEN: "Look: ![mine](attachment:pic.png)"})
    notebook.cells[-1].attachments = {"pic.png": {"image/png": png()}}
    notebook.cells.append(new_markdown_cell("a note of mine", id="note"))
    submissions, gradebook = small_course / "submissions", small_course / "gradebook"
    hand_in(submissions, "ada", notebook)
    grade(small_course)

    def shown(blind=False):
        look = look_again(small_course, submissions, gradebook, Journal(gradebook))
        with serving(gradebook, look=look, blind=blind) as desk:
            return ask(desk, f"/to_mark/{EXERCISE}-{WRITTEN}.html")[1]

    for blind in (False, True):
        assert "data:image/png;base64," in shown(blind)
        assert "a note of mine" in shown(blind)
    notebook.cells[-2].source = "another answer"
    hand_in(submissions, "ada", notebook)
    assert "a note of mine" not in shown()
    assert "another answer" not in shown()
    assert "Look:" in shown()


def test_a_gradebook_that_is_none_is_refused(tmp_path):
    with pytest.raises(RefusedError), desk_of(tmp_path):
        pass
    assert asdict(waiting("ada"))["digest"]
