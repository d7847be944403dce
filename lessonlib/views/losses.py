"""A table of losses by two rulers: by the token, and by the byte."""

from collections.abc import Mapping

from lessonlib.exams.pieces import Cut, Loss, knows_pieces, knows_words
from lessonlib.views.tables import WORDS, Table


def losses_table(cuts: Mapping[str, Cut], counts: Mapping[str, int], words: bool = False) -> Table:
    """Compare vocabularies, each by its name and by how it cuts a unit.

    The model knows how often each token comes; or else how often each of the `words` does, which it
    says token by token.
    """
    measure = knows_words if words else knows_pieces
    rows = [[name, *_shown(measure(cut, counts))] for name, cut in cuts.items()]
    headings = ("tokens_are", "tokens", "loss_per_token", "bits_per_byte")
    return Table([WORDS(f"headings.{heading}") for heading in headings], rows)


def _shown(loss: Loss) -> list[str]:
    return [f"{loss.tokens:,}", f"{loss.per_token:.2f}", f"{loss.bits_per_byte:.3f}"]
