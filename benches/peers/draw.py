"""Draws pages of a PDF, or looks through its text, with one library; prints how long it took.

Arguments: the library's name and a JSON object with `file`, `width` (pixels), `pages` (from 1, all
when empty), `weigh` and `words`. Prints `first_ms` (opening and the first page), `pages_ms` (each
page, or each word) and `peak_kb` (PSS). The library is loaded and has drawn a page before.
"""

import json
import sys
import time

name, wanted = sys.argv[1], json.loads(sys.argv[2])
file, width = wanted["file"], wanted["width"]

if name == "pypdfium2":
    import pypdfium2

    def load():
        return pypdfium2.PdfDocument(file)

    def draw(document, number):
        page = document[number - 1]
        page.render(scale=width / page.get_width())
        page.close()

    def count(document):
        return len(document)

    def find(document, word):
        found = 0
        for page in document:
            text = page.get_textpage()
            searcher = text.search(word)
            while searcher.get_next():
                found += 1
            text.close()
            page.close()
        return found

else:
    import pymupdf

    def load():
        return pymupdf.open(file)

    def draw(document, number):
        page = document[number - 1]
        zoom = width / page.rect.width
        page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom))

    def count(document):
        return document.page_count

    def find(document, word):
        return sum(len(page.search_for(word)) for page in document)


def pss_kb():
    with open("/proc/self/smaps_rollup") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def milliseconds(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


times, peak, opened = [], 0, None
if wanted["words"]:
    document = load()
    times = [milliseconds(lambda: find(document, word)) for word in wanted["words"]]
    first = times[0]
else:
    warm = load()
    draw(warm, count(warm))
    del warm
    start = time.perf_counter()
    document = load()
    pages = wanted["pages"] or range(1, count(document) + 1)
    first = None
    for number in pages:
        times.append(milliseconds(lambda: draw(document, number)))
        if first is None:
            first = (time.perf_counter() - start) * 1000
        if wanted["weigh"]:
            peak = max(peak, pss_kb())
print(json.dumps({"first_ms": first, "pages_ms": times, "peak_kb": peak}))
