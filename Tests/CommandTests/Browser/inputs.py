"""What the page of `sextant view` makes of files that are not as they should be, or tell little; quick.py runs these."""

import json
import math
import subprocess

from viewer import *


def beyond_the_horizon_nothing_is(context, folder):
    """A camera that tilts until a track's rows lie beyond the horizon of the first picture: the page counts and measures what sextant count does."""
    box = {"cy": 300, "w": 20, "h": 10, "angle": 0, "angle_sd": None}
    row = {"id": 1, "class": "car", "state": "confirmed", "observed": True, "observation": "observed"}
    lines = [{"record": "header", "schema": "sextant/2", "program": "t", "source": {"uri": "a", "kind": "file", "width": 640, "height": 360}, "settings": {}, "classes": ["car"], "seed": 0}]
    for frame in range(10):
        # Together 1 - 0.0006·300·frame beneath the fraction: less than nothing from the sixth frame on.
        camera = {"status": "ok" if frame else "first", "homography": [1, 0, 0, 0, 1, 0, 0, 0.0006 if frame else 0, 1], "inliers": 9 if frame else 0}
        lines.append({"record": "frame", "frame": frame, "time": frame / 10, "camera": camera, "tracks": [dict(row, box=dict(box, cx=100 + 10 * frame))]})
    lines.append({"record": "end", "frames": 10, "dropped": 0, "ids": 1, "status": "complete"})
    (Path(folder) / "tilt.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))
    run("view", Path(folder) / "tilt.ndjson", "-o", Path(folder) / "tilt.html")
    page = file_page(context, Path(folder) / "tilt.html")
    places = [((100 + 10 * k) / (1 - 0.18 * k), 300 / (1 - 0.18 * k)) for k in range(6)]
    way = sum(math.hypot(b[0] - a[0], b[1] - a[1]) for a, b in zip(places, places[1:]))
    speed = page.evaluate("() => sextant.facts.speed[0]")
    claim("the way that a mean speed is of ends at the horizon", abs(speed - way / 0.9) < 1e-3 * speed, speed, way / 0.9)
    page.keyboard.press("m")
    page.click("#brush-line")
    for line in ("200,-9000,200,9000", "700,0,700,9000", "0,0,640,360"):
        page.fill("#brush-corners", line)
        page.keyboard.press("Enter")
        rows = [r.split(",") for r in run("count", Path(folder) / "tilt.ndjson", "--stabilized", "--line", line, "--quiet").stdout.splitlines()]
        told = [next((r[5] for r in rows if r[2] == "all" and r[3] == side), "0") for side in ("left_to_right", "right_to_left")]
        text = page.inner_text("#counts")
        claim(f"the line {line} counts as sextant count has it", f"{told[0]} times left to right, {told[1]} right to left" in text, text, told)
    page.close()


def a_stream_that_has_only_begun_is_waited_for(context, stream, folder):
    """Half of a header, then all of it, then frames."""
    lines = open(stream).readlines()
    begun = Path(folder) / "begun.ndjson"
    begun.write_text(lines[0][:30])
    with served(begun) as (address, process):
        page = context.new_page()
        page.goto(address)
        page.wait_for_function("() => document.getElementById('notes').textContent.includes('no frame yet')")
        with open(begun, "a") as file:
            file.write(lines[0][30:] + "".join(lines[1:31]))
        page.wait_for_function("() => sextant.set.frameCount === 30", timeout=20_000)
        claim("a stream that has only begun is said to have no frame, and followed", "no frame yet" not in page.inner_text("#notes"))
        page.close()


def a_file_of_tracks_lies_on_its_video(context, video, stream, folder):
    """MOT tells neither size nor times; the video does."""
    run("view", Path(stream).parent / "gt.txt", video, "-o", Path(folder) / "mot.html", "--quiet")
    page = file_page(context, Path(folder) / "mot.html")
    claim("a file of tracks has its video's size and times", page.evaluate("() => [...sextant.size, sextant.set.time[40]]") == [*SIZE, 40 / RATE] and page.inner_text("#notes") == "", page.inner_text("#notes"))
    page.close()


def an_odd_video_keeps_its_size(context, video, stream, folder):
    """Coders add a pixel where a side is odd; it is left out again."""
    odd = Path(folder) / "odd.avi"
    subprocess.run(["ffmpeg", "-v", "error", "-i", video, "-vf", "scale=319:179", "-c:v", "mpeg4", "-q:v", "2", odd], check=True)
    (Path(folder) / "odd.ndjson").write_text(open(stream).read().replace('"width":640,"height":360', '"width":319,"height":179'))
    run("view", Path(folder) / "odd.ndjson", odd, "-o", Path(folder) / "odd.html", "--quiet")
    page = file_page(context, Path(folder) / "odd.html")
    page.wait_for_function("() => sextant.player.still !== undefined")
    sizes = page.evaluate("() => [sextant.video.videoWidth, sextant.player.still.width, sextant.player.still.height]")
    claim("a copy of an odd size is shown without what was added", sizes == [320, 319, 179] and page.inner_text("#notes") == "", sizes, page.inner_text("#notes"))
    page.close()


def a_stream_cut_off_is_said(context, stream, folder):
    text = open(stream).read()
    cut = Path(folder) / "cut.ndjson"
    cut.write_text(text[: len(text) // 2])
    run("view", cut, "-o", Path(folder) / "cut.html")
    page = file_page(context, Path(folder) / "cut.html")
    claim("a stream that was cut off is said, and shown as far as it goes", "cut off" in page.inner_text("#notes") and 20 < page.evaluate("() => sextant.set.frameCount") < 100)
    page.close()


def another_video_is_said(context, video, stream, folder):
    run("synthesize", "crossing", "-o", Path(folder) / "small.mp4", "--truth", Path(folder) / "small", "--size", "320x180", "--fps", RATE, "--duration", 2, "--seed", 7, "--quiet")
    run("view", stream, Path(folder) / "small.mp4", "-o", Path(folder) / "small.html")
    page = file_page(context, Path(folder) / "small.html")
    notes = page.inner_text("#notes")
    claim("a video of another size is said", "320×180" in notes and "640×360" in notes, notes)
    claim("a video of another length is said", "2.0 s" in notes, notes)
    go(page, 40)
    claim("within it there is its picture", page.evaluate("() => sextant.player.picture !== undefined"))
    go(page, 75)
    claim("beyond its end there is none", page.evaluate("() => sextant.player.picture === undefined"))
    page.keyboard.press("Space")
    page.wait_for_function("() => document.getElementById('picture').dataset.frame > 80")
    claim("the tracks go on without it", page.get_attribute("#play", "aria-label") == "pause")
    page.keyboard.press("Space")
    page.close()
    lines = open(stream).readlines()
    (Path(folder) / "short.ndjson").write_text("".join(lines[:31] + lines[-1:]))
    run("view", Path(folder) / "short.ndjson", video, "-o", Path(folder) / "short.html")
    page = file_page(context, Path(folder) / "short.html")
    page.keyboard.press("Space")
    page.wait_for_function("() => document.getElementById('play').getAttribute('aria-label') === 'play'", timeout=20_000)
    claim("a video that is longer than its stream stops with that", int(page.get_attribute("#picture", "data-frame")) == 29)
    claim("at its last frame", abs(page.evaluate("() => sextant.video.currentTime") - 29 / 25) < 0.13)
    page.close()


def names_with_markup_do_nothing(context, stream, folder):
    hostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
    text = open(stream).read().replace('"car"', json.dumps(hostile))
    bad = Path(folder) / "<b>@SCRIPT@.ndjson"
    bad.write_text(text)
    run("view", bad, "-o", Path(folder) / "hostile.html")
    page = file_page(context, Path(folder) / "hostile.html")
    claim("names with markup are shown as they are", "<img src=x" in page.inner_text("#classes") or "<img src=x" in page.inner_text("#table"))
    claim("they make no element and run nothing", page.query_selector("img") is None and not context.alarms, context.alarms)
    claim("lanes and table are there without a video", int(page.get_attribute("#picture", "data-frame")) == 0)
    page.keyboard.press(".")
    page.wait_for_function("() => document.getElementById('picture').dataset.frame === '1'")
    page.close()
