"""Texts and tables that stay whole and safe, whatever a submission or a file name holds."""
