"""What can be wrong with a row: every code with its remedy."""

from __future__ import annotations

from dataclasses import dataclass

REMEDIES: dict[str, str] = {
    "REQUIRED_MISSING": "Fill the cell in, or leave the row out.",
    "TEXT_NUL": "Remove the NUL character; the file may have been cut or padded by a program.",
    "TEXT_TOO_LONG": "Shorten the text to 10,000 characters.",
    "IDENTIFIER_E_NOTATION": "Export the column as text; the digits are gone and cannot be won back.",
    "GTIN_E_NOTATION": "Export the barcodes as text; the digits are gone and cannot be won back.",
    "GTIN_NOT_DIGITS": "Write the GTIN with digits only.",
    "GTIN_LENGTH": "A GTIN has 8, 12, 13 or 14 digits; a leading zero may have been cut off.",
    "GTIN_CHECK_DIGIT": "Compare the code with the barcode: one digit is mistyped or two are swapped.",
    "VALUE_NOT_ALLOWED": "Use one of the values that the contract names.",
    "INTEGER_INVALID": "Write a whole number with digits only.",
    "INTEGER_NOT_POSITIVE": "Write a whole number above 0.",
    "INTEGER_NEGATIVE": "Write a whole number of 0 or more.",
    "NUMBER_INVALID": "Write a number with a decimal point, at most 15 digits before it.",
    "NUMBER_E_NOTATION": "Write the number out; an exponent hides digits.",
    "NUMBER_NEGATIVE": "Write a number of 0 or more.",
    "DATE_INVALID": "Write the date as YYYY-MM-DD.",
    "DATE_AMBIGUOUS": "Write dates as YYYY-MM-DD; nothing in this column tells day from month.",
    "DATE_ORDER_MIXED": "Write dates as YYYY-MM-DD; this column mixes day first and month first.",
    "TIMESTAMP_INVALID": "Write the time as ISO 8601, for example 2026-11-01T10:30:00+05:30.",
    "TIMEZONE_UNKNOWN": "Use a name of the IANA time zone database, for example Asia/Kolkata.",
    "SHA256_INVALID": "Write the SHA-256 as 64 hexadecimal digits.",
    "BOOLEAN_INVALID": "Write true or false.",
    "RECORDS_INVALID": "Write the nested records as JSON objects with the contract's fields.",
    "TOTAL_MISMATCH": "Correct the amounts: total_amount is qty x unit_value + tax_amount.",
    "SKU_MISSING": "Fill in sku_code or platform_sku.",
    "ENDED_BEFORE_STARTED": "Correct the times: the end lies before the start.",
    "REVISION_CONFLICT": "Send the document under its next revision_no: this one is loaded with other lines.",
    "MESSAGE_NOT_READ": "Send 180, 812, 856, 861, 214, 940 or 945, or RETANN, RECADV, DESADV or IFTSTA.",
    "SHEET_LEFT_OUT": "Send this sheet as a file of its own.",
}


@dataclass(eq=False)
class CellError(Exception):
    """Why one cell is refused."""

    code: str
    fact: str

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES[self.code]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row on its way to quarantine."""

    row_no: int
    column_name: str | None
    bad_value: str | None
    code: str
    fact: str
    remedy: str
    content: dict[str, object]
    sheet_name: str | None = None
