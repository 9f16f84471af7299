"""Releases described in VoID and DCAT 3, from their manifests alone."""

from surplace.description.dataset import DOCUMENT, describe
from surplace.description.graph import DescriptionGraph
from surplace.description.releases import RELEASE_BASE, describe_list, describe_version
from surplace.description.stated import DATASET

__all__ = [
    "DATASET",
    "DOCUMENT",
    "RELEASE_BASE",
    "DescriptionGraph",
    "describe",
    "describe_list",
    "describe_version",
]
