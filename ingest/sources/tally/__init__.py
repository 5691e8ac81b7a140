"""Tally's registers, as a company exports them: sales become dispatches, debit notes debit notes."""
