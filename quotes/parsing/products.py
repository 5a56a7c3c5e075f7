"""Faster matrix products for spaCy's networks, with sums that don't depend on the batch.

Rows of a batch: 300 tokens × 96 numbers   →   128 + 128 + 44 rows; the last block is filled with zeros

Products are two thirds of a parse. spaCy leaves them to BLIS, whose general kernel is all that it has for
many processors; NumPy's OpenBLAS takes a third of its time. But OpenBLAS has several kernels, chosen by the
number of rows, and they round differently: a token's parse would depend on what else is parsed with it.
Blocks of one size always meet the same kernel.

They are multiplied by one thread: more of them gain nothing for blocks so small, and wait for each other with
loops that keep all cores busy.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from thinc.api import NumpyOps
from threadpoolctl import ThreadpoolController

if TYPE_CHECKING:
    from spacy.language import Language

_ROWS = 128  # half as many take 10 % longer, four times as many save 7 % and waste more on a single article


class BlockwiseOps(NumpyOps):  # type: ignore[misc, unused-ignore]
    """thinc's operations on NumPy arrays, with another product."""

    def gemm(self, x: Any, y: Any, *, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
        """`x @ y.T` for x of shape (rows, inputs) and y of shape (outputs, inputs): (rows, outputs).

        Other transpositions belong to training, and are left to thinc.
        """
        if trans1 or not trans2:
            return super().gemm(x, y, out=out, trans1=trans1, trans2=trans2)
        product = np.empty((len(x), len(y)), dtype=x.dtype)
        whole = len(x) - len(x) % _ROWS
        with _one_thread():
            _multiply(x[:whole], y, product[:whole])
            if whole < len(x):
                last = np.zeros((_ROWS, x.shape[1]), dtype=x.dtype)
                last[: len(x) - whole] = x[whole:]
                filled = np.empty((_ROWS, len(y)), dtype=x.dtype)
                _multiply(last, y, filled)
                product[whole:] = filled[: len(x) - whole]
        if out is None:
            return product
        out[:] = product
        return out


class _Limit:
    """How many products are being made, in all threads, and what lifts the limit behind the last of them."""

    lock = threading.Lock()
    products = 0
    lift: Any = None


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let NumPy multiply with one thread in this block. The limit holds for the whole process."""
    with _Limit.lock:
        if not _Limit.products:
            _Limit.lift = _libraries().limit(limits=1)
        _Limit.products += 1
    try:
        yield
    finally:
        with _Limit.lock:
            _Limit.products -= 1
            if not _Limit.products:
                _Limit.lift.restore_original_limits()


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


def _multiply(x: Any, y: Any, product: Any) -> None:
    """Write the product of whole blocks into an array without gaps."""
    np.matmul(x.reshape(-1, _ROWS, x.shape[1]), y.T, out=product.reshape(-1, _ROWS, len(y)))


def keep_freed_memory() -> None:
    """Let glibc keep up to 62 MB of freed memory for the next arrays; elsewhere, nothing happens.

    By default, it returns the arrays of each batch to the system, and gets them again page by page. But it
    keeps twice the largest block below 32 MB that was freed (see `M_MMAP_THRESHOLD` in `man mallopt`).
    """
    np.empty(31 << 20, dtype="b")


def multiply_blockwise(nlp: Language) -> None:
    """Let the networks of a pipeline use `BlockwiseOps`. Those on a GPU or with Apple's operations don't."""
    ops = BlockwiseOps()
    for _, component in nlp.components:
        model = getattr(component, "model", None)
        for node in model.walk() if model is not None else ():
            if type(node.ops) is NumpyOps:
                node.ops = ops
