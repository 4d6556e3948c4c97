"""Draws the first page of a paper at one pixel a point: show.py mupdf|pdfium PAPER OUT.png"""

import struct
import sys
import zlib

viewer, paper, out = sys.argv[1:]

if viewer == "mupdf":
    import pymupdf

    picture = pymupdf.open(paper)[0].get_pixmap(alpha=False)
    width, height, pixels = picture.width, picture.height, bytes(picture.samples)
else:
    import pypdfium2

    picture = pypdfium2.PdfDocument(paper)[0].render(rev_byteorder=True)
    width, height, depth = picture.width, picture.height, picture.n_channels
    rows = bytes(picture.buffer)
    pixels = b"".join(
        rows[at : at + 3]
        for row in range(height)
        for at in range(row * picture.stride, row * picture.stride + width * depth, depth)
    )


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


rows = b"".join(b"\0" + pixels[at : at + 3 * width] for at in range(0, len(pixels), 3 * width))
with open(out, "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n")
    file.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
    file.write(chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
