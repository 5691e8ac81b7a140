"""Maps the hub's tree of errors to Airflow's retries: transient is tried again, terminal fails at once."""

from __future__ import annotations

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

RETRY_BY_ERROR = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception="rtv_core.errors.TransientError",
            action=RetryAction.RETRY,
            reason="The world may be different next time",
        ),
        RetryRule(
            exception="rtv_core.errors.TerminalError",
            action=RetryAction.FAIL,
            reason="The same call would fail again",
        ),
    ],
)
