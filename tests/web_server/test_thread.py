"""The thin thread: sign in, hand in a file, read the verdict."""

from web_world import World


def test_a_reviewer_hands_in_a_file_and_gets_the_verdict(office: World) -> None:
    browser = office.client("reviewer")
    file = office.root / "examples" / "school.geojson"
    answer = browser.post("/check", files={"file": (file.name, file.read_bytes())})
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"])
    assert page.status_code == 200
    assert "undetermined" in page.text


def test_nobody_sees_anything_without_an_account(office: World) -> None:
    answer = office.client().get("/check")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fcheck")
