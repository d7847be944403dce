"""How each kind of model answers: one class per architecture, one method per way to answer.

A student has ``ways``: for a task and an answer ("native" or "workaround") the method that does
it. Its first line says how the question is put. `Reader` counts what it costs.
"""

from lessonlib.exams.sentences.candidates.base import Student
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
    "Student",
]
