"""`surplace passages`: a text becomes passages with digests, and a skeleton to fill."""

from __future__ import annotations

from pathlib import Path

import click

from surplace import resources
from surplace.build.naming import read_naming
from surplace.errors import SurplaceError
from surplace.namespaces import last_segment
from surplace.segments import segments
from surplace.skeleton import Draft, records, skeleton
from surplace.sourcetext import decoded
from surplace.suppose.description import nearest
from surplace.words.english import count


@click.command(epilog="Example: surplace passages report.txt --source report-2016 --into my-data")
@click.argument("text", type=click.Path(path_type=Path))
@click.option("--source", "name", required=True, help="The name of the source, such as cohen-2010.")
@click.option("--label", help="How people call it, such as “Cohen 2010”; else its name.")
@click.option(
    "--kind",
    default="scholarly-or-press-account",
    show_default=True,
    help="How near it stands to what it records: `surplace names source-kind` lists the kinds.",
)
@click.option("--published", default="", help="The day, month or year of publication, as precise as known.")
@click.option("--header", type=click.IntRange(min=0), help="How many lines the header has, if found wrongly.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    help="A folder laid out like data/: write documents/NAME-passages.trig and documents/NAME.trig there.",
)
def command(
    text: Path, name: str, label: str | None, kind: str, published: str, header: int | None, into: Path | None
) -> None:
    """Cut the text of a file into passages: each line of its header, each sentence, each note.

    Without --into, their records are printed. The text itself is not kept: a passage is known by its first
    and last words and its digest. The file documents/NAME.trig has an empty graph for each passage, to be
    filled with what it states; one that is there already is left as it is. Records that are there already are
    never written over, since more may have been said in them.
    """
    draft = Draft(name, label or name, kind, published)
    kinds = [last_segment(item.iri) for item in read_naming(resources.ontology_dir(), []).of("source-kind")]
    if kinds and kind not in kinds:  # an ontology of its own may name none
        raise SurplaceError(f'"{kind}" is no kind of source: {nearest(kind, kinds)}.')
    found = segments(decoded(text), header)
    if not found:
        raise SurplaceError(f"{text} holds no words: name a file with the text of the source.")
    if into is None:
        click.echo(records(draft, found), nl=False)
        return
    folder = into / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    paths = (folder / f"{name}-passages.trig", folder / f"{name}.trig")
    made = records(draft, found)
    if paths[0].exists() and paths[0].read_text(encoding="utf-8") != made:
        raise SurplaceError(
            f"{paths[0]} is there, and not what would be written: to cut the text anew, move it away; "
            f"to record digests again, run surplace verify-source {name} --text {text} --write."
        )
    paths[0].write_text(made, encoding="utf-8", newline="\n")
    if not paths[1].exists():
        paths[1].write_text(skeleton(draft, found), encoding="utf-8", newline="\n")
    counts = {
        "line of the header": sum(1 for segment in found if segment.header),
        "sentence": sum(1 for segment in found if segment.sentence),
        "note": sum(1 for segment in found if segment.note),
    }
    told = ", ".join(count(number, what) for what, number in counts.items() if number)
    click.echo(f"{told[:1].upper()}{told[1:]}.")
    click.echo(f"Passages: {paths[0]}\nTo be filled with what each states: {paths[1]}")
