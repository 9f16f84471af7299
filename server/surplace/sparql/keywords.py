"""The words of SPARQL: a bare word in a query is one of these, and what other languages have is none."""

from __future__ import annotations

from typing import Final

_KEYWORDS: Final = """
    a ALL AS ASC ASK BASE BIND BY CONSTRUCT DESC DESCRIBE DISTINCT EXISTS false FILTER FROM GRAPH
    GROUP HAVING IN LATERAL LIMIT MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT
    SEPARATOR SERVICE SILENT true UNDEF UNION VALUES VERSION WHERE
"""
_FUNCTIONS: Final = """
    ABS ADJUST AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI FLOOR
    GROUP_CONCAT hasLANG hasLANGDIR HOURS IF IRI isBLANK isIRI isLITERAL isNUMERIC isTRIPLE isURI
    LANG LANGDIR LANGMATCHES LCASE MAX MD5 MIN MINUTES MONTH NOW OBJECT PREDICATE RAND REGEX REPLACE
    ROUND sameTerm sameValue SAMPLE SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT
    STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TRIPLE TZ UCASE
    URI UUID YEAR
"""

KEYWORDS: Final = {word.upper(): word for word in _KEYWORDS.split()}
"""The words that are no functions, by themselves in upper case, and as the standard writes them."""
WORDS: Final = KEYWORDS | {word.upper(): word for word in _FUNCTIONS.split()}
"""All words, with the functions of SPARQL 1.2."""
ELSEWHERE: Final = {"AND": "&&", "OR": "||", "IFNULL": "COALESCE"}
"""What words of SQL are in SPARQL."""
