"""Queries as files: `load_catalogue` reads a folder of them, `Query.bind` fills one in."""

from surplace.catalogue.called import Instance, meant, near, several
from surplace.catalogue.catalogue import Catalogue, load_catalogue, load_query
from surplace.catalogue.header import COLUMN_TYPES, PARAMETER_TYPES, SEVERITIES, QueryParameter
from surplace.catalogue.query import Query
from surplace.catalogue.values import Choices, ParameterError

__all__ = [
    "COLUMN_TYPES",
    "PARAMETER_TYPES",
    "SEVERITIES",
    "Catalogue",
    "Choices",
    "Instance",
    "ParameterError",
    "Query",
    "QueryParameter",
    "load_catalogue",
    "load_query",
    "meant",
    "near",
    "several",
]
