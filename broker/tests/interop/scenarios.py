"""Scenarios that run with every client library, in every version and over every transport."""

import hashlib
import random
import time

from clients import Mosquitto, Will

TOPICS = ["厨房/温度", "データ/湿度", "🏠/🌡️", "a b/$c/é"]


class Scene:
    """Makes clients of one kind, version and transport whose names and topics nobody else has."""

    def __init__(self, server, kind, version, transport, number):
        self.server, self.kind, self.version, self.transport = server, kind, version, transport
        self.prefix = f"s{number}"
        self.count = 0

    def client(self, name=None, kind=None, version=None, transport=None, **options):
        self.count += 1
        kind, version, transport = kind or self.kind, version or self.version, transport or self.transport
        return kind(self.server, transport, version, name or f"{self.prefix}c{self.count}", **options)

    def topic(self, name):
        return f"{self.prefix}/{name}"


def qos(scene):
    """Each QoS arrives as it was sent, or as it was granted; after UNSUBSCRIBE nothing does."""
    with scene.client() as subscriber, scene.client() as low, scene.client() as publisher:
        subscriber.subscribe(scene.topic("#"), 2)
        low.subscribe(scene.topic("+"), 1)
        for level in (0, 1, 2):
            publisher.publish(scene.topic("t"), b"%d" % level, level)
        arrived = subscriber.wait(3)
        assert sorted((it.payload, it.qos) for it in arrived) == [(b"0", 0), (b"1", 1), (b"2", 2)], arrived
        # QoS 1 is at least once: Mosquitto sometimes sends such a message twice.
        arrived = low.wait(3)
        assert sorted({(it.payload, it.qos) for it in arrived}) == [(b"0", 0), (b"1", 1), (b"2", 1)], arrived
        low.unsubscribe(scene.topic("+"))
        publisher.publish(scene.topic("t"), b"last", 1)
        assert subscriber.wait(4)[3].payload == b"last"
        assert b"last" not in [it.payload for it in low.messages], low.messages


def retained(scene):
    """A retained message is there for later subscribers, is replaced, and ends with an empty one."""
    with scene.client() as publisher:
        with scene.client() as live:
            live.subscribe(scene.topic("#"), 1)
            publisher.publish(scene.topic("r"), b"old", 1, retain=True)
            publisher.publish(scene.topic("r"), b"new", 1, retain=True)
            assert [(it.payload, it.retain) for it in live.wait(2)] == [(b"old", False), (b"new", False)]
        with scene.client() as late:
            late.subscribe(scene.topic("#"), 1)
            assert [(it.payload, it.retain) for it in late.wait(1)] == [(b"new", True)]
        publisher.publish(scene.topic("r"), b"", 1, retain=True)
        with scene.client() as later:
            later.subscribe(scene.topic("#"), 1)
            publisher.publish(scene.topic("end"), b"end", 1)
            assert [it.payload for it in later.wait(1)] == [b"end"]


def will(scene):
    """A killed connection's Will is published; that of one that says goodbye is not."""
    with scene.client() as heir:
        heir.subscribe(scene.topic("will/#"), 1)
        if scene.kind is not Mosquitto or scene.version != "5.0":  # which says goodbye with "publish the Will"
            with scene.client(will=Will(scene.topic("will/polite"), b"never")) as polite:
                polite.subscribe(scene.topic("x"))
        mortal = scene.client(will=Will(scene.topic("will/killed"), b"gone"))
        mortal.connect()
        mortal.subscribe(scene.topic("x"))
        mortal.kill()
        assert [(it.topic, it.payload, it.qos) for it in heir.wait(1)] == [(scene.topic("will/killed"), b"gone", 1)]


def persistent_session(scene):
    """Messages wait for a session over a reconnect, and so do its subscriptions."""
    name = f"{scene.prefix}keeper"
    options = {"name": name, "clean": False, "expiry": 100}
    with scene.client(**options) as first:
        assert not first.session_present
        first.subscribe(scene.topic("p"), 1)
    with scene.client() as publisher:
        for number in range(5):
            publisher.publish(scene.topic("p"), b"%d" % number, 1 + number % 2)
    with scene.client(**options) as second:
        if scene.kind is Mosquitto:
            second.subscribe(scene.topic("p"), 1)
        elif scene.version != "3.1":  # whose CONNACK does not tell
            assert second.session_present
        assert second.payloads(5) == [b"%d" % number for number in range(5)]
    with scene.client(name=name) as clean:
        assert not clean.session_present


def shared_subscription(scene):
    """The members of a group share the messages, each of which goes to one."""
    filter_ = f"$share/group/{scene.topic('+')}"
    with scene.client() as one, scene.client() as other, scene.client() as publisher:
        for member in (one, other):
            member.subscribe(filter_, 1)
        for number in range(10):
            publisher.publish(scene.topic("job"), b"%d" % number, 1)
        for _ in range(200):
            if len(one.messages) + len(other.messages) >= 10:
                break
            time.sleep(0.05)
        taken = sorted(int(it.payload) for it in one.messages + other.messages)
        assert taken == list(range(10)), taken
        assert one.messages and other.messages, "one has everything"


def large_payload(scene):
    """A megabyte comes through, every byte."""
    payload = random.Random(1).randbytes(1 << 19).hex().encode()
    with scene.client() as subscriber, scene.client() as publisher:
        subscriber.subscribe(scene.topic("large"), 1)
        publisher.publish(scene.topic("large"), payload, 1)
        (arrived,) = subscriber.wait(1, 60)  # paho-mqtt masks the bytes of a WebSocket one by one
        assert hashlib.sha256(arrived.payload).digest() == hashlib.sha256(payload).digest()


def topics(scene):
    """Topics in Chinese, Japanese and emoji, with wildcards beside them."""
    with scene.client() as subscriber, scene.client() as publisher:
        if scene.kind is Mosquitto:  # one filter for a program
            subscriber.subscribe(scene.topic("+/温度"), 0)
            publisher.publish(scene.topic(TOPICS[0]), "二十一度".encode(), 1)
            assert [(it.topic, it.payload.decode()) for it in subscriber.wait(1)] == [(scene.topic(TOPICS[0]), "二十一度")]
            return
        for topic in TOPICS:
            first = topic.split("/", 1)[0]
            subscriber.subscribe(scene.topic(f"{first}/#"), 1)
        for topic in TOPICS:
            publisher.publish(scene.topic(topic), topic.encode(), 1)
        arrived = [(it.topic, it.payload.decode()) for it in subscriber.wait(len(TOPICS))]
        assert arrived == [(scene.topic(topic), topic) for topic in TOPICS], arrived


def takeover(scene):
    """A second connection with the same Client Identifier ends the first."""
    name = f"{scene.prefix}twin"
    first = scene.client(name=name)
    first.connect()
    with scene.client(name=name) as second:
        assert first.closed.wait(10), "both stay"
        second.subscribe(scene.topic("t"), 1)
        second.publish(scene.topic("t"), b"here", 1)
        assert second.payloads(1) == [b"here"]
    if scene.kind.kind == "aiomqtt":
        first.loop.call_soon_threadsafe(first.loop.stop)


def crossing(scene):
    """A message goes from this version to all three."""
    subscribers = [scene.client(version=version) for version in ("3.1", "3.1.1", "5.0")]
    for subscriber in subscribers:
        subscriber.connect()
        subscriber.subscribe(scene.topic("x"), 2)
    with scene.client() as publisher:
        for level in (0, 1, 2):
            publisher.publish(scene.topic("x"), b"%d" % level, level)
    for subscriber in subscribers:
        arrived = sorted((it.payload, it.qos) for it in subscriber.wait(3))
        assert arrived == [(b"0", 0), (b"1", 1), (b"2", 2)], arrived
        subscriber.disconnect()


ALL = [qos, retained, will, persistent_session, shared_subscription, large_payload, topics, takeover, crossing]


def applies(scenario, kind):
    return not (kind is Mosquitto and scenario is takeover)  # mosquitto_sub connects again and again
