"""An answer is out of sight until it has been predicted, in what is stored as well."""

import ast
import re
from html import unescape
from pathlib import Path

import nbformat
import pytest

from lessonlib.authoring.sources import read_source
from lessonlib.practice.predictions import predictions

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "notebooks" / "text").glob("*.md"))
EXERCISES = sorted((ROOT / "solutions" / "text").glob("*.md"))
PAGES = sorted((ROOT / "notebooks").glob("*.ipynb"))

# Nothing on the page measures these: the learner works them out, and the explanation is folded.
WORKED_OUT = {"masks_in_use", "longer_prefix"}
# Questions that are asked in words; the first cell after them is what has to be looked at.
LOOKED_AT = ("Which of the next three samples", "In which of the three below")
# What would tell the answer. Each stands on the page, under a cover or in a folded text.
TELLS = {
    "who_writes_the_story": [r"Map\. The same text", r"So it practises", r"The answer:"],
    "who_fills_the_blank": [r"Map\. The same text", r"So it practises", r"The answer:"],
    "counting_exam": [r"cannot begin", r"\d% right", r"nothing about: \d"],
    "best_continuer": [r"Continue freely: ", r"best at what it practised", r"The diagonal"],
    "best_blank_filler": [r"Fill one blank: ", r"The answer:"],
    "best_stretch_writer": [
        r"Missing stretch: ",
        r"Objective Continue freely",
        r"leads where it practised",
    ],
    "masks_in_use": [r"in no real text", r"the marker is gone"],
    "hidden_half": [r"\[1 0 0 0"],
    "changed_positions": [r"output changed at \[7\]", r"only the last position notices"],
    "wrong_pairing_loss": [r"lower training loss: +True", r"cannot write", r"could cheat"],
    "larger_part": [r"feed_forward\.up 16 x 64", r"which is double"],
    "encoder_in_code": [r"say the same: True", r"same blocks"],
    "longer_prefix": [r"ask nothing"],
    "two_practices": [r"Fill in the middle 97", r"keeps nearly all of", r"good at writing on"],
    "first_token_hidden": [r"the first token is never", r"kept, hidden, kept"],
    "right_captions": [r"\d\d right captions"],
    "hidden_patch": [r"must paint", r"all 108 numbers"],
    "one_pair": [r"nothing to choose from", r"pointing apart +: 0"],
    "does_the_start_matter": [
        r"512 examples are enough",
        r"Where the lines end",
        r"ends up no better than a model",
    ],
    "blank_at_the_start": [r"blank at place", r"never asked is not learned"],
    "what_helps_a_question": [r"names the wrong person", r"No answers in practice"],
    "causal_questions": [r"Seven, from eight", r"Only one token is never"],
    "copying_model": [r"\d of \d right", r"copying is a perfect answer"],
    "masked_labels": [r"One label for each", r"labels: \{"],
    "span_markers": [r"One marker for", r"inputs: .*<extra_id_0>"],
    "best_binder": [r"Objective .*Whose colour", r"a bag of words", r"has to bind, and does"],
    "first_merge": [r"r \+ e", r"`a \+ d` is commonest"],
    "words_in_a_span": [r"words touched: about \d", r"Three pieces are more than two"],
    "one_piece_hidden": [r"right about \d times", r"The rest of the word gives the piece away"],
    "lowest_loss": [r"less loss per token with letters: True", r"A letter is easy to guess"],
    "same_knowledge": [r"the same bits per byte: True", r"the product is the chance"],
    "after_the_end": [r"7 questions, 2 of them", r"Nine tokens, seven questions"],
    "looks_across": [r"\d% of the looks go into", r"wastes nearly everything"],
    "one_pass": [r"among the results: \d", r"no sentence has both"],
    "surest_or_any": [r"in any order: \d", r"The surest words are"],
    "diffusion_or_causal": [r"Masked diffusion: \d", r"writes a proper sentence in"],
    "text_or_answer": [r"one blank +\d", r"the emptiest pages have"],
    "looking_harms": [r"looks across \d", r"It has learned less in the same steps"],
    "half_and_half": [r"last: masked LM: Continue", r"writes no valid sentence, even if"],
    "going_on": [r"then Masked LM for 250", r"going on does not catch up"],
    "without_cache": [r"keeps what it has read +\d", r"six times as much"],
    "four_tasks": [r"Masked LM, the surest blank first", r"Not causal LM, by the means"],
    "look_up": [r"Where the lines end", r"was practised, once more"],
    "two_heads": [r"says the next two words +\d", r"thought likeliest"],
    "other_side": [r"asked from the other: ", r"So here is the curse"],
    "masking_rate": [r"Where the lines end", r"less than two points either way"],
    "another_metric": [r"span corruption scores 7\d at", r"Scores as dots"],
    "who_keeps_track": [
        r"Who does what, the best first: Causal LM",
        r"Objective Continue freely",
        r"most useful of the three",
    ],
    "passes_for_a_blank": [
        r"fill one blank 75 1 95 99",
        r"95 for 99 by",
        r"at many times the cost",
    ],
    "order_in_harder_world": [r"Causal LM 98 ± 1 73 ± 3", r"are the same as before"],
    "what_moves_what": [r"due to the architecture", r"[Oo]ne panel for each objective"],
    "best_layer": [r"by layer and pooling", r"as well as the best layer"],
    "right_in_the_end": [],  # nothing that is stored: one's own answers tell it
    "new_combination": [r"Objective .*New combination", r"a cross is never red"],
    "labels_in_the_library": [r"labels transformer models", r"two copies"],
    "shifted_by_both": [r"reads \w+, has to say", r"shifted twice"],
    "shelf_ettin_reading": [r"ahead on MNLI"],
    "shelf_ettin_writing": [r"ahead on generative"],
    "shelf_bart_questions": [r"76\.7"],
    "shelf_bart_long_answers": [r"best of all that were compared"],
    "shelf_masking_rate": [r"better on GLUE", r"95 %"],
    "shelf_averaged_bert": [r"46\.35", r"58\.02"],
    "shelf_order_of_objectives": [r"best under a fixed budget"],
    "shelf_ranking_turns": [r"practised masked LM is best"],
    "diagonal_in_the_library": [r"GPT2LMHeadModel \(", r"The diagonal is there"],
}
IN_EXERCISES = {
    "05": r"About 800, 100",
    "06": r"= 90 tokens",
    "09": r"is 2\.0",
    "11": r"The first claim",
}


def number_of(path):
    return path.stem.partition("_")[0]


def without_folded(text):
    return re.sub(r"<details(?![^>]* open).*?</details>", "", text, flags=re.DOTALL)


def words_of(html):
    html = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.DOTALL)
    html = re.sub(r'<img[^>]*?\balt="([^"]*)"[^>]*>', r" \1 ", html)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html)))


def texts_of(cell, fold):
    """Return what a cell shows: with `fold`, what is seen before anything is clicked."""
    if cell.cell_type == "markdown":
        return fold(cell.source)
    shown = [cell.source]
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        shown.append(output.get("text", ""))
        shown.append(data.get("text/plain", ""))
        shown.append(words_of(fold(data.get("text/html", ""))))
    return "\n".join(shown)


def asks(cell, name):
    return cell.cell_type == "code" and f'predict("{name}")' in cell.source


def after_the_question(notebook, name):
    """Return the cells that could give an answer away: those behind its question, or all."""
    asked = [at for at, cell in enumerate(notebook.cells) if asks(cell, name)]
    return notebook.cells[asked[0] + 1 :] if asked else notebook.cells


def told(notebook, name, fold=without_folded):
    """List what gives the answer of a prediction away on a page."""
    prediction = predictions()[name]
    text = " ".join(
        texts_of(cell, fold)
        for cell in after_the_question(notebook, name)
        if not (cell.cell_type == "code" and "predict(" in cell.source)
    )
    text = re.sub(r"\s+", " ", text)
    sentences = [re.escape(said) for said in (*prediction.choices.values(), prediction.because)]
    known = [*TELLS[name], *filter(None, sentences)]
    if prediction.answer and len(prediction.answer) > 12:
        known.append(re.escape(prediction.answer))
    return [pattern for pattern in known if re.search(pattern, text)]


def calls(cell, function):
    """Return the plain arguments of every call of a function in a cell."""
    return [
        [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function
    ]


def is_covered(cell, name=None):
    """Tell whether a cell covers what it shows, for one prediction or at all."""
    covers = [*calls(cell, "covered"), *calls(cell, "reveal")]
    answered = predictions()[name].answered_in if name else None
    return any(name is None or name in names or answered in names for names in covers)


def pages_of(name):
    prediction = predictions()[name]
    return {prediction.notebook, prediction.answered_in or prediction.notebook}


def code(cells):
    return [cell for cell in cells if cell.cell_type == "code"]


def is_silent(cell):
    """Tell whether a cell only prepares something: nothing is printed, nothing shown."""
    return not isinstance(ast.parse(cell.source).body[-1], ast.Expr) and not (
        re.search(r"\bprint\(", cell.source)
    )


def uncovered_measurements(notebook):
    """List predictions of a page whose next result is in plain view."""
    found = []
    cells = code(notebook.cells)
    for at, cell in enumerate(cells):
        for (name,) in calls(cell, "predict"):
            elsewhere = predictions()[name].answered_in not in ("", predictions()[name].notebook)
            if elsewhere or name in WORKED_OUT:
                continue
            following = [c for c in cells[at + 1 :] if not calls(c, "predict") and not is_silent(c)]
            if predictions()[name].answer is None:  # measured further down, and then revealed
                following = [c for c in following if is_covered(c, name)]
            if not following or not is_covered(following[0], name):
                found.append(name)
    return found


def spoken_questions(notebook):
    """Yield each "Predict." that is asked in words alone, with the next code cell."""
    for at, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown" and "**Predict" in cell.source:
            question = cell.source[cell.source.rindex("**Predict") :]
            following = code(notebook.cells[at + 1 :])[0]
            if not calls(following, "predict"):
                yield question, following


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_first_result_after_a_question_is_covered(source):
    assert uncovered_measurements(read_source(source)) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_result_after_a_question_in_words_is_covered(source):
    for question, cell in spoken_questions(read_source(source)):
        assert is_covered(cell) or question.split("** ")[1].startswith(LOOKED_AT), question


@pytest.mark.parametrize("name", [n for n in predictions() if n not in WORKED_OUT])
def test_every_measured_prediction_has_a_cover(name):
    sources = [read_source(path) for path in SOURCES if number_of(path) in pages_of(name)]
    assert any(is_covered(cell, name) for source in sources for cell in code(source.cells))


@pytest.mark.parametrize("name", predictions())
def test_nothing_tells_the_answer_before_it_is_asked_for(name):
    for path in PAGES:
        if number_of(path) in pages_of(name):
            assert told(nbformat.read(path, 4), name) == [], path.stem


@pytest.mark.parametrize("name", predictions())
def test_every_answer_is_told_under_the_covers(name):
    pages = [nbformat.read(path, 4) for path in PAGES if number_of(path) in pages_of(name)]
    found = {pattern for page in pages for pattern in told(page, name, fold=str)}
    assert set(TELLS[name]) <= found


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_cover_that_is_taken_off_is_noticed(source):
    notebook = read_source(source)
    asked = [name for cell in code(notebook.cells) for (name,) in calls(cell, "predict")]
    own = [n for n in asked if predictions()[n].answered_in in ("", number_of(source))]
    for cell in code(notebook.cells):
        cell.source = re.sub(r"\b(covered|reveal)\(", "plain(", cell.source)
    assert set(uncovered_measurements(notebook)) == set(own) - WORKED_OUT


@pytest.mark.parametrize("source", EXERCISES, ids=lambda path: path.stem)
def test_exercises_fold_what_a_learner_is_to_work_out(source):
    tell = IN_EXERCISES.get(number_of(source))
    if tell:
        texts = [c.source for c in read_source(source).cells if c.cell_type == "markdown"]
        assert re.search(tell, "\n".join(texts))
        assert not re.search(tell, without_folded("\n".join(texts)))
