"""Bytes in and out: opening and decoding with limits, reading apart, writing a whole file or nothing."""
