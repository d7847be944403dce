"""Formulas as MathML, which every browser draws by itself."""

from docutils.utils.math.latex2mathml import tex2mathml


def mathml(formula: str, as_block: bool = False) -> str:
    """Write a formula in LaTeX as MathML."""
    # docutils knows both kinds of dots, and not the command that chooses between them.
    return tex2mathml(formula.replace(r"\dots", r"\ldots"), as_block=as_block)
