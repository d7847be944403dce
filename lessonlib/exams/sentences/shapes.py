"""The architectures that are compared."""

from dataclasses import dataclass

from lessonlib.models import Transformer
from lessonlib.models.shared import SharedTransformer


@dataclass(frozen=True)
class Shape:
    """An architecture as it is compared here."""

    name: str
    architecture: str  # as in :class:`lessonlib.models.Config`
    layers: int  # in all stacks
    passed: int  # layers that a word passes
    kind: type[Transformer] = Transformer


SHAPES = {
    shape.name: shape
    for shape in (
        Shape("decoder-only", "decoder-only", 2, 2),
        Shape("prefix decoder", "decoder-only", 2, 2),
        Shape("encoder-only", "encoder-only", 2, 2),
        Shape("encoder-decoder 1+1", "encoder-decoder", 2, 1),
        Shape("encoder-decoder 2+2", "encoder-decoder", 4, 2),
        Shape("encoder-decoder 2+2, shared", "encoder-decoder", 4, 2, SharedTransformer),
    )
}
FORWARD, PREFIX, ENCODER, EQUAL_WEIGHTS, EQUAL_LAYERS, SHARED = SHAPES
TWO_STACKS = (EQUAL_WEIGHTS, EQUAL_LAYERS, SHARED)
