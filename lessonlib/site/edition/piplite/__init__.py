"""What the kernel in the page calls to install packages. Here nothing comes from elsewhere.

It takes the place of the kernel's own ``piplite``, which asks a package index, and fits only the
newest Pyodide.
"""

from . import piplite
from .piplite import install

__all__ = ["install", "piplite"]
