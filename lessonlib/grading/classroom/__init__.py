"""What a class thinks and where it stumbles: one page, and the same as tables.

A group of fewer learners than the smallest that may be shown (five, if nothing else is said) is
not broken down, and no number is given from which its parts could be worked out.
"""
