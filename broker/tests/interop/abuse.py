"""Many hostile clients at a time, while well-behaved clients continue. The others are not affected, memory stays bounded, and
each hostile client gets the right Reason Code or is disconnected."""

import collections
import itertools
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import wire
from clients import Paho
from scenarios import Scene
from wire import CONNACK, DISCONNECT, PUBACK, SUBACK, Closed, Connection

TESTDATA = Path(__file__).parents[3] / "testdata"
VERSIONS = {3: "3.1", 4: "3.1.1", 5: "5.0"}
CODES = {"malformed": {0x81}, "protocol-error": {0x82, 0x94}, "too-large": {0x95}, "unsupported-version": {0x84}}
ANY_CODE = set().union(*CODES.values())  # where the case does not name a class
NUMBERS = itertools.count()
ROUNDS = 6
MEMORY = 400 << 10  # KiB: what `limits.rs` allows to the clients below, and some


def hostile_inputs():
    for file in sorted(TESTDATA.glob("*/hostile.jsonl")) + sorted(TESTDATA.glob("*/cases.jsonl")):
        for line in file.read_text().splitlines():
            yield json.loads(line)


class GoodClients:
    """A pair of clients for each version: one must receive every message of the other, in order."""

    def __init__(self, server):
        self.stopping = threading.Event()
        self.slowest, self.exchanged = 0.0, 0
        self.failures = []
        self.threads = []
        for number, version in enumerate(VERSIONS.values()):
            scene = Scene(server, Paho, version, "tcp", f"good{number}")
            self.threads.append(threading.Thread(target=self._run, args=(scene,), daemon=True))
            self.threads[-1].start()

    def _run(self, scene):
        try:
            with scene.client() as receiver, scene.client() as sender:
                receiver.subscribe(scene.topic("#"), 2)
                number = 0
                while not self.stopping.is_set():
                    started = time.monotonic()
                    sender.publish(scene.topic("x"), b"%d" % number, 1 + number % 2)
                    number += 1
                    receiver.wait(number)
                    self.slowest = max(self.slowest, time.monotonic() - started)
                assert [int(it.payload) for it in receiver.messages] == list(range(number)), "lost, twice or out of order"
                self.exchanged += number
        except Exception as error:
            self.failures.append(f"{scene.version}: {type(error).__name__}: {error}")

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)
        assert not self.failures, self.failures
        assert self.exchanged >= 30, self.exchanged


def throw(server, case):
    """Sends one hostile input on a new connection. Returns the fault of the answer, or `None`."""
    data, version = bytes.fromhex(case["hex"]), VERSIONS[case["version"]]
    is_connect = data[:1] and data[0] >> 4 == 1
    name = f"hostile{next(NUMBERS)}" if version == "3.1" else ""  # 3.1 has no empty one
    first = [] if is_connect else [wire.connect(version, name)]
    if case["expect"] != "reject":
        with Connection(server, *first) as connection:
            connection.socket.settimeout(0.05)
            try:
                connection.send(data)
                connection.receive()
            except (OSError, Closed):
                pass
        return None
    # Some are cut short, or too large for a limit that this broker does not have: nothing is wrong until the rest comes.
    may_stay = "incomplete" in case.get("allow", []) or "limits" in case
    try:
        with Connection(server, *first, seconds=0.3 if may_stay else 10) as connection:
            try:
                connection.send(data)
            except ConnectionError:
                return None  # closed before all of it was sent
            last = connection.end()
    except TimeoutError:
        return None if may_stay else f"{case['id']}: still open"
    kind, code = last or (None, None)
    if version != "5.0":
        # 3.x has no DISCONNECT of a server. A CONNECT is refused by a Return Code, or by nothing.
        is_right = kind is None or (kind == CONNACK and (is_connect == (code > 0)))
        return None if is_right else f"{case['id']}: an illegal packet of {version} is answered with {last}"
    if "limits" in case:
        return None
    if kind == DISCONNECT and code in ANY_CODE and (is_connect or case["direction"] == "server->client"):
        return None  # it is also wrong that a client sends it, or what follows its CONNECT
    if kind is None and is_connect:
        return None  # closed before anything could be answered
    if kind in (CONNACK, DISCONNECT) and code in CODES.get(case.get("class"), ANY_CODE):
        return None
    return f"{case['id']}: {case.get('class', 'an illegal packet')} is answered with {last}"


def corpus(server):
    """Sends every hostile input of the test data, several times."""
    cases = list(hostile_inputs())
    with ThreadPoolExecutor(16) as pool:
        wrong = sorted(set(filter(None, pool.map(lambda case: throw(server, case), cases * ROUNDS))))
    assert not wrong, wrong
    return len(cases) * ROUNDS


def idle(server):
    """Connections without a complete CONNECT are closed in time."""
    hello = wire.connect("5.0", "x" * 50)
    connections = [Connection(server, hello[: number % 40], seconds=20) for number in range(150)]
    started = time.monotonic()
    for connection in connections:
        assert connection.end() is None
        connection.socket.close()
    assert time.monotonic() - started < 15, "they may stay"
    return len(connections)


def announced(server):
    """An announced length takes no memory."""
    connections = [Connection(server, wire.connect("5.0", ""), b"\x30\xff\xff\xff\x01", b"x" * 100) for _ in range(100)]
    time.sleep(1)
    for connection in connections:
        connection.socket.close()
    return len(connections)


def deaf(server):
    """Subscribers that never read, endless pings, and a session whose messages are never fetched."""
    payload = b"x" * (64 << 10)
    connections = []
    for number in range(5):
        connection = Connection(server, wire.connect("5.0", f"deaf{number}"), wire.subscribe("flood/#"))
        connection.expect(SUBACK)
        connections.append(connection)
    keeper = wire.connect("3.1.1", "fetched never", flags=0)
    with Connection(server, keeper, wire.subscribe("flood/#", 1, version="3.1.1")) as connection:
        connection.expect(SUBACK)
    with Connection(server, wire.connect("5.0", "flooder"), seconds=60) as flooder:
        flooder.expect(CONNACK)
        for identifier in range(1, 1501):  # 96 MB
            flooder.send(wire.publish("flood/x", payload, 1, identifier))
            flooder.expect(PUBACK)
    connection = Connection(server, wire.connect("5.0", ""))
    connection.socket.settimeout(5)
    try:
        for _ in range(1000):  # of which the server reads only what its output has room for
            connection.send(b"\xc0\0" * 32768)
        raise AssertionError("a client that reads nothing is served for ever")
    except (TimeoutError, ConnectionError):
        pass
    connections.append(connection)
    for connection in connections:
        connection.socket.close()
    with Connection(server, wire.connect("3.1.1", "fetched never"), b"\xe0\0"):
        pass
    return len(connections) + 2


def greedy(server):
    """Very long filters, and more subscriptions than a session may have."""
    with Connection(server, wire.connect("5.0", "greedy")) as connection:
        connection.send(wire.subscribe("/" * 60000))
        assert connection.expect(SUBACK) == b"\0\1\0\x8f"
        refused = 0
        for start in range(0, 11000, 1000):
            filters = b"".join(wire.text(f"greedy/{number}") + b"\0" for number in range(start, start + 1000))
            connection.send(wire.packet(0x82, b"\0\1\0", filters))
            refused += connection.expect(SUBACK)[3:].count(b"\x97")
        assert refused == 1000, refused
    return 1


def twins(server):
    """Of many connections with one Client Identifier, only the last one stays."""
    connections = [Connection(server, wire.connect("5.0", "twin")) for _ in range(200)]
    ends = collections.Counter(connection.end() for connection in connections[:-1])
    assert set(ends) == {(DISCONNECT, 0x8E)}, ends
    connections[-1].send(b"\xc0\0")
    connections[-1].expect(13)
    for connection in connections:
        connection.socket.close()
    return len(connections)


def noise(server):
    """Input that is not MQTT, on every port."""
    noises = [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + b"x" * 600, b"\0" * 4096]
    for port, data in itertools.product(server.ports.values(), noises):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.settimeout(20)
            connection.sendall(data)
            try:
                while connection.recv(4096):
                    pass
            except ConnectionError:
                pass
    return len(noises) * len(server.ports)


def run(server):
    """Runs everything at the same time. Prints time and memory."""
    before, good = server.resident_kib(), GoodClients(server)
    highest, watching = before, threading.Event()

    def watch():
        nonlocal highest
        while not watching.wait(0.05):
            highest = max(highest, server.resident_kib())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            attacks = [pool.submit(attack, server) for attack in (corpus, idle, announced, deaf, greedy, twins, noise)]
            connections = sum(attack.result() for attack in attacks)
    finally:
        watching.set()
        watcher.join()
    good.stop()
    print(
        f"abuse: {connections} hostile connections; good clients exchanged {good.exchanged} messages, the slowest took"
        f" {good.slowest * 1000:.0f} ms; memory {before >> 10} MiB before, {highest >> 10} MiB at most",
        flush=True,
    )
    assert good.slowest < 5, "good clients had to wait"
    assert highest < MEMORY, f"{highest} KiB"
