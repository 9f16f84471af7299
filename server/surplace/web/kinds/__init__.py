"""Pages by kind of thing: a module and a template a kind; the statements of the thing stand below a fold.

A kind is a class of the ontology, a template, and a function from a name and the knowledge to what the
template needs. `KINDS` in `choosing` has them in order; the first whose class the thing has is taken. Whoever
adds one writes `web/kinds/NAME.py` with `view`, and a line there; `kinds/thing.html` shows what is laid out
in facts, reasons and sections (`laying`); a template of its own, which extends `kinds/kind.html`, the rest.
"""
