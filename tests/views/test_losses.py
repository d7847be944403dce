"""A table of losses shows what was counted, each vocabulary in a row."""

from lessonlib.exams.pieces import knows_pieces, knows_words
from lessonlib.views.losses import losses_table
from tests.views.html_tables import read_tables

COUNTS = {"▁ab": 3, "▁b": 2, "ba": 1}
CUTS = {"letters": list, "words": lambda unit: [unit]}


def test_each_row_is_what_was_counted():
    for words, measure in ((False, knows_pieces), (True, knows_words)):
        table = losses_table(CUTS, COUNTS, words)
        (shown,) = read_tables(table._repr_html_())
        for (name, tokens, per_token, per_byte), cut in zip(shown[1:], CUTS.values(), strict=True):
            loss = measure(cut, COUNTS)
            assert CUTS[name] is cut
            assert int(tokens.replace(",", "")) == loss.tokens
            assert abs(float(per_token) - loss.per_token) <= 0.005
            assert abs(float(per_byte) - loss.bits_per_byte) <= 0.0005
