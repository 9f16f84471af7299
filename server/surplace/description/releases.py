"""A release as a version of the dataset: its files, and what it changed against the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pyoxigraph import Literal

from surplace.description.authorities import file_type_of
from surplace.description.graph import DCAT, SPDX, DescriptionGraph, address, english, typed
from surplace.description.ranges import complete
from surplace.description.stated import DATASET, licence_of, repeat, repeat_for
from surplace.namespaces import DCTERMS, PROV, SKOS, VOID
from surplace.rdf.formats import named_for

RELEASE_BASE: Final = address("release/")
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_LICENCE: Final = DCTERMS + "license"
_OF_RELEASE: Final = (
    *(DCTERMS + name for name in ("accessRights", "creator", "license", "publisher", "spatial", "temporal")),
    *(DCAT + name for name in ("contactPoint", "keyword", "theme")),
)
"""What is true of each release of the dataset as it is of the dataset."""
_GROUPS: Final = {
    "terms": {"added": "Terms that came", "removed": "Terms that went", "changed": "Terms that changed"},
    "findings": {
        "added": "Findings that came",
        "removed": "Findings that went",
        "changed": "Findings that changed",
    },
}


def release_iri(manifest: Mapping[str, Any]) -> str:
    """Return the IRI of the release of a manifest."""
    return RELEASE_BASE + str(manifest["release"])[:16]


def file_iri(manifest: Mapping[str, Any], name: str) -> str:
    """Return the IRI of a file of the release of a manifest."""
    return f"{release_iri(manifest)}/dumps/{name}"


def describe_list(manifests: Iterable[Mapping[str, Any]], current: Mapping[str, Any]) -> DescriptionGraph:
    """Describe the dataset as the releases that it has had."""
    about = DescriptionGraph()
    about.is_a(DATASET, DCAT + "Dataset")
    repeat(about, current)
    about.say(DATASET, DCAT + "hasCurrentVersion", release_iri(current))
    for manifest in manifests:
        about.say(DATASET, DCAT + "hasVersion", release_iri(manifest))
        _version(about, manifest)
    complete(about)
    return about


def describe_version(manifest: Mapping[str, Any], changes: Mapping[str, Any] | None) -> DescriptionGraph:
    """Describe a release; *changes* is the record of what it changed, if there is one."""
    about = DescriptionGraph()
    release = release_iri(manifest)
    _version(about, manifest)
    describe_distributions(about, release, manifest)
    if changes is not None:
        _changes(about, release, changes, licence_of(manifest))
    complete(about)
    return about


def describe_distributions(about: DescriptionGraph, subject: str, manifest: Mapping[str, Any]) -> None:
    """Describe the files of a release as distributions of *subject*; they have addresses of their own."""
    for record in manifest.get("dumps", ()):
        file = file_iri(manifest, record["name"])
        about.say(subject, DCAT + "distribution", file)
        if record["whole"]:
            about.say(subject, VOID + "dataDump", file)
        _distribution(about, release_iri(manifest), file, record, licence_of(manifest))


def _version(about: DescriptionGraph, manifest: Mapping[str, Any]) -> None:
    """Describe a release as a version of the dataset."""
    release = release_iri(manifest)
    about.is_a(release, DCAT + "Dataset")
    about.say(release, DCTERMS + "title", english(f"Surplace, release {release[-16:]}"))
    about.say(release, DCTERMS + "description", english("The graph and its files as one build wrote them."))
    about.say(release, DCAT + "isVersionOf", DATASET)
    about.say(release, DCTERMS + "identifier", Literal(manifest["release"]))
    version = manifest.get("versions", {}).get("dataset")
    if version:
        about.say(release, DCAT + "version", Literal(version))
    repeat_for(release, about, manifest, *_OF_RELEASE)


def _distribution(
    about: DescriptionGraph, release: str, file: str, record: Mapping[str, Any], licence: str | None
) -> None:
    """Describe a file that can be fetched, and is listed on the page of the release."""
    checksum = f"{file}#checksum"
    about.is_a(file, DCAT + "Distribution")
    about.say(file, DCTERMS + "title", english(record["title"]))
    form = named_for(record["media_type"], "graph")
    text = f"{record['statements']:,} statements in {form.title if form else record['media_type']}"
    about.say(file, DCTERMS + "description", english(f"{text}, packed with gzip" if record["gzip"] else text))
    about.say(file, _LICENCE, *([licence] if licence else []))
    about.say(file, DCTERMS + "format", file_type_of(record["media_type"]))
    about.say(file, DCAT + "downloadURL", file)
    about.say(file, DCAT + "accessURL", release)
    about.say(file, DCAT + "mediaType", _MEDIA_TYPES + record["media_type"])
    if record["gzip"]:
        about.say(file, DCAT + "compressFormat", _MEDIA_TYPES + "application/gzip")
    about.say(file, DCAT + "byteSize", typed(str(record["bytes"]), "nonNegativeInteger"))
    about.say(file, SPDX + "checksum", checksum)
    about.is_a(checksum, SPDX + "Checksum")
    about.say(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
    about.say(checksum, SPDX + "checksumValue", typed(record["sha256"], "hexBinary"))


def _changes(about: DescriptionGraph, release: str, changes: Mapping[str, Any], licence: str | None) -> None:
    """Describe what a release changed against the one before."""
    before = RELEASE_BASE + changes["before"][:16]
    about.say(release, DCAT + "previousVersion", before)
    about.say(release, PROV + "wasRevisionOf", before)
    for record, how in zip(changes["files"], ("added", "removed"), strict=True):
        file = f"{release}/changes/{record['name']}"
        title = f"{record['statements']} statements that were {how}, in each graph where they stand"
        part = f"{release}#{how}"
        about.is_a(part, VOID + "Dataset")
        about.say(part, DCTERMS + "title", english(title))
        about.say(part, DCTERMS + "isPartOf", release)
        about.say(part, VOID + "dataDump", file)
        _distribution(about, release, file, {**record, "title": f"{title}, in N-Quads"}, licence)
    for kind, groups in _GROUPS.items():
        for how, title in groups.items():
            members = [item["iri"] for item in changes[kind] if item["how"] == how]
            if members:
                group = f"{release}#{kind}-{how}"
                about.is_a(group, SKOS + "Collection")
                about.say(group, SKOS + "prefLabel", english(title))
                about.say(group, DCTERMS + "isPartOf", release)
                about.say(group, SKOS + "member", *members)
