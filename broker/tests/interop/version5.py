"""Features of 5.0, and the cases of the two interoperability suites of Eclipse Paho that the other scenarios do not cover. The
suites are not in any package index, so each case is rewritten here. `SUITES` maps each case to its scenario. `../paho/run` runs
the suites themselves."""

import time

import paho.mqtt.client as paho
import wire
from clients import Paho, Will
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from wire import AUTH, CONNACK, DISCONNECT, PUBACK, PUBLISH, SUBACK, Connection, properties, text

OURS = []  # what Mosquitto does otherwise, or has no option for


def ours(scenario):
    OURS.append(scenario)
    return scenario


def props(kind, **values):
    made = Properties(getattr(PacketTypes, kind))
    for name, value in values.items():
        setattr(made, name, value)
    return made


def message_properties(scene):
    """Everything that describes a message arrives: User Properties in order, and with their duplicates."""
    sent = [("b", "2"), ("a", "1"), ("b", "3"), ("b", "2"), ("Größe", "🌡️")]
    with scene.client() as subscriber, scene.client() as publisher:
        subscriber.subscribe(scene.topic("p"), 2)
        for qos in (0, 1, 2):
            made = props("PUBLISH", PayloadFormatIndicator=1, ContentType="text/plain", ResponseTopic=scene.topic("back"))
            made.CorrelationData, made.UserProperty = b"\0\xff", sent
            publisher.publish(scene.topic("p"), "warm", qos, properties=made)
        for message in subscriber.wait(3):
            got = message.properties
            assert got["UserProperty"] == sent, got
            assert (got["ContentType"], got["PayloadFormatIndicator"]) == ("text/plain", 1), got
            assert (got["ResponseTopic"], got["CorrelationData"]) == (scene.topic("back"), b"\0\xff"), got


def request_response(scene):
    """A request is answered on its Response Topic, with its Correlation Data."""
    with scene.client() as asker, scene.client() as answerer:
        answerer.subscribe(scene.topic("request"), 1)
        asker.subscribe(scene.topic("back"), 1)
        made = props("PUBLISH", ResponseTopic=scene.topic("back"), CorrelationData=b"42")
        asker.publish(scene.topic("request"), b"?", 1, properties=made)
        request = answerer.wait(1)[0].properties
        made = props("PUBLISH", CorrelationData=request["CorrelationData"])
        answerer.publish(request["ResponseTopic"], b"!", 1, properties=made)
        assert asker.wait(1)[0].properties["CorrelationData"] == b"42"


def subscription_options(scene):
    """No Local, Retain As Published, Retain Handling."""
    with scene.client() as client, scene.client() as other:
        client.subscribe(scene.topic("local"), options=paho.SubscribeOptions(1, noLocal=True))
        client.publish(scene.topic("local"), b"own", 1)
        other.publish(scene.topic("local"), b"other", 1)
        assert client.payloads(1) == [b"other"]

        client.subscribe(scene.topic("kept"), options=paho.SubscribeOptions(1, retainAsPublished=True))
        other.publish(scene.topic("kept"), b"1", 1)
        other.publish(scene.topic("kept"), b"2", 1, retain=True)
        assert [it.retain for it in client.wait(3)[1:]] == [False, True]

        def retained(handling, already):
            with scene.client() as late:
                if already:
                    late.subscribe(scene.topic("kept"), options=paho.SubscribeOptions(1, retainHandling=2))
                late.subscribe(scene.topic("kept"), options=paho.SubscribeOptions(1, retainHandling=handling))
                late.subscribe(scene.topic("end"), 1)
                late.publish(scene.topic("end"), b"end", 1)
                late.wait(1)
                while late.messages[-1].payload != b"end":
                    late.wait(len(late.messages) + 1)
                return len(late.messages) - 1

        seen = [[retained(handling, already) for already in (False, True)] for handling in (0, 1, 2)]
        assert seen == [[1, 1], [1, 0], [0, 0]], seen
        client.publish(scene.topic("kept"), b"", 1, retain=True)


def subscription_identifiers(scene):
    """The identifiers of all subscriptions that match."""
    with scene.client() as client:
        client.subscribe(scene.topic("+"), 1, properties=props("SUBSCRIBE", SubscriptionIdentifier=1))
        client.subscribe(scene.topic("#"), 2, properties=props("SUBSCRIBE", SubscriptionIdentifier=268435455))
        client.publish(scene.topic("x/y"), b"deep", 1)
        client.publish(scene.topic("x"), b"both", 2)
        first = client.wait(1)[0]
        assert first.properties["SubscriptionIdentifier"] == [268435455], first
        time.sleep(0.3)
        rest = client.messages[1:]
        identifiers = sorted(it for message in rest for it in message.properties["SubscriptionIdentifier"])
        assert identifiers == [1, 268435455], rest
        assert max(message.qos for message in rest) == 2, rest


@ours
def overlapping(scene):
    """Of subscriptions that overlap, the highest QoS counts."""
    for version in ("3.1.1", "5.0"):
        with scene.client(version=version) as client:
            client.subscribe(scene.topic("#"), 2)
            client.subscribe(scene.topic("+"), 1)
            client.publish(scene.topic("x"), b"once or twice", 2)
            client.wait(1)
            time.sleep(0.3)
            assert sorted(it.qos for it in client.messages) in ([2], [1, 2]), client.messages


def dollar_topics(scene):
    """A wildcard on the first level does not match a topic that begins with '$'."""
    with scene.client() as client:
        client.subscribe(f"+/{scene.prefix}", 1)
        client.publish(f"$hidden/{scene.prefix}", b"hidden", 1)
        client.publish(f"seen/{scene.prefix}", b"seen", 1)
        assert client.payloads(1) == [b"seen"]


def message_expiry(scene):
    """What waits too long is not sent, in any version; what is sent says how long it still lives. Retained ones too."""
    options = {"name": f"{scene.prefix}late", "clean": False, "expiry": 100}
    older = {"name": f"{scene.prefix}older", "clean": False, "version": "3.1.1"}
    for late in (options, older):
        with scene.client(**late) as client:
            client.subscribe(scene.topic("e"), 2)
    with scene.client() as publisher:
        for qos in (1, 2):
            for seconds in (1, 60):
                made = props("PUBLISH", MessageExpiryInterval=seconds)
                publisher.publish(scene.topic("e"), b"%d" % seconds, qos, properties=made)
        for seconds in (1, 60):
            made = props("PUBLISH", MessageExpiryInterval=seconds)
            publisher.publish(scene.topic(f"r{seconds}"), b"%d" % seconds, 1, retain=True, properties=made)
        time.sleep(2.2)
        with scene.client() as other:
            other.subscribe(scene.topic("+"), 1)
            assert other.payloads(1) == [b"60"]
            assert 50 <= other.messages[0].properties["MessageExpiryInterval"] <= 58
        with scene.client(version="3.1.1") as other:
            other.subscribe(scene.topic("+"), 1)
            publisher.publish(scene.topic("end"), b"end", 1)
            assert other.payloads(2) == [b"60", b"end"]
    with scene.client(**older) as client:
        assert client.payloads(2) == [b"60", b"60"]
    with scene.client(name=older["name"], version="3.1.1"):
        pass  # ends the session
    with scene.client(**options) as client:
        assert client.payloads(2) == [b"60", b"60"]
        assert all(50 <= it.properties["MessageExpiryInterval"] <= 58 for it in client.messages), client.messages
    with scene.client(name=options["name"]) as client:
        client.publish(scene.topic("r60"), b"", 1, retain=True)


def session_expiry(scene):
    """A session lives as long as CONNECT or DISCONNECT says."""

    def present(expiry, at_the_end=None):
        client = scene.client(name=f"{scene.prefix}expiry", clean=False, expiry=expiry)
        is_present = client.connect()
        if not is_present:
            client.subscribe(scene.topic("x"), 1)
        made = None if at_the_end is None else props("DISCONNECT", SessionExpiryInterval=at_the_end)
        client.disconnect(properties=made)
        return is_present

    assert not present(0)
    assert not present(2), "kept a session that ends with its connection"
    assert present(2), "lost it at once"
    time.sleep(3.3)
    assert not present(1, at_the_end=60), "kept it too long"
    time.sleep(2.2)
    assert present(60, at_the_end=0), "DISCONNECT did not count"
    assert not present(0)


def will_delay(scene):
    """A delayed Will comes after its delay, with the end of the session, or not at all if the client is back."""
    with scene.client() as heir:
        heir.subscribe(scene.topic("will/#"), 1)

        def die(name, delay, expiry):
            will = Will(scene.topic(f"will/{name}"), b"gone", delay=delay)
            client = scene.client(name=f"{scene.prefix}{name}", clean=False, expiry=expiry, will=will)
            client.connect()
            client.kill()

        started = time.monotonic()
        die("back", 2, 60)
        die("late", 2, 60)
        die("ended", 60, 1)
        with scene.client(name=f"{scene.prefix}back", clean=False):
            topics = [it.topic for it in heir.wait(2)]
        assert topics == [scene.topic("will/ended"), scene.topic("will/late")], topics
        assert time.monotonic() - started >= 2
        time.sleep(0.5)
        assert len(heir.messages) == 2, heir.messages
        with Connection(scene.server, wire.connect("5.0", f"{scene.prefix}late")) as connection:
            connection.expect(CONNACK)  # ends the session


def disconnect_with_will(scene):
    """DISCONNECT with 0x04 publishes the Will."""
    with scene.client() as heir:
        heir.subscribe(scene.topic("will"), 1)
        client = scene.client(will=Will(scene.topic("will"), b"goodbye"))
        client.connect()
        client.disconnect(code=paho.ReasonCode(PacketTypes.DISCONNECT, identifier=4))
        assert heir.payloads(1) == [b"goodbye"]


def client_identifiers(scene):
    """Without a name a client gets one; in 3.1.1 it must be clean."""
    with Connection(scene.server, wire.connect("5.0", "")) as connection:
        body = connection.expect(CONNACK)
        assert b"\x12\0" in body, "no Assigned Client Identifier"
    assert wire.ended(scene.server, wire.connect("3.1.1", "", flags=0)) == (CONNACK, 2)
    with Connection(scene.server, wire.connect("3.1.1", "")) as connection:
        assert connection.expect(CONNACK) == b"\0\0"


def maximum_packet_size(scene):
    """A message that is larger than the client accepts does not reach it, and nothing else is lost."""
    made = props("CONNECT", MaximumPacketSize=100)
    with scene.client(properties=made) as small, scene.client() as publisher:
        small.subscribe(scene.topic("s"), 2)
        for qos in (0, 1, 2):
            publisher.publish(scene.topic("s"), b"x" * 200, qos)
            publisher.publish(scene.topic("s"), b"small", qos)
        assert small.payloads(3) == [b"small"] * 3


def topic_aliases_from_client(scene):
    """An alias stands for its topic until it gets another one."""
    alias = lambda value: b"\x23" + value.to_bytes(2, "big")
    with scene.client() as subscriber:
        subscriber.subscribe(scene.topic("#"), 1)
        with Connection(scene.server, wire.connect("5.0", "")) as connection:
            connection.send(
                wire.publish(scene.topic("a"), b"1", props=alias(1)),
                wire.publish(scene.topic("b"), b"2", props=alias(2)),
                wire.publish("", b"3", props=alias(1)),
                wire.publish(scene.topic("c"), b"4", props=alias(1)),
                wire.publish("", b"5", qos=1, props=alias(1)),
                wire.publish("", b"6", props=alias(2)),
            )
            connection.expect(PUBACK)
            got = [(it.topic.rsplit("/")[-1], it.payload) for it in subscriber.wait(6)]
        assert got == [("a", b"1"), ("b", b"2"), ("a", b"3"), ("c", b"4"), ("c", b"5"), ("b", b"6")], got
        assert not any("TopicAlias" in it.properties for it in subscriber.messages)


@ours
def topic_aliases_to_client(scene):
    """The server introduces as many aliases as the client allows, and uses them."""
    with Connection(scene.server, wire.connect("5.0", "", props=b"\x22\0\1")) as connection:
        connection.send(wire.subscribe(scene.topic("#")))
        connection.expect(SUBACK)
        with scene.client() as publisher:
            for topic in ("a", "b", "a", "b"):
                publisher.publish(scene.topic(topic), topic.encode(), 1)
        a, b = text(scene.topic("a")), text(scene.topic("b"))
        alias = properties(b"\x23\0\1")
        wanted = [a + alias + b"a", b + b"\0b", b"\0\0" + alias + b"a", b + b"\0b"]
        assert [connection.expect(PUBLISH) for _ in wanted] == wanted


@ours
def flow_control(scene):
    """More messages of QoS 2 than the server's Receive Maximum are refused."""
    with Connection(scene.server, wire.connect("5.0", "")) as connection:
        body = connection.expect(CONNACK)
        at = body.index(b"\x21", 2)
        maximum = int.from_bytes(body[at + 1 : at + 3], "big")
        for identifier in range(1, maximum + 2):
            connection.send(wire.publish(scene.topic("f"), qos=2, identifier=identifier))
        assert connection.end() == (DISCONNECT, 0x93)
    # A client that still writes after the server has closed reads the reason too: it is not reset before.
    with Connection(scene.server, wire.connect("5.0", "")) as connection:
        connection.expect(CONNACK)
        messages = [wire.publish(scene.topic("f"), qos=2, identifier=identifier) for identifier in range(1, maximum + 2)]
        connection.send(*messages)
        while True:
            kind, _, body = connection.receive()
            if kind == DISCONNECT:
                break
            connection.send(wire.packet(0x62, body[:2]))
        assert body[0] == 0x93


@ours
def server_keep_alive(scene):
    """A client that wants to be silent for too long is told what the server allows."""
    with Connection(scene.server, wire.connect("5.0", "", keep_alive=3600)) as connection:
        assert b"\x13\x04\xb0" in connection.expect(CONNACK), "no Server Keep Alive of 1200"
    with Connection(scene.server, wire.connect("5.0", "", keep_alive=30)) as connection:
        assert b"\x13" not in connection.expect(CONNACK)[2:]


@ours
def not_authorized(scene):
    """What is denied is refused in the words of each version."""
    with Connection(scene.server, wire.connect("5.0", "")) as connection:
        connection.send(wire.subscribe("denied/+"), wire.publish("denied/x", b"", 1), wire.publish("denied/x", b"", 2))
        assert connection.expect(SUBACK) == b"\0\1\0\x87"
        assert connection.expect(PUBACK)[:3] == b"\0\1\x87"
        assert connection.expect(5)[:3] == b"\0\1\x87"
    with Connection(scene.server, wire.connect("3.1.1", "")) as connection:
        connection.send(wire.subscribe("denied/+", version="3.1.1"), wire.publish("denied/x", b"", 1, version="3.1.1"))
        assert connection.expect(SUBACK) == b"\0\1\x80"
        assert connection.expect(PUBACK) == b"\0\1"


@ours
def enhanced_authentication(scene):
    """The data of a method pass through the hook, at CONNECT and later; a wrong answer is refused."""
    method = b"\x15" + text("REVERSE")
    answer = lambda word, code=0x18: wire.packet(0xF0, bytes([code]), properties(method, b"\x16" + text(word)))
    hello = wire.connect("5.0", "", props=method)
    with Connection(scene.server, hello) as connection:
        assert connection.expect(AUTH) == b"\x18" + properties(method, b"\x16" + text("stressed"))
        connection.send(answer("desserts"))
        body = connection.expect(CONNACK)
        assert body[1] == 0 and method in body and text("welcome") in body
        connection.send(answer("", 0x19))
        assert connection.expect(AUTH)[0] == 0x18
        connection.send(answer("desserts"))
        assert connection.expect(AUTH)[0] == 0
        connection.send(answer("", 0x19), answer("wrong"))
        assert connection.end() == (DISCONNECT, 0x87)
    assert wire.ended(scene.server, hello, answer("wrong")) == (CONNACK, 0x87)
    assert wire.ended(scene.server, hello, b"\xc0\0")[0] == CONNACK


ALL = [
    *(message_properties, request_response, subscription_options, subscription_identifiers, overlapping, dollar_topics),
    *(message_expiry, session_expiry, will_delay, disconnect_with_will, client_identifiers, maximum_packet_size),
    *(topic_aliases_from_client, topic_aliases_to_client, flow_control, server_keep_alive, not_authorized),
    enhanced_authentication,
]

# The cases of the suites by name, and the scenarios that stand for them.
SUITES = {
    "3.1.1": {
        "basic": "qos refusals",
        "retained message": "retained",
        "offline message queueing": "persistent_session",
        "unsubscribe": "qos",
        "overlapping subscriptions": "overlapping",
        "keepalive": "keep_alive",
        "redelivery on reconnect": "redelivery",
        "zero length clientid": "client_identifiers",
        "subscribe failure": "not_authorized",
        "dollar topics": "dollar_topics",
    },
    "5.0": {
        "assigned clientid": "client_identifiers",
        "basic": "qos refusals",
        "client topic alias": "topic_aliases_from_client",
        "dollar topics": "dollar_topics",
        "flow control 1": "receive_maximum",
        "flow control 2": "flow_control",
        "keepalive": "keep_alive",
        "maximum packet size": "maximum_packet_size",
        "offline message queueing": "persistent_session",
        "overlapping subscriptions": "overlapping",
        "payload format": "message_properties",
        "publication expiry": "message_expiry",
        "redelivery on reconnect": "redelivery",
        "request response": "request_response",
        "retained message": "retained message_properties",
        "server keep alive": "server_keep_alive",
        "server topic alias": "topic_aliases_to_client",
        "session expiry": "session_expiry",
        "shared subscriptions": "shared_subscription",
        "subscribe failure": "not_authorized",
        "subscribe identifiers": "subscription_identifiers",
        "subscribe options": "subscription_options",
        "unsubscribe": "qos",
        "user properties": "message_properties",
        "will delay": "will_delay",
        "will message": "will",
        "zero length clientid": "client_identifiers",
    },
}
