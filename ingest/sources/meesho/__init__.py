"""Meesho's returns report."""
