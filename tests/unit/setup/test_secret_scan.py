"""The secret scan finds what must not be committed, and leaves ordinary lines alone."""

import subprocess
from pathlib import Path

import pytest

from deploy.setup import secret_scan

SECRETS = [
    ("-----BEGIN " + "RSA PRIVATE KEY-----", "a private key"),
    ("-----BEGIN " + "PRIVATE KEY-----", "a private key"),
    ("id = AKIA" + "IOSFODNN7EXAMPLE", "a cloud access key"),
    ("push with ghp" + "_" + "a1" * 18, "a code host token"),
    (
        "key=live-" + "11111111-2222-3333-4444-555555555555" + "-" + "66666666-7777-8888-9999-000000000000",
        "a GOV.UK Notify key",
    ),
    ("jwt eyJ" + "hbGciOiJFZERTQSJ9.eyJ" + "zdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJl", "a signed token"),
    ("Authorization: Bearer " + "0123456789abcdef0123456789", "a bearer token"),
    ("pass" + 'word = "hunter2hunter2"', "a password or token"),
    ('{"api_' + 'key": "a1b2c3d4e5f6"}', "a password or token"),
    ("NOTIFY_TO" + 'KEN: str = "a1b2c3d4e5f6"', "a password or token"),
    ("--index-url https://py" + "pi.org/simple", "the address of a package registry"),
    ("https://registry.npm" + "js.org/left-pad", "the address of a package registry"),
    ("https://files.python" + "hosted.org/packages/x", "the address of a package registry"),
]

HARMLESS = [
    'password = request.form["password"]',
    'setting("PORTAL_TOKENS", default="")',
    "password: str = ''",
    'NEIGHBOUR_KEY = "a key that only the tests know, and long enough"',
    'password = f"{SAMPLE_PASSWORD}1"',
    "amqp://guest:guest@127.0.0.1:5672//",
    "    --hash=sha256:83490def1f723413db5096591f7609ac52544805be93849170088ed04f5a2e0b",
    "Authorization: Bearer <token of the portal>",
    "class TokenExpired1(Refusal):",
    "PyPI, npm and Debian are package registries",
    "-----BEGIN PUBLIC KEY-----",
]


@pytest.mark.parametrize(("line", "what"), SECRETS)
def test_a_line_with_a_secret_is_found_by_its_number(line: str, what: str) -> None:
    assert (2, what) in list(secret_scan.findings_in(f"harmless\n{line}\n"))


@pytest.mark.parametrize("line", HARMLESS)
def test_an_ordinary_line_is_left_alone(line: str) -> None:
    assert list(secret_scan.findings_in(line)) == []


def test_a_line_that_gives_its_reason_is_left_alone() -> None:
    line = "pass" + 'word = "letmein123"'
    assert list(secret_scan.findings_in(f"{line}  # not a secret: the sample people share it")) == []
    assert list(secret_scan.findings_in(f"{line}  # not a secret: ")) != []


def test_files_that_git_would_add_are_scanned_and_ignored_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)
    secret = "-----BEGIN " + "PRIVATE KEY-----\n"
    (tmp_path / ".gitignore").write_text("var/\n")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "key.pem").write_text(secret)
    (tmp_path / "a name with ü.pem").write_text("\n" + secret)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0" + secret.encode())

    assert secret_scan.main() == 1
    assert capsys.readouterr().out == "a name with ü.pem:2: a private key\n"

    (tmp_path / "a name with ü.pem").unlink()
    assert secret_scan.main() == 0
