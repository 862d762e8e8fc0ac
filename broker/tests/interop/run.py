"""Tests the example `broker`, and Mosquitto as the reference, with clients by other authors.

Started by `.ci/broker`. Each scenario has its own clients and topics, so many scenarios run at the same time.
"""

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import abuse
import clients
import processes
import scenarios
import servers
import version5
import wire

ONLY_COUNTED = "only counted: "
KINDS = [clients.Paho, clients.Aiomqtt, clients.Mosquitto, clients.MqttJs, clients.InBrowser]


def plan(server, kinds):
    """Every scenario for every kind, version and transport: what to run, and its name."""
    numbers = itertools.count()
    for kind, version, transport in itertools.product(kinds, ("3.1", "3.1.1", "5.0"), server.transports):
        if transport not in kind.transports:
            continue
        for scenario in filter(lambda it: scenarios.applies(it, kind), scenarios.ALL):
            scene = scenarios.Scene(server, kind, version, transport, next(numbers))
            name = f"{server.name}: {kind.kind} {version} over {transport}: {scenario.__name__}"
            yield name, lambda scenario=scenario, scene=scene: scenario(scene)
    in_suites = {name for cases in version5.SUITES.values() for wanted in cases.values() for name in wanted.split()}
    for scenario in wire.ALL + version5.ALL:
        # What Mosquitto does otherwise is no fault. It is only counted, for the comparison of the suites.
        is_other = isinstance(server, servers.Mosquitto) and scenario in wire.OURS + version5.OURS
        if not is_other or scenario.__name__ in in_suites:
            scene = scenarios.Scene(server, clients.Paho, "5.0", "tcp", next(numbers))
            name = f"{server.name}: {ONLY_COUNTED if is_other else ''}bytes and 5.0: {scenario.__name__}"
            yield name, lambda scenario=scenario, scene=scene: scenario(scene)


def own_client(server, program):
    """The example `client`, which fails unless every message comes back."""
    for version in ("3.1", "3.1.1", "5"):
        command = [program, "--broker", f"127.0.0.1:{server.ports['tcp']}", "--version", version]
        work = lambda command=command: subprocess.run(command, check=True, timeout=60, stdout=subprocess.DEVNULL)
        yield f"{server.name}: the example client {version} over tcp", work


def run(tasks, workers=12):
    """Runs them all. Returns how many passed, and the names of those that failed."""
    failed, passed = [], 0

    def attempt(task):
        name, work = task
        started = time.monotonic()
        try:
            work()
        except Exception as error:
            return name, error, time.monotonic() - started
        return name, None, time.monotonic() - started

    slowest = []
    with ThreadPoolExecutor(workers) as pool:
        for name, error, seconds in pool.map(attempt, tasks):
            slowest.append((seconds, name))
            if error is None:
                passed += 1
            else:
                failed.append(name)
                if ONLY_COUNTED in name:
                    continue
                print(f"FAILED {name}: {type(error).__name__}: {error}", flush=True)
                if os.environ.get("MQTT_TRACE"):
                    traceback.print_exception(error)
    if os.environ.get("MQTT_TRACE"):
        print(*sorted(slowest)[-5:], sep="\n")
    return passed, failed


def count_suite(server, cases, tasks, failed):
    """How many cases of a suite pass, and the names of the others."""
    of_server = lambda names: {name.rsplit(" ", 1)[-1] for name in names if name.startswith(f"{server}: ")}
    passing = of_server(name for name, _ in tasks) - of_server(failed)
    missing = [case for case, wanted in cases.items() if not passing.issuperset(wanted.split())]
    without = f" (not {', '.join(missing)})" if missing else ""
    return f"{len(cases) - len(missing)} of {len(cases)}{without}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--broker", type=Path, help="the example `broker`")
    parser.add_argument("--client", type=Path, help="the example `client`")
    parser.add_argument("--mqtt-js", type=Path, help="the folder of the package `mqtt`")
    parser.add_argument("--browser", help="Chromium")
    parser.add_argument("--only", default="", help="the scenarios whose names have this in them")
    options = parser.parse_args()
    if options.mqtt_js:
        options.mqtt_js = options.mqtt_js.resolve()
    started = time.monotonic()
    processes.end_all_on_signals()
    with tempfile.TemporaryDirectory(prefix="mqtt-interop-") as folder:
        folder = Path(folder)
        for name in ("mosquitto", "broker", "profile"):
            (folder / name).mkdir()
        folder.chmod(0o755)
        kinds, running = list(KINDS), []
        try:
            under_test = [servers.Mosquitto(folder / "mosquitto")]
            running += under_test
            if options.broker:
                under_test.append(servers.Broker(options.broker, folder / "broker", "--deny", "denied/#"))
                running.append(under_test[1])
            if options.mqtt_js:
                clients.MqttJs.agent = clients.NodeAgent(options.mqtt_js)
                running.append(clients.MqttJs.agent)
            if options.mqtt_js and options.browser:
                clients.InBrowser.agent = clients.BrowserAgent(options.mqtt_js, options.browser, folder / "profile")
                running.append(clients.InBrowser.agent)
            kinds = [kind for kind in kinds if not issubclass(kind, clients.MqttJs) or kind.agent]
            tasks = [task for server in under_test for task in plan(server, kinds)]
            tasks += [task for server in under_test for task in own_client(server, options.client) if options.client]
            tasks = [task for task in tasks if options.only in task[0]]
            passed, failed = run(tasks)
            if options.broker:
                abused = [("broker: abuse", lambda: abuse.run(running[1]))]
                for_abuse = run([task for task in abused if options.only in task[0]])
                passed, failed = passed + for_abuse[0], failed + for_abuse[1]
        finally:
            try:
                for it in running:
                    it.stop()
            finally:
                left = processes.end_all()
    if left and not failed:
        failed.append("processes")
        print(f"FAILED processes: {left} were left behind", flush=True)
    if not options.only:
        for version, cases in version5.SUITES.items():
            print(f"the cases of the suite of Eclipse Paho for {version}, rewritten: ", end="")
            print(", ".join(f"{it.name} {count_suite(it.name, cases, tasks, failed)}" for it in under_test))
    failed = [name for name in failed if ONLY_COUNTED not in name]
    print(f"{time.monotonic() - started:.0f} s; at the end {threading.active_count()} threads")
    print(f"{passed} passed, {len(failed)} failed")
    sys.stdout.flush()
    os._exit(1 if failed or not passed else 0)  # threads of clients that failed may still wait


main()
