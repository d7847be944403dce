"""Functions that do not come back, or come back with something odd. A browser runs them, too."""

import contextlib
import itertools
import sys

import numpy as np


def spins(tokens):
    while True:
        pass


def spins_while_it_may(tokens):
    n = 0
    while n < len(tokens):
        n = min(n, 1) - 1


def grows(tokens):
    for word in tokens:
        tokens.append(word)


def swallows(tokens):
    while True:
        with contextlib.suppress(BaseException):
            tokens = tokens[:]


def swallows_whatever(tokens):
    while True:
        try:
            while True:
                tokens = tokens[:]
        except:  # noqa: E722 - as a beginner writes it
            pass


def goes_on_finally(tokens):
    while True:
        try:
            tokens = tokens[:]
        finally:
            continue  # noqa: B012 - it is meant to


def swallows_at_every_call(tokens):
    try:
        while True:
            tokens = tokens[:]
    except BaseException:
        return swallows_at_every_call(tokens)


def counts_in_a_comprehension(tokens):
    return [None for n in itertools.count() if n < 0]


def counts_in_an_expression(tokens):
    return sum(0 for _ in itertools.count())


def never_yields(tokens):
    def words():
        while tokens:
            if not tokens:
                yield tokens

    return list(words())


def spins_inside(tokens):
    def inner(k):
        return inner(k - 1) if k else spins(tokens)

    return inner(5)


def calls_itself_too_often(tokens):
    def fibonacci(n):
        return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

    return fibonacci(80)


def calls_itself_again_and_again(tokens):
    def deeper():
        return deeper()

    while True:
        with contextlib.suppress(RecursionError):
            deeper()


class Endless:
    def __iter__(self):
        return self

    def __next__(self):
        return 0


def reads_what_has_no_end(tokens):
    return max(Endless())


def keeps_what_stops_it(tokens):
    kept = []
    while True:
        try:
            tokens = tokens[:]
            kept[len(tokens) :] = []
        except BaseException as error:
            kept.append(error)


ENDLESS = (
    spins,
    spins_while_it_may,
    grows,
    swallows,
    goes_on_finally,
    counts_in_a_comprehension,
    counts_in_an_expression,
    never_yields,
    spins_inside,
    calls_itself_too_often,
    calls_itself_again_and_again,
    reads_what_has_no_end,
    keeps_what_stops_it,
)
# A thread that does this is left behind, and slows down whatever comes after it.
STUBBORN = (swallows_whatever, swallows_at_every_call)


class SpeechlessError(Exception):
    def __str__(self):
        raise RuntimeError


def raising(error):
    def function(tokens):
        raise error

    return function


RAISED = (SystemExit, KeyboardInterrupt, GeneratorExit, MemoryError, SpeechlessError)


def recurses(tokens):
    return recurses(tokens)


class Strange(list):
    def __len__(self):
        raise RuntimeError("strange")

    def __eq__(self, other):
        return True

    __hash__ = None


async def later(tokens):
    return tokens


def prints(tokens):
    print("to stdout")
    print("to stderr", file=sys.stderr)
    return tokens[:-1], tokens[1:]


def changes_what_it_gets(tokens):
    tokens.append("c")


ODD = (
    recurses,
    later,
    prints,
    changes_what_it_gets,
    lambda tokens: (input(), tokens),
    lambda tokens: Strange(),
    lambda tokens: [Strange(), Strange()],
    lambda tokens: (object(), 1),
    lambda tokens: ({}, set()),
    lambda tokens: (1.5, float("nan")),
    lambda tokens: itertools.count(),
    lambda tokens: (word for word in tokens),
    lambda tokens: "ab",
    lambda tokens: {"inputs": tokens[:-1], "labels": tokens[1:]},
    lambda tokens: np.arange(4).reshape(2, 2),
    lambda tokens: np.float64(3),
    print,
    len,
    dict,
    *map(raising, (error() for error in RAISED)),
)


def outcomes(run, functions=ODD):
    """Return what came of each, as JSON, but for what tells one Python from another."""
    found = []
    for function in functions:
        came = run(function, [["a", "b"]]).to_json()
        if came["failure"] and came["failure"]["type"] in ("RecursionError", "TypeError"):
            came["failure"]["text"] = ""  # Python's own words, which change
        found.append(came)
    return found
