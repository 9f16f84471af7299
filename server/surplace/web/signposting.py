"""Signposting: links in a header by which programs find description, licence, files and name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from surplace.description import DATASET, RELEASE_BASE
from surplace.description.stated import licence_of
from surplace.http.files import content_type
from surplace.http.message import at
from surplace.namespaces import SCHEMA
from surplace.rdf.formats import GRAPHS

DESCRIPTION: Final = "/.well-known/void"


def signposts(manifest: Mapping[str, Any], *, home: bool) -> str:
    """Return the header Link of a page on the dataset, *home* or the description itself."""
    links = [f'<{DATASET}>; rel="cite-as"', f'<{SCHEMA}Dataset>; rel="type"']
    if home:
        links.append(f'<{SCHEMA}AboutPage>; rel="type"')
        links.append(f'<{at(DESCRIPTION)}>; rel="describedby"; type="text/html"')
        links.append(f'<{at("/openapi.json")}>; rel="service-desc"; type="application/json"')
    links += [
        f'<{at(DESCRIPTION)}.{form.name}>; rel="describedby"; type="{form.media_type}"' for form in GRAPHS
    ]
    return ", ".join([*links, *_of_release(manifest, at("/dumps/"))])


def release_signposts(manifest: Mapping[str, Any], path: str) -> str:
    """Return the header Link of the page of a release, which is at *path*."""
    name = RELEASE_BASE + str(manifest["release"])[:16]
    links = [f'<{name}>; rel="cite-as"', f'<{SCHEMA}Dataset>; rel="type"']
    links += [f'<{path}.{form.name}>; rel="describedby"; type="{form.media_type}"' for form in GRAPHS]
    return ", ".join([*links, *_of_release(manifest, f"{path}/dumps/")])


def _of_release(manifest: Mapping[str, Any], folder: str) -> Iterator[str]:
    """Yield the links to the licence and the files of a release."""
    licence = licence_of(manifest)
    if licence:
        yield f'<{licence}>; rel="license"'
    for record in manifest.get("dumps", ()):
        media_type = content_type(record).partition(";")[0]
        yield f'<{folder}{record["name"]}>; rel="item"; type="{media_type}"'
