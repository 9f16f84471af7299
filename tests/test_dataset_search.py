"""Pages say in schema.org what search engines for datasets ask for.

What is required and recommended: https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from service import Service
from surplace.namespaces import BASE

ASKED = """creator dateModified datePublished distribution identifier includedInDataCatalog
isAccessibleForFree keywords license publisher spatialCoverage temporalCoverage url version"""
"""Recommended, or at least known to such engines; what a variable would be, the data do not say."""


def said(service: Service, path: str) -> dict[str, Any]:
    """Return what a page says in JSON-LD."""
    text = service.get(path, "text/html").text.split('<script type="application/ld+json">')[1]
    found: dict[str, Any] = json.loads(text.split("</script>")[0])
    return found


@pytest.mark.parametrize("path", ["/", "/.well-known/void", "/graph/ontology", "/graph/knowledge"])
def test_a_dataset_has_what_is_required(path: str, project_service: Service) -> None:
    data = said(project_service, path)
    assert data["@type"] == "Dataset"
    assert data["name"]
    assert 50 <= len(data["description"]) <= 5000


def test_the_whole_has_what_is_recommended(project_service: Service) -> None:
    data = said(project_service, "/")
    assert set(ASKED.split()) <= set(data)
    assert data["creator"] == {"@type": "Organization", "name": "The Surplace authors"}
    assert (data["datePublished"], data["temporalCoverage"]) == ("2026-11-27", "1951-07-28/2015-03-14")
    assert [(place["@type"], place["name"]) for place in data["spatialCoverage"]] == [
        ("Place", "China"),
        ("Place", "North Korea"),
    ]
    assert "non-refoulement" in data["keywords"]
    catalogue = data["includedInDataCatalog"]
    assert (catalogue["@type"], catalogue["@id"]) == ("DataCatalog", f"{BASE}dataset#dcat-catalogue")


def test_each_file_is_there_in_the_format_that_is_said(project_service: Service) -> None:
    files = said(project_service, "/")["distribution"]
    assert len(files) == 5
    for file in files:
        response = project_service.request("HEAD", "/" + file["contentUrl"].removeprefix(BASE))
        assert (response.status, file["@type"]) == (200, "DataDownload")
        formats = file["encodingFormat"]
        assert response.headers.get_content_type() in ([formats] if isinstance(formats, str) else formats)
