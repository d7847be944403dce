"""The marking pages: what a reader of the notebook sees, and nothing that runs, loads or covers."""

import base64
import json
import re
import struct
import zlib
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from lessonlib.grading.books import marking
from lessonlib.grading.books.cells import shown
from lessonlib.grading.intake.around import around
from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.paper.formulas import formula
from lessonlib.grading.paper.hypertext import clean
from lessonlib.grading.paper.markdown import rendered
from lessonlib.grading.paper.pictures import drawing, embedded, picture
from tests.grading.conftest import grade
from tests.grading.handouts import EXERCISE, RIGHT, WRITTEN, dumped, hand_in, handout, solution
from tests.grading.test_last_word import say


def png(width=1, height=1):
    """Return a picture in base64 that says it has this size."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    dots = zlib.compress(b"\0\xff\0\0")
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")
    return base64.b64encode(data).decode()


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0L9 9"/>{}</svg>'


class Elements(HTMLParser):
    """The elements of a page with their attributes, as far as a lenient reader finds any."""

    def __init__(self, text):
        super().__init__()
        self.found, self.text, self.deep = [], "", 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.deep += tag not in ("br", "col", "hr", "img", "wbr", "meta")

    def handle_endtag(self, tag):
        self.deep -= 1
        assert self.deep >= 0

    def handle_data(self, data):
        self.text += data


def marking_page(course, question=WRITTEN):
    return (course / "gradebook" / "to_mark" / f"{EXERCISE}-{question}.html").read_text()


def rich_notebook():
    """Return a notebook with all that a learner may put beside a written answer."""
    answer = (
        "## Why\n\nBecause $p(x_t \\mid x_{<t})$ is **all** it sees.\n\n"
        "| model | reads |\n|---|---|\n| causal | left |\n\n![plot](attachment:my.png)"
    )
    notebook = handout(RIGHT | {WRITTEN: answer})
    notebook.cells[-1].attachments = {"my.png": {"image/png": png()}}
    table = "<table><tr><th>loss</th></tr><tr><td>0.25</td></tr></table>"
    outputs = [
        new_output("stream", text="printed by me\n"),
        new_output("display_data", {"text/html": table, "text/plain": "no table"}),
        new_output("display_data", {"image/png": png(), "text/plain": "<Figure of mine>"}),
        new_output("display_data", {"image/svg+xml": SVG.format("")}),
        new_output("display_data", {"text/latex": "$$\\frac{1}{2}$$"}),
        new_output("error", ename="E", evalue="v", traceback=["\x1b[31mMyError\x1b[0m: oh"]),
    ]
    cells = [
        new_code_cell("my_evidence = 1", id="mine", outputs=outputs, execution_count=1),
        new_markdown_cell("*My* thoughts on it", id="also"),
    ]
    notebook.cells[-1:-1] = cells
    return notebook


def test_a_marker_sees_what_a_reader_of_the_notebook_sees(graded_by, small_course):
    hand_in(small_course / "submissions", "ada", rich_notebook())
    grade(small_course)
    text = marking_page(small_course)
    page = Elements(text)
    for said in ("my_evidence = 1", "printed by me", "0.25", "MyError: oh", "My thoughts on it"):
        assert said in page.text, said
    assert "no table" not in page.text
    assert "**" not in page.text
    tags = [tag for tag, _ in page.found]
    assert tags.count("table") == 2
    assert {"strong", "em", "td"} <= set(tags)
    pictures = [attributes for tag, attributes in page.found if tag == "img"]
    alts = [attributes["alt"] for attributes in pictures]
    assert alts.count("plot") == 1
    assert {"<Figure of mine>", r"\frac{1}{2}", r"p(x_t \mid x_{<t})"} <= set(alts)
    assert len(pictures) == 5
    assert all(attributes["src"].startswith("data:image/") for attributes in pictures)
    assert "names the left-to-right order" in page.text  # the rubric
    assert "tokens = &#x27;a small model" not in text  # what the course gave is not shown again


def test_one_question_after_the_other_over_all_learners(graded_by, small_course):
    for learner, words in (("ada", "first"), ("bo", "second"), ("cy", "third")):
        hand_in(small_course / "submissions", learner, handout(RIGHT | {WRITTEN: words}))
    grade(small_course)
    text = marking_page(small_course)
    in_order = ("<bdi>ada", "<p>first", "<bdi>bo", "<p>second", "<bdi>cy", "<p>third")
    places = [text.index(words) for words in in_order]
    assert places == sorted(places)
    say(small_course, "bo", EXERCISE, WRITTEN, points="1.5", comment="see the end")
    grade(small_course)
    text = marking_page(small_course)
    assert "Marked: 1.5 of 2" in text
    assert "see the end" in text
    index = (small_course / "gradebook" / "to_mark.html").read_text()
    assert "<td>3</td><td>2</td>" in index
    assert f'href="to_mark/{EXERCISE}-{WRITTEN}.html"' in index


def test_the_answers_of_a_large_class_are_on_several_pages_with_links_between(
    graded_by, small_course, monkeypatch
):
    monkeypatch.setattr(marking, "AT_ONCE", 2)
    learners = ("ada", "bo", "cy", "dan", "eve")
    for learner in learners:
        hand_in(small_course / "submissions", learner)
    grade(small_course)
    folder = small_course / "gradebook" / "to_mark"
    pages = {path.name: Elements(path.read_text()) for path in sorted(folder.iterdir())}
    first, *others = (f"{EXERCISE}-{WRITTEN}{more}.html" for more in ("", ".2", ".3"))
    assert {*pages} == {first, *others}
    # Who goes on at the end of each page meets everybody, once and in order.
    name, met = first, []
    while name:
        text = (folder / name).read_text()
        met += re.findall("<bdi>(.*?)</bdi></h2>", text)
        name = next(iter(re.findall('<p id="a[0-9]+"><a href="(.*?)"', text)), "")
    assert tuple(met) == learners
    for page in pages.values():
        ids = {each["id"] for _, each in page.found if "id" in each}
        for link in (each["href"] for tag, each in page.found if tag == "a"):
            assert link in pages or link == "../to_mark.html" or link.removeprefix("#") in ids
    (small_course / "submissions" / "eve").rename(small_course / "eve")
    monkeypatch.setattr(marking, "AT_ONCE", 200)
    grade(small_course)
    assert [path.name for path in folder.iterdir()] == [first]


def test_pages_of_questions_that_wait_no_more_go(graded_by, small_course):
    hand_in(small_course / "submissions", "ada")
    grade(small_course)
    old = small_course / "gradebook" / "to_mark" / "old.html"
    old.write_text("old")
    grade(small_course)
    assert not old.exists()


def test_cells_belong_to_the_answers_around_them(graded_by, small_course):
    notebook = handout(RIGHT)
    notebook.cells.insert(2, new_code_cell("before_all = 1", id="x1"))
    notebook.cells.append(new_code_cell("after_all = 1", id="x2"))
    hand_in(small_course / "submissions", "ada", notebook)
    grade(small_course)
    text = marking_page(small_course)
    assert "after_all" in text
    assert "before_all" not in text


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='http://example.org/x.png'>",
    "<svg onload=alert(1)><script>alert(1)</script><path d='M0 0'/></svg>",
    "<svg><use href='#a'/><image href='http://example.org'/></svg>",
    "<svg><a xlink:href='javascript:x'>x</a></svg>",
    "<iframe srcdoc='<script>x</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a><a href=' http://example.org'>y</a>",
    "<style>body{display:none}</style><link rel=stylesheet href=http://example.org>",
    "<p style='position:fixed;inset:0;background:url(http://example.org)'>x</p>",
    "<p style='color:red;background:\\75rl(http://example.org)'>x</p>",
    "<meta http-equiv=refresh content='0;url=http://example.org'><base href=http://example.org>",
    "<form action=http://example.org><input name=a><button formaction=x>b</button></form>",
    "<p id=a class='beside handed-in lesson-strip' role=button accesskey=a tabindex=1>x</p>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "</div></section></main><h1>Full marks</h1><section><div>",
    "<table><tr><td></table></div><div><td>x",
    "<template><p>x</template><xmp><b></xmp><textarea></div></textarea>",
    "<!--><img src=x onerror=alert(1)>--><!-- <b> --!><i>",
    '<p title="&quot;><script>alert(1)</script>">x</p><p/onclick=x>',
    "<IMG SRC=JaVaScRiPt:x><ScRiPt>x</sCrIpT><svg/onload=x>",
    "<p\x00onclick=x><p \x0conclick=x>\x1b[31m \u202e",
    '<a href="data:text/html,<script>x</script>">x</a><object data=x></object><embed src=x>',
]


def hostile_notebook():
    """Return a notebook that has all of this in its answer, and in what a cell shows."""
    notebook = handout(RIGHT | {WRITTEN: "\n\n".join(HOSTILE)})
    outputs = [new_output("display_data", {"text/html": text}) for text in HOSTILE]
    outputs += [new_output("display_data", {"text/markdown": text}) for text in HOSTILE]
    outputs += [new_output("display_data", {"application/javascript": "alert(1)"})]
    notebook.cells.append(new_code_cell("1", id="mine", outputs=outputs))
    return notebook


RUNS_OR_LOADS = {"script", "iframe", "style", "link", "meta", "form", "input", "use", "object"}


def assert_inert(html):
    page = Elements(html)
    assert page.deep == 0, "what is opened is closed"
    for tag, attributes in page.found:
        assert tag not in {*RUNS_OR_LOADS, "h1"}
        assert not {name for name in attributes if name.startswith("on")} | (
            attributes.keys() & {"id", "href", "action", "srcdoc", "accesskey"}
        )
        assert (attributes.get("src") or "data:image/").startswith("data:image/")
        assert "url" not in (attributes.get("style") or "")
        assert not re.search(r"position|inset|\\", attributes.get("style") or "")
        assert all(word.startswith("lesson-") for word in (attributes.get("class") or "").split())


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_runs_loads_or_covers(text):
    for html in (clean(text), clean(f"<div>{text}"), clean(f"<b>{text}</b>")):
        assert_inert(html)
    assert_inert(rendered(f"a\n\n{text}\n\nb *c*"))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*HOSTILE, *"<>'\"/= &;!-", "<b", "x", "</p>", "<td>"]), max_size=9)
)
def test_no_mixture_of_hostile_pieces_gets_out(pieces):
    assert_inert(clean("".join(pieces)))


@given(st.text(alphabet="<>a/='\" bpx!-&;#1", max_size=60))
def test_any_text_becomes_balanced_html(text):
    assert_inert(clean(text))


@pytest.mark.parametrize(
    ("given", "levels"), [("h2 h3 h2", "454"), ("h1 h4 h2 h6", "4556"), ("h6 h1 h1", "444")]
)
def test_headings_stand_below_those_of_the_page_without_a_gap(given, levels):
    html = clean("".join(f"<{tag}>x</h1>" for tag in given.split()))
    assert re.findall("<h(.)>x</h(.)>", html) == [(level, level) for level in levels]


def test_hostile_cells_do_nothing_on_the_page(graded_by, small_course):
    hand_in(small_course / "submissions", "<img src=x onerror=y>", hostile_notebook())
    grade(small_course)
    text = marking_page(small_course)
    page = Elements(text)
    assert not [name for _, each in page.found for name in each if name.startswith("on")]
    assert not {tag for tag, _ in page.found} & (RUNS_OR_LOADS - {"style", "meta"})
    links = [each["href"] for tag, each in page.found if tag == "a" and "href" in each]
    assert all(link.startswith(("#a", "../to_mark.html")) for link in links)
    assert "default-src 'none'" in text
    assert not re.search(r"(?:src|href)=[\"']?\s*(?:https?:|//)", text)


@pytest.mark.parametrize(
    ("tex", "is_drawn"),
    [
        (r"\mathcal{L} = -\sum_{t=1}^{T} \log p_\theta(x_t \mid x_{<t})", True),
        (r"\begin{matrix} a \\ \unknown \end{matrix}", False),
        (r"\begin{what} a \\ b \end{what}", False),
        ("a \\\\ " * 30, False),
        (r"\frac{" * 40, False),
        ("x^" * 150, False),
        ("{" * 300, False),
        ("<script>" * 20, True),
        (r"\hspace{99999999999}x", True),
    ],
)
def test_a_formula_is_drawn_or_shown_as_it_was_written(tex, is_drawn):
    (shown, *_), *_ = Elements(formula(tex)).found
    assert shown == ("img" if is_drawn else "code")
    assert "<script" not in formula(tex)


@pytest.mark.parametrize(
    ("tex", "count"),
    [
        (r"f(x) = \begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}.", 3),
        (r"\begin{align*} a &= b \\ c &= \tfrac12 \end{align*}", 2),
        (r"A = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^\top", 4),
        (r"a \implies b", 1),
        (r"\sum\limits_{i} \bigl( \textbf{x}_i \bigr) \le \lVert y \rVert", 1),
    ],
)
def test_formulas_of_several_lines_are_drawn_line_by_line(tex, count):
    html = rendered(f"so $${tex}$$")
    page = Elements(html)
    assert page.deep == 0
    alts = [each["alt"] for tag, each in page.found if tag == "img"]
    assert len(alts) == count
    assert all(re.sub(r"\W", "", alt) in re.sub(r"\W", "", tex) or "quad" in alt for alt in alts)


def test_money_and_code_are_no_formulas():
    html = rendered("It costs $5 or $6, `$x$` and \\$y\\$.\n\n```\n$z$\n```")
    assert "<img" not in html
    assert all(text in html for text in ("$5 or $6", "$x$", "$y$", "$z$"))


def test_pictures_are_what_they_say_and_of_bounded_size():
    assert embedded(f"data:image/png;base64,{png()}")
    assert picture(png(20_000, 20_000)) == ""
    assert picture(base64.b64encode(b"<svg onload=x>").decode()) == ""
    assert picture(png()[:12]) == ""
    for other in ("data:image/svg+xml;base64,AAAA", "data:text/html,x", "http://x/y.png", "x" * 99):
        assert embedded(other) == ""


GROWING = "".join(f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 9))


@pytest.mark.parametrize(
    ("inside", "is_shown"),
    [
        ("", True),
        ('<defs><path id="p" d="M0 0"/></defs><use href="#p" x="1"/>', True),
        (GROWING, False),
        ('<use id="a" href="#b"/><use id="b" href="#a"/>', False),
        ("<foreignObject/>", False),
        ("<script>alert(1)</script>", False),
        ('<filter id="f"/>', False),
        ("<b", False),
    ],
)
def test_a_drawing_holds_nothing_that_grows(inside, is_shown):
    assert bool(drawing(SVG.format(inside))) is is_shown
    entities = "<!DOCTYPE svg [<!ENTITY a 'aaaa'>]>" + SVG.format("&a;")
    assert not drawing(entities)


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<",
        "<a ",
        '<a a="',
        "<div>",
        "</b>",
        "&#",
        "<style>",
        "<![",
        "<?",
        "a=1 ",
        "[",
        "![",
    ],
)
def test_what_is_meant_to_slow_the_reader_does_not(piece):
    """A reader whose time grows with the square of the length would need minutes."""
    text = piece * (150_000 // len(piece))
    assert len(clean(text)) < 2_000_000
    assert len(rendered(text[:20_000])) < 2_000_000


def test_what_is_too_large_is_said_not_shown(graded_by, small_course):
    notebook = handout(RIGHT)
    huge = new_output("display_data", {"image/png": png(20_000, 20_000)})
    many = [new_output("stream", text="x" * 200_000) for _ in range(3)]
    notebook.cells.append(new_code_cell("1", id="mine", outputs=[huge, *many]))
    hand_in(small_course / "submissions", "ada", notebook)
    grade(small_course)
    text = marking_page(small_course)
    assert "too large to be shown" in text
    assert len(text) < 500_000


def test_the_answer_that_is_marked_is_the_one_that_was_graded(graded_by, small_course):
    path = hand_in(small_course / "submissions", "ada")
    grade(small_course)
    path.unlink()
    grade(small_course)
    assert RIGHT[WRITTEN] in marking_page(small_course)


def test_malformed_outputs_stop_nobody():
    cell = new_code_cell("1", id="mine")
    cell.outputs = [{"output_type": "display_data", "data": {"image/png": 7, "text/html": [1]}}]
    cell.outputs += [{"output_type": "stream", "text": {"a": 1}}, {"output_type": 5}]
    cell.outputs += [{"output_type": "error", "traceback": 3}, {"data": []}, 7, None]
    notebook = handout(RIGHT)
    notebook.cells += [cell, 7, {"source": 7}, {"source": "2", "outputs": 7, "attachments": [1]}]
    job = {"exercise": EXERCISE, "data": base64.b64encode(dumped(notebook)).decode()}
    found = around(json.dumps(job), Assignment(EXERCISE, solution()))[WRITTEN]
    assert [piece.cell.source for piece in found.beside] == ["1", "2"]
    assert "".join(map(shown, found.beside)).count("<pre") == 1
    for broken in ("", "{}", '{"nbformat": 4, "cells": 7}'):
        job["data"] = base64.b64encode(broken.encode()).decode()
        assert around(json.dumps(job), Assignment(EXERCISE, solution())) == {}
