"""A load test of the example `broker` and of Mosquitto in one run. One core runs the servers, and another the clients. Prints
one table. Started by `broker/load`, which describes it."""

import argparse
import itertools
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import processes
import servers

PAYLOAD = 64
ROUNDS = 5
# The approximate time of one round.
SECONDS = 0.5
WARM_UP = 20_000
COLUMNS = ["MQTT", "load", "QoS", "broker/s", "Mosquitto/s", "ratio", "broker µs", "Mosquitto µs", "ratio"]
COLUMNS += ["instructions", "codec of them", "codec of CPU"]
# The number of publishers, of subscribers, and of topics. Client N uses topic N modulo the number of topics.
SHAPES = {"1:1, 10 pairs of clients": (10, 10, 10), "1:100, 1 publisher": (1, 100, 1)}
VERSIONS = ("3.1.1", "5")
# Mosquitto starts with the limits of our broker: many messages in flight, and no delay of small packets.
MOSQUITTO = "max_inflight_messages 256\nset_tcp_nodelay true"


class Case:
    """One row of the table."""

    def __init__(self, program, version, shape, qos):
        self.program, self.version, self.shape, self.qos = program, version, shape, qos
        self.publishers, self.subscribers, self.topics = SHAPES[shape]

    def load(self, server, deliveries):
        """Lets the clients exchange about this many messages. Returns the number of deliveries, and of seconds.

        The clients fail if at any QoS a message is lost, doubled or out of order. Ends the program if they do."""
        messages = max(1, deliveries * self.topics // (self.publishers * self.subscribers))
        command = [self.program, "--broker", f"127.0.0.1:{server.ports['tcp']}", "--publishers", str(self.publishers)]
        command += ["--subscribers", str(self.subscribers), "--topics", str(self.topics), "--messages", str(messages)]
        command += ["--qos", str(self.qos), "--version", self.version, "--payload", str(PAYLOAD)]
        ended = subprocess.run(["taskset", "-c", "1", *command], capture_output=True, text=True, timeout=180)
        if ended.returncode:
            raise SystemExit(f"{server.name}, MQTT {self.version}, {self.shape}, QoS {self.qos}: {ended.stderr}")
        delivered, seconds, _ = re.match(r"(\d+) delivered, ([\d.]+) s, (\d+) a second", ended.stdout).groups()
        return int(delivered), float(seconds)

    def measure(self, under_test):
        """Runs the servers in turn. Returns for each the medians of its deliveries a second and of its microseconds of
        processor time for a delivery."""
        deliveries, runs = {}, {server.name: [] for server in under_test}
        for server in under_test:
            delivered, seconds = self.load(server, WARM_UP)
            deliveries[server.name] = int(delivered / seconds * SECONDS)
        for _ in range(ROUNDS):
            for server in under_test:
                before = server.cpu_seconds()
                delivered, seconds = self.load(server, deliveries[server.name])
                runs[server.name].append((delivered / seconds, (server.cpu_seconds() - before) / delivered * 1e6))
        return {name: [statistics.median(column) for column in zip(*values)] for name, values in runs.items()}

    def count(self, broker, folder):
        """Returns the number of the broker's instructions for a delivery, and the codec's share of them."""
        out = folder / "callgrind.out"
        server = servers.Broker(broker, folder, prefix=["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"])
        try:
            delivered, _ = self.load(server, WARM_UP)
        finally:
            server.stop()
        time.sleep(0.1)
        shares = {"codec": 0, "broker": 0, "rest": 0}
        for file, function, cost in costs(out):
            shares[owner(file, function)] += cost
        return sum(shares.values()) / delivered, shares["codec"] / sum(shares.values())


def owner(file, function):
    """Returns the component that an instruction belongs to, by its file or, if it was inlined, by the calling function."""
    if re.search(r"mqtt-(codec|types)/src", file):
        return "codec"
    if re.search(r"broker/(src|examples/broker)/", file):
        return "broker"
    if re.match(r"<?(mqtt_codec|mqtt_types|nom)::", function):
        return "codec"
    return "broker" if re.match(r"<?mqtt_broker::", function) else "rest"


def costs(file):
    """Yields each executed line of code: its source file, its function, and its own instructions."""
    names, functions, here, function, skip = {}, {}, "", "", False
    for line in file.read_text(errors="replace").splitlines():
        if match := re.match(r"(fl|fi|fe)=(\(\d+\))(?: (.*))?$", line):
            _, number, name = match.groups()
            if name is not None:
                names[number] = name
            here = names.get(number, "")
        elif match := re.match(r"c?fn=(\(\d+\))(?: (.*))?$", line):
            if match[2] is not None:
                functions[match[1]] = match[2]
            if line[0] == "f":
                function = functions.get(match[1], "")
        elif match := re.match(r"(?:cfi|cfl)=(\(\d+\)) (.*)$", line):
            names[match[1]] = match[2]
        elif line.startswith("calls="):
            skip = True  # the next line is the cost of what is called
        elif line[:1] in "+-*0123456789" and line:
            if not skip:
                yield here, function, int(line.split()[1])
            skip = False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--broker", type=Path, required=True)
    parser.add_argument("--load", type=Path, required=True)
    parser.add_argument("--only", choices=["rates", "instructions"], help="leave out the other columns")
    options = parser.parse_args()
    processes.end_all_on_signals()
    with tempfile.TemporaryDirectory(prefix="mqtt-load-") as folder:
        folder = Path(folder)
        for name in ("mosquitto", "broker", "counted"):
            (folder / name).mkdir()
        folder.chmod(0o755)
        under_test = []
        try:
            if options.only != "instructions":
                on_core_0 = ["taskset", "-c", "0"]
                under_test.append(servers.Broker(options.broker, folder / "broker", prefix=on_core_0))
                under_test.append(servers.Mosquitto(folder / "mosquitto", prefix=on_core_0, options=MOSQUITTO))
            print("| " + " | ".join(COLUMNS) + " |\n| --- | --- |" + " ---: |" * (len(COLUMNS) - 2))
            for version, shape, qos in itertools.product(VERSIONS, SHAPES, (0, 1, 2)):
                case = Case(options.load, version, shape, qos)
                times, counts = ["-"] * 6, ["-"] * 3
                if under_test:
                    before = under_test[0].cpu_ticks()
                    times = timed(case.measure(under_test))
                    user, kernel = (after - ticks for ticks, after in zip(before, under_test[0].cpu_ticks()))
                if options.only != "rates":
                    instructions, codec = case.count(options.broker, folder / "counted")
                    # Callgrind does not count the kernel, whose share of the time is measured.
                    of_time = f"{codec * user / (user + kernel):.0%}" if under_test else "-"
                    counts = [f"{instructions:,.0f}", f"{codec:.0%}", of_time]
                print("| " + " | ".join([version, shape, str(qos), *times, *counts]) + " |", flush=True)
        finally:
            processes.end_all()


def timed(measured):
    """Returns the cells of a row that compare the two servers."""
    (rate, micros), (other_rate, other_micros) = measured["broker"], measured["mosquitto"]
    rates = [f"{rate:,.0f}", f"{other_rate:,.0f}", f"{rate / other_rate:.2f}"]
    return rates + [f"{micros:.2f}", f"{other_micros:.2f}", f"{micros / other_micros:.2f}"]


main()
