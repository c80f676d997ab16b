"""The story: from the portal to a lead practitioner's review, through the HTTP APIs, on a training clock."""

import tempfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import requests

from services.demo.cast import Cast
from services.demo.choices import Choices, Offer
from services.demo.ledger import Family, Ledger
from services.demo.stage import Stage, stage_of
from services.embedded.client import Client
from services.embedded.progress import say, with_progress
from services.embedded.samples import sample_requests, send_requests, send_who_is_who
from services.embedded.together import SAMPLE_PASSWORD, Options, Together, free_port
from services.embedded.waiting import (
    facts_left,
    wait_until,
    wait_until_nothing_is_on_its_way,
    wait_until_the_clocks_show,
)
from shared.authority import load_profile
from shared.logs import start_logs
from shared.london import london_date

STARTS_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_LONGEST_WAIT_FOR_A_MEETING = timedelta(days=21)
_NOT_FOR_ALLOCATION = ("Early help advice line", "Early help advice and plan register")
_DAYS_TO_ANSWER, _DAYS_TO_REVIEW = 1, 50


class Story:
    """One authority's fortnight, step by step; each step can be looked at when it is done."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.url = stage.url
        self.authority = stage.authority
        self.administrator = stage.administrator
        self.cast = Cast(stage.url, stage.authority)
        self.ledger = Ledger()
        self.meetings: list[dict[str, Any]] = []

    def begin(self) -> None:
        """Fill the directory and send every sample request as the portal does."""
        send_who_is_who(self.administrator, self.authority, SAMPLE_PASSWORD)
        self.choices = Choices(self.authority, self._offers())
        documents = sample_requests(self.authority, self._today())
        self.later = [(name, document) for name, document in documents if name in self.choices.once_there_are_plans]
        self._send([(name, document) for name, document in documents if name not in self.choices.once_there_are_plans])

    def triage(self) -> None:
        """Let the front door decide about every request."""
        for family in with_progress(self.ledger.families, "Triage at the front door"):
            self._triage(family)
        wait_until_nothing_is_on_its_way(self.url)

    def close_agendas(self) -> None:
        """Move the clock past the cut-off of each panel's next meeting with families; agendas close by themselves."""
        self.meetings = self._next_meetings()
        last_cut_off = max(datetime.fromisoformat(meeting["agenda_closes_at"]) for meeting in self.meetings)
        self.move_clock_to(last_cut_off + timedelta(minutes=30))
        for meeting in self.meetings:
            wait_until(partial(self._is_closed, meeting), "the agenda closed by itself", seconds=60)
        wait_until_nothing_is_on_its_way(self.url)

    def hold_meetings(self) -> None:
        """Hold each meeting at its time: attendance, a decision about each family, minutes."""
        for meeting in sorted(self.meetings, key=lambda one: one["starts_at"]):
            self.move_clock_to(datetime.fromisoformat(meeting["starts_at"]))
            self._hold(meeting)
        wait_until_nothing_is_on_its_way(self.url)
        self._note_who_waits()

    def answer_offers(self) -> None:
        """Let every agency with an offer accept it and name who leads, or decline."""
        self.move_clock_to(self.stage.now() + timedelta(days=_DAYS_TO_ANSWER))
        for agency_id in with_progress(sorted({offer.agency_id for offer in self._offers()}), "Agencies answer"):
            manager = self.cast.manager_of(agency_id)
            for offered in manager.get("panel", "/allocations", state="offered")["allocations"]:
                self._answer(manager, agency_id, offered)
        wait_until_nothing_is_on_its_way(self.url)

    def send_second_requests(self) -> None:
        """Send requests for families that have a plan by now; the front door gives them to whoever leads it."""
        for family in self._send(self.later):
            self._say_whose_family(family)
            self._triage(family)
        wait_until_nothing_is_on_its_way(self.url)

    def review_plans(self) -> None:
        """Move the clock past the first reviews: reminders, alerts, and all reviews but one are recorded."""
        self.move_clock_to(self.stage.now() + timedelta(days=_DAYS_TO_REVIEW))
        wait_until_nothing_is_on_its_way(self.url)
        led = [family for family in self.ledger.families if family.agency_id]
        for family in with_progress(led[:-1], "Lead practitioners record reviews"):
            self._review(family)
        wait_until_nothing_is_on_its_way(self.url)
        self._note_what_is_due()

    def count_messages(self) -> None:
        """Count what each family's people were told, by asking the inbox for each reference."""
        for family in self.ledger.families:
            answer = requests.get(
                f"{self.url}/notifications/api/v1/inbox", params={"reference": family.reference}, timeout=10
            )
            family.told = Counter(message["channel"] for message in answer.json())

    def agenda_page(self) -> str:
        """Return the path of the first allocation panel's agenda page, else of the first meeting's."""
        first = next((one for one in self.meetings if one["panel"] == "ehap"), self.meetings[0])
        return f"/panel/meetings/{first['meeting_id']}"

    def move_clock_to(self, instant: datetime) -> None:
        """Move the training clock on and wait until every service has walked there."""
        if instant <= self.stage.now():
            return
        say(f"  The clock moves on to {instant:%A %d %B %Y, %H:%M} ...")
        self.administrator.post("directory", "/clock", {"moves_to": instant.isoformat()})
        wait_until_the_clocks_show(self.url, instant)
        wait_until_nothing_is_on_its_way(self.url)

    def _send(self, documents: list[tuple[str, dict[str, Any]]]) -> list[Family]:
        answers = send_requests(Client(self.url, self.stage.portal_token), documents)
        sent = [Family(name, answers[name]["request_id"], answers[name]["reference"], said) for name, said in documents]
        for family in sent:
            self.ledger.add(family)
        wait_until_nothing_is_on_its_way(self.url)
        return sent

    def _triage(self, family: Family) -> None:
        front_door, path = self.cast["front-door"], f"/requests/{family.request_id}"
        choice = self.choices.triage(family.name, front_door.get("referrals", path))
        front_door.post("referrals", f"{path}/triage", choice)
        if choice["outcome"] != "panel":
            family.went(f"front door: {choice['outcome'].replace('_', ' ')}")

    def _say_whose_family(self, family: Family) -> None:
        front_door, path = self.cast["front-door"], f"/requests/{family.request_id}"
        known = next(match for match in front_door.get("referrals", path)["matches"] if match["open_plans"])
        front_door.post("referrals", f"{path}/family", {"family_id": known["family_id"]})

    def _today(self) -> date:
        return london_date(self.stage.now())

    def _offers(self) -> list[Offer]:
        page = self.administrator.get("directory", "/services", per_page=100)
        return [
            Offer(
                service["id"],
                service["name"],
                service["organization"]["id"],
                service["organization"]["name"],
                tuple(row["taxonomy_term"]["code"] for row in service.get("attributes", [])),
                float(service.get("minimum_age") or 0),
                float(service.get("maximum_age") or 19),
            )
            for service in page["contents"]
            if service["name"] not in _NOT_FOR_ALLOCATION
        ]

    def _next_meetings(self) -> list[dict[str, Any]]:
        until = self._today() + _LONGEST_WAIT_FOR_A_MEETING
        found = self.administrator.get("panel", "/meetings", **{"from": self._today(), "to": until})["meetings"]
        first: dict[str, dict[str, Any]] = {}
        for meeting in sorted(found, key=lambda one: one["starts_at"]):
            if meeting["families"]:
                first.setdefault(meeting["panel"], meeting)
        return list(first.values())

    def _is_closed(self, meeting: dict[str, Any]) -> bool:
        now = self.administrator.get("panel", f"/meetings/{meeting['meeting_id']}")
        return bool(now["state"] == "agenda_closed")

    def _hold(self, meeting: dict[str, Any]) -> None:
        path = f"/meetings/{meeting['meeting_id']}"
        chair, coordinator = (self.cast.in_seat(meeting["panel"], seat) for seat in ("chair", "coordinator"))
        chair.post("panel", f"{path}/open", {"chaired_by": chair.person_id, "notes_by": coordinator.person_id})
        there = [{"person_id": person.person_id, "presence": "present"} for person in (chair, coordinator)]
        coordinator.post("panel", f"{path}/attendance", there)
        items = coordinator.get("panel", f"{path}/agenda")["items"]
        for item in with_progress(items, f"{meeting['panel_name']}, {meeting['held_on']}"):
            family = self.ledger.of_request(item["request_id"])
            paper = {"needs": family.document["needs"], "not_with": family.not_with, "ages": family.ages(self._today())}
            decision = self.choices.decision(family.name, paper, self._today())
            coordinator.post("panel", f"/items/{item['item_id']}/decision", decision)
            held_on = date.fromisoformat(meeting["held_on"])
            family.went(f"{meeting['panel_name']} {held_on:%d %b}: {decision['outcome'].replace('_', ' ')}")
        coordinator.post("panel", f"{path}/end", {})

    def _note_who_waits(self) -> None:
        for panel in {meeting["panel"] for meeting in self.meetings}:
            queue = self.cast.in_seat(panel, "coordinator").get("panel", "/queue")["queue"]
            for entry in queue:
                family = self.ledger.of_request(entry["request_id"])
                if not family.way and entry["held_on"]:
                    held_on = date.fromisoformat(entry["held_on"])
                    family.went(f"the agenda was full: on that of {held_on:%d %b}")

    def _answer(self, manager: Client, agency_id: str, offered: dict[str, Any]) -> None:
        family = self.ledger.of_request(offered["request_id"])
        path = f"/allocations/{offered['allocation_id']}"
        if refusal := self.choices.decline(family.name):
            manager.post("panel", f"{path}/refusal", refusal)
            family.went(f"{offered['service_name']} declined ({refusal['reason']}): back in the queue")
            return
        lead = self.cast.lead_of(agency_id)
        accepted: dict[str, Any] = {"practitioner_id": lead.person_id}
        found = manager.get("panel", path)
        if found["needs_family_agreement"]:
            asked = {"by": [found["may_agree"][0]["ref"]], "how": "verbal", "on": self._today().isoformat()}
            accepted["family_agreement"] = asked
        plan = manager.post("panel", f"{path}/acceptance", accepted)
        family.agency_id, family.plan_id, family.due = agency_id, plan["plan_id"], plan["review_due_on"]
        family.went(f"{offered['service_name']} accepted")

    def _review(self, family: Family) -> None:
        review = {
            "held_on": self._today().isoformat(),
            "progress": "better",
            "outcome": "continue",
            "note": "The family say that mornings are calmer. We go on as agreed.",
        }
        lead = self.cast.lead_of(family.agency_id)
        family.due = lead.post("panel", f"/plans/{family.plan_id}/reviews", review)["next_review_due_on"]
        family.went("review held")

    def _note_what_is_due(self) -> None:
        for family in self.ledger.families:
            if family.due and date.fromisoformat(family.due) < self._today():
                family.went("review overdue")


def play(authority: str, *, broker_url: str = "memory://") -> None:
    """Play the whole story in the terminal on a system of its own, and throw that system away."""
    with tempfile.TemporaryDirectory(prefix="early-help-demo-") as folder, Path(folder, "log").open("w") as log:
        start_logs(stream=log)
        options = Options(
            var=Path(folder),
            port=free_port(),
            authority=authority,
            training_starts_at=STARTS_AT,
            is_durable=False,
            broker_url=broker_url,
        )
        say("Starting PostgreSQL and the four services ...")
        together = Together(options)
        together.start()
        try:
            tell(stage_of(together))
        finally:
            together.stop()


def tell(stage: Stage) -> Ledger:
    """Play the story on a running system, saying what happens; return what became of each family."""
    story = Story(stage)
    say("Monday 2 November 2026, 9 am. Requests arrive from the portal.")
    story.begin()
    say("The front door decides about each.")
    story.triage()
    say("At the cut-off the clock closes the agendas by itself, and members get their papers.")
    story.close_agendas()
    say("The meetings decide, family by family.")
    story.hold_meetings()
    say("Agencies accept and name lead practitioners, or decline.")
    story.answer_offers()
    if story.later:
        say("A second request comes for a family that has a plan by now.")
    story.send_second_requests()
    say("Seven weeks later: reminders, reviews, and one that is overdue.")
    story.review_plans()
    story.count_messages()
    story.ledger.show(load_profile(stage.authority).newest.name, left_over=facts_left(story.url))
    return story.ledger
