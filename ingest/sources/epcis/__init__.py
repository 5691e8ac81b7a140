"""GS1 EPCIS 2.0 (JSON, XML) and 1.2 (XML): events of what was sent, carried, received and inspected."""
