"""Pictures with captions: the second exam."""
