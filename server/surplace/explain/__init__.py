"""Explanations: from a statement down to the sentences, records and rules that it rests on."""
