"""Makes a Tryton database ready for credit notes: company, chart, fiscal year, taxes, a user of the bridge.

Run as a program of its own (`python -m rtv_cli.local.tryton_setup CONFIG DATABASE`), since trytond keeps
its settings for the whole process; the masters wanted come as JSON on standard input.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal
from typing import Any

GST_RATES = ("0", "3", "5", "12", "18", "28", "40")


def make_ready(config_file: str, database: str, wanted: dict[str, Any]) -> None:
    """Set the database up, once; parties and products that are missing are added every time."""
    from proteus import Model, config

    session = config.set_trytond(f"sqlite:///{database}", user="admin", config_file=config_file)
    if not Model.get("company.company").find([]):
        _join_all_groups(Model, session)
        _make_company(Model, session)
        _make_bridge_user(Model, wanted["user"], wanted["password"])
    _add_parties(Model, wanted["parties"])
    _add_products(Model, wanted["products"])


def _join_all_groups(model: Any, session: Any) -> None:
    """In 8.2 the admin user has no groups until they are added."""
    users, groups = model.get("res.user"), model.get("res.group")
    user = users(session.user)
    user.groups.extend(groups.find([("id", "not in", [group.id for group in user.groups])]))
    user.save()
    session._context = users.get_preferences(True, {})


def _make_company(model: Any, session: Any) -> None:
    from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, create_tax, get_accounts
    from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
    from trytond.modules.company.tests.tools import create_company, get_company

    party = model.get("party.party")(name="RTV Hub demo brand")
    party.save()
    create_company(party=party, currency="INR")
    session._context = model.get("res.user").get_preferences(True, {})
    company = get_company()
    create_chart(company)
    today = date.today()  # noqa: DTZ011 the fiscal year of the ERP's own clock
    start = date(today.year if today.month >= 4 else today.year - 1, 4, 1)
    year = create_fiscalyear(company, (start, date(start.year + 1, 3, 31)))
    set_fiscalyear_invoice_sequences(year).click("create_period")
    accounts = get_accounts(company)
    for rate in GST_RATES:
        tax = create_tax(Decimal(rate) / 100, company)
        tax.name = tax.description = f"GST {rate} %"
        tax.save()
        category = model.get("product.category")(name=f"GST {rate} %", accounting=True)
        category.account_expense, category.account_revenue = accounts["expense"], accounts["revenue"]
        category.customer_taxes.append(model.get("account.tax")(tax.id))
        category.save()


def _make_bridge_user(model: Any, name: str, password: str) -> None:
    """The hub's own user: it may write invoices and read masters, no more."""
    from trytond.modules.company.tests.tools import get_company

    company = get_company()
    user = model.get("res.user")(name="RTV Hub bridge", login=name, password=password)
    user.groups.extend(model.get("res.group").find([("name", "=", "Accounting")]))
    user.companies.append(model.get("company.company")(company.id))
    user.company = company
    user.save()


def _add_parties(model: Any, parties: list[dict[str, str]]) -> None:
    found = model.get("party.party")
    for wanted in parties:
        if not found.find([("code", "=", wanted["code"])]):
            party = found(name=wanted["name"], code=wanted["code"])
            if not party.addresses:
                party.addresses.new()
            party.save()


def _add_products(model: Any, products: list[dict[str, str]]) -> None:
    (unit,) = model.get("product.uom").find([("name", "=", "Unit")])
    templates, found = model.get("product.template"), model.get("product.product")
    for wanted in products:
        if found.find([("code", "=", wanted["code"])]):
            continue
        (category,) = model.get("product.category").find([("name", "=", f"GST {wanted['gst_rate']} %")])
        template = templates(name=wanted["name"], default_uom=unit, type="goods", account_category=category)
        template.list_price = Decimal(0)
        template.products[0].suffix_code = wanted["code"]
        template.save()


if __name__ == "__main__":
    make_ready(sys.argv[1], sys.argv[2], json.load(sys.stdin))
