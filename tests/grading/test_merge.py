import copy
import json
import random

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from lessonlib.grading.intake.assignment import load
from lessonlib.grading.intake.merge import ANOTHER_NOTEBOOK, DEFINED_ELSEWHERE, TEXT_BESIDE, merge
from tests.grading.handouts import (
    CAUSAL,
    EXERCISE,
    MASKED,
    RIGHT,
    SPAN,
    WRITTEN,
    answer_cell,
    course,
    dumped,
    handout,
    placeholder,
)


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return load(course(tmp_path_factory.mktemp("course")), EXERCISE)


def without_answers(notebook):
    return [
        {key: value for key, value in cell.items() if key not in ("outputs", "execution_count")}
        for cell in notebook.cells
        if cell.metadata.get("lessonlib", {}).get("role") != "answer"
    ]


def causes(merged):
    return {name: ruling.cause for name, ruling in merged.decided.items()}


def test_a_whole_submission_fills_every_answer(assignment):
    merged = merge(dumped(handout(RIGHT)), assignment)
    assert merged.answers == RIGHT
    assert (merged.decided, merged.notes) == ({}, ())


def test_only_the_text_of_answers_comes_from_the_submission(assignment):
    notebook = handout(RIGHT)
    for cell in notebook.cells:
        cell.metadata["tags"] = ["nbval-skip", "raises-exception"]
        if cell.cell_type == "code":
            cell.outputs = [{"output_type": "stream", "name": "stdout", "text": "mine"}]
            cell.execution_count = 7
        if cell.metadata.get("lessonlib", {}).get("role") != "answer":
            cell.source = "mine"
    notebook.metadata["kernelspec"] = {"name": "mine", "display_name": "mine"}
    merged = merge(dumped(notebook), assignment)
    assert "mine" not in json.dumps(merged.notebook)
    assert "nbval-skip" not in json.dumps(merged.notebook)
    assert without_answers(merged.notebook) == without_answers(assignment.notebook)


def test_merging_changes_no_reference(assignment):
    before = json.dumps(assignment.notebook)
    merge(dumped(handout({CAUSAL: "changed = 1"})), assignment)
    assert json.dumps(assignment.notebook) == before


def test_a_missing_answer_is_that_questions_alone(assignment):
    notebook = handout(RIGHT)
    notebook.cells = [cell for cell in notebook.cells if cell.id != f"answer-{MASKED}"]
    merged = merge(dumped(notebook), assignment)
    assert causes(merged) == {MASKED: "no-answer-cell"}
    assert merged.decided[MASKED].verdict == "missing"
    assert CAUSAL not in merged.decided
    assert set(merged.answers) == {CAUSAL, SPAN, WRITTEN}


def test_an_untouched_answer_is_missing(assignment):
    merged = merge(dumped(handout()), assignment)
    assert set(causes(merged).values()) == {"unanswered"}


def test_half_a_character_costs_its_own_question(assignment):
    merged = merge(dumped(handout(RIGHT | {SPAN: "x = '\ud800'"})), assignment)
    assert merged.decided[SPAN].verdict == "unreadable"
    assert "U+D800" in merged.decided[SPAN].message
    assert CAUSAL not in merged.decided
    json.dumps(merged.notebook, ensure_ascii=False).encode()


def test_a_split_answer_is_run_in_its_parts(assignment):
    notebook = handout(RIGHT)
    second = answer_cell(CAUSAL, "second = 2")
    second.id = "split"
    notebook.cells.append(second)
    merged = merge(dumped(notebook), assignment)
    cells = merged.notebook.cells
    sources = [cell.source for cell in cells if cell.id.startswith(f"answer-{CAUSAL}")]
    assert sources == [RIGHT[CAUSAL], "second = 2"]


def test_untouched_copies_of_an_answer_cell_do_not_count(assignment):
    notebook = handout(RIGHT)
    for number, source in enumerate((placeholder(CAUSAL), " ")):
        untouched = answer_cell(CAUSAL, source)
        untouched.id = f"copy{number}"
        notebook.cells.append(untouched)
    merged = merge(dumped(notebook), assignment)
    assert merged.answers[CAUSAL] == RIGHT[CAUSAL]
    assert (merged.decided, merged.notes) == ({}, ())


def test_code_of_ones_own_beside_the_answers_is_kept_apart(assignment):
    notebook = handout(RIGHT)
    notebook.cells[1].source = "import numpy"
    notebook.cells.insert(0, new_code_cell("helper = 1"))
    notebook.cells += [new_code_cell("check = 'mine'", metadata={"lessonlib": {"role": "check"}})]
    notebook.cells += [new_code_cell(" "), new_code_cell("x = '\ud800'")]
    for cell in notebook.cells:
        if cell.id.startswith("check-"):
            cell.source = "print('Right.')"
    merged = merge(dumped(notebook), assignment)
    assert merged.extras == ("helper = 1", "import numpy")
    assert "helper" not in json.dumps(merged.notebook)
    assert merge(dumped(handout(RIGHT)), assignment).extras == ()


def test_an_answer_cannot_be_put_into_another_question(assignment):
    notebook = handout(RIGHT)
    for cell in notebook.cells:
        if cell.id == "given":
            cell.metadata["lessonlib"] = {"role": "answer", "question": CAUSAL, "points": 99}
            cell.source = "stolen = 1"
    merged = merge(dumped(notebook), assignment)
    assert merged.answers[CAUSAL] == RIGHT[CAUSAL]


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
@pytest.mark.parametrize("blanks", ["", "  ", "\t"])
def test_how_lines_end_makes_no_answer_of_an_untouched_cell(assignment, ending, blanks):
    notebook = handout()
    for cell in notebook.cells:
        cell.source = f"{blanks}{ending}".join(["", *cell.source.split("\n"), ""])
    merged = merge(dumped(notebook), assignment)
    assert set(causes(merged).values()) == {"unanswered"}
    assert merged.extras == ()


def test_a_remark_in_an_untouched_cell_is_no_answer_but_any_code_or_essay_is(assignment):
    stub = placeholder(CAUSAL)
    for source in (
        f"# I do not know\n{stub}",
        stub.replace("\n", "  # see below\n\n"),
        "\n" + stub,
    ):
        merged = merge(dumped(handout(RIGHT | {CAUSAL: source})), assignment)
        assert causes(merged) == {CAUSAL: "unanswered"}
    essay = f"{stub}\n# {'a thought of mine ' * 200}"
    for source in (f"{stub}\nx = 1", "# see below", stub.replace("...", "None"), essay):
        merged = merge(dumped(handout(RIGHT | {CAUSAL: source})), assignment)
        assert (merged.decided, merged.notes) == ({}, ())


def beside(question, cell, at, keep):
    """Return a notebook in which an answer stands in a cell beside its own."""
    notebook = handout({name: text for name, text in RIGHT.items() if name != question})
    place = next(n for n, each in enumerate(notebook.cells) if each.id == f"answer-{question}")
    if not keep:
        del notebook.cells[place]
    notebook.cells.insert(place + at if at is not None else len(notebook.cells), cell)
    return notebook


def relabelled(question, source):
    cell = answer_cell(question, source)
    cell.id = "mine"
    cell.metadata["lessonlib"]["question"] = "another_name"
    return cell


CODE_BESIDE = {
    "new cell": new_code_cell(RIGHT[CAUSAL]),
    "lambda": new_code_cell("build_causal_example = lambda t: (t[:-1], t[1:])"),
    "magic first": new_code_cell("%%time\n" + RIGHT[CAUSAL]),
    "broken": new_code_cell("def build_causal_example(tokens:\n    return"),
    "raw": new_raw_cell(RIGHT[CAUSAL]),
    "in a fence": new_markdown_cell(f"```python\n{RIGHT[CAUSAL]}\n```"),
    "another question's mark": relabelled(CAUSAL, RIGHT[CAUSAL]),
    "imported": new_code_cell("from mine import build_causal_example"),
    "several at once": new_code_cell("build_causal_example, n = (lambda t: (t[:-1], t[1:])), 1"),
    "loop": new_code_cell("for build_causal_example in [max]:\n    pass"),
    "by its name": new_code_cell("globals()['build_causal_example'] = max"),
    "by a made-up name": new_code_cell("globals()['build_' + 'causal_example'] = max"),
    "all there is": new_code_cell("from mine import *"),
    "run": new_code_cell("%run mine.py"),
    "async": new_code_cell("async def build_causal_example(t):\n    return t[:-1], t[1:]"),
    "line break": new_code_cell("def \\\nbuild_causal_example(t):\n    return t[:-1], t[1:]"),
    "another name": new_code_cell("def causal(tokens):\n    return tokens[:-1], tokens[1:]"),
    "only called": new_code_cell("print(build_causal_example(['a']))"),
    "walrus": new_code_cell("print(build_causal_example := max)"),
    "with": new_code_cell("with open('x') as build_causal_example:\n    pass"),
}


@pytest.mark.parametrize("cell", CODE_BESIDE.values(), ids=CODE_BESIDE)
@pytest.mark.parametrize("at", [0, 1, 3, None])
@pytest.mark.parametrize("keep", [True, False])
def test_code_beside_its_cell_waits_for_a_person(assignment, cell, at, keep):
    merged = merge(dumped(beside(CAUSAL, copy.deepcopy(cell), at, keep)), assignment)
    assert causes(merged) == {CAUSAL: DEFINED_ELSEWHERE}
    assert merged.decided[CAUSAL].verdict == "pending"
    assert merged.answers[CAUSAL] == cell.source


@pytest.mark.parametrize("host", [f"check-{CAUSAL}", f"answer-{SPAN}", "given", "title"])
def test_code_in_a_cell_of_the_courses_waits_for_a_person(assignment, host):
    notebook = handout({name: text for name, text in RIGHT.items() if name != CAUSAL})
    (cell,) = [cell for cell in notebook.cells if cell.id == host]
    cell.source += "\n\n" + RIGHT[CAUSAL]
    merged = merge(dumped(notebook), assignment)
    assert causes(merged) == {CAUSAL: DEFINED_ELSEWHERE}
    assert RIGHT[CAUSAL] in merged.answers[CAUSAL]


TEXT_CELLS = {
    "new cell": new_markdown_cell("From left to right."),
    "one word": new_markdown_cell("Causal."),
    "raw": new_raw_cell("From left to right."),
    "code cell": new_code_cell("It writes from left to right."),
    "comment": new_code_cell("# It writes from left to right."),
    "quoted": new_code_cell("'It writes from left to right.'"),
    "another question's mark": relabelled(WRITTEN, "From left to right."),
    "printed": new_code_cell("print('It writes from left to right.')"),
    "one word printed": new_code_cell("print('Causal.')"),
    "shown": new_code_cell("display(Markdown('From left to right.'))"),
    "formatted": new_code_cell("print(f'It writes {1} by one.')"),
    "named": new_code_cell('answer = """It writes from left to right."""'),
    "comment beside code": new_code_cell("x = 1\n# It writes from left to right."),
    "comment behind code": new_code_cell("x = 1  # from left to right"),
    "without spaces": new_code_cell("x = '因果模型从左到右写作'"),
}


@pytest.mark.parametrize("cell", TEXT_CELLS.values(), ids=TEXT_CELLS)
@pytest.mark.parametrize("at", [0, 1, None])
@pytest.mark.parametrize("keep", [True, False])
def test_text_beside_its_cell_waits_for_a_person(assignment, cell, at, keep):
    merged = merge(dumped(beside(WRITTEN, copy.deepcopy(cell), at, keep)), assignment)
    assert causes(merged) == {WRITTEN: TEXT_BESIDE}
    assert merged.decided[WRITTEN].verdict == "pending"
    assert merged.answers[WRITTEN] == cell.source


@pytest.mark.parametrize("host", [f"check-{CAUSAL}", "given", f"answer-{SPAN}"])
@pytest.mark.parametrize(
    "text",
    ["# It writes from left to right, one by one.", "x = 'It writes from left to right, I think.'"],
)
@pytest.mark.parametrize("others", [RIGHT, {}])
def test_text_in_a_code_cell_of_the_courses_waits_for_a_person(assignment, host, text, others):
    notebook = handout({name: words for name, words in others.items() if name != WRITTEN})
    (cell,) = [cell for cell in notebook.cells if cell.id == host]
    cell.source = f"{text}\n{cell.source}\n{text}"
    merged = merge(dumped(notebook), assignment)
    assert causes(merged)[WRITTEN] == TEXT_BESIDE
    assert text in merged.answers[WRITTEN]


def test_code_without_words_is_no_written_answer(assignment):
    notebook = handout({name: text for name, text in RIGHT.items() if name != WRITTEN})
    notebook.cells += [new_code_cell("x = 3"), new_code_cell("plt.plot(x, label='the loss')")]
    assert causes(merge(dumped(notebook), assignment)) == {WRITTEN: "unanswered"}


@pytest.mark.parametrize("line", ["# NBVAL_SKIP", "# mine too", "print('Right.')", "x = 4"])
@pytest.mark.parametrize("answers", [RIGHT, {}])
def test_a_mark_in_a_cell_of_the_courses_is_no_answer(small_course, line, answers):
    given = (
        "# What is there\ntokens = ['a']\n# is shown here:\nprint(f'with {tokens} as it stands')"
    )
    for path in small_course.rglob("*.ipynb"):
        text = path.read_text().replace("tokens = 'a small model learns'.split()", "GIVEN")
        path.write_text(text.replace('"GIVEN"', json.dumps(given)))
    notebook = handout({name: text for name, text in answers.items() if name != WRITTEN})
    for cell in notebook.cells:
        cell.source = given if cell.id == "given" else cell.source
        if cell.cell_type == "code" and not cell.id.startswith("answer"):
            cell.source = f"{line}\n{cell.source}"
    merged = merge(dumped(notebook), load(small_course, EXERCISE))
    assert merged.redefined == {}
    assert set(causes(merged).values()) == {"unanswered"}


def test_a_short_written_answer_is_shown_with_the_text_that_it_may_point_to(assignment):
    notebook = handout(RIGHT | {WRITTEN: "See below."})
    notebook.cells.append(new_markdown_cell("From left to right."))
    merged = merge(dumped(notebook), assignment)
    assert merged.answers[WRITTEN] == "See below.\n\nFrom left to right."
    assert (merged.decided, merged.notes) == ({}, ())
    notebook = handout(RIGHT | {WRITTEN: "It is trained to write what comes next. " * 5})
    notebook.cells.append(new_markdown_cell("From left to right."))
    assert "left to right" not in merge(dumped(notebook), assignment).answers[WRITTEN]


@pytest.mark.parametrize("marks", [True, False])
def test_another_notebook_under_this_ones_name_waits_for_a_person(assignment, marks):
    notebook = handout()
    notebook.cells = [new_markdown_cell("# Another one"), new_code_cell("total = 1 + 1")]
    if marks:
        notebook.cells.append(answer_cell(CAUSAL, "total = 2"))
        notebook.cells[-1].id = "answer-of-another"
        notebook.cells[-1].metadata["lessonlib"]["question"] = "of_another"
    merged = merge(dumped(notebook), assignment)
    verdicts = {merged.decided[part.question].verdict for part in assignment.parts}
    assert verdicts == {"pending"}
    assert causes(merged)[CAUSAL] == ANOTHER_NOTEBOOK
    assert "total = 1 + 1" in merged.answers[CAUSAL]


def test_of_a_cell_of_the_courses_only_what_was_added_is_the_answer(assignment):
    notebook = handout({name: text for name, text in RIGHT.items() if name != WRITTEN})
    notebook.cells[0].source += "\n\nFrom left to right."
    merged = merge(dumped(notebook), assignment)
    assert merged.answers[WRITTEN] == "From left to right."


@pytest.mark.parametrize("given", [RIGHT, {}])
def test_a_notebook_that_lost_all_marks_is_neither_missing_nor_made_up(assignment, given):
    notebook = json.loads(dumped(handout(given)))
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"] = {}
    merged = merge(dumped(notebook), assignment)
    verdicts = {merged.decided[part.question].verdict for part in assignment.parts}
    assert verdicts == ({"pending"} if given else {"missing"})
    assert merged.answers == given


def test_what_is_no_answer_leaves_a_question_missing(assignment):
    notebook = handout()
    notebook.cells += [
        new_code_cell("x = 3\nprint(len(x), 'loss:')"),
        new_code_cell("%matplotlib inline\nimport numpy"),
        new_code_cell(" \n"),
        new_markdown_cell(" "),
        new_markdown_cell(placeholder(WRITTEN)),
        new_code_cell(placeholder(SPAN)),
    ]
    notebook.cells[1].source = "tokens = 'my own sentence'.split()"
    merged = merge(dumped(notebook), assignment)
    assert {merged.decided[part.question].verdict for part in assignment.parts} == {"missing"}
    assert merged.redefined == {}


def test_only_a_later_definition_is_what_the_learners_check_looked_at(assignment):
    for at, redefined in ((2, {}), (3, {CAUSAL: "build_causal_example = 7"})):
        notebook = handout(RIGHT)
        notebook.cells.insert(at, new_code_cell("build_causal_example = 7"))
        merged = merge(dumped(notebook), assignment)
        assert (merged.decided, merged.notes) == ({}, ())
        assert merged.redefined == redefined


def mutated(value, rng, depth=0):
    """Change a JSON value somewhere: types, keys, order, size."""
    junk = [None, True, -1, 1e308, "", "\ud800", [], {}, [[[]]], {"id": {}}, "answer", 4]
    if rng.random() < 0.08 or depth > 6:
        return rng.choice(junk)
    if isinstance(value, dict):
        items = [(key, mutated(item, rng, depth + 1)) for key, item in value.items()]
        if items and rng.random() < 0.1:
            items.pop(rng.randrange(len(items)))
        if rng.random() < 0.05:
            items.append((rng.choice(["id", "source", "metadata", "cells"]), rng.choice(junk)))
        return dict(items)
    if isinstance(value, list):
        items = [mutated(item, rng, depth + 1) for item in value]
        if items and rng.random() < 0.2:
            items.insert(rng.randrange(len(items)), rng.choice([*items, *junk]))
        if rng.random() < 0.1:
            rng.shuffle(items)
        return items
    return value


def broken(data, rng):
    """Change some bytes: cut, repeat, replace."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data))
        kind = rng.randrange(4)
        if kind == 0:
            del data[at : at + rng.randint(1, 200)]
        elif kind == 1:
            data[at:at] = data[at : at + rng.randint(1, 50)]
        elif kind == 2:
            data[at] = rng.randrange(256)
        else:
            data[at:at] = rng.choice([b"\x00", b"\xff", b'"', b"{", b"]", b"\\ud800", b"NaN"])
        if not data:
            break
    return bytes(data)


def test_ten_thousand_broken_notebooks_each_end_in_a_finding_or_an_answer(assignment):
    rng = random.Random(7)
    whole = json.loads(dumped(handout(RIGHT)))
    data = dumped(whole)
    reference = without_answers(assignment.notebook)
    for number in range(10_000):
        by_value = number % 2
        submission = dumped(mutated(whole, rng)) if by_value else broken(data, rng)
        merged = merge(submission, assignment)
        if merged.notebook is None:
            assert merged.decided[CAUSAL].verdict == "unreadable"
            assert merged.decided[CAUSAL].message
            continue
        assert without_answers(merged.notebook) == reference
        for part in assignment.parts:
            decided = merged.decided.get(part.question)
            assert decided or merged.answers[part.question].strip()
            json.dumps(merged.answers.get(part.question, ""), ensure_ascii=False).encode()


def defined_elsewhere(assignment, change, answers=RIGHT):
    notebook = handout(answers)
    change(notebook.cells)
    return merge(dumped(notebook), assignment).elsewhere


def test_where_another_cell_defines_a_function_that_its_own_does_not(assignment):
    others = {name: text for name, text in RIGHT.items() if name != CAUSAL}
    code, own = RIGHT[CAUSAL], new_code_cell(RIGHT[CAUSAL])
    below, above = (lambda cells, at=at: cells.insert(at, own) for at in (4, 0))
    for change in (below, above):
        for answer in (None, "# see the other cell", "mine = 3", "return", " "):
            answers = others if answer is None else others | {CAUSAL: answer}
            assert defined_elsewhere(assignment, change, answers)[CAUSAL] == (code,), answer
        assert defined_elsewhere(assignment, change)[CAUSAL] == ()
        wrong = RIGHT | {CAUSAL: "def build_causal_example(tokens):\n    return tokens"}
        assert defined_elsewhere(assignment, change, wrong)[CAUSAL] == ()


def test_all_cells_that_define_a_function_are_told_in_their_order(assignment):
    others = {name: text for name, text in RIGHT.items() if name != CAUSAL}
    lines = [f"build_causal_example = {number}" for number in range(3)]

    def change(cells):
        cells[1].source += f"\n{lines[0]}"
        cells.insert(4, new_markdown_cell(f"mine:\n```\n{lines[1]}\n```"))
        next(c for c in cells if c.id == f"answer-{SPAN}").source += f"\n{lines[2]}"
        cells.append(new_code_cell("build_causal_example(['a'])"))  # which only calls it

    found = defined_elsewhere(assignment, change, others)
    assert [text.splitlines()[-1] for text in found[CAUSAL]] == lines
    assert not any(cells for name, cells in found.items() if name != CAUSAL)


def test_what_is_not_in_a_code_cell_waits_unless_it_reads_like_code(assignment):
    for text, ends in {
        RIGHT[CAUSAL]: {},
        f"so:\n```\n{RIGHT[CAUSAL]}\n```": {},
        f"It shifts:\n\n{RIGHT[CAUSAL]}": {CAUSAL: "no_code_cell"},
        "I do not know.": {CAUSAL: "no_code_cell"},
    }.items():
        for kind in (new_raw_cell, new_markdown_cell):
            notebook = handout(RIGHT)
            (at,) = [n for n, c in enumerate(notebook.cells) if c.id == f"answer-{CAUSAL}"]
            notebook.cells[at] = kind(text, id=f"answer-{CAUSAL}")
            merged = merge(dumped(notebook), assignment)
            assert causes(merged) == ends
            assert RIGHT[CAUSAL] in merged.answers[CAUSAL] or "know" in text
            assert all(each.verdict == "pending" for each in merged.decided.values())


def test_nothing_is_elsewhere_of_what_nobody_wrote(assignment):
    for answers in ({}, RIGHT):
        assert not any(defined_elsewhere(assignment, lambda cells: None, answers).values())
    copied = defined_elsewhere(assignment, lambda cells: cells.extend(copy.deepcopy(cells)), {})
    assert not any(copied.values())
