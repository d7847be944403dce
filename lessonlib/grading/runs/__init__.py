"""A whole run: who works on what, on what terms, on one machine or many."""
