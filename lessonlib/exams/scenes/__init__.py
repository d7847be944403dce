"""Pictures with captions: which ability does each objective teach."""
