#!/usr/bin/env python3
"""Open pages of `schemadiff diff --format html` in headless Chromium, as a phone and as a desk
would show them, in light and in dark, and look for what a reader would stumble over.

    page.py FILE…                what is wrong, and how many pages passed
    SHOTS=FOLDER page.py FILE…   pictures of them, too
"""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time

SIZES = [(360, 740), (1280, 800)]

# What a page must be, told by the page itself: a list of complaints.  A phone zooms out until what
# is too wide fits, and its innerWidth grows with that: WIDTH is the width that it has.
LOOK = r"""
(() => {
  const wrong = [];
  const say = (what) => wrong.push(what);
  document.querySelectorAll('details').forEach((d) => { d.open = true; });
  const root = document.scrollingElement;
  if (root.scrollWidth > WIDTH)
    say(`scrolls sideways: ${root.scrollWidth} > ${WIDTH}`);
  for (const e of document.querySelectorAll('main *')) {
    if (e.closest('pre')) continue;
    const box = e.getBoundingClientRect();
    if (box.width && (box.right > WIDTH + 1 || box.left < -1))
      say(`<${e.localName}> sticks out: ${e.textContent.slice(0, 40)}`);
  }
  if (document.scripts.length) say('has a script');
  for (const e of document.querySelectorAll('*'))
    for (const a of e.attributes)
      if (/^on/i.test(a.name) || (/^(src|href|action)$/i.test(a.name) && !/^#o\d+$/.test(a.value)))
        say(`<${e.localName}> has ${a.name}=${a.value}`);
  const known = new Set(('html head meta title style body main header h1 h2 p section nav ul li ' +
    'div span code del ins details summary pre a').split(' '));
  for (const e of document.querySelectorAll('*'))
    if (!known.has(e.localName)) say(`has an element of its own: <${e.localName}>`);
  if (document.querySelectorAll('h1').length !== 1) say('has not one h1');
  if (!document.documentElement.lang) say('has no language');
  const seen = new Set();
  for (const e of document.querySelectorAll('[id]')) {
    if (seen.has(e.id)) say(`two elements are called ${e.id}`);
    seen.add(e.id);
  }
  for (const e of document.querySelectorAll('[aria-labelledby]'))
    if (!seen.has(e.getAttribute('aria-labelledby'))) say('a label is missing');
  for (const e of document.querySelectorAll('a[href]'))
    if (!seen.has(e.getAttribute('href').slice(1))) say('a link leads nowhere');

  // contrast of every text with what is behind it: WCAG AA
  const parse = (c) => c.match(/[\d.]+/g).map(Number);
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => {
      v /= 255;
      return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let t = walker.nextNode(); t; t = walker.nextNode()) {
    if (!t.data.trim()) continue;
    const style = getComputedStyle(t.parentElement);
    const pair = [light(parse(style.color)), light(behind(t.parentElement))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < 4.5) say(`faint (${ratio.toFixed(1)}): ${t.data.slice(0, 30)}`);
    if (parseFloat(style.fontSize) < 12) say(`small: ${t.data.slice(0, 30)}`);
  }
  return [...new Set(wrong)];
})()
"""

# What the Tab key reaches, in order.
FOCUS = r"""
(() => {
  const e = document.activeElement;
  return e && e !== document.body ? e.localName + (e.matches(':focus-visible') ? '' : ' unseen') : '';
})()
"""

REACHABLE = "document.querySelectorAll('summary, a[href], pre').length"


class Browser:
    """Chromium, spoken to through its pipe (file descriptors 3 and 4)."""

    def __init__(self, program, profile):
        reads, self.to = os.pipe()
        self.back, writes = os.pipe()

        def pass_on():
            # out of the way first: either may be 3 or 4 already
            high = [os.dup(reads), os.dup(writes)]
            high = [os.dup2(fd, 60 + i) for i, fd in enumerate(high)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        arguments = [program, "--headless=new", "--remote-debugging-pipe", "--disable-gpu",
                     "--hide-scrollbars", "--no-first-run", "--disable-dev-shm-usage",
                     "--disable-extensions", "--disable-background-networking",
                     f"--user-data-dir={profile}"]
        if os.getuid() == 0:
            arguments.append("--no-sandbox")
        self.process = subprocess.Popen(arguments, close_fds=False, preexec_fn=pass_on,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(reads)
        os.close(writes)
        self.buffer = b""
        self.number = 0
        self.events = []
        self.session = None

    def receive(self, deadline):
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.back], [], [], left)[0]:
                sys.exit("the browser does not answer")
            chunk = os.read(self.back, 1 << 20)
            if not chunk:
                sys.exit("the browser went away")
            self.buffer += chunk
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 60
        while True:
            answer = self.receive(deadline)
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            sys.exit(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def open(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def close(self):
        self.session = None
        self.call("Browser.close")
        self.process.wait(30)


def load(browser, path, size, scheme):
    width, height = size
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=width < 600)
    browser.call("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.events.clear()
    browser.call("Page.navigate", url="file://" + os.path.abspath(path))
    deadline = time.monotonic() + 60
    while not any(e.get("method") == "Page.loadEventFired" for e in browser.events):
        browser.events.append(browser.receive(deadline))


def complaints_of_browser(browser):
    """Requests for anything but the page, refusals of its policy, messages."""
    for event in browser.events:
        parameters = event.get("params", {})
        if event.get("method") == "Network.requestWillBeSent":
            url = parameters["request"]["url"]
            if not url.startswith("file://"):
                yield f"asks for {url}"
        elif event.get("method") == "Log.entryAdded":
            yield parameters["entry"]["text"]


def tab_through(browser):
    """Each thing that opens, leads or scrolls is reached by the Tab key, and shows it."""
    for _ in range(browser.evaluate(REACHABLE)):
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab",
                         windowsVirtualKeyCode=9)
        at = browser.evaluate(FOCUS)
        if at not in ("summary", "a", "pre"):
            yield f"the Tab key leads to {at or 'nothing'}"
            return


def shoot(browser, path, size, scheme):
    height = browser.evaluate("document.documentElement.scrollHeight")
    browser.call("Emulation.setDeviceMetricsOverride", width=size[0], height=min(height, 8000),
                 deviceScaleFactor=1, mobile=size[0] < 600)
    picture = browser.call("Page.captureScreenshot", format="png")
    parts = os.path.abspath(path).split(os.sep)[-2:]
    name = f"{parts[0]}-{parts[1]}-{size[0]}-{scheme}.png".replace(".html", "")
    with open(os.path.join(os.environ["SHOTS"], name), "wb") as file:
        file.write(base64.b64decode(picture["data"]))


def check(browser, path):
    wrong = []
    for size in SIZES:
        for scheme in ("light", "dark"):
            where = f"{path} at {size[0]}×{size[1]}, {scheme}"
            load(browser, path, size, scheme)
            found = list(browser.evaluate(LOOK.replace("WIDTH", str(size[0]))))
            found += complaints_of_browser(browser)
            if scheme == "light":
                found += tab_through(browser)
            wrong += [f"{where}: {what}" for what in found]
            if os.environ.get("SHOTS"):
                shoot(browser, path, size, scheme)
    return wrong


def main(paths):
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        sys.exit("there is no chromium")
    failed = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            browser.open()
            for path in paths:
                wrong = check(browser, path)
                failed += bool(wrong)
                print("".join(f"{line}\n" for line in wrong), end="")
            browser.close()
        finally:
            browser.process.kill()
    print(f"{len(paths) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
