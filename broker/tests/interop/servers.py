"""The servers under test, each on free ports of the loopback interface."""

import re
import socket
import subprocess
import threading
import time

import processes


def certificate(folder):
    """A certificate for `localhost` that signs itself, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command += ["-addext", "basicConstraints=critical,CA:FALSE"]
    command += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    key.chmod(0o644)  # Mosquitto gives up its rights before it reads it
    return certificate, key


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    """The example `broker`."""

    name = "broker"
    transports = ("tcp", "tls", "ws", "wss")

    def __init__(self, program, folder, *options, prefix=()):
        self.certificate, key = certificate(folder)
        command = [*prefix, str(program)]
        for transport in self.transports:
            command += [f"--{transport}", "127.0.0.1:0"]
        command += ["--certificate", str(self.certificate), "--key", str(key), *options]
        self.log = (folder / "broker.log").open("wb")
        self.process = processes.start(command, stdout=subprocess.PIPE, stderr=self.log)
        self.ports = {}
        for line in self.process.stdout:
            transport, port = re.fullmatch(r"listening: (\w+) on .*:(\d+)", line.decode().strip()).groups()
            self.ports[transport] = int(port)
            if len(self.ports) == len(self.transports):
                break
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def stop(self):
        ended = self.process.poll()
        self.process.terminate()
        self.process.wait(30)
        self.log.close()
        assert ended is None, f"the broker has ended by itself: {ended}"

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))

    def cpu_seconds(self):
        """The processor time so far."""
        with open(f"/proc/{self.process.pid}/schedstat") as schedstat:
            return int(schedstat.read().split()[0]) / 1e9

    def cpu_ticks(self):
        """The same, less precisely: in the program, and in the kernel for it."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return int(fields[11]), int(fields[12])


class Mosquitto(Broker):
    """The reference."""

    name = "mosquitto"
    transports = ("tcp", "tls")

    def __init__(self, folder, options="", prefix=()):
        self.certificate, key = certificate(folder)
        self.ports = {transport: free_port() for transport in self.transports}
        configuration = f"""
            allow_anonymous true
            max_queued_messages 0
            max_topic_alias 10
            listener {self.ports["tcp"]} 127.0.0.1
            listener {self.ports["tls"]} 127.0.0.1
            certfile {self.certificate}
            keyfile {key}
            {options}
        """
        file = folder / "mosquitto.conf"
        file.write_text("\n".join(line.strip() for line in configuration.splitlines()))
        folder.chmod(0o755)
        self.log = (folder / "mosquitto.log").open("wb")
        self.process = processes.start([*prefix, "mosquitto", "-c", str(file)], stdout=self.log, stderr=self.log)
        for port in self.ports.values():
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.05)
