"""Packets that are written byte by byte: inputs that no client sends, and answers that clients do not show."""

import socket
import time

LEVELS = {"3.1": (b"MQIsdp", 3), "3.1.1": (b"MQTT", 4), "5.0": (b"MQTT", 5)}
CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, DISCONNECT, AUTH = 2, 3, 4, 5, 6, 7, 9, 11, 14, 15


def number(value):
    """A Variable Byte Integer."""
    encoded = bytearray()
    while True:
        value, digit = divmod(value, 128)
        encoded.append(digit | (0x80 if value else 0))
        if not value:
            return bytes(encoded)


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return len(value).to_bytes(2, "big") + value


def packet(first_byte, *parts):
    body = b"".join(parts)
    return bytes([first_byte]) + number(len(body)) + body


def properties(*parts):
    body = b"".join(parts)
    return number(len(body)) + body


def connect(version, name, flags=2, keep_alive=60, more=b"", props=b""):
    protocol, level = LEVELS[version]
    props = properties(props) if version == "5.0" else b""
    return packet(0x10, text(protocol), bytes([level, flags]), keep_alive.to_bytes(2, "big"), props, text(name), more)


def publish(topic, payload=b"", qos=0, identifier=1, props=b"", version="5.0", flags=0):
    identifier = identifier.to_bytes(2, "big") if qos else b""
    props = properties(props) if version == "5.0" else b""
    return packet(0x30 | qos << 1 | flags, text(topic), identifier, props, payload)


def subscribe(topic_filter, options=0, identifier=1, props=b"", version="5.0"):
    props = properties(props) if version == "5.0" else b""
    return packet(0x82, identifier.to_bytes(2, "big"), props, text(topic_filter), bytes([options]))


class Closed(Exception):
    """The server has closed the connection."""


class Connection:
    """A connection whose packets are bytes."""

    def __init__(self, server, *packets, seconds=10):
        self.socket = socket.create_connection(("127.0.0.1", server.ports["tcp"]))
        self.socket.settimeout(seconds)
        self.send(*packets)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *packets):
        self.socket.sendall(b"".join(packets))

    def _read(self, count):
        received = b""
        while len(received) < count:
            try:
                piece = self.socket.recv(count - len(received))
            except ConnectionResetError:
                piece = b""
            if not piece:
                raise Closed
            received += piece
        return received

    def receive(self):
        """The next packet: its type, its first byte and its body."""
        first_byte, length, shift = self._read(1)[0], 0, 0
        while True:
            digit = self._read(1)[0]
            length |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                return first_byte >> 4, first_byte, self._read(length)

    def expect(self, kind):
        """The body of the next packet of this type."""
        while True:
            got, _, body = self.receive()
            if got == kind:
                return body

    def end(self):
        """How the server ends the connection: the last packet's type and Reason Code, or `None`."""
        last = None
        try:
            while True:
                kind, _, body = self.receive()
                if kind == DISCONNECT:
                    last = (kind, body[0] if body else 0)
                elif kind == CONNACK:
                    last = (kind, body[1])
        except Closed:
            return last


def ended(server, *packets):
    with Connection(server, *packets) as connection:
        return connection.end()


def refusals(scene):
    """What breaks a rule is refused with the code that names it, and the connection is closed."""
    c5, c4 = connect("5.0", ""), connect("3.1.1", "")
    connack = (CONNACK, 0)
    said = lambda code: (DISCONNECT, code)
    cases = {
        "QoS 3": ((c5, packet(0x36, text("a"), b"\0\1\0")), said(0x81)),
        "reserved type": ((c5, b"\0\0"), said(0x81)),
        "flags of PINGREQ": ((c5, b"\xc1\0"), said(0x81)),
        "flags of SUBSCRIBE": ((c5, packet(0x80, b"\0\1\0", text("a"), b"\0")), said(0x81)),
        "SUBSCRIBE to nothing": ((c5, packet(0x82, b"\0\1\0")), said(0x82)),
        "Packet Identifier 0": ((c5, subscribe("a", identifier=0)), said(0x82)),
        "ill-formed UTF-8": ((c5, publish(b"\xff")), said(0x81)),
        "wildcard in Topic Name": ((c5, publish("a/#")), said(0x82)),
        "Topic Alias 0": ((c5, publish("", props=b"\x23\0\0")), said(0x94)),
        "Topic Alias too high": ((c5, publish("a", props=b"\x23\xff\xff")), said(0x94)),
        "no topic, no alias": ((c5, publish("")), said(0x82)),
        "unknown alias": ((c5, publish("", props=b"\x23\0\1")), said(0x82)),
        "second CONNECT": ((c5, c5), said(0x82)),
        "too large": ((c5, b"\x30\xff\xff\xff\x7f"), said(0x95)),
        "length of five bytes": ((c5, b"\x30\xff\xff\xff\xff\x01"), said(0x81)),
        "length longer than needed": ((c5, b"\xc0\x80\x00"), said(0x81)),
        "property twice": ((c5, publish("a", props=b"\x01\0\x01\0")), said(0x82)),
        "property of another packet": ((c5, publish("a", props=b"\x21\0\1")), said(0x81)),
        "unknown property": ((c5, publish("a", props=b"\x70\0")), said(0x81)),
        "Subscription Identifier from a client": ((c5, publish("a", props=b"\x0b\1")), said(0x82)),
        "AUTH without a method": ((c5, packet(0xF0, b"\x18", properties())), said(0x82)),
        "No Local on a shared subscription": ((c5, subscribe("$share/a/b", options=4)), said(0x82)),
        "reserved bits in SUBSCRIBE": ((c5, subscribe("a", options=0xC0)), said(0x81)),
        "a packet of servers": ((c5, packet(0x90, b"\0\1\0\0")), said(0x82)),
        "expiry out of nothing": ((c5, packet(0xE0, b"\0", properties(b"\x11\0\0\0\5"))), said(0x82)),
        "3.1.1: wildcard in Topic Name": ((c4, publish("a/+", version="3.1.1")), connack),
        "3.1.1: second CONNECT": ((c4, c4), connack),
        "3.1.1: reserved type": ((c4, b"\xf0\0"), connack),
        "first is no CONNECT": ((publish("a", version="3.1.1"),), None),
        "protocol name": ((packet(0x10, text("hj"), b"\4\2\0\0", text("")),), (CONNACK, 1)),
        "3.1.1: level 9": ((packet(0x10, text("MQTT"), b"\x09\2\0\0", text("")),), (CONNACK, 1)),
        "reserved flag of CONNECT": ((connect("5.0", "", flags=3),), (CONNACK, 0x81)),
        "3.1.1: reserved flag of CONNECT": ((connect("3.1.1", "", flags=3),), None),
        "Will QoS without a Will": ((connect("5.0", "", flags=0x0A),), (CONNACK, 0x81)),
        "unknown authentication method": ((connect("5.0", "", props=b"\x15" + text("none")),), (CONNACK, 0x8C)),
        "3.1.1: no name, not clean": ((connect("3.1.1", "", flags=0),), (CONNACK, 2)),
        "3.1: no name": ((connect("3.1", ""),), (CONNACK, 2)),
    }
    wrong = {}
    for name, (packets, expected) in cases.items():
        got = ended(scene.server, *packets)
        if got != expected:
            wrong[name] = (got, expected)
    assert not wrong, f"(got, expected): {wrong}"


def answers(scene):
    """Codes that do not close the connection."""
    with Connection(scene.server, connect("5.0", "")) as connection:
        connection.expect(CONNACK)
        connection.send(packet(0x62, b"\0\7"))
        assert connection.expect(PUBCOMP)[:3] == b"\0\7\x92"
        connection.send(packet(0xA2, b"\0\1\0", text(scene.topic("nobody"))))
        assert connection.expect(UNSUBACK) == b"\0\1\0\x11"
        connection.send(publish(scene.topic("nobody"), qos=1, identifier=9))
        assert connection.expect(PUBACK)[:3] == b"\0\x09\x10"
        connection.send(publish(scene.topic("nobody"), qos=2, identifier=9))
        assert connection.expect(PUBREC)[:3] == b"\0\x09\x10"
        connection.send(publish(scene.topic("nobody"), qos=2, identifier=9, flags=8))
        connection.expect(PUBREC)
        connection.send(packet(0x62, b"\0\x09"))
        assert connection.expect(PUBCOMP) == b"\0\x09"
    with Connection(scene.server, connect("3.1.1", "")) as connection:
        connection.send(packet(0x62, b"\0\7"), packet(0x50, b"\0\x08"))
        assert connection.expect(PUBCOMP) == b"\0\7"
        assert connection.expect(PUBREL) == b"\0\x08"


def keep_alive(scene):
    """A client that says nothing is told so and closed, after one and a half times the interval; its Will is published."""
    will = properties() + text(scene.topic("will")) + text("silent")
    with scene.client() as heir:
        heir.subscribe(scene.topic("will"), 1)
        started = time.monotonic()
        assert ended(scene.server, connect("5.0", "", flags=0x06, keep_alive=1, more=will)) == (DISCONNECT, 0x8D)
        assert 1.4 <= time.monotonic() - started <= 6
        assert heir.payloads(1) == [b"silent"]
    with Connection(scene.server, connect("3.1.1", "", keep_alive=1)) as connection:
        connection.expect(CONNACK)
        for _ in range(3):
            time.sleep(0.8)
            connection.send(b"\xc0\0")
            connection.expect(13)


def redelivery(scene):
    """What is not acknowledged comes again on the next connection, with DUP, in order; PUBREL too."""
    name = f"{scene.prefix}again"
    hello = connect("3.1.1", name, flags=0)
    with Connection(scene.server, hello) as connection:
        connection.expect(CONNACK)
        connection.send(subscribe(scene.topic("r"), 2, version="3.1.1"))
        connection.expect(SUBACK)
        with scene.client() as publisher:
            for level in (1, 2, 2):
                publisher.publish(scene.topic("r"), b"%d" % level, level)
        identifiers = []
        for level in (1, 2, 2):
            kind, first_byte, body = connection.receive()
            at = 2 + int.from_bytes(body[:2], "big")
            assert (kind, first_byte) == (PUBLISH, 0x30 | level << 1), (kind, first_byte)
            identifiers.append(body[at : at + 2])
        assert len(set(identifiers)) == 3
        connection.send(packet(0x50, identifiers[2]))
        assert connection.expect(PUBREL) == identifiers[2]
    with Connection(scene.server, hello) as connection:
        assert connection.expect(CONNACK) == b"\1\0"
        again = sorted(connection.receive() for _ in range(3))
        kinds = [(kind, first_byte) for kind, first_byte, _ in again]
        assert kinds == [(PUBLISH, 0x3A), (PUBLISH, 0x3C), (PUBREL, 0x62)], kinds
        assert again[2][2] == identifiers[2]
        for (_, _, body), identifier in zip(again[:2], identifiers):
            assert body[2 + int.from_bytes(body[:2], "big") :][:2] == identifier
        connection.send(packet(0x40, identifiers[0]), packet(0x50, identifiers[1]))
        assert connection.expect(PUBREL) == identifiers[1]
        connection.send(packet(0x70, identifiers[1]), packet(0x70, identifiers[2]), b"\xe0\0")
        connection.end()  # a server may see the next connection before it has read what came last on this one
    with Connection(scene.server, hello, b"\xc0\0") as connection:
        assert connection.expect(CONNACK) == b"\1\0"
        assert connection.receive()[0] == 13, "something was left"
    ended(scene.server, connect("3.1.1", name), b"\xe0\0")


def receive_maximum(scene):
    """No more messages are under way than the client can take, and the rest follows."""
    with Connection(scene.server, connect("5.0", "", props=b"\x21\0\2")) as connection:
        connection.expect(CONNACK)
        connection.send(subscribe(scene.topic("m"), 2))
        connection.expect(SUBACK)
        with scene.client() as publisher:
            for level in range(8):
                publisher.publish(scene.topic("m"), b"%d" % level, 1 + level % 2)
        order, under_way = [], []
        while len(order) < 8 or under_way:
            connection.socket.settimeout(0.3)
            try:
                kind, first_byte, body = connection.receive()
            except TimeoutError:  # nothing more comes: the oldest is acknowledged
                assert len(under_way) == min(2, 8 - len(order) + len(under_way)), under_way
                level, identifier = under_way.pop(0)
                connection.send(packet(0x40 if level == 1 else 0x50, identifier))
                continue
            if kind == PUBREL:
                connection.send(packet(0x70, body[:2]))
                continue
            at = 2 + int.from_bytes(body[:2], "big")
            under_way.append((first_byte >> 1 & 3, body[at : at + 2]))
            order.append(int(body[at + 3 :]))
            assert len(under_way) <= 2, under_way
        assert order == list(range(8)), order


def identifiers_in_turn(scene):
    """Messages come again in the order of sending, after the highest identifier too. Identifiers wait for their turn."""
    hello, topic = connect("3.1.1", f"{scene.prefix}turn", flags=0), scene.topic("i")
    one = publish(topic, qos=1, version="3.1.1")
    with Connection(scene.server, connect("3.1.1", "")) as publisher:
        publisher.expect(CONNACK)

        def forward(connection, count):
            """Publishes so many messages. Returns the identifiers with which they arrive."""
            publisher.send(*(publish(topic, qos=1, identifier=1 + at, version="3.1.1") for at in range(count)))
            for _ in range(count):
                publisher.expect(PUBACK)
            return take(connection, count)

        def take(connection, count):
            arrived = connection._read(count * len(one))
            return [arrived[end - 2 : end] for end in range(len(one), len(arrived) + 1, len(one))]

        def forward_and_acknowledge(connection, count):
            for batch in [1000] * (count // 1000) + [count % 1000]:
                connection.send(*(packet(0x40, identifier) for identifier in forward(connection, batch)))

        with Connection(scene.server, hello) as connection:
            connection.expect(CONNACK)
            connection.send(subscribe(topic, 1, version="3.1.1"))
            connection.expect(SUBACK)
            forward_and_acknowledge(connection, 65_534)
            left = forward(connection, 3)
            assert left == [b"\xff\xff", b"\0\1", b"\0\2"], left
        with Connection(scene.server, hello) as connection:
            connection.expect(CONNACK)
            assert take(connection, 3) == left
            forward_and_acknowledge(connection, 65_532)
            publisher.send(one, b"\xc0\0")
            publisher.expect(13)
            connection.send(b"\xc0\0")
            assert connection.receive()[0] == 13, "an identifier is used twice"
            connection.send(packet(0x40, left[0]))
            assert take(connection, 1) == left[:1]
    ended(scene.server, connect("3.1.1", f"{scene.prefix}turn"), b"\xe0\0")


def taken_over(scene):
    """A client that is replaced by its next connection is told so. Its Will is published, unless it is delayed."""
    with scene.client() as heir:
        heir.subscribe(scene.topic("will/#"), 1)
        for name, delay in (("later", 60), ("now", 0)):
            will = properties(b"\x18" + delay.to_bytes(4, "big")) + text(scene.topic(f"will/{name}")) + text("gone")
            hello = lambda flags, more, name=name: connect("5.0", scene.prefix + name, flags, 60, more, b"\x11\0\0\0\x3c")
            with Connection(scene.server, hello(4, will)) as first:
                first.expect(CONNACK)
                with Connection(scene.server, hello(0, b"")) as second:
                    assert second.expect(CONNACK)[:2] == b"\1\0"
                    assert first.end() == (DISCONNECT, 0x8E)
            ended(scene.server, connect("5.0", scene.prefix + name), b"\xe0\0")
        assert [it.topic for it in heir.wait(1)] == [scene.topic("will/now")]


def shared_offline(scene):
    """A member of a group that is away gets nothing while another one is there. If all are away, the messages wait."""
    hello = lambda name, flags=0: connect("5.0", scene.prefix + name, flags, 60, props=b"\x11\0\0\0\x3c")
    with scene.client() as publisher:
        with Connection(scene.server, hello("one")) as one, Connection(scene.server, hello("other")) as other:
            for member in (one, other):
                member.expect(CONNACK)
                member.send(subscribe(f"$share/group/{scene.topic('s')}", 1))
                member.expect(SUBACK)
            one.send(b"\xe0\0")
            one.end()
            for _ in range(4):
                publisher.publish(scene.topic("s"), b"there", 1)
            for _ in range(4):
                other.send(packet(0x40, other.expect(PUBLISH)[-8:-6]))
            other.send(b"\xe0\0")
            other.end()
        for _ in range(4):
            publisher.publish(scene.topic("s"), b"away", 1)
    left = 0
    for name in ("one", "other"):
        with Connection(scene.server, hello(name), b"\xc0\0") as member:
            member.expect(CONNACK)
            while (got := member.receive())[0] == PUBLISH:
                assert got[2].endswith(b"away"), got
                left += 1
        ended(scene.server, hello(name, 2), b"\xe0\0")
    assert left == 4, left


# Mosquitto 2.0 knows other codes, counts otherwise, keeps fewer messages under way, and has other rules for groups.
OURS = [refusals, answers, keep_alive, receive_maximum, identifiers_in_turn, taken_over, shared_offline]
ALL = [*OURS, redelivery]
