"""The guide for who teaches is true of the course: what it names is there, and its plans add up."""

import itertools
import re
from pathlib import Path

import pytest

import lessonlib
from lessonlib import views
from lessonlib.authoring.overview import GUIDE, renewed
from lessonlib.authoring.sources import read_source
from lessonlib.authoring.teaching import LETTERS, TEACHING, _evenly, anchor, misconceptions
from lessonlib.practice.concepts import FORMS, concepts
from lessonlib.practice.course import COURSE, STEPS
from lessonlib.practice.predictions import predictions
from lessonlib.practice.terms import anchor as term_anchor
from lessonlib.practice.terms import terms

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / GUIDE).read_text("utf-8")
VOTES = TEACHING.texts["votes"]
LINK = re.compile(r"\[([^\]]+)\]\(((?:[^()\s]|\([^()]*\))+)\)")
PAGES = {step.file.removeprefix("notebooks/"): step for step in STEPS}
PAGES |= {f"../{step.file}": step for step in STEPS}


def headings(step):
    """Return the headings of a page's source."""
    folder = "notebooks" if step.folder == "notebooks" else "solutions"
    source = read_source(ROOT / folder / "text" / f"{step.name}.md")
    cells = [cell.source for cell in source.cells if cell.cell_type == "markdown"]
    return set(re.findall(r"^#+ +(.+?)\s*$", "\n".join(cells), re.MULTILINE))


def wrong_links(text):
    """List the links of a guide that lead nowhere, or elsewhere than they say."""
    wrong = []
    for words, target in LINK.findall(text):
        page, _, part = target.partition("#")
        if page == "glossary.md":
            right = part in map(term_anchor, terms())
        elif not page:
            titles = {anchor(vote["title"]): vote["title"] for vote in VOTES.values()}
            right = f'<a id="{part}"></a>' in text and titles.get(part, words) == words
        elif page not in PAGES:
            right = False
        elif part:
            right = words in headings(PAGES[page]) and part == words.replace(" ", "-")
        else:
            step = PAGES[page]
            right = words in (step.title, COURSE(f"{step.name}.heading"))
        if not right:
            wrong.append((words, target))
    return wrong


def plans(text):
    """Yield the spans of minutes of each plan."""
    for table in re.findall(r"^\| Minutes .*\n(?:\|.*\n)+", text, re.MULTILINE):
        yield [tuple(map(int, span)) for span in re.findall(r"^\| (\d+)–(\d+) \|", table, re.M)]


def test_everything_that_the_guide_links_to_is_there_under_its_name():
    assert wrong_links(TEXT) == []
    assert len(LINK.findall(TEXT)) > 60


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(02_three_routes.ipynb)", "(03_three_routes.ipynb)"),
        ("[Three routes: continue, fill in, repair]", "[Four routes]"),
        ("#Three-routes,-four-abilities)", "#Three-routes,-five-abilities)"),
        ("[The map]", "[A map]"),
        ("glossary.md#sentinel", "glossary.md#sentinels"),
        ("(#vote-two-gaps)", "(#vote-three-gaps)"),
        ("[Two gaps](#vote", "[Three gaps](#vote"),
        ("exercises/07_attention_masks", "exercises/07_masks"),
        ('<a id="shared-logins"></a>', ""),
    ],
)
def test_a_link_that_leads_nowhere_is_seen(old, new):
    assert old in TEXT
    assert wrong_links(TEXT.replace(old, new))


def test_what_is_made_of_the_course_is_up_to_date():
    assert GUIDE not in {path.relative_to(ROOT) for path in renewed(ROOT)}


def test_plans_leave_no_minute_out_and_end_in_time():
    *sessions, week = plans(TEXT)
    assert len(sessions) == 4  # one session, and three
    for spans in [*sessions, week]:
        assert spans[0][0] == 0
        assert all(end == begin for (_, end), (begin, _) in itertools.pairwise(spans))
        assert all(begin < end for begin, end in spans)
    assert {spans[-1][1] for spans in sessions} == {90}


def test_pages_are_called_by_name_and_never_by_number():
    by_hand = re.sub(r"<!-- made: .*?<!-- end -->", "", TEXT, flags=re.DOTALL)
    assert not re.findall(r"\b(?:notebooks?|pages?|exercises?) \d+", by_hand, re.IGNORECASE)


def test_functions_that_it_names_are_there():
    names = re.findall(r"`(\w+)\(\)`", TEXT)
    assert names
    assert all(hasattr(lessonlib, name) or hasattr(views, name) for name in names)


@pytest.mark.parametrize("vote", VOTES.values(), ids=VOTES.keys())
def test_behind_every_wrong_choice_is_one_idea_and_one_choice_is_right(vote):
    assert vote["_page"] in {step.name for step in STEPS}
    assert len({choice["text"] for choice in vote["choices"]}) == len(LETTERS)
    behind = [choice.get("_misconception") or choice.get("thinks") for choice in vote["choices"]]
    assert behind.count(None) == 1
    assert len({*behind}) == len(LETTERS)
    for choice in vote["choices"]:
        assert not ({"_misconception", "thinks"} <= choice.keys())
        assert choice.get("_misconception") in {None, *misconceptions()}
        assert choice["because"].endswith((".", "?", "!", ".)"))


def test_votes_do_not_teach_to_the_inventory():
    asked = {concept.question for form in FORMS for concept in concepts(form).values()}
    asked |= {prediction.question for prediction in predictions().values()}
    assert not asked & {vote["question"] for vote in VOTES.values()}


def test_votes_cannot_be_guessed_from_where_the_right_choice_is_or_how_long():
    def right(choice):
        return not {"_misconception", "thinks"} & choice.keys()

    places = [[*map(right, vote["choices"])].index(True) for vote in VOTES.values()]
    assert max(map(places.count, range(4))) <= len(VOTES) / 3
    longest = [max(vote["choices"], key=lambda each: len(each["text"])) for vote in VOTES.values()]
    assert sum(map(right, longest)) <= len(VOTES) / 3


def test_a_week_is_dealt_out_evenly_and_in_order():
    minutes = [3, 1, 1, 1, 3, 3]
    parts = _evenly(minutes, 3)
    assert [at for first, last in parts for at in range(first, last)] == [*range(len(minutes))]
    assert max(sum(minutes[first:last]) for first, last in parts) == 5
    days = re.search(r"<!-- made: week -->(.*?)<!-- end -->", TEXT, re.DOTALL)[1]
    assert [words for words, _ in LINK.findall(days)] == [step.title for step in STEPS]
