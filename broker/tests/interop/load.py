"""A load test of the example `broker` and of Mosquitto in one run, with one core for the server and one for the clients. Also
the codec's share of the broker's instructions, counted by callgrind. Started by `broker/load`."""

import argparse
import re
import subprocess
import tempfile
import time
from pathlib import Path

import processes
import servers

SHAPES = {
    "50 pairs, each its topic": (50, 50, 50, 1000),
    "50 publishers, 1 subscriber": (50, 1, 1, 1000),
    "1 publisher, 500 subscribers": (1, 500, 1, 200),
}


def load(program, server, shape, qos, version, divide=1):
    publishers, subscribers, topics, messages = SHAPES[shape]
    command = [program, "--broker", f"127.0.0.1:{server.ports['tcp']}", "--publishers", str(publishers)]
    command += ["--subscribers", str(subscribers), "--topics", str(topics), "--messages", str(messages // divide)]
    command += ["--qos", str(qos), "--version", version]
    ended = subprocess.run(["taskset", "-c", "1", *command], capture_output=True, text=True, timeout=180)
    if ended.returncode:
        raise SystemExit(f"{server.name}, {shape}, QoS {qos}: {ended.stderr}")
    delivered, seconds, rate = re.match(r"(\d+) delivered, ([\d.]+) s, (\d+) a second", ended.stdout).groups()
    return int(delivered), float(seconds), int(rate)


def measure(program, under_test, version):
    """Prints a line for each shape and QoS: the median of three runs, and the processor time of the server per message."""
    print(f"MQTT {version}, payload of 256 bytes; deliveries a second, and microseconds of the server's core for each\n")
    print("| load | QoS | " + " | ".join(f"{it.name} | µs" for it in under_test) + " | of Mosquitto's |")
    print("| --- | --- |" + " ---: | ---: |" * len(under_test) + " ---: |")
    for shape in SHAPES:
        for qos in (0, 1, 2):
            rates = {}
            times = {}
            for server in under_test:
                load(program, server, shape, qos, version)  # warms up
                runs = []
                for _ in range(3):
                    before = server.cpu_seconds()
                    delivered, _, rate = load(program, server, shape, qos, version)
                    runs.append((rate, (server.cpu_seconds() - before) / delivered * 1e6))
                rates[server.name], times[server.name] = sorted(runs)[1]
            cells = " | ".join(f"{rates[it.name]:,} | {times[it.name]:.1f}" for it in under_test)
            print(f"| {shape} | {qos} | {cells} | {rates['broker'] / rates['mosquitto']:.2f} |", flush=True)


def count(program, broker, folder, version):
    """Prints the shares of the broker's instructions, by source file."""
    print(f"\nMQTT {version}: instructions of the broker for a delivery, and what part of them is the codec's\n")
    print("| load | QoS | instructions | codec | broker | tokio, bytes, std, libc |\n| --- | --- | ---: | ---: | ---: | ---: |")
    for shape in SHAPES:
        for qos in (0, 1, 2):
            out = folder / "callgrind.out"
            with_callgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
            server = servers.Broker(broker, folder, prefix=with_callgrind)
            try:
                delivered, _, _ = load(program, server, shape, qos, version, divide=2)
            finally:
                server.stop()
            time.sleep(0.1)
            shares = {"codec": 0, "broker": 0, "rest": 0}
            for file, function, cost in costs(out):
                shares[owner(file, function)] += cost
            total = sum(shares.values())
            parts = " | ".join(f"{cost / total:.0%}" for cost in shares.values())
            print(f"| {shape} | {qos} | {total // delivered:,} | {parts} |", flush=True)


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
    parser.add_argument("--version", default="5")
    parser.add_argument("--only", choices=["rates", "instructions"])
    options = parser.parse_args()
    processes.end_all_on_signals()
    with tempfile.TemporaryDirectory(prefix="mqtt-load-") as folder:
        folder = Path(folder)
        for name in ("mosquitto", "broker"):
            (folder / name).mkdir()
        folder.chmod(0o755)
        if options.only != "instructions":
            on_core_0 = ["taskset", "-c", "0"]
            running = []
            try:
                running.append(servers.Broker(options.broker, folder / "broker", prefix=on_core_0))
                running.append(servers.Mosquitto(folder / "mosquitto", prefix=on_core_0))
                measure(options.load, running, options.version)
            finally:
                processes.end_all()
        if options.only != "rates":
            count(options.load, options.broker, folder / "broker", options.version)


main()
