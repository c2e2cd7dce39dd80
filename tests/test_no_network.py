"""Nothing leaves the machine: not in tests, and not while the product runs.

The product is run in a process of its own that refuses, by an audit hook, to connect or look up
anything beyond loopback, and reports what was tried; libraries that open sockets outside Python
are caught by reading the process's own sockets from /proc meanwhile.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import NetworkError, is_loopback

RUN = r"""
import json, os, re, sys, threading, time
from pathlib import Path

tried = []

def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1")):
            tried.append(f"{event} {address[0]}")
    near = ("localhost", "127.0.0.1", "::1", None)
    if event == "socket.getaddrinfo" and arguments[0] not in near:
        tried.append(f"{event} {arguments[0]}")

sys.addaudithook(watch)

def remote_ends():
    inodes = set()
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            match = re.match(r"socket:\[(\d+)\]", os.readlink(f"/proc/self/fd/{descriptor}"))
        except OSError:
            continue
        if match:
            inodes.add(match[1])
    for name in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/self/net/{name}").read_text().splitlines()[1:]:
            cells = line.split()
            if cells[9] in inodes and not set(cells[2].split(":")[0]) <= {"0"}:
                if not cells[2].startswith(("0100007F", "00000000000000000000000001000000")):
                    yield f"{name} {cells[2]}"

stop = threading.Event()

def sample():
    while not stop.wait(0.02):
        tried.extend(remote_ends())

sampler = threading.Thread(target=sample)
sampler.start()
from assistant.config import Settings
from assistant.opening import open_assistant

assistant = open_assistant(Settings(home=Path(sys.argv[1])))
user = assistant.add_profile(None)
conversation = assistant.new_conversation(user)
shown = []
for text in json.loads(sys.argv[2]):
    shown.append(len(assistant.reply(text, user, conversation).picks))
assistant.close()
time.sleep(0.2)
stop.set()
sampler.join()
print(json.dumps({"tried": sorted(set(tried)), "shown": shown}))
"""


def test_a_test_that_leaves_the_machine_fails() -> None:
    with socket.socket() as outside, pytest.raises(NetworkError):
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkError):
        socket.getaddrinfo("films.example", 443)


def test_loopback_stays_open_to_tests() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=2) as client,
    ):
        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize(
    ("address", "here"),
    [
        (("127.0.0.1", 80), True),
        (("::1", 80, 0, 0), True),
        ("/tmp/socket", True),
        (("127.0.0.1.films.example", 80), False),
        (("10.0.0.1", 80), False),
        (("films.example", 80), False),
        (None, False),
    ],
)
def test_what_counts_as_this_machine(address: object, here: bool) -> None:
    assert is_loopback(address) is here


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="needs Linux's /proc")
def test_a_whole_conversation_opens_no_socket_to_the_outside(
    tmp_path: Path, furnish: Callable[[Path], Path]
) -> None:
    messages = [
        "recommend something like Shawshank",
        "funnier, and after 2000",
        "why the second one?",
        "我想看一部轻松的电影",
    ]
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(furnish(tmp_path)), json.dumps(messages)],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["tried"] == []
    assert told["shown"][0] > 0
