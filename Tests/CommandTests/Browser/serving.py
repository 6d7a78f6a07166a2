"""What the servers of `sextant view` and `track --view` answer and refuse; quick.py runs these."""

import http.client
import json
import signal
import socket
from urllib.parse import urlsplit

import clicks
from viewer import *


def request(address, path, host=None, method="GET", body=None):
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(address).port, timeout=5)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or urlsplit(address).netloc)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    return answer.status, answer.read(), dict(answer.getheaders())


def server_refuses_strangers(address):
    path = urlsplit(address).path
    claim("the page is served", request(address, path)[0] == 200)
    for what, arguments in {
        "another Host": (path, "evil.example:" + str(urlsplit(address).port)), "no token": ("/",), "another token": ("/" + "0" * 32 + "/",),
        "a path outside": (path + "../../etc/passwd",), "an encoded path outside": (path + "%2e%2e/%2e%2e/etc/passwd",),
        "another file": (path + "truth.ndjson",),
    }.items():
        status = request(address, *arguments)[0]
        claim(f"{what} is refused", status in (403, 404), status)
    status, body, headers = request(address, path + "video")
    claim("the video is served with ranges", status == 200 and headers.get("Accept-Ranges") == "bytes" and len(body) > 1000)
    claim("a review that is none is refused", request(address, path + "review", method="POST", body=b"{}\n")[0] == 400)


def a_browser_may_go_in_mid_request(address):
    """A request that is cut off, one whose answer nobody reads, and one of another kind; the next is answered all the same."""
    where = ("127.0.0.1", urlsplit(address).port)
    for text in (f"GET {urlsplit(address).path}video HT", f"GET {urlsplit(address).path}data HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\n\r\n", "\x16\x03\x01\0\0"):
        with socket.create_connection(where) as connection:
            connection.sendall(text.encode())
    claim("the server goes on after browsers that went away", request(address, urlsplit(address).path)[0] == 200)


def served_page_works(context, video, stream):
    with served(stream, video) as (address, process):
        server_refuses_strangers(address)
        a_browser_may_go_in_mid_request(address)
        context.requested.clear()
        page = opened(context, address)
        page.keyboard.press("n")
        page.click("#review button[data-kind=accept]")
        page.wait_for_function("() => document.querySelector('#review [role=status]').textContent.includes(', saved')")
        page.click("#review button[data-kind=wrong]")
        page.click("#review button[data-kind=accept]")
        page.wait_for_function("() => document.querySelector('#review [role=status]').textContent.includes('1 decision, saved')")
        saved = [json.loads(line) for line in open(Path(stream).parent / "truth.review.ndjson")]
        claim("a decision is saved beside the stream", len(saved) == 1 and saved[0]["kind"] == "accept", saved)
        with context.new_page() as second:
            second.goto(address)
            second.wait_for_selector("#app[data-ready]")
            claim("a second viewer sees the decision", "1 decision" in second.locator("#review [role=status]").text_content())
        two_pages_review_together(context, address, page, Path(stream).parent / "truth.review.ndjson")
        clicks.decisions_are_saved(page, Path(stream).parent / "truth.review.ndjson")
        hosts = {urlsplit(url).netloc for url in context.requested if not url.startswith("blob:")}
        claim("no request leaves the loopback address", hosts == {urlsplit(address).netloc}, hosts)
        page.close()
        process.send_signal(signal.SIGINT)
        claim("Ctrl-C ends the server", process.wait(timeout=5) == 130, process.returncode)
    (Path(stream).parent / "truth.review.ndjson").unlink()


def two_pages_review_together(context, address, page, saved):
    """What one page decides the other's next decision keeps."""
    other = opened(context, address)
    other.keyboard.press("n")
    other.keyboard.press("n")
    other.click("#review button[data-kind=wrong]")
    other.wait_for_function("() => document.querySelector('#review [role=status]').textContent.includes('2 decisions, saved')")
    page.click("#review button[data-kind=delete]")
    page.wait_for_function("() => document.querySelector('#review [role=status]').textContent.includes('3 decisions, saved')")
    kinds = [json.loads(line)["kind"] for line in open(saved)]
    claim("two pages at once lose no decision of each other", kinds == ["accept", "wrong", "delete"], kinds)
    for left in ("2 decisions", "1 decision", "0 decisions"):
        page.click("#review >> text=undo")
        page.wait_for_function("text => document.querySelector('#review [role=status]').textContent === text", arg=left + ", saved")
    other.close()


def a_running_tracker_is_shown(context, video, folder):
    output = Path(folder) / "live.ndjson"
    with running(video, output) as (address, tracker):
        page = opened(context, address)
        shown = lambda: int(page.get_attribute("#picture", "data-frame") or -1)
        page.wait_for_function("() => sextant.live.still && document.getElementById('picture').dataset.frame > 30", timeout=20_000)
        before = shown()
        page.wait_for_timeout(1000)
        claim("a running tracker's frames are shown as they come", shown() > before, before, shown())
        own = page.evaluate("() => [sextant.live.number, sextant.live.shown.set.number[sextant.live.shown.frame]]")
        claim("a picture stands with the records of its own frame", own[0] == own[1], own)
        second = opened(context, address)
        second.wait_for_function("() => sextant.live.still !== undefined", timeout=20_000)
        claim("a page that comes later is shown the run, too", int(second.get_attribute("#picture", "data-frame")) > 30)
        second.close()
        page.wait_for_function("() => sextant.set.trackCount > 0", timeout=20_000)
        page.keyboard.press("n")
        page.wait_for_function("() => document.getElementById('facts').textContent.startsWith('track ')")
        claim("the chosen track's facts are told while it runs", True)
        page.keyboard.press("Escape")
        page.keyboard.press("Space")
        page.wait_for_timeout(300)
        stopped = shown()
        page.wait_for_timeout(500)
        claim("space stops the picture", shown() == stopped, stopped, shown())
        page.keyboard.press(",")
        page.wait_for_function("frame => document.getElementById('picture').dataset.frame === String(frame)", arg=stopped - 1)
        page.keyboard.press("n")
        claim("tracks of the last minute can be chosen", page.is_visible("#details"))
        refused = [request(address, urlsplit(address).path + "live", **options)[0] for options in ({}, {"host": "evil.example"})]
        claim("a WebSocket of nobody's page is refused", refused == [403, 403], refused)
        tracker.send_signal(signal.SIGINT)
        page.wait_for_function("() => document.getElementById('notes').textContent.includes('has ended')")
        claim("the page says that the run has ended", True)
        page.close()
    claim("the stream of a run that was looked at is whole", records(output)[-1]["record"] == "end")
