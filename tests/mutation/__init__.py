"""How strong the tests of the law are: rules, questions and shapes with one fault each."""
