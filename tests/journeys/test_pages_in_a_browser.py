"""The demo's pages as a real browser shows them."""

import os
import shutil
import subprocess
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.journeys.running_demo import RunningDemo

CHROMIUM = shutil.which("chromium")
PATIENCE = 60.0
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and "CI" not in os.environ, reason="Chromium is not installed"
)


@needs_chromium
def test_the_caught_mails_are_listed_and_read_in_french(demo: RunningDemo, tmp_path: Path) -> None:
    mails = demo.folder / "var" / "demo" / "caught-mail"
    newest = _newest(mails)
    base = demo.url.removesuffix("/graphql") + "/demo/mails"

    listed = _shown(base, tmp_path)
    read = _shown(f"{base}/{newest}", tmp_path)

    assert "<h1>E-mails retenus</h1>" in listed
    assert newest in listed
    assert "Répondez au-dessus de cette ligne" in read
    assert 'lang="fr"' in read


def _newest(mails: Path) -> str:
    """Return the name of the newest mail; the worker sends the first ones soon after the start."""
    deadline = monotonic() + PATIENCE
    while not (names := [mail.name for mail in mails.glob("*.eml")]):
        assert monotonic() < deadline, "no mail was sent"
        sleep(0.2)
    return max(names)


def _shown(url: str, profile: Path) -> str:
    """Return the page as it stands in the browser once loaded."""
    assert CHROMIUM is not None, "CI installs Chromium"
    browser = subprocess.run(
        [CHROMIUM, *QUIET, f"--user-data-dir={profile}", "--dump-dom", url],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return browser.stdout
