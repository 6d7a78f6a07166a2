"""Every control of the page of `sextant view`, pressed as people press it; quick.py runs these."""

import csv
import io
import json
import math

from viewer import *


def wait_for_frame(page, frame):
    page.wait_for_function("frame => document.getElementById('picture').dataset.frame === String(frame)", arg=frame)


def frame_of(page):
    return int(page.get_attribute("#picture", "data-frame"))


def turn(page):
    """Two turns of the browser, for what is drawn in its next one."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def buttons_move_the_picture(page):
    go(page, 20)
    page.click("#forward")
    wait_for_frame(page, 21)
    page.click("#back")
    wait_for_frame(page, 20)
    page.click("#play")
    page.wait_for_function("() => document.getElementById('picture').dataset.frame > 24")
    claim("the play button plays and then pauses", page.get_attribute("#play", "aria-label") == "pause")
    page.click("#play")
    claim("and pauses", page.get_attribute("#play", "aria-label") == "play")
    for rate in ("0.1", "16", "1"):
        page.select_option("#rate", rate)
        claim(f"{rate}× is chosen from the list", page.evaluate("() => [sextant.player.rate, sextant.video.playbackRate]") == [float(rate)] * 2)
    go(page, 40)
    page.keyboard.press("Escape")
    show_layers(page)
    plain = picture(page)
    for layer in ("boxes", "headings", "courses", "labels", "scores", "trails"):
        show_layers(page, layer)
        claim(f"the layer {layer} is seen", numpy.abs(picture(page) - plain).sum(axis=2).max() > 60)
    show_layers(page, "boxes", "labels")


def the_picture_is_zoomed_and_moved(page):
    view = lambda: page.evaluate("() => [sextant.picture.zoom, ...sextant.picture.center]")
    box = page.locator("#picture").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.wheel(0, -200)
    page.wait_for_function("() => sextant.picture.zoom > 1.2")
    before = view()
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 20, steps=4)
    page.mouse.up()
    claim("dragging moves the picture", view()[1] < before[1] and view()[2] < before[2], before, view())
    before = view()
    for key in "+hjklj-":
        page.keyboard.press(key)
    claim("so do keys", view() != before)
    page.click("#fit")
    claim("fit shows the whole again", view() == [1, 0.5, 0.5], view())


def the_time_line_leads(page):
    place = lambda time: page.evaluate("time => sextant.timeline.x(time)", time)
    page.locator("#timeline").click(position={"x": place(2.001), "y": 10})
    wait_for_frame(page, 50)
    turn(page)
    cursor = page.locator("#cursor").bounding_box()["x"] - page.locator("#timeline").bounding_box()["x"]
    claim("the cursor stands at the moment", abs(cursor - place(2)) <= 1, cursor, place(2))
    page.locator("#timeline").click(position={"x": place(1.001), "y": 34 + 6})
    track = page.evaluate("() => sextant.set.ids[sextant.timeline.tracks[0]]")
    claim("a lane's click chooses its track", page.url.endswith(f"&id={track}") and page.is_visible("#details"), page.url)
    span = lambda: page.evaluate("() => sextant.timeline.to - sextant.timeline.from")
    whole = span()
    page.locator("#timeline").hover(position={"x": 400, "y": 10})
    page.mouse.wheel(0, -400)
    page.wait_for_function("whole => sextant.timeline.to - sextant.timeline.from < 0.7 * whole", arg=whole)
    part = span()
    page.keyboard.press("o")
    claim("o shows more of the time", span() > part)
    for _ in range(40):
        page.keyboard.press("i")
    claim("the time line zooms down to frames", span() < 10 / RATE, span())
    page.click("#fit")
    claim("fit shows the whole time", abs(span() - whole) < 1e-9)
    scroll = lambda: page.evaluate("() => sextant.timeline.scroll")
    page.set_viewport_size({"width": 1280, "height": 600})
    page.evaluate("() => { document.getElementById('time').style.height = '60px'; sextant.drawAll(); }")
    turn(page)
    page.keyboard.press("ArrowDown")
    turn(page)
    claim("arrows scroll the lanes", scroll() > 0, scroll())
    page.keyboard.press("ArrowUp")
    page.evaluate("() => { document.getElementById('time').style.height = ''; }")
    page.set_viewport_size({"width": 1280, "height": 720})


def a_track_is_looped_and_plotted(page, stream):
    rows = {}
    for frame in frames(stream).values():
        for track in frame["tracks"]:
            rows.setdefault(track["id"], []).append(frame["frame"])
    track = min((id for id, numbers in rows.items() if len(numbers) > 15), key=lambda id: rows[id][-1])
    page.check("#loop")
    page.click(f".rows .row[data-id='{track}']")
    first, last = rows[track][0], rows[track][-1]
    wait_for_frame(page, first)
    claim("a track's loop has its first and last frame", page.evaluate("() => sextant.player.loop") == [first, last])
    go(page, last - 2)
    page.keyboard.press("Space")
    page.wait_for_function("last => document.getElementById('picture').dataset.frame < last - 2", arg=last, timeout=20_000)
    page.keyboard.press("Space")
    claim("it is played round", first <= frame_of(page) <= last)
    page.uncheck("#loop")
    page.keyboard.press("f")
    wait_for_frame(page, first)
    box = page.locator("#plots").bounding_box()
    page.locator("#plots").click(position={"x": box["width"] / 8, "y": box["height"] / 2})
    page.wait_for_function("frame => document.getElementById('picture').dataset.frame > frame", arg=first)
    claim("a click on a plot leads to its moment", first < frame_of(page) < last, frame_of(page))
    page.click("#clear")
    claim("the cross chooses no track", page.is_hidden("#details"))


def tracks_of(stream):
    """Of each track: class, duration, mean speed by the way in the first picture's plane, heading, all from the stream's own text."""
    tracks = {}
    plane = numpy.eye(3)
    for frame in frames(stream).values():
        if frame["camera"]["homography"]:
            # From the frame before to this one.
            plane = plane @ numpy.linalg.inv(numpy.reshape(frame["camera"]["homography"], (3, 3)))
        for row in frame["tracks"]:
            x, y, w = plane @ [row["box"]["cx"], row["box"]["cy"], 1]
            tracks.setdefault(row["id"], []).append((frame["time"], x / w, y / w, row["class"], row["heading"]))
    facts = {}
    for id, rows in tracks.items():
        way = sum(math.hypot(b[1] - a[1], b[2] - a[2]) for a, b in zip(rows, rows[1:]))
        duration = rows[-1][0] - rows[0][0]
        heading = math.degrees(math.atan2(sum(math.sin(r[4]) for r in rows), sum(math.cos(r[4]) for r in rows)))
        facts[id] = {"class": rows[0][3], "duration": duration, "speed": way / duration if duration else math.nan, "heading": heading}
    return facts


def filters_hold(page, stream):
    facts = tracks_of(stream)
    shown = lambda: {int(row["id"]) for row in table(page)}
    page.click("summary")
    name = facts[min(facts)]["class"]
    page.click(f"#classes label:has-text('{name}') input")
    claim("a class is switched off", shown() == {id for id, f in facts.items() if f["class"] != name}, name)
    page.click(f"#classes label:has-text('{name}') input")
    middle = lambda key: sorted(f[key] for f in facts.values() if not math.isnan(f[key]))[len(facts) // 2] + 1e-3
    for fields, holds in (
        ({"#least-duration": middle("duration")}, lambda f: f["duration"] >= middle("duration")),
        ({"#least-speed": middle("speed")}, lambda f: f["speed"] >= middle("speed")),
        ({"#most-speed": middle("speed")}, lambda f: f["speed"] <= middle("speed")),
        ({"#heading-from": -90, "#heading-to": 90}, lambda f: abs(f["heading"]) <= 90),
        ({"#heading-from": -180, "#heading-to": 180}, lambda f: True),
    ):
        for field, value in fields.items():
            page.fill(field, f"{value:.3f}")
        # Numbers of the page have 24 bits: tracks at a limit may be on either side.
        wanted = {id for id, f in facts.items() if holds(f)}
        claim(f"the filter {' '.join(fields)} holds", len(shown() ^ wanted) <= 1, shown() ^ wanted)
        for field in fields:
            page.fill(field, "")
    claim("without filters all are there", shown() == set(facts))
    page.click("#table .head button >> text=length")
    order = [float(row["duration_s"]) for row in table(page)]
    claim("a click on a head sorts", order == sorted(order) or order == sorted(order, reverse=True), order)
    unknown = page.evaluate(
        """() => {
            const { facts, table } = sextant;
            const [gone, ...others] = [...facts.speed];
            facts.speed[0] = NaN;
            const orders = [1, 2].map(() => {
                [...document.querySelectorAll("#table .head button")].find(button => button.textContent.startsWith("speed")).click();
                return table.tracks.map(track => facts.speed[track]);
            });
            facts.speed[0] = gone;
            return orders.map(order => Number.isNaN(order.at(-1)) && order.slice(0, -1).every((speed, at) => at === 0 || (speed - order[at - 1]) * (order.at(-2) - order[0]) >= 0));
        }"""
    )
    claim("what is not known stands last, in both orders", unknown == [True, True], unknown)
    page.click("#table .head button >> text=start")
    page.click("summary")


def table(page):
    """The rows that are shown, as the CSV button saves them."""
    return list(csv.DictReader(io.StringIO(page.evaluate("() => sextant.table.csv()"))))


def map_is_brushed(page, stream, folder):
    page.click("#map-button")
    page.click("#brush-region")
    box = page.locator("#map").bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.6 * box["height"], steps=5)
    page.mouse.up()
    x0, y0, x1, y1 = (float(v) for v in page.input_value("#brush-corners").split(","))
    ring = [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]
    (Path(folder) / "zone.geojson").write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    # The corners in the field are rounded; those of the brush are made the same.
    page.dispatch_event("#brush-corners", "change")
    rows = csv.DictReader(io.StringIO(run("count", stream, "--stabilized", "--zone", Path(folder) / "zone.geojson", "--quiet").stdout))
    inside = next(row for row in rows if row["class"] == "all" and row["direction"] == "inside")
    text = page.inner_text("#counts")
    claim("a region drawn on the map holds the tracks that sextant count tells", text.startswith(f"{inside['tracks']} tracks come in"), text, inside)
    held = table(page)
    claim("the table has those alone", len(held) == int(inside["tracks"]))
    page.evaluate("() => { document.querySelector('details').open = true; }")
    long = sorted(float(row["duration_s"]) for row in held)[len(held) // 2] + 1e-3
    page.fill("#least-duration", f"{long:.3f}")
    both = [row for row in held if float(row["duration_s"]) >= long]
    claim("a filter and the region hold together, in the table and in what is counted", len(table(page)) == len(both) and page.inner_text("#counts").startswith(f"{len(both)} tracks"), page.inner_text("#counts"))
    page.fill("#least-duration", "")
    page.evaluate("() => { document.querySelector('details').open = false; }")
    claim("their headings are a rose", (numpy.abs(pixels(page, "#rose") - [230, 159, 0]).sum(axis=2) < 30).sum() > 20)
    page.click("#brush-line")
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.1 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.9 * box["height"], steps=5)
    page.mouse.up()
    claim("a line drawn on it counts", "left to right" in page.inner_text("#counts"))
    page.click("#brush-region")
    claim("the other tool counts the same corners anew", "come in" in page.inner_text("#counts"), page.inner_text("#counts"))
    page.fill("#brush-corners", "1,2,three,4")
    page.keyboard.press("Enter")
    claim("corners that are no numbers take the brush away", "Draw a region" in page.inner_text("#counts"))
    page.click("#brush-clear")
    claim("clear shows all tracks again", len(table(page)) == page.evaluate("() => sextant.set.trackCount"))
    page.click("#map-button")


def decisions_are_saved(page, saved):
    """Every button of the review on a served page, against the file beside the stream."""
    ids = page.evaluate("() => [...sextant.table.tracks].slice(0, 2).map(track => sextant.set.ids[track])")
    page.click(f".rows .row[data-id='{ids[0]}']")
    frame = frame_of(page)
    page.click("#review button[data-kind=swap]")
    claim("a swap asks for the other track", "give the id" in page.inner_text("#review [role=status]"))
    wanted = []
    for kind in ("swap", "join", "delete", "wrong"):
        if kind in ("swap", "join"):
            page.fill("#review input", str(ids[1]))
        page.click(f"#review button[data-kind={kind}]")
        other = {"other": ids[1]} if kind in ("swap", "join") else {}
        wanted.append({"record": "review", "kind": kind, "id": ids[0], "frame": frame, **other})
        count = "1 decision" if len(wanted) == 1 else f"{len(wanted)} decisions"
        page.wait_for_function("text => document.querySelector('#review [role=status]').textContent === text", arg=count + ", saved")
    read = lambda: [json.loads(line) for line in open(saved)]
    claim("swap, join, delete and wrong stand beside the stream", read() == wanted, read())
    for left in ("3 decisions", "2 decisions", "1 decision", "0 decisions"):
        page.click("#review >> text=undo")
        page.wait_for_function("text => document.querySelector('#review [role=status]').textContent === text", arg=left + ", saved")
    claim("undo takes them back", read() == [])
