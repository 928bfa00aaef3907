"""What is compiled: a text becomes runs of tokens, and runs become evidence. Nothing here holds the interpreter's lock.

Numba's cache watches this file alone, so nothing compiled may lie elsewhere.
"""

from __future__ import annotations

import numba as nb
import numpy as np

BUCKETS = 1 << 15
LONGEST = 3
"""Tokens in a run."""
LEAST = -50.0
"""The evidence of a text that holds no words."""


@nb.njit(nogil=True, cache=True)
def runs(codes, found):
    """Fills `found` with the rows of weights that a text (its characters as uint32) touches, each once; the part that was filled."""
    seen = np.zeros(BUCKETS, np.bool_)
    count, at = 0, 0
    second, first = np.uint64(0), np.uint64(0)  # the token before, the one before that; 0: none
    while at < len(codes) and count + LONGEST <= len(found):
        code, token = codes[at], np.uint64(14695981039346656037)
        at += 1
        if 0x61 <= code <= 0x7A:
            while True:
                token = (token ^ np.uint64(code)) * np.uint64(1099511628211)
                if at == len(codes) or not 0x61 <= codes[at] <= 0x7A:
                    break
                code = codes[at]
                at += 1
        elif 0x30 <= code <= 0x39:
            while at < len(codes) and (0x30 <= codes[at] <= 0x39 or codes[at] == 0x2C or codes[at] == 0x2E):
                at += 1
            token = np.uint64(1)
        elif code > 0x2E7F:
            token = (token ^ np.uint64(code)) * np.uint64(1099511628211)
        else:
            if code == 0x0A or code == 0x21 or code == 0x2E or code == 0x3B or code == 0x3F:  # the sentence ends
                second = first = np.uint64(0)
            continue
        run = token
        for length in range(LONGEST):
            if length == 1:
                if second == 0:
                    break
                run = run * np.uint64(6364136223846793005) + second
            elif length == 2:
                if first == 0:
                    break
                run = run * np.uint64(6364136223846793005) + first
            mixed = (run ^ (run >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
            bucket = np.int64((mixed >> np.uint64(32)) % np.uint64(BUCKETS))
            if not seen[bucket]:
                seen[bucket] = True
                found[count] = bucket
                count += 1
        first, second = second, token
    return found[:count]


@nb.njit(nogil=True, cache=True)
def score(codes, most, phrases, rows, unit, bias, said, mix):
    """(evidence, confidence) float64[tags] of a text, its characters as uint32: see `model.Weights`."""
    tags = len(bias)
    evidence, confidence = np.full(tags, LEAST), np.empty(tags)
    found = runs(codes, np.empty(min(LONGEST * len(codes), most), np.int64))
    if len(found):
        added = np.zeros(tags, np.int64)
        for row in found:
            for tag in range(tags):
                added[tag] += rows[row, tag]
        for tag in range(tags):
            evidence[tag] = bias[tag] + added[tag] * unit[tag] / np.sqrt(len(found))
            for other in range(tags):
                if phrases[other]:
                    evidence[tag] += said[other, tag]
    for tag in range(tags):
        confidence[tag] = 1 / (1 + np.exp(-(mix[tag, 0] + mix[tag, 1] * phrases[tag] + mix[tag, 2] * evidence[tag])))
    return evidence, confidence
