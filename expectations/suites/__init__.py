"""One suite a raw table, called `raw__<table>`."""
