"""Judges rows against a canonical contract, one by one, before anything is loaded."""
