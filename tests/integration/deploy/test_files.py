"""The files that deploy: accepted by the programs that read them, and agreeing with each other and with the code.

Each checker is also shown a broken copy, so that one which accepts everything is found out.
"""

import json
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from deploy import prepare
from deploy.without_containers.blocks import ComposeFailed, read_blocks
from deploy.without_containers.places import Places
from services.embedded.together import free_port
from shared.service import SERVICES
from tests.integration.deploy.conftest import ROOT, program

COMPOSE = ROOT / "docker-compose.yml"
DOORS = ("https", "behind-a-proxy", "http")
_GUNICORN = {"PORT", "BIND", "WEB_WORKERS", "WEB_THREADS"}


def _composed(file: Path = COMPOSE, **environ: str) -> dict[str, Any]:
    command = [program("docker-compose"), "--env-file", "/dev/null", "--file", str(file), "config", "--format", "json"]
    wanted = {"PUBLIC_URL": "https://early-help.example", "PATH": "/usr/bin:/bin"} | environ
    done = subprocess.run(command, env=wanted, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


BLOCKS: Mapping[str, Any] = _composed()["services"]
OURS = [name for name, block in BLOCKS.items() if block["image"].startswith("early-help")]
LASTING = [name for name in BLOCKS if name not in ("prepare", "migrate")]


def test_compose_takes_the_file_and_refuses_one_with_a_mistake(tmp_path: Path) -> None:
    text = COMPOSE.read_text(encoding="utf-8")
    for right, wrong in (("restart:", "restat:"), ("service_healthy", "service_fine"), ("*panel]", "*pane]")):
        broken = tmp_path / "docker-compose.yml"
        broken.write_text(text.replace(right, wrong, 1), encoding="utf-8")
        with pytest.raises(ComposeFailed):
            read_blocks(broken, {"PUBLIC_URL": "https://early-help.example"})


def test_without_an_address_nothing_starts_and_the_message_says_what_to_do() -> None:
    with pytest.raises(ComposeFailed, match="PUBLIC_URL"):
        read_blocks(COMPOSE, {"PATH": "/usr/bin:/bin"})


def test_hadolint_takes_the_dockerfile_and_refuses_one_with_a_mistake(tmp_path: Path) -> None:
    file = ROOT / "deploy/Dockerfile"
    assert _hadolint(file) == ""
    for right, wrong in (("3.11-slim-bookworm", "latest"), ("WORKDIR /early-help", "RUN cd early-help")):
        broken = tmp_path / "Dockerfile"
        broken.write_text(file.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
        assert _hadolint(broken)


def _hadolint(file: Path) -> str:
    return subprocess.run([program("hadolint"), file], capture_output=True, text=True).stdout


@pytest.mark.parametrize("door", DOORS)
def test_nginx_takes_every_door_and_refuses_one_with_a_mistake(door: str, tmp_path: Path, nginx_program: str) -> None:
    subprocess.run([ROOT / "deploy/make-secrets", tmp_path / "secrets"], check=True, capture_output=True)
    blocks = read_blocks(COMPOSE, {"PUBLIC_URL": "x"})
    places = Places(tmp_path, f"http://localhost:{free_port()}", blocks, "postgresql://", "amqp://")
    places.lay_out_nginx()
    conf = places.nginx / f"door-{door}.conf"
    assert _nginx_says(nginx_program, conf) == 0
    origin = places.nginx / "origin.part"
    origin.write_text(origin.read_text(encoding="utf-8").replace("proxy_pass", "proxy_past"), encoding="utf-8")
    assert _nginx_says(nginx_program, conf) != 0


def _nginx_says(nginx_program: str, conf: Path) -> int:
    return subprocess.run([nginx_program, "-t", "-q", "-c", conf], capture_output=True).returncode


@pytest.mark.parametrize("name", BLOCKS)
def test_no_process_can_do_more_than_it_must(name: str) -> None:
    block = BLOCKS[name]
    assert block["user"].split(":")[0] not in ("", "0", "root")
    assert block["read_only"] is True
    assert block["cap_drop"] == ["ALL"]
    assert "cap_add" not in block
    assert block["security_opt"] == ["no-new-privileges:true"]
    assert int(block["mem_limit"]) > 0
    assert block["logging"]["options"]["max-size"]
    assert not block.get("privileged")


@pytest.mark.parametrize("name", LASTING)
def test_every_lasting_process_is_started_again_and_asked_for_its_health(name: str) -> None:
    assert BLOCKS[name]["restart"] == "unless-stopped"
    assert BLOCKS[name]["healthcheck"]["test"][0] == "CMD"


def test_only_nginx_is_reached_from_outside_and_only_it_and_the_sender_reach_outside() -> None:
    assert [name for name, block in BLOCKS.items() if block.get("ports")] == ["nginx"]
    outside = {name for name, block in BLOCKS.items() if "outside" in block["networks"]}
    assert outside == {"nginx", "notifications-work"}
    assert _composed()["networks"]["inside"]["internal"] is True


def test_every_image_names_its_version() -> None:
    for name, block in BLOCKS.items():
        if name not in OURS:
            assert re.fullmatch(r"[a-z]+:\d+\.?[\w.-]*", block["image"]), block["image"]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", ["web", "work"])
def test_each_service_is_given_every_setting_that_it_must_have_and_none_that_nobody_reads(
    service: str, kind: str
) -> None:
    block = BLOCKS[f"{service}-{kind}"]
    assert block["command"] == ["python", "-m", f"services.{service}", kind]
    read = fields(import_module(f"services.{service}.settings").Settings)
    given = _names_given(block)
    assert {item.metadata["name"] for item in read if item.default is MISSING} <= given
    assert given <= {item.metadata["name"] for item in read} | _GUNICORN
    if kind == "web":
        assert len({BLOCKS[f"{name}-web"]["environment"]["PORT"] for name in SERVICES}) == len(SERVICES)


def test_what_runs_once_is_given_every_setting_of_all() -> None:
    migrate, needed = _names_given(BLOCKS["migrate"]), set()
    for service in SERVICES:
        read = fields(import_module(f"services.{service}.settings").Settings)
        needed |= {item.metadata["name"] for item in read if item.default is MISSING}
    assert needed <= migrate
    assert _names_given(BLOCKS["prepare"]) == {item.metadata["name"] for item in fields(prepare.Settings)} - {
        "BROKER_PREFIX"
    }


def _names_given(block: Mapping[str, Any]) -> set[str]:
    return {name.removesuffix("_FILE") for name in block["environment"]}


@pytest.mark.parametrize("name", OURS)
def test_each_process_sees_the_secrets_that_its_settings_name_and_no_other(name: str) -> None:
    named = {value for key, value in BLOCKS[name]["environment"].items() if key.endswith("_FILE")}
    assert named == {secret["target"] for secret in BLOCKS[name]["secrets"]}


def test_make_secrets_writes_every_secret_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    subprocess.run([ROOT / "deploy/make-secrets", folder], check=True, capture_output=True)
    made = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert made.keys() == {Path(secret["file"]).name for secret in _composed()["secrets"].values()}
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert len(set(made.values()) - {b""}) == len(made) - 3, "none is like another; three are not known here"
    (folder / "page_key").unlink()
    again = subprocess.run([ROOT / "deploy/make-secrets", folder], check=True, capture_output=True, text=True)
    assert (again.stdout.splitlines()[0], again.stderr) == ("made page_key", "")
    changed = {file.name for file in folder.iterdir() if file.read_bytes() != made[file.name]}
    assert changed == {"page_key"}


def test_the_image_and_the_project_agree() -> None:
    dockerfile = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=")
    assert set(re.findall(r"^FROM python:(\S+?)-", dockerfile, re.MULTILINE)) == {oldest}
    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE) == [BLOCKS["panel-web"]["user"]]
    assert BLOCKS["prepare"]["build"]["dockerfile"] == "deploy/Dockerfile"
    for copied in re.findall(r"^COPY (?!--from)(\S+)", dockerfile, re.MULTILINE):
        assert (ROOT / copied).exists(), copied


def test_what_the_image_copies_is_all_that_the_processes_need(tmp_path: Path) -> None:
    last_stage = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM")[2]
    for folder in re.findall(r"^COPY (\w+)/ ", last_stage, re.MULTILINE):
        ignored = shutil.ignore_patterns("__pycache__", "secrets", "govuk")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    commands = [BLOCKS[name]["command"][2:3] for name in OURS if name != "prepare"]
    modules = {module for (module,) in commands} | {"deploy.prepare", "deploy.health", "shared.web.serve"}
    script = f"import importlib; [importlib.import_module(name) for name in {sorted(modules)}]"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "deploy/gunicorn.conf.py").exists()


def test_nothing_secret_gets_into_the_image_or_the_repository() -> None:
    assert "deploy/secrets" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".env", "deploy/secrets/"} <= set((ROOT / ".gitignore").read_text(encoding="utf-8").splitlines())


def test_the_guide_lists_every_block_every_variable_and_every_secret_and_no_other() -> None:
    text = COMPOSE.read_text(encoding="utf-8")
    assert listed_in_guide("What runs") == set(BLOCKS)
    assert listed_in_guide("What is in `.env`") == set(re.findall(r"\$\{(\w+)", text))
    assert listed_in_guide("Roll keys and passwords") == set(_composed()["secrets"])


def listed_in_guide(section: str) -> set[str]:
    """Return the names in the first column of a section's table."""
    guide = (ROOT / "docs/deploying.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]*) \|", guide.partition(f"## {section}\n")[2].partition("\n## ")[0], re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([\w-]+)`", row)}


def test_the_services_believe_one_proxy_which_is_nginx() -> None:
    believed = {name: block["environment"].get("PROXIES_IN_FRONT") for name, block in BLOCKS.items() if name in OURS}
    assert {number for name, number in believed.items() if name not in ("prepare", "migrate")} == {"1"}
