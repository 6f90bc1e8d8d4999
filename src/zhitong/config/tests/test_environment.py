import base64
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from zhitong.config import environment, run
from zhitong.config.cli import main


def test_what_is_written_is_read_back_and_private(tmp_path: Path) -> None:
    file = tmp_path / "var" / "demo.env"
    values = environment.fresh_secrets() | {"DATABASE_URL": "postgresql://postgres@/zhitong?host=/a/b"}
    environment.write_environment(values, file)
    environment.write_environment(values, file)
    assert environment.read_environment(file) == values
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_file_no_values(tmp_path: Path) -> None:
    assert environment.read_environment(tmp_path / "none") == {}


def test_keys_are_32_random_bytes() -> None:
    first, second = environment.fresh_secrets(), environment.fresh_secrets()
    assert len(base64.b64decode(first["ZHITONG_DATA_KEYS"], validate=True)) == 32
    assert first != second


def test_the_next_free_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    first = run._port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        assert run._port() > first
        monkeypatch.setenv("PORT", str(first))
        with pytest.raises(SystemExit, match="is taken"):
            run._port()


def test_the_command_lists_its_groups() -> None:
    answer = CliRunner().invoke(main, ["--help"])
    assert answer.exit_code == 0, answer.output
    assert {"manage", "worker"} <= set(answer.output.split())


def test_an_unknown_command_is_said_so() -> None:
    answer = CliRunner().invoke(main, ["no-such-thing"])
    assert answer.exit_code == 2
    assert "No such command" in answer.output


def test_secrets_are_required() -> None:
    from django.core.exceptions import ImproperlyConfigured

    from zhitong.config.settings import _required

    assert "ZHITONG_NOT_SET" not in os.environ
    with pytest.raises(ImproperlyConfigured, match="ZHITONG_NOT_SET"):
        _required("ZHITONG_NOT_SET")


@pytest.mark.parametrize(
    ("plain", "names"), [("0", "__Host-session __Host-csrf True"), ("1", "sessionid csrftoken False")]
)
def test_cookies_of_a_district_are_bound_to_its_host(plain: str, names: str) -> None:
    """Over HTTPS a sister site cannot plant them, and nobody reads them on the way."""
    script = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE)"
    given = {name: value for name, value in os.environ.items() if not name.startswith("ZHITONG_")}
    given |= {"ZHITONG_SECRET_KEY": "x", "ZHITONG_DATA_KEYS": "x", "DATABASE_URL": "postgresql:///none"}
    given |= {"ZHITONG_PLAIN_HTTP": plain, "DJANGO_SETTINGS_MODULE": "zhitong.config.settings"}
    done = subprocess.run([sys.executable, "-c", script], env=given, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == names


def test_the_command_says_what_the_environment_lacks(tmp_path: Path) -> None:
    clean = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "ZHITONG_VAR": str(tmp_path),
        "DATABASE_URL": "postgresql:///none",
    }
    done = subprocess.run(
        [sys.executable, "-m", "zhitong.config.cli", "--help"],
        env=clean,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: ZHITONG_SECRET_KEY is not set; script/demo and script/test set it for you\n"
