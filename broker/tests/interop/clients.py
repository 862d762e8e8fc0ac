"""Clients of four projects behind one interface: Mosquitto's programs, paho-mqtt, aiomqtt, mqtt.js (Node.js and a browser)."""

import asyncio
import base64
import contextlib
import http.server
import itertools
import json
import queue
import socket
import ssl
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiomqtt
import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

import processes

PATIENCE = 20  # seconds: no step takes longer, on any machine
HERE = Path(__file__).parent
LEVELS = {"3.1": 3, "3.1.1": 4, "5.0": 5}


@dataclass
class Message:
    topic: str
    payload: bytes
    qos: int
    retain: bool
    properties: dict = field(default_factory=dict)


@dataclass
class Will:
    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = False
    delay: int = 0


def cut(connection):
    """Ends a connection of paho-mqtt without DISCONNECT."""
    getattr(connection, "_socket", connection).shutdown(socket.SHUT_RDWR)  # of a WebSocket, what is inside


class Client:
    """The interface that the scenarios use. Every operation returns after the server has answered."""

    kind = ""
    transports = ("tcp", "tls", "ws", "wss")

    def __init__(self, server, transport, version, name, clean=True, expiry=0, will=None, keep_alive=60):
        self.server, self.transport, self.version, self.name = server, transport, version, name
        self.clean, self.expiry, self.will, self.keep_alive = clean, expiry, will, keep_alive
        self.port = server.ports[transport]
        self.messages = []
        self.arrived = threading.Condition()
        self.closed = threading.Event()

    def on_message(self, message):
        with self.arrived:
            self.messages.append(message)
            self.arrived.notify_all()

    def wait(self, count, seconds=PATIENCE):
        """Waits until this many messages have arrived, and returns them."""
        with self.arrived:
            if not self.arrived.wait_for(lambda: len(self.messages) >= count, seconds):
                raise AssertionError(f"{len(self.messages)} messages instead of {count}: {self.messages!r:.300}")
            return list(self.messages)

    def payloads(self, count):
        return [message.payload for message in self.wait(count)]

    def connect(self):
        """Whether a session was present."""
        raise NotImplementedError

    def __enter__(self):
        self.session_present = self.connect()
        return self

    def __exit__(self, *_):
        if not self.closed.is_set():
            self.disconnect()


class Paho(Client):
    kind = "paho-mqtt"

    def __init__(self, *arguments, properties=None, **options):
        super().__init__(*arguments, **options)
        self.answers = {}
        self.answered = threading.Condition()
        is_5 = self.version == "5.0"
        kwargs = {} if is_5 else {"clean_session": self.clean}
        self.client = client = paho.Client(
            paho.CallbackAPIVersion.VERSION2,
            self.name,
            protocol=LEVELS[self.version],
            transport="websockets" if self.transport.startswith("ws") else "tcp",
            reconnect_on_failure=False,
            **kwargs,
        )
        if self.transport in ("tls", "wss"):
            client.tls_set(str(self.server.certificate))
        if self.will:
            will = self.will
            will_properties = None
            if is_5 and will.delay:
                will_properties = Properties(PacketTypes.WILLMESSAGE)
                will_properties.WillDelayInterval = will.delay
            client.will_set(will.topic, will.payload, will.qos, will.retain, will_properties)
        self.connect_properties = properties
        if is_5 and properties is None and self.expiry:
            self.connect_properties = Properties(PacketTypes.CONNECT)
            self.connect_properties.SessionExpiryInterval = self.expiry
        client.on_connect = lambda _c, _u, flags, code, props: self.answer("connect", (flags, code, props))
        client.on_connect_fail = lambda *_: self.answer("connect", None)
        client.on_subscribe = lambda _c, _u, mid, codes, _p: self.answer(("subscribe", mid), codes)
        client.on_unsubscribe = lambda _c, _u, mid, codes, _p: self.answer(("unsubscribe", mid), codes)
        client.on_publish = lambda _c, _u, mid, code, _p: self.answer(("publish", mid), code)
        client.on_disconnect = self.on_disconnect
        client.on_message = self.on_paho_message
        self.disconnect_code = None
        self.last_code = None

    def on_paho_message(self, _client, _userdata, message):
        properties = vars(message.properties) if message.properties else {}
        self.on_message(Message(message.topic, message.payload, message.qos, message.retain, properties))

    def on_disconnect(self, _client, _userdata, _flags, code, _properties):
        self.disconnect_code = code
        self.closed.set()
        with self.answered:
            self.answered.notify_all()

    def answer(self, key, value):
        with self.answered:
            self.answers[key] = value
            self.answered.notify_all()

    def await_answer(self, key):
        with self.answered:
            if not self.answered.wait_for(lambda: key in self.answers or self.closed.is_set(), PATIENCE):
                raise AssertionError(f"{self.name}: no answer to {key}")
            if key not in self.answers:
                raise ConnectionError(f"{self.name}: closed before the answer to {key}: {self.disconnect_code}")
            return self.answers.pop(key)

    def connect(self):
        kwargs = {"clean_start": self.clean, "properties": self.connect_properties} if self.version == "5.0" else {}
        self.client.connect("localhost", self.port, self.keep_alive, **kwargs)
        self.client.loop_start()
        answer = self.await_answer("connect")
        if answer is None or answer[1] != 0:
            raise ConnectionError(f"refused: {answer}")
        self.connack = answer[2]
        return answer[0].session_present

    def subscribe(self, topic_filter, qos=0, options=None, properties=None):
        if options is not None:
            _, mid = self.client.subscribe(topic_filter, options=options, properties=properties)
        elif self.version == "5.0":
            _, mid = self.client.subscribe(topic_filter, options=paho.SubscribeOptions(qos), properties=properties)
        else:
            _, mid = self.client.subscribe(topic_filter, qos)
        return self.await_answer(("subscribe", mid))[0].value

    def unsubscribe(self, topic_filter):
        _, mid = self.client.unsubscribe(topic_filter)
        codes = self.await_answer(("unsubscribe", mid))
        return codes[0].value if codes else None

    def publish(self, topic, payload, qos=0, retain=False, properties=None):
        mid = self.client.publish(topic, payload, qos, retain, properties).mid
        self.last_code = self.await_answer(("publish", mid))

    def disconnect(self, code=None, properties=None):
        if self.version == "5.0":
            self.client.disconnect(code, properties)
        else:
            self.client.disconnect()
        self.closed.wait(PATIENCE)
        self.client.loop_stop()

    def kill(self):
        cut(self.client.socket())
        self.closed.wait(PATIENCE)
        self.client.loop_stop()


class Aiomqtt(Client):
    kind = "aiomqtt"

    def connect(self):
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        return self.run(self._connect())

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE)

    async def _connect(self):
        is_5 = self.version == "5.0"
        kwargs = {"clean_start": self.clean} if is_5 else {"clean_session": self.clean}
        if is_5 and self.expiry:
            kwargs["properties"] = Properties(PacketTypes.CONNECT)
            kwargs["properties"].SessionExpiryInterval = self.expiry
        if self.transport in ("tls", "wss"):
            kwargs["tls_context"] = ssl.create_default_context(cafile=str(self.server.certificate))
        if self.will:
            will = self.will
            kwargs["will"] = aiomqtt.Will(will.topic, will.payload, will.qos, will.retain)
        self.client = aiomqtt.Client(
            "localhost",
            self.port,
            identifier=self.name,
            keepalive=self.keep_alive,
            protocol=aiomqtt.ProtocolVersion(LEVELS[self.version]),
            transport="websockets" if self.transport.startswith("ws") else "tcp",
            **kwargs,
        )
        present = []
        inner = self.client._client.on_connect

        def on_connect(client, userdata, flags, code, properties=None):
            present.append(flags["session present"] if isinstance(flags, dict) else flags.session_present)
            inner(client, userdata, flags, code, properties)

        self.client._client.on_connect = on_connect
        await self.client.__aenter__()
        self.receiving = asyncio.ensure_future(self._receive())
        return bool(present and present[0])

    async def _receive(self):
        try:
            async for message in self.client.messages:
                properties = vars(message.properties) if message.properties else {}
                self.on_message(
                    Message(str(message.topic), message.payload, message.qos, bool(message.retain), properties)
                )
        except aiomqtt.MqttError:
            self.closed.set()

    def subscribe(self, topic_filter, qos=0):
        granted = self.run(self.client.subscribe(topic_filter, qos))[0]
        return getattr(granted, "value", granted)

    def unsubscribe(self, topic_filter):
        self.run(self.client.unsubscribe(topic_filter))

    def publish(self, topic, payload, qos=0, retain=False):
        self.run(self.client.publish(topic, payload, qos, retain))

    def disconnect(self):
        self.run(self._disconnect())
        self.closed.set()
        self.loop.call_soon_threadsafe(self.loop.stop)

    async def _disconnect(self):
        self.receiving.cancel()
        await self.client.__aexit__(None, None, None)

    def kill(self):
        cut(self.client._client.socket())
        self.closed.wait(PATIENCE)


class Mosquitto(Client):
    """Runs mosquitto_sub after `subscribe`, and a mosquitto_pub for each message."""

    kind = "mosquitto"
    transports = ("tcp", "tls")
    options = {"3.1": "mqttv31", "3.1.1": "mqttv311", "5.0": "mqttv5"}

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.process = None
        self.numbers = itertools.count()

    def command(self, program, name):
        command = [program, "-h", "localhost", "-p", str(self.port), "-V", self.options[self.version], "-i", name]
        return command + (["--cafile", str(self.server.certificate)] if self.transport == "tls" else [])

    def connect(self):
        return None  # the programs do not tell

    def subscribe(self, topic_filter, qos=0):
        command = ["stdbuf", "-oL", *self.command("mosquitto_sub", self.name)]  # not in blocks
        command += ["-t", topic_filter, "-q", str(qos), "-F", "%j", "-k", str(self.keep_alive), "-d"]
        if not self.clean:
            command += ["-c"] + (["-x", str(self.expiry)] if self.version == "5.0" else [])
        if self.will:
            will = self.will
            command += ["--will-topic", will.topic, "--will-payload", will.payload.decode(), "--will-qos", str(will.qos)]
            command += ["--will-retain"] if will.retain else []
        self.process = processes.start(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        subscribed = threading.Event()
        threading.Thread(target=self._read, args=(self.process, subscribed), daemon=True).start()
        if not subscribed.wait(PATIENCE):
            raise AssertionError("mosquitto_sub has not subscribed")
        return qos

    def _read(self, process, subscribed):
        for line in process.stdout:
            if b"received SUBACK" in line:
                subscribed.set()
            elif line.startswith(b"{"):
                message = json.loads(line)
                payload = message.get("payload", "").encode()
                properties = message.get("properties", {})
                self.on_message(Message(message["topic"], payload, message["qos"], bool(message["retain"]), properties))
        process.stdout.close()

    def unsubscribe(self, _topic_filter):
        self._end("terminate")

    def publish(self, topic, payload, qos=0, retain=False):
        command = self.command("mosquitto_pub", f"{self.name}p{next(self.numbers)}")
        command += ["-t", topic, "-q", str(qos), "-s" if payload else "-n"] + (["-r"] if retain else [])
        subprocess.run(command, input=payload, check=True, timeout=PATIENCE)

    def _end(self, how):
        process, self.process = self.process, None
        for _ in range(4 if process else 0):
            getattr(process, how)()
            try:
                # A second later mosquitto_sub notices a signal that it missed. Another one would be no goodbye.
                process.wait(PATIENCE // 4)
                return
            except subprocess.TimeoutExpired:
                pass
        if process:
            process.kill()

    def disconnect(self):
        # A signal that interrupts one of its callbacks ends mosquitto_sub without DISCONNECT.
        time.sleep(0.3)
        self._end("terminate")

    def kill(self):
        self._end("kill")
        self.closed.set()


class Agent:
    """A program that runs clients of mqtt.js: `agent.js`."""

    def __init__(self):
        self.identifiers = itertools.count()
        self.clients = {}
        self.results = {}

    def call(self, operation, client, **arguments):
        identifier = next(self.identifiers)
        result = self.results[identifier] = queue.Queue()
        self.send({"id": identifier, "operation": operation, "client": client, **arguments})
        event = result.get(timeout=PATIENCE)
        if "error" in event:
            raise ConnectionError(f"mqtt.js: {event['error']} ({event['code']})")
        return event["result"]

    def on_event(self, event):
        if "id" in event:
            self.results.pop(event["id"]).put(event)
        elif client := self.clients.get(event["client"]):
            if message := event.get("message"):
                payload = base64.b64decode(message["payload"])
                properties = message.get("properties") or {}
                client.on_message(
                    Message(message["topic"], payload, message["qos"], bool(message["retain"]), properties)
                )
            elif event.get("closed"):
                client.closed.set()


class NodeAgent(Agent):
    def __init__(self, mqtt_js):
        super().__init__()
        command = ["node", str(HERE / "agent.js"), str(mqtt_js)]
        env = {"PATH": "/usr/bin:/bin:/usr/local/bin"}
        self.process = processes.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env)
        self.lock = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.on_event(json.loads(line))

    def send(self, command):
        with self.lock:
            self.process.stdin.write(json.dumps(command).encode() + b"\n")
            self.process.stdin.flush()

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)


class BrowserAgent(Agent):
    """A page in a headless browser, which gets its commands from a server in this file."""

    PAGE = b'<!doctype html><meta charset="utf-8"><script src="mqtt.min.js"></script><script src="agent.js"></script>'

    def __init__(self, mqtt_js, browser, profile):
        super().__init__()
        self.commands = queue.Queue()
        agent = self
        files = {
            "/": ("text/html", self.PAGE),
            "/mqtt.min.js": ("text/javascript", (mqtt_js / "dist" / "mqtt.min.js").read_bytes()),
            "/agent.js": ("text/javascript", (HERE / "agent.js").read_bytes()),
        }

        class Handler(http.server.BaseHTTPRequestHandler):
            def reply(self, kind, body):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # the browser is gone
                    self.wfile.write(body)

            def do_GET(self):
                if self.path in files:
                    return self.reply(*files[self.path])
                if self.path != "/commands":
                    return self.send_error(404)
                commands = []
                try:
                    commands.append(agent.commands.get(timeout=5))
                    while True:
                        commands.append(agent.commands.get_nowait())
                except queue.Empty:
                    pass
                return self.reply("application/json", json.dumps(commands).encode())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.reply("text/plain", b"")
                for event in json.loads(body):
                    agent.on_event(event)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--ignore-certificate-errors"]
        command += ["--disable-background-networking", "--disable-dev-shm-usage", f"--user-data-dir={profile}"]
        command += [f"http://127.0.0.1:{self.server.server_address[1]}/"]
        self.process = processes.start(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def send(self, command):
        self.commands.put(command)

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.server.shutdown()


class MqttJs(Client):
    kind = "mqtt.js"
    agent = None  # one for all

    def connect(self):
        self.key = f"{self.name} {next(self.agent.identifiers)}"
        scheme = {"tcp": "mqtt", "tls": "mqtts"}.get(self.transport, self.transport)
        options = {
            "clientId": self.name,
            "ca": self.server.certificate.read_text(),
            "clean": self.clean,
            "keepalive": self.keep_alive,
            "protocolVersion": LEVELS[self.version],
            "protocolId": "MQIsdp" if self.version == "3.1" else "MQTT",
        }
        if self.version == "5.0" and self.expiry:
            options["properties"] = {"sessionExpiryInterval": self.expiry}
        if self.will:
            will = self.will
            payload = base64.b64encode(will.payload).decode()
            options["will"] = {"topic": will.topic, "payload": payload, "qos": will.qos, "retain": will.retain}
            if self.version == "5.0" and will.delay:
                options["will"]["properties"] = {"willDelayInterval": will.delay}
        self.agent.clients[self.key] = self
        url = f"{scheme}://localhost:{self.port}"
        return self.agent.call("connect", self.key, url=url, options=options)["sessionPresent"]

    def subscribe(self, topic_filter, qos=0):
        return self.agent.call("subscribe", self.key, filter=topic_filter, options={"qos": qos})

    def unsubscribe(self, topic_filter):
        self.agent.call("unsubscribe", self.key, filter=topic_filter)

    def publish(self, topic, payload, qos=0, retain=False):
        payload = base64.b64encode(payload).decode()
        self.agent.call("publish", self.key, topic=topic, payload=payload, options={"qos": qos, "retain": retain})

    def disconnect(self):
        self.agent.call("disconnect", self.key)
        self.closed.set()

    def kill(self):
        self.agent.call("kill", self.key)
        self.closed.wait(PATIENCE)


class InBrowser(MqttJs):
    kind = "browser"
    transports = ("ws", "wss")
    agent = None
