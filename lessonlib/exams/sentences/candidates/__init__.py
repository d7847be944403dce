"""How each kind of model answers: one class per architecture, one method per way to answer.

``words/en/exams.toml`` tells each way in a sentence, by class, task and answer.
"""

from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.candidates.decoder import DecoderOnly, FillInMiddle, PrefixReader
from lessonlib.exams.sentences.candidates.encoder import EncoderOnly
from lessonlib.exams.sentences.candidates.encoder_decoder import EncoderDecoder, MixedDenoiser

__all__ = [
    "DecoderOnly",
    "EncoderDecoder",
    "EncoderOnly",
    "FillInMiddle",
    "MixedDenoiser",
    "PrefixReader",
    "TextCandidate",
]
