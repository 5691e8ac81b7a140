"""Makes the hub's package known to Airflow's plugin list, so that `airflow plugins` and doctor can see it."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin


class RtvPlugin(AirflowPlugin):
    """The hub's Airflow plugin: it carries the package `rtv_airflow`, and adds no routes and no menu."""

    name = "rtv_hub"
