"""The quick browser test of `sextant view`: python quick.py PROGRAM. Prints a line a claim; ends with 1 at the first that fails."""

import json
import math
from pathlib import Path

import clicks
import inputs
import maps
import numpy
import serving
from viewer import *

FRAMES = [0, 1, 7, 12, 13, 24, 25, 49, 63, 98, 99]


def corners(box):
    c, s = math.cos(box["angle"]), math.sin(box["angle"])
    return [
        (box["cx"] + sx * box["w"] / 2 * c - sy * box["h"] / 2 * s, box["cy"] + sx * box["w"] / 2 * s + sy * box["h"] / 2 * c)
        for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]


def distance_to_sides(point, boxes):
    best = math.inf
    for box in boxes:
        points = corners(box)
        for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
            dx, dy = bx - ax, by - ay
            share = max(0, min(1, ((point[0] - ax) * dx + (point[1] - ay) * dy) / (dx * dx + dy * dy)))
            best = min(best, math.hypot(point[0] - ax - share * dx, point[1] - ay - share * dy))
    return best


# The colours of Okabe and Ito (2008) by the class's place in the stream's list, as the page takes them.
PALETTE = [(86, 180, 233), (230, 159, 0), (0, 158, 115), (240, 228, 66), (204, 121, 167), (213, 94, 0), (0, 114, 178), (255, 255, 255)]


def line_color(shot, plain, color):
    """How much each pixel that was drawn on has a line's colour, 0 to 1; half of it where a line covers half of a pixel."""
    changed = numpy.abs(shot - plain).sum(axis=2) > 30
    return numpy.clip(1 - numpy.sqrt(((shot - numpy.array(color)) ** 2).sum(axis=2)) / 120, 0, 1) * changed


def offsets(weights_of_class, tracks, classes, scale, left, top):
    """How far each side of each box is drawn from its truth, pixels of the screen, by the middle of the line across it."""
    boxes = [track["box"] for track in tracks]
    for index, box in enumerate(boxes):
        others = boxes[:index] + boxes[index + 1 :]
        points = corners(box)
        for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
            length = math.hypot(bx - ax, by - ay)
            if length * scale < 16:
                continue
            normal = (-(by - ay) / length, (bx - ax) / length)
            place = ((ax + bx) / 2, (ay + by) / 2)
            inside = all(12 < p * scale < limit * scale - 12 for p, limit in zip(place, SIZE))
            if not inside or distance_to_sides(place, others) * scale < 10:
                continue
            steps = numpy.arange(-4.5, 4.51, 0.25)
            x = left + place[0] * scale + steps * normal[0] - 0.5
            y = top + place[1] * scale + steps * normal[1] - 0.5
            weights = bilinear(weights_of_class[classes.index(tracks[index]["class"])], x, y)
            if weights.sum() > 0.5:
                yield float((weights * steps).sum() / weights.sum())


def bilinear(values, x, y):
    x0, y0 = numpy.floor(x).astype(int), numpy.floor(y).astype(int)
    fx, fy = x - x0, y - y0
    return (
        values[y0, x0] * (1 - fx) * (1 - fy) + values[y0, x0 + 1] * fx * (1 - fy)
        + values[y0 + 1, x0] * (1 - fx) * fy + values[y0 + 1, x0 + 1] * fx * fy
    )


def frames_are_exact(page, video, stream, folder):
    truth, pictures = frames(stream), decoded(video, folder)
    classes = records(stream)[0]["classes"]
    measured = 0
    for frame in FRAMES:
        go(page, frame)
        show_layers(page)
        plain = picture(page)
        scale, left, top = placement(plain.shape)
        errors = {}
        for other in (frame - 1, frame, frame + 1):
            if not 0 <= other < 100:
                continue
            resized = Image.fromarray(pictures(other).astype(numpy.uint8)).resize((round(SIZE[0] * scale), round(SIZE[1] * scale)), Image.BILINEAR)
            there = plain[round(top) : round(top) + resized.height, round(left) : round(left) + resized.width]
            errors[other] = numpy.abs(there - numpy.asarray(resized)[: there.shape[0], : there.shape[1]]).mean()
        claim(f"frame {frame} of the video is shown, by an independent decoder", min(errors, key=errors.get) == frame, errors)
        show_layers(page, "boxes")
        shot = picture(page)
        weights = [line_color(shot, plain, color) for color in PALETTE]
        found = list(offsets(weights, truth[frame]["tracks"], classes, scale, left, top))
        measured += len(found)
        claim(f"{len(found)} sides of boxes of frame {frame} are drawn within 1 px of the truth", all(abs(o) <= 1 for o in found), found)
    claim("sides were measured at all", measured > 40, measured)


def clicks_and_keys(page, stream):
    truth = frames(stream)
    show_layers(page, "boxes", "labels")
    go(page, 40)
    track = max(truth[40]["tracks"], key=lambda t: t["box"]["w"] if 60 < t["box"]["cx"] < 580 and 60 < t["box"]["cy"] < 300 else 0)
    shape = picture(page).shape
    scale, left, top = placement(shape)
    page.locator("#picture").click(position={"x": left + track["box"]["cx"] * scale, "y": top + track["box"]["cy"] * scale})
    page.wait_for_selector("#details:not([hidden])")
    claim("a click into a box chooses its track", f"track {track['id']} " in page.inner_text("#facts") and f"id={track['id']}" in page.url)
    claim("its row in the table is marked", page.get_attribute("[aria-selected=true]", "data-id") == str(track["id"]))
    first = min(number for number, record in truth.items() if any(t["id"] == track["id"] for t in record["tracks"]))
    page.wait_for_function("frame => document.getElementById('picture').dataset.frame === String(frame)", arg=first)
    claim("the player jumps to its first frame, to play it round", page.evaluate("() => sextant.player.loop[0]") == first)
    page.uncheck("#loop")
    go(page, 40)
    shown = lambda: int(page.get_attribute("#picture", "data-frame"))
    for key, frame in ((".", 41), (".", 42), (",", 41), ("ArrowRight", 66), ("ArrowLeft", 41)):
        page.keyboard.press(key)
        page.wait_for_function("frame => document.getElementById('picture').dataset.frame === String(frame)", arg=frame)
        claim(f"the key {key} leads to frame {frame}", shown() == frame)
    page.keyboard.press("Space")
    page.wait_for_function("() => document.getElementById('picture').dataset.frame > 45")
    page.keyboard.press("Space")
    page.keyboard.press("]")
    claim("] plays faster", page.input_value("#rate") == "2")
    page.keyboard.press("[")
    page.keyboard.press("Escape")
    claim("Escape chooses no track", page.is_hidden("#details"))
    page.keyboard.press("n")
    first = page.get_attribute("[aria-selected=true]", "data-id")
    page.keyboard.press("n")
    claim("n goes through the tracks", page.get_attribute("[aria-selected=true]", "data-id") != first)


def an_address_is_followed(context, page_file, stream):
    """A colleague opens what was sent: the moment and the track of the address, not the beginning."""
    lasting = {t["id"] for t in frames(stream)[60]["tracks"]}
    track = next(t["id"] for t in frames(stream)[40]["tracks"] if t["id"] in lasting)
    page = opened(context, Path(page_file).resolve().as_uri() + f"#t=1.6&id={track}")
    page.wait_for_function("() => document.getElementById('picture').dataset.frame === '40'")
    claim("the first picture is the video's own", page.evaluate("() => sextant.player.still !== undefined && sextant.player.offset === 0"))
    claim("the address's moment and track are shown when the page opens", f"track {track} " in page.inner_text("#facts") and page.url.endswith(f"#t=1.6&id={track}"), page.url)
    with page.expect_download():
        page.click("#save-csv")
    page.keyboard.press("Space")
    page.wait_for_function("() => document.getElementById('picture').dataset.frame > 45")
    claim("space plays, whatever button was clicked before", page.get_attribute("#play", "aria-label") == "pause")
    page.close()


def saves_tables_and_plots(page):
    page.keyboard.press("n")
    for button, beginning in (("#save-table", "id,class,start_s"), ("#save-csv", "frame,time_s,cx"), ("#save-svg", "<svg ")):
        with page.expect_download() as waited:
            page.click(button)
        text = Path(waited.value.path()).read_text()
        claim(f"{button} saves {beginning}", text.startswith(beginning), text[:80])


def fits_a_phone(page):
    # The time line's cursor stands far to the right, where a narrower page ends, until it is drawn again.
    go(page, 90)
    page.set_viewport_size({"width": 375, "height": 720})
    widths = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    claim("nothing hangs over the edge of a phone's width", widths[0] <= widths[1], widths)
    page.set_viewport_size({"width": 1280, "height": 720})


def truth_is_told_apart(context, video, stream, folder):
    """A result of the truth with a track left out, one that is nothing, and two that change places."""
    lines, ids = [], []
    for record in records(stream):
        if record["record"] == "frame":
            for track in record["tracks"]:
                if track["id"] not in ids:
                    ids.append(track["id"])
            missing, first, second = ids[0], ids[1], ids[2]
            swap = {first: second, second: first} if record["frame"] >= 50 else {}
            record["tracks"] = [dict(t, id=swap.get(t["id"], t["id"])) for t in record["tracks"] if t["id"] != missing]
        lines.append(json.dumps(record, separators=(",", ":")))
    result = Path(folder) / "result.ndjson"
    result.write_text("\n".join(lines) + "\n")
    run("view", result, video, "--truth", stream, "-o", Path(folder) / "truth.html")
    page = file_page(context, Path(folder) / "truth.html")
    text = page.inner_text("#comparison")
    claim("the two switches are listed", text.count("goes from track") == 2, text)
    claim("scores are told", "HOTA" in text and "IDF1" in text, text)
    page.click("#comparison li a >> text=goes from track >> nth=0")
    page.wait_for_function("() => document.getElementById('picture').dataset.frame === '50'")
    claim("a switch leads to its frame", page.get_attribute("#picture", "data-frame") == "50")
    page.close()


def results_stand_side_by_side(context, video, stream, folder):
    """A result without one of the tracks beside the whole one, both against the truth."""
    gone = frames(stream)[40]["tracks"][0]["id"]
    lines = []
    for record in records(stream):
        if record["record"] == "frame":
            record["tracks"] = [t for t in record["tracks"] if t["id"] != gone]
        lines.append(json.dumps(record, separators=(",", ":")))
    other = Path(folder) / "other.ndjson"
    other.write_text("\n".join(lines) + "\n")
    run("view", stream, video, "--truth", stream, "--compare", other, "-o", Path(folder) / "two.html")
    page = file_page(context, Path(folder) / "two.html")
    text = page.inner_text("#comparison")
    claim("both results have their scores", text.count("HOTA") == 2 and "HOTA 100.0 %" in text, text)
    go(page, 40)
    show_layers(page)
    plain = {place: pixels(page, place) for place in ("#picture", "#beside-picture")}
    show_layers(page, "boxes")
    box = next(t["box"] for t in frames(stream)[40]["tracks"] if t["id"] == gone)
    drawn = {}
    for place, before in plain.items():
        shot = pixels(page, place)
        scale, left, top = placement(shot.shape)
        weights = line_color(shot, before, (86, 180, 233))
        # A quarter of the longer side, away from corners and from the dots of a missed box.
        drawn[place] = max(
            float(bilinear(weights, numpy.array([left + x * scale - 0.5]), numpy.array([top + y * scale - 0.5]))[0])
            for x, y in sides(box)
        )
    claim("a track that only one result has is drawn as matched in that one alone", drawn["#picture"] > 0.5 > drawn["#beside-picture"] + 0.2, drawn)
    page.close()


def sides(box):
    points = corners(box)
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
        for share in (0.3, 0.5, 0.7):
            yield ax + share * (bx - ax), ay + share * (by - ay)


def contents_are_hidden(context, video, stream, folder):
    """Within boxes nothing is left of the picture but coarse cells; beyond them it is as it was, but for the coding."""
    hidden = Path(folder) / "hidden.mp4"
    run("render", stream, video, "-o", hidden, "--layers", "none", "--blur", "all", "--quiet")
    before, after = decoded(video, folder)(40), None
    places = [t["box"] for t in frames(stream)[40]["tracks"]]
    (Path(folder) / "after").mkdir()
    after = decoded(hidden, Path(folder) / "after")(40)
    y, x = numpy.mgrid[0 : SIZE[1], 0 : SIZE[0]] + 0.5
    inside, near = numpy.zeros(x.shape, bool), numpy.zeros(x.shape, bool)
    for box in places:
        along = (x - box["cx"]) * math.cos(box["angle"]) + (y - box["cy"]) * math.sin(box["angle"])
        across = (y - box["cy"]) * math.cos(box["angle"]) - (x - box["cx"]) * math.sin(box["angle"])
        inside |= (abs(along) <= box["w"] / 2 - 1) & (abs(across) <= box["h"] / 2 - 1)
        near |= (abs(along) <= box["w"] / 2 + 8) & (abs(across) <= box["h"] / 2 + 8)
    detail = lambda shot: float((numpy.abs(numpy.diff(shot.mean(axis=2), axis=1)) * (inside[:, 1:] & inside[:, :-1])).sum() / inside.sum())
    claim("what boxes hold is hidden", detail(after) < 0.5 * detail(before), detail(before), detail(after))
    claim("what lies beyond them is as before", float(numpy.abs(after - before)[~near].mean()) < 4, float(numpy.abs(after - before)[~near].mean()))
    run("view", stream, video, "--blur", "all", "-o", Path(folder) / "hidden.html")
    page = file_page(context, Path(folder) / "hidden.html")
    claim("the page's own video has its time", abs(page.evaluate("() => sextant.video.duration") - 4) < 0.1)
    go(page, 40)
    show_layers(page)
    shot = picture(page)
    scale, left, top = placement(shot.shape)
    small = numpy.asarray(Image.fromarray(shot[round(top) : round(top + SIZE[1] * scale), round(left) : round(left + SIZE[0] * scale)].astype(numpy.uint8)).resize(SIZE, Image.BOX)).astype(float)
    claim("the page shows the hidden picture", numpy.abs(small - after)[inside].mean() < 0.5 * numpy.abs(small - before)[inside].mean() or numpy.abs(small - after)[inside].mean() < 6)
    page.close()
    said = subprocess.run([PROGRAM, "render", stream, video, "-o", Path(folder) / "none.mp4", "--blur", "nobody"], capture_output=True, text=True).stderr
    claim("a class that nothing has is said", "nothing of the class nobody is blurred" in said, said)


def run_lengths(mask):
    """COCO's compressed run lengths of a mask (maskApi.c, rleToString), written from its description."""
    column = mask.T.reshape(-1).astype(int)
    turns = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], column])))
    counts = numpy.diff(numpy.concatenate([[0], turns, [len(column)]])).tolist()
    text = ""
    for place, count in enumerate(counts):
        value = count - (counts[place - 2] if place > 2 else 0)
        while True:
            low, value = value & 31, value >> 5
            more = value != (-1 if low & 16 else 0)
            text += chr(low + (32 if more else 0) + 48)
            if not more:
                break
    return text


def masks_are_drawn(context, stream, folder):
    """A made mask in each row, an ellipse in the box: the picture changes there and nowhere else."""
    y, x = numpy.mgrid[0 : SIZE[1], 0 : SIZE[0]] + 0.5
    whole = numpy.zeros(x.shape, bool)
    lines = []
    for record in records(stream):
        if record["record"] == "frame" and record["frame"] == 40:
            for track in record["tracks"]:
                box = track["box"]
                mask = ((x - box["cx"]) / 20) ** 2 + ((y - box["cy"]) / 9) ** 2 < 1
                whole |= mask
                track["mask"] = {"size": [SIZE[1], SIZE[0]], "counts": run_lengths(mask)}
        lines.append(json.dumps(record, separators=(",", ":")))
    masked = Path(folder) / "masked.ndjson"
    masked.write_text("\n".join(lines) + "\n")
    run("view", masked, "-o", Path(folder) / "masked.html")
    page = file_page(context, Path(folder) / "masked.html")
    go(page, 40)
    show_layers(page)
    plain = picture(page)
    show_layers(page, "masks")
    changed = numpy.abs(picture(page) - plain).sum(axis=2) > 30
    scale, left, top = placement(plain.shape)
    there = changed[round(top) : round(top + SIZE[1] * scale), round(left) : round(left + SIZE[0] * scale)]
    seen = numpy.asarray(Image.fromarray(there).resize(SIZE, Image.NEAREST))
    overlap = (seen & whole).sum() / (seen | whole).sum()
    claim("masks are drawn where they are", overlap > 0.9, overlap)
    page.close()


def a_mailed_page_gives_its_review(page):
    page.keyboard.press("n")
    page.click("#review button[data-kind=wrong]")
    with page.expect_download() as waited:
        page.click("#review >> text=save")
    line = json.loads(Path(waited.value.path()).read_text())
    claim("a page that was mailed gives its decisions as a file", line["kind"] == "wrong" and line["record"] == "review", line)
    page.keyboard.press("Escape")


# Machado, Oliveira and Fernandes 2009, table 1, severity 1: what eyes without one kind of cone see, on linear red, green and blue.
BLINDNESS = {
    "none": numpy.eye(3),
    "protanopia": numpy.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": numpy.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": numpy.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}


def lab(color, blindness):
    """CIELAB of a colour as such eyes see it."""
    values = numpy.array(color) / 255
    linear = blindness @ numpy.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    xyz = numpy.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear.clip(0, 1) / [0.9505, 1, 1.089]
    f = numpy.where(xyz > 0.008856, numpy.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return numpy.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def colors_stay_apart():
    for name, blindness in BLINDNESS.items():
        apart = lambda colors: min(float(numpy.linalg.norm(lab(a, blindness) - lab(b, blindness))) for i, a in enumerate(colors) for b in colors[:i])
        # Ten units of CIELAB are seen at a glance; fates are told apart in one line of one picture and need twice that.
        fates = [PALETTE[0], PALETTE[3], PALETTE[5], PALETTE[4]]
        claim(f"colours of classes and fates stay apart for {name}", apart(PALETTE) > 10 and apart(fates) > 20, apart(PALETTE), apart(fates))


with scratch() as folder, browser(folder) as context:
    colors_stay_apart()
    video, stream = scene(folder)
    run("view", stream, video, "-o", Path(folder) / "page.html")
    page = file_page(context, Path(folder) / "page.html")
    frames_are_exact(page, video, stream, folder)
    clicks_and_keys(page, stream)
    an_address_is_followed(context, Path(folder) / "page.html", stream)
    clicks.buttons_move_the_picture(page)
    clicks.the_picture_is_zoomed_and_moved(page)
    clicks.the_time_line_leads(page)
    clicks.a_track_is_looped_and_plotted(page, stream)
    clicks.filters_hold(page, stream)
    maps.map_counts_like_the_command(page, stream)
    clicks.map_is_brushed(page, stream, folder)
    saves_tables_and_plots(page)
    a_mailed_page_gives_its_review(page)
    fits_a_phone(page)
    claim("the page that was mailed asks for nothing", all(url.startswith(("file:", "blob:")) for url in context.requested), context.requested)
    page.close()
    serving.served_page_works(context, video, stream)
    inputs.names_with_markup_do_nothing(context, stream, folder)
    truth_is_told_apart(context, video, stream, folder)
    results_stand_side_by_side(context, video, stream, folder)
    contents_are_hidden(context, video, stream, folder)
    masks_are_drawn(context, stream, folder)
    maps.the_map_lies_on_a_mosaic(context, folder)
    inputs.beyond_the_horizon_nothing_is(context, folder)
    inputs.a_file_of_tracks_lies_on_its_video(context, video, stream, folder)
    inputs.an_odd_video_keeps_its_size(context, video, stream, folder)
    inputs.a_stream_cut_off_is_said(context, stream, folder)
    inputs.a_stream_that_has_only_begun_is_waited_for(context, stream, folder)
    inputs.another_video_is_said(context, video, stream, folder)
    serving.a_running_tracker_is_shown(context, video, folder)
    claim("no error and no dialog came up", not context.alarms, context.alarms)
