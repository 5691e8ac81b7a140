"""Posts credit notes to Tryton: looked up by our id first, posted once, counted only when read back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rtv_core.errors import RtvError, TransientError
from rtv_core.outbound.attempt import MAX_ANSWER_CHARACTERS, AttemptResult, Effect
from rtv_core.outbound.erp.credit_note import NoteLine, PostedNote, differences
from rtv_core.outbound.erp.tryton_rpc import ErpRefused, TrytonRpc, open_tryton
from rtv_core.warehouse.outbox_store import Message

__all__ = ["open_tryton", "post_credit_note"]

_INVOICE = "model.account.invoice"
_LIVE_STATES = ["draft", "validated", "posted", "paid"]
_DONE_STATES = {"posted", "paid"}


def post_credit_note(rpc: TrytonRpc, message: Message) -> AttemptResult:
    """One attempt: a document that carries our id is completed, never posted a second time."""
    try:
        return _bring_about(rpc, message.payload)
    except TransientError as error:
        return AttemptResult(Effect.RETRY, error.fact[:MAX_ANSWER_CHARACTERS], is_unreachable=True)
    except RtvError as error:
        return AttemptResult(Effect.REFUSED, error.fact[:MAX_ANSWER_CHARACTERS])


def _bring_about(rpc: TrytonRpc, payload: dict[str, Any]) -> AttemptResult:
    found = _find(rpc, payload["credit_note_id"])
    is_ours = found is None
    if found is None:
        (invoice_id,) = rpc.call(f"{_INVOICE}.create", [_document(rpc, payload)])
        found = {"id": invoice_id, "state": "draft"}
    wrong = differences(payload, _read_back(rpc, found["id"]))
    if wrong:
        raise ErpRefused(
            f"Document {found['id']} of the ERP is not what was sent: {'; '.join(wrong)}",
            remedy="Compare the two; delete the ERP's draft, then release the message.",
        )
    if found["state"] not in _DONE_STATES:
        rpc.call(f"{_INVOICE}.post", [found["id"]])
    posted = _read_back(rpc, found["id"])
    state = _find(rpc, payload["credit_note_id"])
    wrong = differences(payload, posted)
    if wrong or state is None or state["state"] not in _DONE_STATES:
        raise ErpRefused(
            f"Credit note {posted.number} was posted, but reads back otherwise: {'; '.join(wrong) or state}",
            remedy="Compare the two in the ERP; nothing is posted again by itself.",
        )
    answer = f"credit note {posted.number} over {posted.total}{'' if is_ours else ', found by our id'}"
    return AttemptResult(Effect.DELIVERED, answer, remote_reference=posted.number)


def _find(rpc: TrytonRpc, credit_note_id: str) -> dict[str, Any] | None:
    domain = [["reference", "=", credit_note_id], ["type", "=", "out"], ["state", "in", _LIVE_STATES]]
    found: list[dict[str, Any]] = rpc.call(f"{_INVOICE}.search_read", domain, 0, 2, None, ["state", "number"])
    if len(found) > 1:
        raise ErpRefused(
            f"Two documents of the ERP carry the id {credit_note_id}",
            remedy="Cancel one of them in the ERP, then release the message.",
        )
    return found[0] if found else None


def _document(rpc: TrytonRpc, payload: dict[str, Any]) -> dict[str, Any]:
    """A customer credit note is an invoice with negative quantities; party and accounts are the ERP's own."""
    company = rpc.company_id
    party = _one(rpc, "party.party", [["code", "=", payload["party_code"]]], f"party {payload['party_code']}")
    currency = _one(
        rpc,
        "currency.currency",
        [["code", "=", payload["currency_code"]]],
        f"currency {payload['currency_code']}",
    )
    journals: list[int] = rpc.call("model.account.journal.search", [["type", "=", "revenue"]], 0, 1, None)
    chosen = rpc.call(f"{_INVOICE}.on_change_party", {"type": "out", "company": company, "party": party})
    lines = [_line(rpc, line, company=company, party=party, currency=currency) for line in payload["lines"]]
    return {
        "type": "out",
        "company": company,
        "party": party,
        "currency": currency,
        "journal": journals[0] if journals else None,
        "account": chosen["account"],
        "invoice_address": chosen["invoice_address"],
        "reference": payload["credit_note_id"],
        "description": f"{payload['platform_code']} RTV {payload['rtv_no']}, invoice {payload['invoice_no']}",
        "lines": [["create", lines]],
    }


def _line(rpc: TrytonRpc, line: dict[str, Any], *, company: int, party: int, currency: int) -> dict[str, Any]:
    product = _one(rpc, "product.product", [["code", "=", line["sku_code"]]], f"product {line['sku_code']}")
    base = {
        "type": "line", "invoice_type": "out", "company": company, "currency": currency, "party": party,
        "product": product, "quantity": float(-line["qty"]), "unit": None, "account": None, "taxes": [],
        "invoice": None, "taxes_deductible_rate": Decimal(1),
    }  # fmt: skip
    chosen = rpc.call("model.account.invoice.line.on_change_product", base)
    if not chosen.get("account"):
        raise ErpRefused(
            f"The ERP has no revenue account for product {line['sku_code']}",
            remedy="Give the product an accounting category with a revenue account.",
        )
    batch = f", batch {line['batch_no']}" if line["batch_no"] else ""
    return {
        "type": "line",
        "invoice_type": "out",
        "company": company,
        "currency": currency,
        "product": product,
        "quantity": float(-line["qty"]),
        "unit": chosen["unit"],
        "account": chosen["account"],
        "unit_price": Decimal(line["unit_price_minor"]) / 100,
        "description": f"{line['sku_code']}{batch}, invoice line {line['invoice_line_no']}",
        "taxes": [["add", _taxes(rpc, Decimal(line["gst_rate"]), company)]],
    }


def _taxes(rpc: TrytonRpc, gst_rate: Decimal, company: int) -> list[int]:
    if gst_rate == 0:
        return []
    domain: list[list[Any]] = [
        ["rate", "=", gst_rate / 100], ["type", "=", "percentage"], ["parent", "=", None],
        ["company", "=", company],
    ]  # fmt: skip
    return [_one(rpc, "account.tax", domain, f"tax of {gst_rate} %")]


def _one(rpc: TrytonRpc, model: str, domain: list[list[Any]], name: str) -> int:
    found: list[int] = rpc.call(f"model.{model}.search", domain, 0, 2, None)
    if len(found) != 1:
        raise ErpRefused(
            f"The ERP knows {'no' if not found else 'more than one'} {name}",
            remedy="Enter it in the ERP under this code, once; then release the message.",
        )
    return found[0]


def _read_back(rpc: TrytonRpc, invoice_id: int) -> PostedNote:
    fields = ["number", "untaxed_amount", "tax_amount", "total_amount", "lines"]
    (invoice,) = rpc.call(f"{_INVOICE}.read", [invoice_id], fields)
    names = ["product.code", "quantity", "unit_price", "taxes"]
    lines = rpc.call("model.account.invoice.line.read", invoice["lines"], names)
    tax_ids = sorted({tax for line in lines for tax in line["taxes"]})
    rates = {tax["id"]: tax["rate"] for tax in rpc.call("model.account.tax.read", tax_ids, ["rate"])}
    return PostedNote(
        number=invoice["number"] or "",
        lines=tuple(
            NoteLine(
                (line["product."] or {}).get("code") or "",
                -Decimal(str(line["quantity"])),
                line["unit_price"],
                sum((rates[tax] for tax in line["taxes"]), Decimal(0)) * 100,
            )
            for line in lines
        ),
        untaxed=-invoice["untaxed_amount"],
        tax=-invoice["tax_amount"],
        total=-invoice["total_amount"],
    )
