"""Pages by kind of thing: a module and a template a kind; the statements of the thing stand below a fold.

A kind is a class of the ontology, a template, and a function from a name and the knowledge to what the
template needs. `KINDS` in `choosing` has them in order; the first whose class the thing has is taken. Whoever
adds one writes `web/kinds/NAME.py` with `view`, `web/templates/kinds/NAME.html`, which extends
`kinds/kind.html`, and a line there.
"""
