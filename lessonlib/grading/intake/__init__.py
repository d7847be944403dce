"""Whose file is it, and what is in it: nothing of a submission is run here."""
