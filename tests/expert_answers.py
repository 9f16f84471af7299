"""Writes queries/ANSWERS.md: the questions that experts ask first, each with its command and its answer.

The answers are what the commands answer over the project's own data: `make docs` writes the file anew, and
test_expert_answers.py compares it.
"""

from __future__ import annotations

import atexit
import json
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from surplace.build.canonical import canonical_dump, write_dump
from surplace.build.learned import Learned
from surplace.build.pipeline import Inputs, build, checked
from surplace.build.report import Report
from surplace.cli import main
from surplace.engine.release import DUMP, MANIFEST, STORE
from surplace.namespaces import SOURCE
from surplace.resources import data_dir, ontology_dir, queries_dir

PATH = queries_dir() / "ANSWERS.md"
SHOWN = 8
"""How many rows of an answer are shown."""
LINES = 40
"""How many lines of an answer in words are shown."""
HEAD = """# What experts ask first, answered

Twenty-six questions, each with the command that answers it and the beginning of its answer over the data of
this project. A test writes these answers again and compares them. Where a question is about all states, it is
answered for the 14 states whose records are held; [data/README.md](../data/README.md) says which those are.
"""


@dataclass(frozen=True)
class Question:
    """A question, the arguments of `surplace` that answer it, and what of the answer is shown."""

    text: str
    command: str
    columns: tuple[str, ...]
    note: str = ""
    where: Callable[[dict[str, str]], bool] = lambda _: True


def standing(*kinds: str) -> Callable[[dict[str, str]], bool]:
    """Pick rows whose standing is one of *kinds*."""
    return lambda row: row["standingLabel"] in kinds


QUESTIONS = (
    Question(
        "Which treaties bind China, and since when? What does the source document say of it?",
        "query which-treaties-bind-a-state-and-since-when -p state=CHN",
        ("treatyLabel", "act", "depositedOn", "inForceSince", "otherSourceSays", "rejected"),
    ),
    Question(
        "Which provisions of the 1951 Convention bind China on a day, and why not the others?",
        "query which-provisions-bind-a-state-on-a-day -p state=CHN -p instrument=1951-convention "
        "-p as_of=2010-09-13",
        ("provisionLabel", "throughLabel", "standingLabel", "reason"),
        "Shown are the provisions that do not bind; the others do.",
        standing("excluded", "modified", "conditioned", "not party", "unknown"),
    ),
    Question(
        "Which provisions are removed, changed or conditioned for China, and may they be reserved at all?",
        "query which-reservations-did-a-state-make -p state=CHN",
        ("effect", "provisionLabel", "mayBeReserved", "standing"),
    ),
    Question(
        "Which states reserved a provision that may not be reserved?",
        "query which-states-reserved-a-closed-provision",
        ("stateLabel", "provisionLabel", "clauseLabel", "standing"),
        "None on record: the one row is what a source says and a better one rejects.",
    ),
    Question(
        "Can one state bring another before the International Court of Justice over refoulement?",
        "query can-one-state-bring-another-before-the-court -p state=CHN -p action=refoulement "
        "-p as_of=2010-09-13",
        ("otherLabel", "clauseLabel", "way", "since", "blockedByLabel", "standingLabel"),
        "For China; any other state may be given.",
    ),
    Question(
        "How many states were party to Convention and Protocol in September 2010?",
        "query which-states-are-party-on-a-day -p treaty=1967-protocol -p as_of=2010-09-13",
        ("countLabel", "number", "countedOn", "note"),
        "Shown are the recorded counts; the parties among the 14 states are listed too.",
        lambda row: row["row"] == "recorded count",
    ),
    Question(
        "Which states on the way out of North Korea are bound not to return people to torture, but not by "
        "the Refugee Convention?",
        "query which-states-are-bound-by-one-instrument-and-not-another -p bound_by=cat "
        "-p not_bound_by=1951-convention -p as_of=2010-09-13",
        ("stateLabel", "since", "standingLabel", "reason", "reachedThroughLabel"),
    ),
    Question(
        "Which UN body asked China for what, and what became of it?",
        "query what-became-of-a-recommendation -p state=CHN",
        ("recommendationLabel", "outcomeLabel", "shownByLabel", "documentLabel"),
    ),
    Question(
        "What did each body ask about access for UNHCR?",
        "query what-did-each-body-ask-about-a-topic -p topic=access-for-unhcr",
        ("bodyLabel", "recommendationLabel", "askedOn", "passage"),
    ),
    Question(
        "Which protection grounds may apply to economic leavers from North Korea with a valid fear?",
        "query which-grounds-may-apply-to-whom -p population=economic-leavers-with-valid-fear",
        ("groundLabel", "elementLabel", "resultLabel", "evidenceLabel", "dependsOnLabel"),
    ),
    Question(
        "Which conduct, law or agreement conflicts with which provision?",
        "query which-conduct-conflicts-with-which-provision -p verdict=conflict",
        ("thingLabel", "provisionLabel", "onlyForLabel", "corroboratedBy"),
        "Concluded by rules from what sources state, for those named, if any are; no court found it.",
    ),
    Question(
        "Which duty or recommendation to act is left undone, and who says so?",
        "query which-obligations-are-unfulfilled -p state=CHN",
        ("inactionLabel", "askedLabel", "outcomeLabel", "observedOn", "accordingToLabel"),
    ),
    Question(
        "Who claims what that contradicts something else, or is in tension with it?",
        "query which-claims-contradict-what",
        ("claimLabel", "speakerLabel", "relation", "otherLabel", "reason"),
    ),
    Question(
        "Where do sources disagree, and which prevails?",
        "query where-sources-disagree -p source=cohen-2010",
        ("disagreementLabel", "objectLabel", "preferredSourceLabel"),
    ),
    Question(
        "Which sentences of the source document state facts without citing anything?",
        "query which-statements-carry-no-citation -p source=cohen-2010",
        ("paragraph", "sentence", "facts"),
    ),
)


TEXTS = (
    Question(
        "Which grounds may apply to a person who left North Korea without permission and met missionaries?",
        "assess --yes left-without-permission --yes contact-with-missionaries --no unaccompanied-child "
        "--origin PRK --stay CHN",
        (),
        "The circumstances are those of the vocabularies, all optional. The page /person asks for them too.",
    ),
    Question(
        "What could an analyst have known on 13 September 2010?",
        "known-by 2010-09-13",
        (),
        "Listed is what could not be concluded then, or came out otherwise. The sources of the day: "
        "`surplace query what-was-known-on-a-day`.",
    ),
    Question(
        "What if China withdrew its reservation to Article IV of the Protocol?",
        "what-if --withdraw reservation:1967-protocol/CHN/1 --on 2012-01-01",
        (),
    ),
    Question(
        "Which identifiers has each state elsewhere, and how does it stand to the 1951 Convention?",
        "query states-and-their-identifiers -p treaty=1951-convention",
        ("stateLabel", "isoCode", "wikidata", "geonames", "euCountry", "status", "depositedOn"),
    ),
)
"""Questions of which the answer is text, save the last."""


NEXT = (
    Question(
        "What did the Committee against Torture say of China next?",
        "query what-did-a-body-say -p body=committee-against-torture -p after=2008-11-21",
        ("saidOn", "kind", "statementLabel", "passage"),
        "After its observations of 2008. What it takes note of, others say.",
    ),
    Question(
        "Who is protected from return in which state, on a day?",
        "query who-is-protected-where-on-a-day -p action=return -p as_of=2010-09-13",
        ("stateLabel", "categoryLabel", "provisionLabel", "standingLabel"),
        "That the CRC and Articles 6 and 7 of the ICCPR forbid a return, their committees read into them.",
    ),
    Question(
        "What went on in China after it was asked to end?",
        "query what-went-on-after-it-was-asked-to-end -p state=CHN",
        ("recommendationLabel", "askedNoLaterThan", "conductLabel", "seenOn"),
    ),
    Question(
        "On whose view does a finding of conflict rest?",
        "query which-conduct-conflicts-with-which-provision -p verdict=conflict",
        ("thingLabel", "provisionLabel", "onlyForLabel", "viewOfLabel", "authorityLabel"),
        "Shown are the findings that depend on a view of who qualifies; others rest on conduct and law.",
        lambda row: bool(row["viewOfLabel"]),
    ),
    Question(
        "How does China stand to treaties after the depositary's record?",
        "query how-does-a-state-stand-to-each-treaty -p state=CHN",
        ("treatyLabel", "since", "before", "standingLabel", "reason"),
        "Shown is what holds after 14 March 2015, when the record ends.",
        lambda row: row["since"] > "2015-03-14",
    ),
    Question(
        "What do two documents say of one conduct?",
        "query what-is-said-of-one-conduct -p conduct=china-forcibly-repatriates-north-koreans",
        ("measureLabel", "joinedBy", "seenOn", "kind", "statementLabel", "sourceLabel"),
        "Each sighting is judged by the law of its day.",
    ),
)
"""Questions that the documents after the source document raise."""


def _scratch(prefix: str) -> Path:
    """Make a folder that is gone when the process ends: a release has 160 MB."""
    folder = tempfile.mkdtemp(prefix=prefix)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def built() -> Path:
    """Build the release that answers; return its folder."""
    out = _scratch("surplace-answers-")
    build(Inputs(ontology_dir(), data_dir(), queries_dir()), out)
    return out


def run(command: str, release: Path) -> str:
    """Run `surplace` with the arguments of *command* on a release; return what it prints."""
    result = CliRunner().invoke(main, [*shlex.split(command), "--release", str(release)])
    assert result.exit_code == 0, result.output
    return result.stdout


def rows(question: Question, release: Path) -> list[dict[str, str]]:
    """Return the rows of an answer that are shown, each cell as text."""
    answer = json.loads(run(question.command + " --format json", release))
    found = [
        {name: binding.get(name, {}).get("value", "") for name in answer["head"]["vars"]}
        for binding in answer["results"]["bindings"]
    ]
    picked = [tuple(row[name] for name in question.columns) for row in found if question.where(row)]
    return [dict(zip(question.columns, row, strict=True)) for row in dict.fromkeys(picked)]


def one_answer(release: Path) -> str:
    """Return the table of the README: who asked China for what, where the source document reports it."""
    command = "query which-un-body-asked-which-state-for-what -p state=CHN --format json"
    found = json.loads(run(command, release))
    lines: dict[str, None] = {}
    for binding in found["results"]["bindings"]:
        row = {name: value["value"] for name, value in binding.items()}
        if "paragraph" not in row or not row["passage"].startswith(SOURCE + "cohen-2010/"):
            continue
        part = f", para. {row['documentParagraph']}" if "documentParagraph" in row else ""
        document = row["symbol"] + part if "symbol" in row else "not named"
        place = f"paragraph {row['paragraph']}, sentence {row['sentence']}"
        lines[f"| {row['bodyLabel']} | {row['actionLabel']} | {document} | {place} |"] = None
    head = ["| body | asked for | document | sentence of the source |", "|---|---|---|---|"]
    return "\n".join([*head, *lines]) + "\n"


def table(question: Question, release: Path) -> Iterator[str]:
    """Write the beginning of an answer as a table."""
    found = rows(question, release)
    yield "| " + " | ".join(question.columns) + " |"
    yield "|" + "---|" * len(question.columns)
    for row in found[:SHOWN]:
        yield "| " + " | ".join(_cell(row[name]) for name in question.columns) + " |"
    if len(found) > SHOWN:
        yield f"\n… and {len(found) - SHOWN} more."
    if not found:
        yield "\nNone."


def _cell(text: str) -> str:
    """Write a cell: IRIs without the base, bars escaped."""
    return text.removeprefix("https://w3id.org/surplace/").replace("|", "\\|")


def changes(release: Path) -> str:
    """Answer what changed between two releases: the one of the project and one without a reservation."""
    data = _scratch("surplace-changed-") / "data"
    shutil.copytree(data_dir(), data)
    path = data / "reference" / "depositary" / "1967-protocol.trig"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"1982-09-24"^^xsd:date', '"1982-09-25"^^xsd:date', 1), encoding="utf-8")
    later = data.parent / "later"
    (later / STORE).mkdir(parents=True)
    # a diff reads the dump alone: checks, shapes and the store of the later release would take ten seconds
    store = checked(_without_checks(data), Report(), learned=Learned(release)).store
    digest = write_dump(later / DUMP, canonical_dump(store, later))
    (later / MANIFEST).write_text(json.dumps({"release": digest}), encoding="utf-8")
    command = ["diff", str(release), str(later), "--kind", "facts", "--kind", "conclusions"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    return result.stdout


def _without_checks(data: Path) -> Inputs:
    """Return what a build of some data reads, save questions, checks and shapes."""
    ontology, queries = data.parent / "ontology", data.parent / "queries"
    for folder in (ontology, queries):
        folder.mkdir()
    for path in ontology_dir().iterdir():
        if path.name != "shapes":
            (ontology / path.name).symlink_to(path)
    return Inputs(ontology, data, queries)


def document(release: Path) -> str:
    """Return the text of the file, as the release in a folder answers."""
    parts = [HEAD]
    asked = (*QUESTIONS, *TEXTS)
    for number, question in enumerate(asked, 1):
        parts += answered(number, question, release)
    parts.append(f"## {len(asked) + 1}. What changed between two releases?\n")
    parts.append("`surplace diff OLD NEW --kind facts --kind conclusions`\n")
    parts.append("Shown for a release in which one deposit was dated a day later.\n")
    parts.append(_block(changes(release)))
    for number, question in enumerate(NEXT, len(asked) + 2):
        parts += answered(number, question, release)
    return "\n".join(parts)


def answered(number: int, question: Question, release: Path) -> Iterator[str]:
    """Write a question with its command and the beginning of its answer."""
    yield f"## {number}. {question.text}\n\n`surplace {question.command}`\n"
    if question.note:
        yield question.note + "\n"
    if question.columns:
        yield "\n".join(table(question, release)) + "\n"
    else:
        yield _block(run(question.command, release))


def _block(text: str) -> str:
    """Write the beginning of a text as a block."""
    lines = text.splitlines()
    more = [f"… and {len(lines) - LINES} more lines."] if len(lines) > LINES else []
    return "\n".join(["```", *lines[:LINES], *more, "```"]) + "\n"


def write(release: Path) -> None:
    """Write the file, as a release answers."""
    PATH.write_text(document(release), encoding="utf-8")
