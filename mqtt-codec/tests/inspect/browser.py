"""The page of `inspect --html` in a headless browser. Started by `.ci/inspect-page`.

The browser is asked over two pipes (Chrome DevTools Protocol), so that nothing listens on a port.
"""

import argparse
import base64
import itertools
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

# What would run, load or show something if it were not escaped.
MARKUP = "\"'><script>document.title='run'</script><img src=x onerror=\"document.title='run'\"><b>&lt;"


def text(value):
    value = value.encode()
    return len(value).to_bytes(2, "big") + value


def packet(first, *parts):
    body = b"".join(parts)
    assert len(body) < 0x4000
    length = bytes([len(body)]) if len(body) < 0x80 else bytes([len(body) & 0x7F | 0x80, len(body) >> 7])
    return bytes([first]) + length + body


def properties(*parts):
    body = b"".join(parts)
    assert len(body) < 0x80
    return bytes([len(body)]) + body


def session(name, topic):
    """A client's stream in 5.0 with something to see, and two faults."""
    connect = [text("MQTT"), b"\5\xc2\0\x3c", properties(b"\x21\0\x14"), text(name), text("u"), text("secret")]
    message = properties(b"\2\0\0\0\x3c", b"\x26" + text("room") + text("kitchen"))
    return b"".join([
        packet(0x10, *connect),
        packet(0x82, b"\0\1\0", text("home/+/temperature"), b"\1"),
        packet(0x32, text(topic), b"\0\2", message, b"21.5"),
        packet(0x30, text("home/#"), b"\0on"),
        packet(0x40, b"\0\7\x10\0"),
        packet(0x82, b"\0\3\0", text("a/b"), b"\x03"),
        packet(0xE0, b"\4\0"),
    ])


class Browser:
    def __init__(self, program, folder):
        to_browser, self.commands = os.pipe()
        self.answers, from_browser = os.pipe()
        # The browser reads from file descriptor 3 and writes to 4.
        shell = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        command = ["bash", "-c", shell, "browser", program, "--headless", "--no-sandbox", "--disable-gpu"]
        command += ["--hide-scrollbars", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage"]
        command += ["--remote-debugging-pipe", f"--user-data-dir={folder}/profile"]
        self.process = subprocess.Popen(
            command, pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(to_browser)
        os.close(from_browser)
        self.numbers, self.rest, self.events, self.target = itertools.count(1), b"", [], None

    def call(self, method, **parameters):
        number = next(self.numbers)
        command = {"id": number, "method": method, "params": parameters}
        if self.target:
            command["sessionId"] = self.target
        os.write(self.commands, json.dumps(command).encode() + b"\0")
        while (message := self._next()).get("id") != number:
            self.events.append(message)
        assert "error" not in message, (method, message)
        return message["result"]

    def _next(self):
        while b"\0" not in self.rest:
            received = os.read(self.answers, 1 << 20)
            assert received, "the browser has ended"
            self.rest += received
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def open(self, page):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.target = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=1000, height=760, deviceScaleFactor=1, mobile=False)
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._next())

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def point_at(self, selector):
        """Moves the mouse to the middle of an element. After scrolling, the browser may need a moment to notice."""
        element = f"document.querySelector({json.dumps(selector)})"
        for _ in range(200):
            x, y = self.evaluate(
                f"(() => {{ const e = {element}; e.scrollIntoView({{block: 'center'}});"
                " const r = e.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; })()"
            )
            self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
            if self.evaluate(f"{element}.matches(':hover')"):
                return
            time.sleep(0.02)
        raise AssertionError(f"the mouse does not reach {selector}")

    def style(self, selector, name, pseudo=None):
        pseudo = json.dumps(pseudo)
        return self.evaluate(f"getComputedStyle(document.querySelector({json.dumps(selector)}), {pseudo})['{name}']")

    def stop(self):
        self.process.kill()
        self.process.wait(30)


def make_page(inspect, folder, name, stream):
    (folder / name).write_bytes(stream)
    page = folder / "page.html"
    with page.open("wb") as output:
        ended = subprocess.run([inspect, "--html", name], cwd=folder, stdout=output)
    assert ended.returncode == 1, "there are faults in it"
    return page


def check(browser, stream):
    requests = [it["params"]["request"]["url"] for it in browser.events if it.get("method") == "Network.requestWillBeSent"]
    assert len(requests) == 1, requests
    complaints = [it for it in browser.events if it.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")]
    assert not complaints, complaints
    # Nothing of the input is markup, and all of it is there to be read.
    assert browser.evaluate("document.querySelectorAll('script, img, b, link, iframe').length") == 0
    assert browser.evaluate("document.title") == "x<img src=x>.bin"
    fields = browser.evaluate("[...document.querySelectorAll('.bytes [data-field]')].map(e => e.dataset.field)")
    beginning = MARKUP[:64].replace('"', '\\"')
    assert any(it.startswith(f'Client Identifier: "{beginning}') for it in fields), fields
    # The bytes are those of the stream; the password is hidden.
    shown = browser.evaluate("[...document.querySelectorAll('.bytes i')].map(e => e.textContent).join(' ')").split()
    expected = [f"{byte:02X}" for byte in stream]
    hidden = [at for at, byte in enumerate(shown) if byte == "**"]
    assert hidden and stream[hidden[0] : hidden[-1] + 1] == text("secret"), hidden
    assert [byte for at, byte in enumerate(shown) if at not in hidden] == [
        byte for at, byte in enumerate(expected) if at not in hidden
    ]
    # Faults are marked at the right byte, in a colour of their own.
    marks = browser.evaluate(
        "[...document.querySelectorAll('.bytes mark')].map(e => [e.textContent, e.parentElement.dataset.field])"
    )
    assert [mark[0] for mark in marks] == ["23", "03"], marks
    assert marks[0][1].startswith("Topic Name") and marks[1][1].startswith("Subscription Options"), marks
    assert browser.evaluate("document.querySelectorAll('article.bad').length") == 2
    # Kinds of fields differ in colour.
    kinds = [".header", ".identifier", ".topic", ".property", ".code", ".payload", ".other", ".odd", "article.bad mark"]
    colours = {browser.style(kind, "backgroundColor") for kind in kinds}
    assert len(colours) == len(kinds), colours
    # A field tells its name and value when the mouse points at it, and not before.
    for selector, wanted in [(".bytes .topic", "Topic Filter"), (".bytes .payload", "Payload")]:
        assert browser.style(selector, "content", "::after") == "none"
        browser.point_at(selector)
        assert wanted in browser.style(selector, "content", "::after")
        assert float(browser.style(selector, "width", "::after").removesuffix("px")) > 20
    # What it tells is never cut off by the edge of the window.
    for number in range(1, browser.evaluate("document.querySelectorAll('article:nth-of-type(3) i').length") + 1):
        browser.point_at(f"article:nth-of-type(3) i:nth-of-type({number})")
        assert browser.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, number


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--browser", required=True)
    parser.add_argument("--inspect", required=True, help="the example `inspect`")
    parser.add_argument("--picture", type=Path, help="where to write the picture of a page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mqtt-inspect-", ignore_cleanup_errors=True) as folder:
        folder = Path(folder)
        browser = Browser(options.browser, folder)
        try:
            stream = session(MARKUP, MARKUP.replace("#", ""))
            browser.open(make_page(options.inspect, folder, "x<img src=x>.bin", stream))
            check(browser, stream)
            if options.picture:
                browser.target = None
                stream = session("sensor-1", "home/kitchen/temperature")
                browser.open(make_page(options.inspect, folder, "home.c2s.bin", stream))
                browser.point_at("article:nth-of-type(3) .property:nth-of-type(7)")
                clip = {"x": 0, "y": 0, "width": 1000, "height": 580, "scale": 1}
                picture = browser.call("Page.captureScreenshot", format="png", clip=clip)["data"]
                options.picture.write_bytes(base64.b64decode(picture))
        finally:
            browser.stop()
    print("the page of inspect holds in a browser")


main()
