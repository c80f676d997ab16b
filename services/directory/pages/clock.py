"""The training clock: where it stands, and moving it on."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from services.directory.actions.clock import move_clock_on, move_clock_to
from services.directory.pages import pages
from services.directory.queries.clock import clock_goes_to, clock_stopped_by
from services.directory.rules.clock import STEPS, london_time
from shared.errors import Invalid, NotFound
from shared.identity import ROLES
from shared.neighbours import NeighbourAway
from shared.service import SERVICES
from shared.web.access import current_person, needs
from shared.web.app import database, now, resources
from shared.web.fields import Day, Line
from shared.web.formats import moment
from shared.web.forms import Form, PageForm, read_form, show_form


class TimeOfDay(Line):
    """A time of the day, as 16:30."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            datetime.strptime(text, "%H:%M")
        except ValueError:
            raise ValidationError(f"{self.label} must be a time, like 16:30") from None
        return text


class MoveForm(PageForm):
    """A London date and time."""

    moves_to = Day("The day", required=True)
    at_time = TimeOfDay("The time", required=True)


@dataclass(frozen=True)
class Stop:
    """Where the clock of a service stopped, and the timed job that did not finish."""

    service: str
    at: datetime
    job: str

    @property
    def job_in_words(self) -> str:
        """Return the job's name as words."""
        return self.job.replace("_", " ")


@pages.get("/clock")
@needs(*ROLES)
def clock() -> str:
    """Show where the clock stands and where it is going."""
    _refuse_unless_training()
    return _page(show_form(MoveForm(), {"at_time": "09:00"}))


@pages.post("/clock/step")
@needs(*ROLES)
def post_clock_step() -> ResponseReturnValue:
    """Move the clock on by one of the buttons."""
    by, is_training = current_person().person_id, resources().clock.is_training
    with database().begin() as session:
        target = move_clock_on(session, request.form.get("step", ""), by=by, now=now(), is_training=is_training)
    return _on_its_way(target)


@pages.post("/clock")
@needs(*ROLES)
def post_clock() -> ResponseReturnValue:
    """Move the clock to a day and time."""
    _refuse_unless_training()
    form = read_form(MoveForm(), request.form)
    if form.errors:
        return _page(form), 422
    at_time = time.fromisoformat(form.values["at_time"].zfill(5))
    target = london_time(datetime.combine(form.values["moves_to"], at_time))
    try:
        with database().begin() as session:
            target = move_clock_to(session, target, by=current_person().person_id, now=now(), is_training=True)
    except Invalid as refusal:
        form.add_refusal(refusal)
        return _page(form), 422
    return _on_its_way(target)


def _refuse_unless_training() -> None:
    if not resources().clock.is_training:
        raise NotFound("This system runs by the real time; there is no clock to move.")


def _on_its_way(target: datetime) -> ResponseReturnValue:
    flash(f"The clock is on its way to {moment(target)}. What falls due until then happens in its order.")
    return redirect(url_for("pages.clock"), 303)


def _page(form: Form) -> str:
    with database().read() as session:
        moves_to, own_job = clock_goes_to(session, now()), clock_stopped_by(session)
    stops = [Stop("directory", now(), own_job)] if own_job else []
    stops += [stop for name in SERVICES if name != "directory" and (stop := _stop_of(name))]
    return render_template(
        "directory/clock.html", form=form, steps=STEPS, stands_at=now(), moves_to=moves_to, stops=stops
    )


def _stop_of(neighbour: str) -> Stop | None:
    """Return where a neighbour's clock stopped; nothing of one that is on its way, or away."""
    try:
        clock = resources().neighbours.readiness(neighbour).get("clock") or {}
    except NeighbourAway:
        return None
    job = clock.get("stopped_by")
    return Stop(neighbour, datetime.fromisoformat(clock["now"]), job) if job else None
