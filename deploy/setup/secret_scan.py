"""Refuse what must never be committed: private keys, tokens, passwords, and addresses of package registries.

Looks at every file that git tracks or would add. A line that only looks like a secret says so itself,
with its reason: `not a secret: <why>` in a comment on that line.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_WAIVER = re.compile(r"not a secret: \S+")
_LARGEST_FILE_BYTES = 5_000_000

# Put together from pieces, so that this file does not find itself.
_REGISTRIES = (
    ("py" + "pi", "org"),
    ("python" + "hosted", "org"),
    ("registry.npm" + "js", "org"),
    ("registry.yarn" + "pkg", "com"),
    ("crates", "io"),
    ("ruby" + "gems", "org"),
    ("proxy.go" + "lang", "org"),
    ("deb.deb" + "ian", "org"),
)
_HOSTS = "|".join(re.escape(f"{name}.{ending}") for name, ending in _REGISTRIES)
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_WORDS = r"(?:password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key)s?"

PATTERNS: dict[str, re.Pattern[str]] = {
    "a private key": re.compile("-----BEGIN " + r"(?:[A-Z]+ )*PRIVATE KEY-----"),
    "a cloud access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a code host token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20})"),
    "a GOV.UK Notify key": re.compile(rf"\b\w+-{_UUID}-{_UUID}\b", re.IGNORECASE),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a bearer token": re.compile(r"\bBearer\s+(?=[^\s\"']*\d)[\w.~+/-]{20,}=*"),
    # A literal of letters and digits without spaces; a name in braces or angle brackets is a placeholder.
    "a password or token": re.compile(
        rf"{_WORDS}[\"']?\s*(?::\s*str\s*)?[:=]\s*[\"'](?=[^\"']*\d)(?=[^\"']*[A-Za-z])[^\"'\s{{}}<>$%]{{8,}}[\"']",
        re.IGNORECASE,
    ),
    "the address of a package registry": re.compile(rf"(?<![\w.-])(?:[\w-]+\.)*(?:{_HOSTS})\b", re.IGNORECASE),
}


def findings_in(text: str) -> Iterator[tuple[int, str]]:
    """Give the number of each suspicious line, from 1, and what it seems to hold."""
    for number, line in enumerate(text.splitlines(), start=1):
        if _WAIVER.search(line):
            continue
        for what, pattern in PATTERNS.items():
            if pattern.search(line):
                yield number, what


def main() -> int:
    """Print `file:line` of every finding in the checkout of the present folder; 1 if there is any."""
    found = [f"{path}:{number}: {what}" for path in _files() for number, what in findings_in(_text_of(path))]
    for line in found:
        sys.stdout.write(line + "\n")
    return 1 if found else 0


def _files() -> list[Path]:
    """Return what git tracks, and what it would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "surrogateescape")
    return sorted({Path(name) for name in listed.split("\0") if name})


def _text_of(path: Path) -> str:
    """Return the text of a file; nothing of a deleted, binary or very large one."""
    if not path.is_file() or path.is_symlink() or path.stat().st_size > _LARGEST_FILE_BYTES:
        return ""
    data = path.read_bytes()
    return "" if b"\0" in data[:8000] else data.decode("utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
