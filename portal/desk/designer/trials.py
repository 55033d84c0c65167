"""Test links and the answers that came through them."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from portal.access import Permission, requires
from portal.accounts.security import record
from portal.db import installation
from portal.respond.trial import trial_token
from survey.trials import forget_trials, trials

from ..forms import DeskForm
from ..menu import requires_any
from ..posters import qr_picture
from ..views import desk
from .drafting import draft_or_404
from .paper import shown

SHOWN = 50


@desk.get("/questionnaires/drafts/<draft_id>/trials", endpoint="trials")
@requires_any(Permission.DESIGN, Permission.APPROVE_QUESTIONNAIRE)
def trials_page(draft_id: str) -> Any:
    """Designers and who approves; a link to hand round, and the test answers that came."""
    draft = draft_or_404(draft_id)
    read = shown("drafts", draft_id)
    with installation().database.read() as connection:
        found = trials(connection, draft_id)
    token = trial_token(draft_id, draft.revision)
    address = installation().settings.base_url + url_for("respond.try_out", token=token)
    return render_template(
        "desk/designer/trials.html",
        draft=draft,
        read=read,
        found=found[:SHOWN],
        n_found=len(found),
        address=address,
        picture=qr_picture(address),
        form=DeskForm(),
    )


@desk.get("/questionnaires/drafts/<draft_id>/trials.jsonl")
@requires(Permission.DESIGN)
def trials_file(draft_id: str) -> Any:
    """Designers; every test answer as a line of JSON."""
    draft_or_404(draft_id)
    with installation().database.read() as connection:
        lines = [json.dumps(one, ensure_ascii=False) for one in trials(connection, draft_id)]
    headers = {"Content-Disposition": f'attachment; filename="test-{draft_id}.jsonl"'}
    return Response("\n".join([*lines, ""]), mimetype="application/x-ndjson", headers=headers)


@desk.post("/questionnaires/drafts/<draft_id>/trials/delete")
@requires(Permission.DESIGN)
def delete_trials(draft_id: str) -> Any:
    """Designers; deletes every test answer of the draft."""
    draft = draft_or_404(draft_id)
    if DeskForm().validate():
        with installation().database.write() as connection:
            forget_trials(connection, draft_id)
            record(connection, "delete test answers", draft.name, draft_id)
        flash(gettext("The test answers are deleted."))
    return redirect(url_for("desk.trials", draft_id=draft_id), 303)
