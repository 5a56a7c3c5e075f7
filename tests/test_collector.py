"""The collector is put off within a block, and is afterwards as it was."""

import gc

import pytest

from quotes import Extractor, collector


@pytest.fixture(params=[True, False], ids=["on before", "off before"])
def was_on(request):
    (gc.enable if request.param else gc.disable)()
    yield request.param
    gc.enable()


def test_the_collector_is_off_within_the_block_and_afterwards_as_before(was_on):
    with collector.put_off():
        assert not gc.isenabled()
        with collector.put_off():
            pass
        assert not gc.isenabled()  # an inner block leaves the outer one alone
    assert gc.isenabled() == was_on


def test_an_error_within_the_block_leaves_the_collector_as_before(was_on):
    with pytest.raises(KeyError), collector.put_off():
        raise KeyError
    assert gc.isenabled() == was_on


def test_between_two_records_the_collector_is_as_before(was_on, documents):
    for _ in Extractor().pipe(documents):
        assert gc.isenabled() == was_on


@pytest.fixture
def documents():
    from quotes.records import Document

    return [Document(doc_id=str(n), text="“It rained,” Mayor Ada Quill said.") for n in range(3)]
