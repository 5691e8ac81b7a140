"""What the status codes of 214 and IFTSTA mean. A code that is not here stays `unknown`.

Sources: X12 elements 1650 (shipment status), 1652 (appointment) and 1651 (reason), as listed publicly for
004010 to 005010; UN/EDIFACT elements 9011 (later 4405, with the codes of EANCOM 1997 and 2002) and 9013.
Only a code with one plain meaning for a movement is mapped.
"""

from __future__ import annotations

X12_STATUSES: dict[str, str] = {
    "A3": "refused",
    "A7": "refused",
    "A9": "damaged",
    "AF": "picked_up",
    "AG": "in_transit",
    "AH": "attempt_failed",
    "AI": "in_transit",
    "AJ": "out_for_delivery",
    "AM": "in_transit",
    "AP": "attempt_failed",
    "AR": "in_transit",
    "AV": "at_destination_hub",
    "B6": "in_transit",
    "BA": "in_transit",
    "BC": "on_hold",
    "C1": "in_transit",
    "CA": "cancelled",
    "CB": "delivered",
    "CL": "picked_up",
    "CP": "picked_up",
    "D1": "delivered",
    "J1": "in_transit",
    "K1": "on_hold",
    "P1": "in_transit",
    "PA": "partially_delivered",
    "PR": "on_hold",
    "R1": "in_transit",
    "RL": "in_transit",
    "S1": "out_for_delivery",
    "SD": "delayed",
    "X1": "out_for_delivery",
    "X2": "in_transit",
    "X3": "out_for_pickup",
    "X4": "in_transit",
    "X5": "out_for_delivery",
    "X6": "in_transit",
    "X8": "out_for_pickup",
    "XB": "announced",
}
# Element 1652, where AT7 names an appointment in place of a status.
X12_APPOINTMENTS: dict[str, str] = {"AA": "pickup_scheduled", "AB": "in_transit"}
X12_REASONS: dict[str, str] = {
    "A2": "address",
    "A5": "address",
    "A6": "address",
    "AK": "damaged",
    "AN": "closed",
    "AO": "weather",
    "AR": "no_document",
    "AS": "no_document",
    "AV": "capacity",
    "B1": "closed",
    "BC": "no_document",
    "BD": "regulatory",
    "BS": "refused",
    "BT": "refused",
    "CA": "regulatory",
}

EDIFACT_STATUSES: dict[str, str] = {
    "1": "at_destination_hub",
    "1E": "at_destination_hub",
    "6": "announced",
    "6E": "announced",
    "13": "picked_up",
    "21": "delivered",
    "31": "in_transit",
    "49": "lost",
    "54": "pickup_failed",
    "76E": "pickup_failed",
    "71": "delivered",
    "72B": "delivered",
}
EDIFACT_REASONS: dict[str, str] = {
    "1": "address",
    "3": "refused",
    "7": "closed",
    "9": "address",
    "13": "regulatory",
    "14": "damaged",
    "16": "address",
    "17": "regulatory",
    "210": "address",
}
