"""Every argument of every builder refuses what it cannot use, and says what it can.

A good call is taken from the table of objectives, and one argument of it is made bad.
"""

import inspect

import numpy as np
import pytest

from lessonlib import samples
from lessonlib.samples import objectives

NO_TOKENS = [
    ("a bare string", TypeError, ["'a bare string'", "tokens.split()"]),
    (b"bytes", TypeError, ["b'bytes'", "a list of strings"]),
    (None, TypeError, ["None", "a list of strings"]),
    (7, TypeError, ["7", "a list of strings"]),
    ({"a", "b"}, TypeError, ["set", "a list of strings"]),
    ({"a": 1, "b": 2}, TypeError, ["dict", "a list of strings"]),
    ((word for word in "ab"), TypeError, ["generator", "a list of strings"]),
    (["a", 2, "c"], TypeError, ["tokens[1]=2", "int", "string"]),
    (["a", None], TypeError, ["tokens[1]=None", "string"]),
    (["a", b"b"], TypeError, ["tokens[1]=b'b'", "string"]),
    ([["a"], ["b"]], TypeError, ["tokens[0]=['a']", "string"]),
    (np.array(["a", "b"])[0:1].reshape(1, 1), TypeError, ["tokens[0]", "string"]),
    ([], ValueError, ["[]", "or more"]),
]
ONE_TOKEN = [(["a"], ValueError, ["['a']", "2 or more"])]


def no_integer(name, allowed):
    return [
        (True, TypeError, [f"{name}=True", "bool", allowed]),
        (np.False_, TypeError, [f"{name}=", "False", "bool", allowed]),
        (2.0, TypeError, [f"{name}=2.0", "float", allowed]),
        (np.float64(2), TypeError, [f"{name}=", "2.0", "float64", allowed]),
        ("2", TypeError, [f"{name}='2'", "str", allowed]),
        (None, TypeError, [f"{name}=None", allowed]),
        ([2], TypeError, [f"{name}=[2]", "list", allowed]),
    ]


def out_of_range(name, low, high):
    allowed = f"{low}..{high}"
    return [
        (low - 1, ValueError, [f"{name}={low - 1}", allowed]),
        (high + 1, ValueError, [f"{name}={high + 1}", allowed]),
        (np.int8(high + 1), ValueError, [f"{name}={high + 1}", allowed]),
        (-(10**30), ValueError, [f"{name}=-1{'0' * 30}", allowed]),
        *no_integer(name, allowed),
    ]


def no_list_of(what):
    return [
        ("12", TypeError, ["'12'", what]),
        (2, TypeError, ["2", "int", what]),
        (2.5, TypeError, ["2.5", what]),
        (np.array(2), TypeError, ["array(2)", what]),
        (None, TypeError, ["None", what]),
        ({1: 2}, TypeError, ["dict", what]),
        (iter([1, 2]), TypeError, ["iterator", what]),
    ]


def inside(wrap, cases):
    return [(wrap(value), error, said) for value, error, said in cases]


def no_positions(name="positions", high=7):
    return [
        *no_list_of("a list of integers"),
        *inside(lambda value: [1, value], out_of_range(f"{name}[1]", 0, high)),
        ([1, 4, 1], ValueError, [f"{name}[2]=1", "twice", f"{name}[0]"]),
        ([1, np.int64(1)], ValueError, [f"{name}[1]=1", "twice"]),
        (np.array([1.0, 2.0]), TypeError, [f"{name}[0]=", "float64", f"0..{high}"]),
        (np.array([True, False]), TypeError, [f"{name}[0]=", "numpy.bool", f"0..{high}"]),
        (np.array([[1, 2]]), TypeError, [f"{name}[0]=", "array", f"0..{high}"]),
    ]


def no_order(high):
    everything = f"0..{high}"
    return [
        *no_list_of("a list of integers"),
        ({0, 1}, TypeError, ["set", "a list of integers"]),
        *inside(lambda value: [0, value], out_of_range("order[1]", 0, high)),
        ([*range(high), 0], ValueError, [f"order[{high}]=0", "twice", "order[0]"]),
        (list(range(high)), ValueError, [str(list(range(high))), everything, "exactly once"]),
        ([], ValueError, ["order=[]", everything, "exactly once"]),
    ]


def no_spans(rule="start < end"):
    return [
        *no_list_of("a list of pairs"),
        ((2, 5), TypeError, ["span=2", "(start, end)", "spans is a list"]),
        ([(1, 2, 3)], ValueError, ["(1, 2, 3)", "3 members"]),
        ([(1,)], ValueError, ["(1,)", "1 member;"]),
        (np.zeros((1, 1, 2), int), TypeError, ["3 dimensions", "a list of pairs"]),
        (np.zeros((1, 2, 1), int), TypeError, ["3 dimensions", "a list of pairs"]),
        ([()], ValueError, ["()", "0 members"]),
        (["ab"], TypeError, ["span='ab'", "(start, end)"]),
        ([{1, 2}], TypeError, ["set", "(start, end)"]),
        *inside(lambda value: [(value, 8)], out_of_range("start", 0, 8)),
        *inside(lambda value: [(0, value)], out_of_range("end", 0, 8)),
        ([(5, 3)], ValueError, ["end=3 is before start=5", rule]),
        ([(0, 3), (2, 5)], ValueError, ["(2, 5)", "(0, 3)", "overlap"]),
        ([(4, 5), (0, 3)], ValueError, ["(0, 3)", "(4, 5)", "left to right"]),
    ]


def no_choice(name, *options):
    said = [repr(option) for option in options]
    return [
        ("both", ValueError, [f"{name}='both'", *said]),
        (options[0].swapcase(), ValueError, [*said]),
        ("", ValueError, [f"{name}=''", *said]),
        (1, TypeError, [f"{name}=1", *said]),
        (None, TypeError, [f"{name}=None", *said]),
    ]


NO_REPLACEMENTS = [
    ("ab", TypeError, ["replacements='ab'", "a list of strings"]),
    ({"a", "b"}, TypeError, ["set", "a list of strings"]),
    (["a", 1], TypeError, ["replacements[1]=1", "string"]),
    (["a"], ValueError, ["['a']", "1 string for", "2 positions"]),
    (["a", "b", "c"], ValueError, ["3 strings", "2 positions"]),
    ([], ValueError, ["[]", "0 strings", "2 positions"]),
]
EMPTY_SPAN = [
    ([(3, 3)], ValueError, ["end=3 equals start=3", "start < end"]),
    ([(8, 8)], ValueError, ["end=8 equals start=8", "start < end"]),
]
NO_WORDS = [
    *no_list_of("a list of words"),
    ([1, 2], TypeError, ["words[0]=1", "a list of positions"]),
    (["12"], TypeError, ["words[0]='12'", "a list of positions"]),
    ([[]], ValueError, ["words[0]=[]", "1 or more"]),
    ([[0, 1], [1]], ValueError, ["words[1][0]=1", "twice", "words[0][1]"]),
    *inside(lambda value: [[0], [value]], out_of_range("words[1][0]", 0, 9)),
]


def no_texts(name):
    return [
        ("a b", TypeError, ["'a b'", f"a list of {name}"]),
        (["a b", "c d"], TypeError, [f"{name}[0]='a b'", f"{name}[0].split()"]),
        ([["a"], []], ValueError, [f"{name}[1]=[]", "1 or more"]),
        ([["a"], [1]], TypeError, [f"{name}[1][0]=1", "string"]),
        ([], ValueError, [f"{name}=[]", "1 or more"]),
        (None, TypeError, ["None", f"a list of {name}"]),
    ]


NO_DOCUMENTS = [
    *no_texts("documents"),
    ([["a"], ["b", "</s>"]], ValueError, ["documents[1]", "</s>", "end of a document"]),
]
NONE_CHOSEN = [
    *no_list_of("a list of integers"),
    *inside(lambda value: [1, value], out_of_range("chosen[1]", 0, 2)),
    ([1, 1], ValueError, ["chosen[1]=1", "twice", "chosen[0]"]),
    ([], ValueError, ["chosen=[]", "1 or more"]),
]

BAD = {
    "tokens": NO_TOKENS,
    "positions": no_positions(),
    "replacements": NO_REPLACEMENTS,
    "words": NO_WORDS,
    "spans": no_spans() + EMPTY_SPAN,
    "text_infilling.spans": no_spans("start <= end"),
    "split": out_of_range("split", 1, 7),
    "architecture": no_choice("architecture", "decoder-only", "encoder-decoder"),
    "start": out_of_range("start", 0, 8),
    "end": out_of_range("end", 0, 8),
    "fill_in_middle.order": no_choice("order", "psm", "spm"),
    "sentences": no_texts("sentences"),
    "documents": NO_DOCUMENTS,
    "across": [(value, TypeError, [f"across={value!r}", "True or False"]) for value in (1, None)],
    "ahead": out_of_range("ahead", 1, 7),
    "chosen": NONE_CHOSEN,
    "sentence_permutation.order": no_order(2),
    "offset": out_of_range("offset", 0, 7),
    "permutation_lm.order": no_order(7),
    "predicted": no_positions("predicted"),
    "glm.order": no_order(1),
    "denoiser": no_choice("denoiser", "R", "S", "X"),
    "closed": [(value, TypeError, [f"closed={value!r}", "True or False"]) for value in (1, None)],
    "bare_end": [(value, TypeError, [f"bare_end={value!r}", "True or"]) for value in (0, "no")],
    "causal.tokens": NO_TOKENS + ONE_TOKEN,
    "multi_token.tokens": NO_TOKENS + ONE_TOKEN,
    "prefix_lm.tokens": NO_TOKENS + ONE_TOKEN,
    "replaced_token_detection.replacements": [
        *NO_REPLACEMENTS,
        (None, TypeError, ["replacements=None", "a list of strings"]),
    ],
}


def bad_cases():
    for name, row in objectives.items():
        for parameter in inspect.signature(row.builder).parameters:
            cases = BAD.get(f"{name}.{parameter}") or BAD[parameter]
            for number, (value, error, said) in enumerate(cases):
                case_id = f"{name}-{parameter}-{number}-{type(value).__name__}"
                yield pytest.param(name, parameter, value, error, said, id=case_id)


def good_call(name):
    row = objectives[name]
    bound = inspect.signature(row.builder).bind(row.text, **row.decisions)
    return bound.arguments


@pytest.mark.parametrize(("name", "parameter", "value", "error", "said"), list(bad_cases()))
def test_a_bad_argument_is_refused_in_words(name, parameter, value, error, said):
    with pytest.raises(error) as refused:
        objectives[name].builder(**{**good_call(name), parameter: value})
    assert type(refused.value) is error
    assert not [words for words in said if words not in str(refused.value)], str(refused.value)


LESSON = ["transformer", "models", "learn", "patterns"]


@pytest.mark.parametrize(
    ("function", "arguments", "error", "said"),
    [
        (samples.build_causal_example, ("one two",), TypeError, "split()"),
        (samples.build_causal_example, (["one"],), ValueError, "2 or more"),
        (samples.build_causal_example, ([],), ValueError, "2 or more"),
        (samples.build_masked_example, ("one two", [0]), TypeError, "split()"),
        (samples.build_masked_example, ([], []), ValueError, "1 or more"),
        (samples.build_masked_example, (LESSON, [4]), ValueError, "mask_positions[0]=4 is out of"),
        (samples.build_masked_example, (LESSON, [-1]), ValueError, "0..3"),
        (samples.build_masked_example, (LESSON, [1, 1]), ValueError, "twice"),
        (samples.build_masked_example, (LESSON, [True]), TypeError, "0..3"),
        (samples.build_masked_example, (LESSON, [1.0]), TypeError, "0..3"),
        (samples.build_masked_example, (LESSON, 1), TypeError, "a list of integers"),
        (samples.build_span_corruption, ("one two", 0, 1), TypeError, "split()"),
        (samples.build_span_corruption, ([], 0, 1), ValueError, "1 or more"),
        (samples.build_span_corruption, (LESSON, 3, 1), ValueError, "end=1 is before start=3"),
        (samples.build_span_corruption, (LESSON, 2, 2), ValueError, "end=2 equals start=2"),
        (samples.build_span_corruption, (LESSON, -1, 2), ValueError, "start=-1"),
        (samples.build_span_corruption, (LESSON, 0, 5), ValueError, "end=5"),
        (samples.build_span_corruption, (LESSON, False, 2), TypeError, "start=False"),
        (samples.build_span_corruption, (LESSON, 0, 2.0), TypeError, "end=2.0"),
        (samples.build_span_corruption, (LESSON, "0", 2), TypeError, "start='0'"),
        (samples.ul2, (["a"], "S", [(0, 1)]), ValueError, "2 or more"),
        (samples.sentinel, (-1,), ValueError, "k=-1"),
        (samples.sentinel, (1.0,), TypeError, "k=1.0"),
        (samples.principal, ("a b", 1), TypeError, "a list of sentences"),
        (samples.principal, ([LESSON], 2), ValueError, "count=2 is out of range; allowed: 0..1"),
        (samples.glm_positions, ("a b", [], []), TypeError, "split()"),
        (samples.glm_positions, (LESSON, [(0, 5)], [0]), ValueError, "0..4"),
        (samples.glm_positions, (LESSON, [(0, 2)], [1]), ValueError, "0..0"),
    ],
)
def test_the_lessons_functions_and_edge_cases_refuse_in_words(function, arguments, error, said):
    with pytest.raises(error) as refused:
        function(*arguments)
    assert type(refused.value) is error
    assert said in str(refused.value)


def test_a_set_of_positions_will_do_unless_their_order_matters():
    with pytest.raises(TypeError, match="set"):
        samples.masked(LESSON, {0, 1}, ["a", "b"])
    assert samples.masked(LESSON, {0, 1}) == samples.masked(LESSON, [0, 1])
    assert samples.build_masked_example(LESSON, {2})[1] == {2: LESSON[2]}


def test_one_replacement_for_one_position_is_told_in_the_singular():
    with pytest.raises(ValueError, match="2 strings for 1 position;"):
        samples.masked(LESSON, [0], ["a", "b"])


LONG = "word " * 200_000


@pytest.mark.parametrize(
    "call",
    [
        lambda: samples.causal(LONG),
        lambda: samples.causal([LONG, 7]),
        lambda: samples.causal([*["word"] * 1000, [LONG] * 1000]),
        lambda: samples.masked(LESSON, LONG),
        lambda: samples.masked(LESSON, [10**3000]),
        lambda: samples.masked(LESSON, [10**5000]),
        lambda: samples.masked(LESSON, [0], ["word"] * 100_000),
        lambda: samples.permutation_lm(["a"] * 99, list(range(98)), []),
        lambda: samples.prefix_lm(LESSON, 2, LONG),
        lambda: samples.ul2(["a"] * 999, "S", [(k, k + 1) for k in range(998)]),
        lambda: samples.restore(samples.glm(["a"] * 9999, [(k, k + 1) for k in range(9998)],
                                            list(range(9998)))),
    ],
)  # fmt: skip
def test_a_message_stays_short_however_long_the_value(call):
    with pytest.raises((TypeError, ValueError)) as refused:
        call()
    assert len(str(refused.value)) < 1000


def test_an_attention_pattern_that_does_not_exist_is_named():
    made_up = samples.Sample("causal", None, ["a"], ["b"], [True], ("nosuch", 1))
    with pytest.raises(ValueError, match=r"attention='nosuch'.*'causal'"):
        _ = made_up.attention_mask
