"""Throw-away database servers on loopback, as an unprivileged user, in a directory of their own."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_START_TIMEOUT_S = 60
_tried = itertools.count()
_POSTGRES_ROOT = Path("/usr/lib/postgresql")


def missing(reason: str) -> None:
    """Skip the test with its reason, or fail it where servers are required."""
    if os.environ.get("DATAFORGE_REQUIRE_SERVERS") == "1":
        pytest.fail(f"a server is required and missing: {reason}")
    pytest.skip(reason)


def free_port() -> int:
    """Return a loopback port that nothing listens on.

    Test processes run side by side: each begins at a place of its own, below the ports that the
    system hands out, so that two do not take one port between asking and listening.
    """
    for number in _tried:
        port = 20_000 + (os.getpid() * 101 + number) % 12_000
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError


def _binary(name: str) -> str:
    """Return the path of a server's program, or skip."""
    versions = sorted(_POSTGRES_ROOT.glob(f"*/bin/{name}"), reverse=True)
    sbin = [Path("/usr/sbin") / name]
    found = shutil.which(name) or next((str(p) for p in (*versions, *sbin) if p.exists()), None)
    if found is None:
        missing(f"{name} is not installed (Debian: apt-get install postgresql mariadb-server)")
    return str(found)


def _unprivileged(user: str) -> tuple[str | None, int | None]:
    """Return (user, uid) to run a server as: servers refuse root; None for the present user."""
    if os.geteuid() != 0:
        return None, None
    try:
        return user, pwd.getpwnam(user).pw_uid
    except KeyError:
        missing(f"running as root and there is no user {user} to run the server as")
        raise


@contextmanager
def _home(uid: int | None) -> Iterator[Path]:
    """Make a directory with a short name (sockets allow 107 bytes) that the server owns."""
    home = Path(tempfile.mkdtemp(prefix="dfsrv-", dir="/tmp"))
    try:
        if uid is not None:
            os.chown(home, uid, -1)
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(command: list[str], user: str | None) -> None:
    done = subprocess.run(command, user=user, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode != 0:
        missing(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-500:]}")


@contextmanager
def _running(
    command: list[str], user: str | None, home: Path, port: int, ready: list[str] | None = None
) -> Iterator[None]:
    """Run a server until the block ends; only the process started here is stopped.

    ``ready`` is a command that succeeds once the server takes queries: an open port may still
    answer that it is starting up.
    """
    log = home / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, user=user, stdout=output, stderr=output, cwd="/")
        try:
            _await(server, lambda: _accepts(port) and _succeeds(ready), log)
            yield
        finally:
            server.terminate()
            try:
                server.wait(timeout=_START_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _succeeds(command: list[str] | None) -> bool:
    return (
        command is None or subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


def _await(server: subprocess.Popen[bytes], is_ready: Callable[[], bool], log: Path) -> None:
    until = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < until and server.poll() is None:
        if is_ready():
            return
        time.sleep(0.05)
    missing(f"the server did not start: {log.read_text(errors='replace')[-500:]}")


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run PostgreSQL; yield the URL of its database ``postgres`` for a superuser."""
    initdb, postgres = _binary("initdb"), _binary("postgres")
    user, uid = _unprivileged("postgres")
    port = free_port()
    with _home(uid) as home:
        data = str(home / "data")
        init = ["-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        _run([initdb, *init], user)
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-p", str(port)]
        command = [postgres, "-D", data, "-k", str(home), *options]
        ready = [_binary("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        with _running(command, user, home, port, ready):
            yield f"postgresql://tester@127.0.0.1:{port}/postgres"


@contextmanager
def object_server() -> Iterator[str]:
    """Run an S3 server; yield its address. Buckets are made by a PUT, any credentials will do."""
    found = shutil.which("moto_server") or str(Path(sys.executable).with_name("moto_server"))
    if not Path(found).exists():
        missing("moto_server is not installed (requirements/test.txt)")
    port = free_port()
    with (
        _home(None) as home,
        _running([found, "-H", "127.0.0.1", "-p", str(port)], None, home, port),
    ):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def mariadb_server(*, local_infile: bool = True) -> Iterator[str]:
    """Run MariaDB; yield the URL of its empty database ``test_db`` for a user with all rights."""
    install, mariadbd = _binary("mariadb-install-db"), _binary("mariadbd")
    user, uid = _unprivileged("mysql")
    port, password = free_port(), secrets.token_hex(8)
    with _home(uid) as home:
        data = ["--no-defaults", f"--datadir={home / 'data'}"]
        _run([install, *data, "--auth-root-authentication-method=normal"], user)
        setup = home / "setup.sql"
        setup.write_text(
            f"CREATE DATABASE test_db CHARACTER SET utf8mb4;\n"
            f"CREATE USER tester@'127.0.0.1' IDENTIFIED BY '{password}';\n"
            f"GRANT ALL ON *.* TO tester@'127.0.0.1' WITH GRANT OPTION;\n"
        )
        setup.chmod(0o644)
        options = [
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--socket={home / 'm.sock'}",
            f"--pid-file={home / 'm.pid'}",
            f"--init-file={setup}",
            f"--local-infile={int(local_infile)}",
            "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=0",
        ]
        with _running([mariadbd, *data, *options], user, home, port):
            yield f"mysql://tester:{password}@127.0.0.1:{port}/test_db"
