"""A million rows in the viewer: python measure.py PROGRAM [PROGRAM ...]. Each program in turn, three times; figures are medians.

Needs Debian's chromium and PyPI's playwright, numpy and pillow, as the browser tests do (make .build-browser). Processor time is that of all
processes of the browser's kind, from the system's own counts, so that a busy machine does not change it much; wall time it does.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "Tests" / "CommandTests" / "Browser"))
programs, sys.argv[1:] = sys.argv[1:], ["unused"]
import viewer

TICK = 1000 / os.sysconf("SC_CLK_TCK")
SECONDS = 4
# Of the stream.
RATE = 50


def processes(pid):
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    return [pid] + [process for child in children for process in processes(int(child))]


def processor_time(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return TICK * (int(fields[11]) + int(fields[12]))


def renderer(what):
    """The page's own process: its processor time in milliseconds, or its memory in megabytes; the largest of the renderers."""
    values = []
    for pid in processes(os.getpid()):
        try:
            if "--type=renderer" not in Path(f"/proc/{pid}/cmdline").read_text():
                continue
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            values.append(processor_time(pid) if what == "time" else pages * os.sysconf("SC_PAGE_SIZE") / 1e6)
        except OSError:
            continue
    return max(values, default=0)


def turns(page):
    """How often a second the browser asks for a picture while nothing is drawn: what a busy machine leaves of its 60."""
    return page.evaluate(
        """() => new Promise(done => {
            const begin = performance.now();
            let count = 0;
            const turn = (now) => (now - begin < 2000 ? (count++, requestAnimationFrame(turn)) : done((1000 * count) / (now - begin)));
            requestAnimationFrame(turn);
        })"""
    )


def measure(program, stream, folder):
    viewer.PROGRAM = program
    began = time.monotonic()
    with viewer.served(stream) as (address, process), viewer.browser(folder) as context:
        figures = {"served, s": time.monotonic() - began, "of it the program's processor time, s": processor_time(process.pid) / 1000}
        page = context.new_page()
        began = time.monotonic()
        page.goto(address)
        page.wait_for_selector("#app[data-ready]")
        page.locator("#table .rows .row").first.click()
        page.wait_for_selector("#details:not([hidden])")
        figures["first click, s"] = time.monotonic() - began
        figures["of it the page's processor time, s"] = renderer("time") / 1000
        page.wait_for_function("() => sextant.set.rowCount === 1000000", timeout=120_000)
        figures["all rows, s"] = time.monotonic() - began
        page.keyboard.press("Escape")
        page.evaluate("() => { window.drawn = 0; const draw = sextant.picture.draw; sextant.picture.draw = function (...a) { window.drawn++; return draw.apply(this, a); }; }")
        idle = turns(page)
        page.keyboard.press("Space")
        page.wait_for_timeout(500)
        frames, used, clock = page.evaluate("window.drawn"), renderer("time"), time.monotonic()
        page.wait_for_timeout(1000 * SECONDS)
        frames, used, clock = page.evaluate("window.drawn") - frames, renderer("time") - used, time.monotonic() - clock
        figures["frames a second"] = frames / clock
        figures["turns a second without drawing"] = idle
        figures["frames as a share of what could be"] = frames / clock / min(RATE, idle)
        figures["processor time a frame, ms"] = used / max(1, frames)
        figures["memory of the page, MB"] = renderer("memory")
        return figures


with viewer.scratch() as folder:
    stream = Path(folder) / "big.ndjson"
    viewer.million_rows(stream)
    runs = {program: [] for program in programs}
    for _ in range(3):
        for program in programs:
            runs[program].append(measure(program, stream, folder))
    for program, figures in runs.items():
        print(program)
        for name in figures[0]:
            print(f"  {name}: {statistics.median(run[name] for run in figures):.2f}")
    print("load of the machine:", os.getloadavg()[0], "on", os.cpu_count(), "processors")
