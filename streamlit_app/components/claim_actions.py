"""What a person can do with a claim now: approve it, write its bundle, download it, file it."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

import streamlit as st

from rtv_core.errors import RtvError
from rtv_core.objects.factory import open_store
from rtv_core.warehouse.marts.claims import Claim
from streamlit_app.components.notices import show_error
from streamlit_app.components.pieces import section
from streamlit_app.session import PageContext
from streamlit_app.tokens import seal_link

DONE = "claims.done"
REBUILDABLE = frozenset({"approved", "filed", "info_requested", "appealed"})


def show_actions(claim: Claim, context: PageContext) -> None:
    """The next step of this claim, with what keeps it from being taken."""
    section("Next step")
    done = st.session_state.pop(DONE, None)
    if done:
        st.success(done)
    if claim.claim_status == "draft":
        st.warning("Proof is still missing: " + ("; ".join(claim.missing_proof) or "see the lines") + ".")
        st.caption(
            "It becomes ready by itself when the proof is there: the DAG assemble_claims looks "
            "after each run."
        )
    elif claim.claim_status == "ready":
        _offer_approval(claim, context)
    elif claim.claim_status in REBUILDABLE:
        _offer_bundle(claim, context)
        if claim.claim_status == "approved" and claim.bundle_key:
            _offer_filing(claim, context)
    else:
        st.info("Nothing is to be done here: the claim has ended.")
    if claim.bundle_key:
        _show_download(claim, context)


def _finish(message: str) -> None:
    st.session_state[DONE] = message
    st.rerun()


def _offer_approval(claim: Claim, context: PageContext) -> None:
    from rtv_commands.approve_claim import approve_claim

    st.markdown(
        "The proof is complete. After approval its lines are fixed, the bundle is written and "
        "the receiver is told."
    )
    with st.form(f"approve.{claim.claim_no}", border=False):
        note = st.text_input("Note (optional)", key=f"approve.note.{claim.claim_no}")
        pressed = st.form_submit_button(
            "Approve this claim", type="primary", icon=":material/check:", width="stretch"
        )
    if not pressed:
        return
    try:
        now = datetime.now(UTC)
        approve_claim(context.dsn, claim.claim_no, claim.row_version, context.actor, now, note or None)
        _write_bundle(claim, context)
    except RtvError as error:
        show_error(error)
        return
    _finish(f"{claim.claim_no} is approved and its proof bundle is written.")


def _write_bundle(claim: Claim, context: PageContext) -> None:
    from rtv_commands.build_bundle import build_bundle

    with st.spinner("Writing the proof bundle: films, facts, letter, seal…"):
        build_bundle(
            context.dsn,
            open_store(context.settings),
            claim.claim_no,
            settings=context.settings,
            actor=context.actor,
            now=datetime.now(UTC),
        )


def _offer_bundle(claim: Claim, context: PageContext) -> None:
    if claim.bundle_key:
        return
    st.markdown("The claim is approved; its proof bundle is not written yet.")
    if st.button("Write the bundle", type="primary", key=f"bundle.{claim.claim_no}", width="stretch"):
        try:
            _write_bundle(claim, context)
        except RtvError as error:
            show_error(error)
            return
        _finish(f"The proof bundle of {claim.claim_no} is written.")


def _offer_filing(claim: Claim, context: PageContext) -> None:
    from rtv_commands.file_claim import file_claim

    with st.form(f"file.{claim.claim_no}", border=False):
        reference = st.text_input(
            "Their ticket or reference (optional)", key=f"file.reference.{claim.claim_no}"
        )
        pressed = st.form_submit_button("Mark as filed", width="stretch")
    if not pressed:
        return
    try:
        file_claim(
            context.dsn,
            claim.claim_no,
            claim.row_version,
            context.actor,
            datetime.now(UTC),
            reference=reference or None,
        )
    except RtvError as error:
        show_error(error)
        return
    _finish(f"{claim.claim_no} is marked as filed.")


def _show_download(claim: Claim, context: PageContext) -> None:
    token = seal_link(context.settings, "bundle", claim.claim_no, context.tenant_code)
    address = f"/claim-bundle/{quote(claim.claim_no, safe='')}?token={token}"
    digest = escape((claim.bundle_sha256 or "")[:16])
    st.html(
        f'<a class="rtv-download" href="{address}" target="_self" download>Download the proof bundle</a>'
        f'<div class="rtv-soft">SHA-256 <code>{digest}…</code>. The other side checks it offline with '
        "<code>verify.html</code> or <code>verify.py</code> inside, without an account.</div>"
    )
