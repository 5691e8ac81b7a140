"""Registers of any ERP under the usual names: goods receipts, invoices, debit notes."""
