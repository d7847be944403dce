"""What tests of the site share."""

from .building import site

__all__ = ["site"]
