"""What Prometheus is given: accepted by its own tool, about figures that there are, and each alert tried out."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from deploy.setup import promtool
from shared.metrics import figures
from shared.metrics.waiting import WaitingCollector
from tests.integration.conftest import Running
from tests.integration.deploy.conftest import ROOT
from tests.integration.deploy.test_files import BLOCKS, listed_in_guide

FOLDER = ROOT / "deploy/prometheus"
TRIED_OUT = ROOT / "tests/integration/deploy/alerts_tried_out.yml"
ALERTS = (FOLDER / "alerts.yml").read_text(encoding="utf-8")

OF_RABBITMQ = {"rabbitmq_queue_messages", "rabbitmq_queue_messages_ready", "rabbitmq_queue_consumers"}


@pytest.fixture
def checker() -> str:
    """Give the path of promtool; skip the test where there is none, fail it in CI."""
    path = promtool.find(ROOT)
    if path is None and os.environ.get("CI"):
        pytest.fail("CI must have promtool")
    if path is None:
        pytest.skip("no promtool; `make test` gets one or says how")
    return path


def accepts(checker: str, *words: str | Path) -> bool:
    return subprocess.run([checker, *words], capture_output=True).returncode == 0


def test_promtool_takes_the_settings_and_the_rules_and_refuses_ones_with_a_mistake(
    checker: str, tmp_path: Path
) -> None:
    assert accepts(checker, "check", "config", FOLDER / "prometheus.yml")
    for file, right, wrong in (
        ("prometheus.yml", "scrape_interval", "scrap_interval"),
        ("alerts.yml", "max by (service)", "max with (service)"),
        ("alerts.yml", "$value | humanizeDuration", "$value | humaniseDuration"),
    ):
        broken = shutil.copytree(FOLDER, tmp_path / "broken", dirs_exist_ok=True)
        text = (broken / file).read_text(encoding="utf-8")
        assert right in text
        (broken / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")
        assert not accepts(checker, "check", "config", broken / "prometheus.yml"), wrong


def test_each_alert_speaks_when_it_must_and_is_silent_when_it_must_not(checker: str, tmp_path: Path) -> None:
    assert accepts(checker, "test", "rules", TRIED_OUT)
    tried = TRIED_OUT.read_text(encoding="utf-8")
    (tmp_path / "alerts.yml").write_text(ALERTS.replace("> 60", "> 6000"), encoding="utf-8")
    deaf = tmp_path / "tried.yml"
    deaf.write_text(re.sub(r"rule_files:.*", "rule_files: [alerts.yml]", tried), encoding="utf-8")
    assert not accepts(checker, "test", "rules", deaf), "it finds an alert that stays silent"


def test_every_alert_is_tried_out_and_says_how_urgent_it_is_what_is_wrong_and_what_to_do() -> None:
    tried = TRIED_OUT.read_text(encoding="utf-8")
    for alert in re.split(r"- alert: ", ALERTS)[1:]:
        name = alert.split()[0]
        assert re.search(rf"alertname: {name}\n\s+exp_alerts:\n", tried), f"{name} is seen to speak"
        assert f"alertname: {name}, exp_alerts: []" in tried, f"{name} is seen to be silent"
        assert re.search(r"severity: (page|ticket)", alert)
        assert re.search(r'summary: ".+\."', alert)
        assert re.search(r'what_to_do: ".+[.?]"', alert)


def test_the_guide_lists_every_alert_and_no_other() -> None:
    assert listed_in_guide("Watch over it") == set(re.findall(r"- alert: (\w+)", ALERTS))


def test_alerts_ask_for_figures_that_there_are(start: Callable[..., Running]) -> None:
    panel = start("panel")
    collector = WaitingCollector("panel", panel.database, [])
    families = [*collector.collect()]
    for figure in vars(figures).values():
        if isinstance(figure, MetricWrapperBase):
            families.extend(figure.describe())
    endings = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"], "gauge": [""]}
    there_are = {f"{family.name}{ending}" for family in families for ending in endings[family.type]}
    asked = set(
        re.findall(r"\b(?:early_help|rabbitmq)_\w+(?=[){\[ ])", "".join(re.findall(r"expr:.*(?:\n {10}.*)*", ALERTS)))
    )
    assert asked >= OF_RABBITMQ | {"early_help_outbox_age_seconds", "early_help_requests_total"}
    assert asked <= there_are | OF_RABBITMQ


def test_prometheus_reads_every_lasting_process_of_ours_and_the_broker() -> None:
    named = set(re.findall(r"([\w-]+:\d+)", (FOLDER / "prometheus.yml").read_text(encoding="utf-8")))
    ours = {
        f"{name}:{block['environment']['METRICS_PORT']}"
        for name, block in BLOCKS.items()
        if name.endswith(("-web", "-live", "-work"))
    }
    assert named == ours | {"rabbitmq:15692"}
