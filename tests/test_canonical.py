"""The dump is written piece by piece, and is byte for byte what RDFC-1.0 makes of the whole."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
)

from surplace.build import canonical
from surplace.build.canonical import ByGraph, canonical_dump, quads_of, write_dump
from surplace.build.sources import graph_of

TEXT = st.text(
    st.sampled_from(list('a_:"\\<>. \n\r\t\0\x1f\x7f\x85é\u2028\uf900\uffff\U0001f642')), max_size=6
)
NAMES = st.sampled_from(["urn:a", "urn:a:b", "http://e/_:b", "http://é/\uf900", "http://e/🙂"]).map(NamedNode)
BLANK = st.sampled_from(["a", "b", "c14n0", "c14n1"]).map(BlankNode)
LITERALS = (
    TEXT.map(Literal)
    | st.builds(lambda text, tag: Literal(text, language=tag), TEXT, st.sampled_from(["en", "fr-ca"]))
    | st.builds(lambda text, kind: Literal(text, datatype=kind), TEXT, NAMES)
    | st.integers().map(Literal)
)
QUADS = st.builds(
    Quad, NAMES | BLANK, NAMES, NAMES | BLANK | LITERALS, NAMES | st.builds(DefaultGraph) | BLANK
)


@pytest.fixture(scope="module", autouse=True)
def small_pieces() -> object:
    """Let a few lines be many pieces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canonical, "PIECE", 100)
        patch.setattr(canonical, "BLOCK", 50)
        patch.setattr(canonical, "PARSED", 2)
        yield


@given(st.lists(QUADS, max_size=12))
@settings(max_examples=100, deadline=None)
def test_the_dump_is_the_canonical_form_of_all_quads(quads: list[Quad]) -> None:
    store = Store()
    store.extend(quads)
    whole = Dataset(store)
    whole.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(f"{quad} .\n" for quad in whole)
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "dump.nq"
        digest = write_dump(dump, canonical_dump(store, Path(folder)))
        assert dump.read_bytes() == "".join(lines).encode()
        assert digest == hashlib.sha256("".join(lines).encode()).hexdigest()
        assert [f"{quad} .\n" for quad in quads_of(dump)] == lines
        graphs = ByGraph(dump)
        expected = {name: [q for q in quads_of(dump) if graph_of(q) == name] for name in graphs.sizes()}
        assert {name: list(graphs.quads(name)) for name in graphs.sizes()} == expected
        assert graphs.sizes() == {name: len(expected[name]) for name in sorted(expected)}
        assert sum(graphs.sizes().values()) == len(store)


def test_the_dump_does_not_depend_on_the_names_of_blank_nodes(tmp_path: Path) -> None:
    dumps = set()
    for names in (("a", "b"), ("z", "y")):
        text = "_:{0} <http://e/p> _:{1} . _:{1} <http://e/q> 1 . <http://e/s> <http://e/p> _:{0} ."
        store = Store()
        store.extend(parse(text.format(*names), format=RdfFormat.TRIG))
        dumps.add(b"".join(canonical_dump(store, tmp_path)))
    (dump,) = dumps
    assert len(dump.splitlines()) == 3
    assert list(tmp_path.iterdir()) == []
