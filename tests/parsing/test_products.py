"""Matrix products whose rows don't depend on each other, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thinc.api import NumpyOps
from threadpoolctl import ThreadpoolController

from quotes import parsing
from quotes.parsing import products
from quotes.parsing.products import BlockwiseOps

_RANDOM = np.random.default_rng(11)
_ROWS = _RANDOM.standard_normal((700, 288)).astype("float32")
_WEIGHTS = {n: _RANDOM.standard_normal((n, 288)).astype("float32") for n in (1, 50, 107, 288)}


@pytest.mark.parametrize("outputs", _WEIGHTS)
@settings(deadline=None)
@given(begin=st.integers(0, 699), size=st.integers(0, 700))
def test_a_row_has_one_product_in_any_batch(outputs: int, begin: int, size: int) -> None:
    weights = _WEIGHTS[outputs]
    whole = BlockwiseOps().gemm(_ROWS, weights, trans2=True)

    part = BlockwiseOps().gemm(_ROWS[begin : begin + size], weights, trans2=True)

    assert np.array_equal(part, whole[begin : begin + size])


@pytest.mark.parametrize("rows", [0, 1, 127, 128, 129, 256, 700])
def test_it_is_the_product(rows: int) -> None:
    expected = _ROWS[:rows].astype("float64") @ _WEIGHTS[50].astype("float64").T

    product = BlockwiseOps().gemm(_ROWS[:rows], _WEIGHTS[50], trans2=True)

    assert product.dtype == np.float32
    assert np.allclose(product, expected, atol=1e-3)


def test_it_fills_the_array_that_is_given() -> None:
    out = np.zeros((700, 50), dtype="float32")

    assert BlockwiseOps().gemm(_ROWS, _WEIGHTS[50], trans2=True, out=out) is out
    assert np.array_equal(out, BlockwiseOps().gemm(_ROWS, _WEIGHTS[50], trans2=True))


def test_one_thread_multiplies_and_the_limit_is_lifted() -> None:
    control = ThreadpoolController().select(user_api="blas")
    threads = [library["num_threads"] for library in control.info()]

    with products._one_thread(), products._one_thread():
        assert {library["num_threads"] for library in control.info()} <= {1}

    assert [library["num_threads"] for library in control.info()] == threads


def test_other_products_are_left_to_thinc() -> None:
    gradient = _RANDOM.standard_normal((700, 50)).astype("float32")

    product = BlockwiseOps().gemm(gradient, _ROWS, trans1=True)

    assert np.array_equal(product, NumpyOps().gemm(gradient, _ROWS, trans1=True))


def test_every_network_of_the_model_uses_it() -> None:
    nlp = parsing.load()
    models = [pipe.model for _, pipe in nlp.components if hasattr(pipe, "model")]

    assert models
    assert {type(node.ops) for model in models for node in model.walk()} == {BlockwiseOps}
