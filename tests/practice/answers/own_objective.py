"""Answers to 10b_invent_an_objective: many rules are right here, if they make honest questions."""

from itertools import count

from tests.practice.answers.catalogue import right, wrong

OWN, PREDICTION = "make_batch", "my_prediction"


@right(OWN)
def every_second_word(texts, rolls):
    inputs, targets = [], []
    for text, row in zip(texts, rolls, strict=True):
        start = 0 if row[0] < 0.5 else 1
        inputs.append(["[MASK]" if at % 2 == start else w for at, w in enumerate(text)])
        targets.append([w if at % 2 == start else None for at, w in enumerate(text)])
    return inputs, targets, "both"


@right(OWN)
def next_word(texts, rolls):
    return [["<s>", *text[:-1]] for text in texts], [list(text) for text in texts], "back"


@right(OWN)
def word_after_the_next(texts, rolls):
    inputs = [["<s>", *text[:-2]] for text in texts]
    return inputs, [text[1:] for text in texts], "back"


@right(OWN)
def masked_more_towards_the_end(texts, rolls):
    inputs, targets = [], []
    for text, row in zip(texts, rolls, strict=True):
        read, said = [], []
        for at in range(len(text)):
            hide = row[at] < 0.6 * (at + 1) / len(text)
            read.append("[MASK]" if hide else text[at])
            said.append(text[at] if hide else None)
        inputs.append(read)
        targets.append(said)
    return inputs, targets, "both"


@right(OWN)
def order_to_be_restored(texts, rolls):
    """Everything is there, but turned round: what is said has to be looked for."""
    return [text[::-1] for text in texts], [list(text) for text in texts], "both"


@right(OWN)
def bert_with_kept_words(texts, rolls):
    inputs, targets = [], []
    for text, row in zip(texts, rolls, strict=True):
        inputs.append(["[MASK]" if 0.05 <= r < 0.3 else w for w, r in zip(text, row, strict=True)])
        targets.append([w if r < 0.3 else None for w, r in zip(text, row, strict=True)])
    return inputs, targets, "both"


@wrong(OWN, "looks_elsewhere")
def looks_ahead(texts, rolls):
    inputs, targets, _ = every_second_word(texts, rolls)
    return inputs, targets, "forward"


@wrong(OWN, "rows_missing")
def first_row_only(texts, rolls):
    inputs, targets, looks = every_second_word(texts, rolls)
    return inputs[0], targets[0], looks


@wrong(OWN, "lengths_differ")
def asks_for_hidden_words_in_a_row(texts, rolls):
    inputs, targets, looks = every_second_word(texts, rolls)
    return inputs, [[w for w in row if w] for row in targets], looks


@wrong(OWN, "strange_input")
def hides_with_a_question_mark(texts, rolls):
    inputs, targets, looks = every_second_word(texts, rolls)
    return [["?" if w == "[MASK]" else w for w in row] for row in inputs], targets, looks


@wrong(OWN, "strange_target")
def asks_for_the_length(texts, rolls):
    inputs, targets, looks = every_second_word(texts, rolls)
    return inputs, [[w and str(len(w)) for w in row] for row in targets], looks


@wrong(OWN, "too_long")
def reads_everything_twice(texts, rolls):
    inputs = [[*text, "<s>", *text[:-1]] for text in texts]
    return inputs, [[None] * len(text) + text for text in texts], "back"


@wrong(OWN, "nothing_asked")
def asks_nothing(texts, rolls):
    return texts, [[None] * len(text) for text in texts], "both"


@wrong(OWN, "nothing_asked")
def asks_when_the_dice_are_impossible(texts, rolls):
    rows = [zip(text, row, strict=True) for text, row in zip(texts, rolls, strict=True)]
    return texts, [[w if r > 1 else None for w, r in row] for row in rows], "both"


@wrong(OWN, "nothing_asked_here")
def asks_long_texts_only(texts, rolls):
    inputs, targets, looks = every_second_word(texts, rolls)
    some = [row if len(row) > 4 else [None] * len(row) for row in targets]
    return inputs, some, looks


@wrong(OWN, "answer_in_view")
def copies(texts, rolls):
    return texts, texts, "both"


@wrong(OWN, "answer_in_view")
def next_word_with_both_sides(texts, rolls):
    inputs, targets, _ = next_word(texts, rolls)
    return inputs, targets, "both"


@wrong(OWN, "answer_in_view")
def word_that_has_just_been_read(texts, rolls):
    return [text[1:] for text in texts], [[None, *text[1:-1]] for text in texts], "back"


@wrong(OWN, "answer_somewhere_in_view")
def answers_at_the_end(texts, rolls):
    inputs, targets, looks = every_second_word(texts, rolls)
    told = [[w for w in row if w][:4] for row in targets]
    some = [[w if w in few else None for w in row] for row, few in zip(targets, told, strict=True)]
    more = [row + [None] * len(few) for row, few in zip(some, told, strict=True)]
    return [row + few for row, few in zip(inputs, told, strict=True)], more, looks


_CALLS = count()


@wrong(OWN, "other_each_time")
def counts_its_calls(texts, rolls):
    start = next(_CALLS) % 2
    inputs = [["[MASK]" if at % 2 == start else w for at, w in enumerate(t)] for t in texts]
    targets = [[w if at % 2 == start else None for at, w in enumerate(t)] for t in texts]
    return inputs, targets, "both"


@right(PREDICTION)
def by_dictionary(ability):
    return {"continuation": (0, 10), "blank": (70, 95), "missing_span": (20, 50)}[ability]


@right(PREDICTION)
def by_questions(ability):
    if ability == "continuation":
        return 60, 90
    if ability == "blank":
        return [20, 45]
    return 10, 40


@right(PREDICTION)
def with_an_else(ability):
    return (-5, 5) if ability == "continuation" else (55.5, 80.0)


@right(PREDICTION)
def around_a_guess(ability):
    guess = {"continuation": 10, "blank": 80, "missing_span": 40}[ability]
    return guess - 10, guess + 10


@wrong(PREDICTION, "in_words")
def in_words(ability):
    return "low", "high"


@wrong(PREDICTION, "one_number")
def one_number(ability):
    return 50 if ability == "blank" else 20


@wrong(PREDICTION, "same_for_all")
def the_same_for_all(ability):
    return 20, 60


@wrong(PREDICTION, "in_shares")
def in_shares(ability):
    return (0.7, 0.9) if ability == "blank" else (0.0, 0.2)


@wrong(PREDICTION, "turned_round")
def turned_round(ability):
    return (95, 70) if ability == "blank" else (10, 0)


@wrong(PREDICTION, "outside")
def beyond_the_best(ability):
    return (90, 120) if ability == "blank" else (85, 115)


@wrong(PREDICTION, "too_wide")
def says_little(ability):
    return (10, 90) if ability == "blank" else (0, 60)


@wrong(PREDICTION, "a_point")
def too_sure(ability):
    return (80, 80) if ability == "blank" else (5, 5)


@wrong(PREDICTION, "returned_none")
def forgets_to_return(ability):
    {"blank": (70, 95)}.get(ability)
