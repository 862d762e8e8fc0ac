"""The processes of a run. All of them are ended, even if the run fails."""

import os
import signal
import subprocess
import threading

_running = set()
_lock = threading.Lock()


def start(command, **options):
    """Starts a process, which `end_all` ends if it is still running."""
    process = subprocess.Popen(command, **options)
    with _lock:
        # Those that have ended need not be remembered.
        _running.difference_update([it for it in _running if it.poll() is not None])
        _running.add(process)
    return process


def end_all():
    """Ends all running processes, and returns their number."""
    with _lock:
        left = [process for process in _running if process.poll() is None]
        for process in left:
            process.kill()
        for process in left:
            process.wait(30)
        _running.clear()
    return len(left)


def end_all_on_signals():
    """`timeout` sends SIGTERM: the processes must not outlive this one."""

    def on_signal(number, _):
        for process in list(_running):
            process.kill()
        os._exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, on_signal)
