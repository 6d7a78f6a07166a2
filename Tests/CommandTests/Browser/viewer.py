"""What the browser tests of `sextant view` share: the program, a browser, pages, and pictures of them as arrays."""

import io
import json
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy
from PIL import Image
from playwright.sync_api import sync_playwright

PROGRAM = sys.argv[1]
SIZE = (640, 360)
RATE = 25


def run(*arguments, **options):
    """Runs the program to its end, which must be a good one."""
    return subprocess.run([PROGRAM, *map(str, arguments)], check=True, capture_output=True, text=True, **options)


def scene(folder, name="crossing", seconds=4):
    """A rendered scene with its exact truth, in a folder of its own: the video and the stream."""
    place = Path(tempfile.mkdtemp(dir=folder))
    video = place / f"{name}.mp4"
    run("synthesize", name, "-o", video, "--truth", place / name, "--size", "%dx%d" % SIZE, "--fps", RATE, "--duration", seconds, "--seed", 7, "--quiet")
    return video, place / name / "truth.ndjson"


def records(stream):
    return [json.loads(line) for line in open(stream)]


def decoded(video, folder):
    """The video's pictures by an independent decoder."""
    subprocess.run(["ffmpeg", "-v", "error", "-i", video, "-fps_mode", "passthrough", f"{folder}/decoded-%03d.png"], check=True)
    return lambda frame: numpy.asarray(Image.open(f"{folder}/decoded-{frame + 1:03d}.png").convert("RGB")).astype(float)


def frames(stream):
    """The tracks of each frame by its number."""
    return {record["frame"]: record for record in records(stream) if record["record"] == "frame"}


def million_rows(path):
    """A hundred tracks in each of ten thousand frames, a thousand tracks in all."""
    with open(path, "w") as file:
        header = {"record": "header", "schema": "sextant/2", "program": "t", "source": {"uri": "a", "kind": "file", "width": 1280, "height": 720, "duration": 200.0}, "settings": {}, "classes": ["car", "bus"], "seed": 0}
        file.write(json.dumps(header) + "\n")
        for frame in range(10_000):
            tracks = []
            for k in range(100):
                x, y = (k * 127 + frame * 0.7) % 1280, (k * 71 + frame * 0.3) % 720
                tracks.append(
                    '{"id":%d,"class":"%s","state":"confirmed","score":0.9,"existence":0.99,"box":{"cx":%.2f,"cy":%.2f,"w":40.0,"h":20.0,"angle":0.4,"angle_sd":0.03},'
                    '"velocity":[12.1,-3.4],"course":0.4,"course_sd":0.1,"heading":0.4,"heading_sd":0.1,"speed":38.1,"observed":true,"observation":"observed"}'
                    % (k + 1 + 100 * (frame // 1000), "car" if k % 3 else "bus", x, y)
                )
            file.write('{"record":"frame","frame":%d,"time":%.6f,"tracks":[%s]}\n' % (frame, frame / 50, ",".join(tracks)))
        file.write('{"record":"end","frames":10000,"dropped":0,"ids":1000,"status":"complete"}\n')


@contextmanager
def browser(folder):
    """Debian's Chromium, and a log of every request and every dialog of its pages."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"])
        context = chromium.new_context(viewport={"width": 1280, "height": 720}, accept_downloads=True)
        context.requested = []
        context.alarms = []
        context.on("request", lambda request: context.requested.append(request.url))
        context.on("dialog", lambda dialog: (context.alarms.append(dialog.message), dialog.dismiss()))
        context.on("weberror", lambda error: context.alarms.append(str(error.error)))
        try:
            yield context
        finally:
            chromium.close()


def opened(context, address):
    page = context.new_page()
    page.on("console", lambda message: context.alarms.append(message.text) if message.type == "error" else None)
    page.goto(str(address))
    page.wait_for_selector("#app[data-ready]")
    page.wait_for_function("() => document.getElementById('picture').dataset.frame !== undefined")
    return page


def file_page(context, page_file):
    return opened(context, Path(page_file).resolve().as_uri())


def ended(process, by):
    """Asks a process to end; nothing of a test goes on behind it, whatever the process does."""
    process.send_signal(by)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


@contextmanager
def served(*arguments):
    """The address of a page that the program serves; Ctrl-C ends it."""
    process = subprocess.Popen([PROGRAM, "view", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), (address, process.stderr.read() if process.poll() is not None else "")
        yield address, process
    finally:
        if process.poll() is None:
            ended(process, signal.SIGINT)


@contextmanager
def running(video, output):
    """The address of a tracker that is shown while it runs, on a video that comes again and again as fast as a camera's would."""
    feed = subprocess.Popen(
        ["ffmpeg", "-v", "quiet", "-re", "-stream_loop", "-1", "-i", video, "-c:v", "mpeg2video", "-q:v", "3", "-f", "mpegts", "-"], stdout=subprocess.PIPE
    )
    tracker = subprocess.Popen([PROGRAM, "track", "-", "--view", "-o", output], stdin=feed.stdout, stderr=subprocess.PIPE, text=True)
    feed.stdout.close()
    try:
        line = tracker.stderr.readline()
        assert "http://127.0.0.1:" in line, line
        yield line.split()[-1], tracker
    finally:
        feed.kill()
        feed.wait()
        try:
            tracker.wait(timeout=10)
        except subprocess.TimeoutExpired:
            ended(tracker, signal.SIGINT)


def go(page, frame):
    """Seeks by the address and waits for the frame."""
    page.evaluate("time => { location.hash = '#t=' + time; }", round(frame / RATE + 0.001, 3))
    page.wait_for_function("frame => document.getElementById('picture').dataset.frame === String(frame)", arg=frame)
    # Twice, for the picture is drawn in the browser's next turn.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def show_layers(page, *names):
    for box in page.query_selector_all("#layers input"):
        if box.is_checked() != (box.get_attribute("data-name") in names):
            box.click()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def picture(page):
    """The picture's canvas as it is on the screen, height x width x 3."""
    return pixels(page, "#picture")


def pixels(page, place):
    """An element as it is on the screen."""
    shot = page.locator(place).screenshot()
    return numpy.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(float)


def placement(shape):
    """How a picture fits the canvas: scale and offset."""
    scale = min(shape[1] / SIZE[0], shape[0] / SIZE[1])
    return scale, (shape[1] - SIZE[0] * scale) / 2, (shape[0] - SIZE[1] * scale) / 2


def claim(text, holds, *facts):
    """One claim of a test; the first that does not hold ends it."""
    print(("holds: " if holds else "FAILS: ") + text, *([] if holds else facts), flush=True)
    if not holds:
        sys.exit(1)


def scratch():
    return tempfile.TemporaryDirectory(prefix="sextant-view-")
