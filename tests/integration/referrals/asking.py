"""Goes through the pages of asking for help as a browser does."""

from typing import Any

from flask.testing import FlaskClient

CHILD: dict[str, Any] = {
    "given_name": "Siobhán", "family_name": "Nguyễn", "date_of_birth-day": "9", "date_of_birth-month": "5",
    "date_of_birth-year": "2017", "sex": "F", "ethnicity_missing": "refused", "disabilities": ["NONE"],
}  # fmt: skip
ADULT: dict[str, Any] = {
    "given_name": "Ana", "family_name": "O'Brien", "relationship": "mother", "parental_responsibility": "yes",
    "primary_carer": "yes", "mobile": "07700 900123", "safe_channels": ["sms"],
}  # fmt: skip
ADDRESS: dict[str, Any] = {
    "line_1": "14 Larkfield Close", "town": "Bath", "postcode": "ba21xx", "residents": ["c1", "a1"],
    "may_write": "no", "not_disclosed_to": "Daniel Price\nKarl Price",
}  # fmt: skip
STORY = {"working_well": "We laugh.", "worried_about": "I am tired.", "needs_to_happen": "Somebody to talk to."}
CONSENT: dict[str, Any] = {"to_ask": "yes", "to_share": "yes", "to_research": "no", "by": ["a1"]}
CONSENT_BY_PROFESSIONAL: dict[str, Any] = {
    "to_ask": "given", "to_share": "given", "to_research": "refused", "how": "signed", "on-day": "28",
    "on-month": "10", "on-year": "2026", "obtained_by": "Megan O'Brien",
}  # fmt: skip
CONTACT = {"parent": {"name": "Ana O'Brien", "email": "ana@post.example"}}
PROFESSIONAL = {
    "name": "Megan O'Brien", "source": "2A", "role": "Teacher", "organisation": "A school", "email": "m@school.example",
}  # fmt: skip


def submit(browser: FlaskClient, path: str, data: dict[str, Any], *, leads_to: str = "") -> Any:
    """Send a form and return the response; says where it leads when that matters."""
    response = browser.post(f"/referrals{path}", data=data)
    if leads_to:
        assert response.status_code == 302, response.text
        assert response.location == f"/referrals{leads_to}"
    return response


def begin(browser: FlaskClient, asking: str) -> None:
    """Begin a request up to who is asking."""
    submit(browser, "/start/safety", {"in_danger": "no"}, leads_to="/ask/who")
    submit(browser, "/ask/who", {"asking": asking}, leads_to="/ask/details")


def add_family(browser: FlaskClient) -> None:
    """Add a child, an adult, their address, and who to tell."""
    submit(browser, "/ask/children/add", CHILD, leads_to="/ask/children/c1/more")
    submit(browser, "/ask/children/c1/more", {}, leads_to="/ask/children")
    submit(browser, "/ask/children", {"another": "no"}, leads_to="/ask/adults")
    submit(browser, "/ask/adults/add", ADULT, leads_to="/ask/adults/a1/more")
    submit(browser, "/ask/adults/a1/more", {}, leads_to="/ask/adults")
    if submit(browser, "/ask/adults", {"another": "no"}).location.endswith("/ask/others"):
        submit(browser, "/ask/others", {"another": "no"}, leads_to="/ask/addresses")
    submit(browser, "/ask/addresses/add", ADDRESS, leads_to="/ask/addresses")
    submit(browser, "/ask/addresses", {"another": "no"}, leads_to="/ask/contact")


def ask_as_parent(browser: FlaskClient, asking: str = "carer") -> None:
    """Go through every page as a parent, or for one who phoned, up to the check page."""
    begin(browser, asking)
    submit(browser, "/ask/details", CONTACT["parent"], leads_to="/ask/children")
    add_family(browser)
    submit(browser, "/ask/contact", {"adult": "a1"}, leads_to="/ask/needs")
    submit(browser, "/ask/needs", {"needs": ["1", "5"]}, leads_to="/ask/story")
    submit(browser, "/ask/story", STORY, leads_to="/ask/consent")
    submit(browser, "/ask/consent", CONSENT, leads_to="/ask/attachments")
    attach_nothing(browser)


def ask_as_professional(browser: FlaskClient, *, begun_as: str = "professional", **about: str) -> None:
    """Go through every page as a professional, up to the check page; a step-down stops before its own pages."""
    begin(browser, begun_as)
    submit(browser, "/ask/details", PROFESSIONAL, leads_to="/ask/about")
    submit(browser, "/ask/about", {"urgency": "soon"} | about, leads_to="/ask/children")
    add_family(browser)
    submit(browser, "/ask/contact", {"adult": "a1"}, leads_to="/ask/professionals")
    submit(browser, "/ask/professionals", {"another": "no"}, leads_to="/ask/needs")
    submit(browser, "/ask/needs", {"needs": ["1"]}, leads_to="/ask/story")
    submit(browser, "/ask/story", STORY, leads_to="/ask/key_events")
    submit(browser, "/ask/key_events", {"another": "no"}, leads_to="/ask/level")
    submit(browser, "/ask/level", {"seen": "bathnes/2024/3"}, leads_to="/ask/consent")
    after = "/ask/step_down" if about.get("kind") == "step_down" else "/ask/attachments"
    assert browser.get("/referrals/ask/consent").location == "/referrals/ask/consents"
    assert browser.get("/referrals/ask/consents").location == "/referrals/ask/consents/a1"
    submit(browser, "/ask/consents/a1", CONSENT_BY_PROFESSIONAL, leads_to=after)
    if after == "/ask/attachments":
        attach_nothing(browser)


def attach_nothing(browser: FlaskClient) -> None:
    """Go on from the page of files without one, to the check page."""
    submit(browser, "/ask/attachments", {"do": "continue"}, leads_to="/ask/check")
