"""WordPiece: from the left, always the longest piece that is known."""

from collections.abc import Iterable, Mapping

from lessonlib.pieces.byte_pairs import alphabet, joined, learn_merges
from lessonlib.pieces.tokenizer import SPACE, Tokenizer, checked

#: Takes the place of a whole word that cannot be cut (BERT).
UNKNOWN = "[UNK]"

INSIDE = "##"  # before every piece but the first of a word
LONGEST = 100  # letters of a word; a longer one is unknown


class WordPieces(Tokenizer):
    """WordPiece: a word is cut from the left, each time as long as the vocabulary has it.

    All pieces but the first of a word begin with ``##``. A word with a letter that is not known
    there is ``[UNK]`` as a whole: it has no way back. The vocabulary is learned as in the library
    `tokenizers`, by the merges of byte-pair encoding; BERT's own tool was never published. Source:
    Devlin et al. 2019 (BERT), section 3; Wu et al. 2016, section 4.1.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        super().__init__(vocabulary)
        self._known = set(self.vocabulary)

    @classmethod
    def learn(cls, counts: Mapping[str, int], merges: int) -> "WordPieces":
        """Learn so many merges from how often each unit occurs; the space before it is dropped."""
        words: dict[str, int] = {}
        for unit, often in checked(counts).items():
            word = unit.removeprefix(SPACE)
            words[word] = words.get(word, 0) + often
        learned = (joined(pair, INSIDE) for pair in learn_merges(words, merges, INSIDE))
        return cls(dict.fromkeys([UNKNOWN, *alphabet(words, INSIDE), *learned]))

    def text(self, pieces: Iterable[str]) -> str:
        """Put pieces together, with one space between words; unknown words stay unknown."""
        return " ".join(pieces).replace(f" {INSIDE}", "")

    def _cut(self, unit: str) -> list[str]:
        word, pieces, start = unit.removeprefix(SPACE), [], 0
        while start < len(word):
            mark = INSIDE if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self._known), None)
            if end is None or len(word) > LONGEST:
                return [UNKNOWN]
            pieces.append(mark + word[start:end])
            start = end
        return pieces
