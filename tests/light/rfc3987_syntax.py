"""Stands before the package of this name, which takes two seconds to be imported.

jsonschema asks for it in every process that imports nbformat, and does without it if it must. It
checks web addresses, of which no notebook's schema speaks. Graders do the same for themselves.
"""

raise ImportError("left out in tests")
