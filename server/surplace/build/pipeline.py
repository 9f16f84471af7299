"""The build, stage by stage:

    data, ontology, questions ──sources──▶ named graphs ──closure──▶ knowledge ──findings──▶
         knowledge with conclusions ──dump──▶ N-Quads ──validation──▶ report ──release──▶ files, switched in

A stage takes what the former gives and never reaches back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad

from surplace.build.canonical import canonical_dump
from surplace.build.closure import Closure, close
from surplace.build.consistency import inconsistencies
from surplace.build.discovery import announced
from surplace.build.findings import conclude, note_rules
from surplace.build.integrity import faults
from surplace.build.learned import Learned
from surplace.build.manifest import describe_release
from surplace.build.names import name_faults, shape_faults
from surplace.build.ontology import read_ontology
from surplace.build.questions import describe_questions, named_questions, read_queries
from surplace.build.release import beginning
from surplace.build.report import BuildStopped, Origins, Report, Violation
from surplace.build.safe_writing import locked
from surplace.build.sources import read_sources
from surplace.build.texts import read_texts, text_faults
from surplace.build.things import NamedThing, example_faults, named_things, thing_faults
from surplace.build.unchanged import LastBuild
from surplace.build.validation import validate
from surplace.catalogue import Query
from surplace.engine.release import find_release


@dataclass(frozen=True)
class Inputs:
    """The folders that a build reads."""

    ontology: Path
    data: Path
    queries: Path
    additions: Sequence[Path] = ()
    """Folders laid out like *data* whose files are read as well."""

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return them all."""
        return self.ontology, self.data, self.queries, *self.additions


Progress = Callable[[str], object]
"""Called with the name of each stage as it begins; `str` does nothing."""


def build(
    inputs: Inputs,
    out: Path,
    progress: Progress = str,
    report: Report | None = None,
    *,
    if_changed: bool = False,
) -> Report:
    """Build a release of *inputs* below *out* and switch to it; *report* is filled in as far as it gets.

    With *if_changed*, the release of the last build is used again where inputs and code are the same.
    Raises BuildStopped if the data have faults, SurplaceError if something cannot be read or written; in both
    cases the current release stays as it is.
    """
    report = report or Report()
    with locked(out), ExitStack() as processes:
        last = LastBuild(out, inputs.folders)
        if if_changed and last.read_the_same:
            with _stage("verification", report, progress):
                report.unchanged = last.use_again(report)
            if report.unchanged:
                return report
        learned = Learned(out)
        try:
            concluded = _conclude(inputs, report, progress, learned)
        finally:
            learned.keep(out)
        store = concluded.closure.store
        with _stage("dump", report, progress), announced(store):
            described = describe_release(store)
            release = processes.enter_context(beginning(out, canonical_dump(store, out)))
        _validate(concluded, report, progress)  # while another process makes the store of the release
        del concluded, store  # which take as much memory as all that follows
        with _stage("release", report, progress):
            report.folder = release.finish(described, learned.files())
            written = find_release(report.folder)
            report.release = written.name
            report.counts["quads"] = written.manifest["quads"]
            report.counts["default graph"] = written.manifest["default_graph"]
        last.keep(report, report.folder)
    return report


def checked(
    inputs: Inputs,
    report: Report,
    progress: Progress = str,
    learned: Learned | None = None,
    *,
    judged: bool = False,
) -> Closure:
    """Run the stages that find faults, and return the closed store; *report* and *learned* are filled in.

    With *judged*, pySHACL validates the data too, and SurplaceError is raised where it finds anything else.
    """
    concluded = _conclude(inputs, report, progress, learned or Learned())
    _validate(concluded, report, progress, judged=judged)
    return concluded.closure


@dataclass(frozen=True)
class _Concluded:
    """What is known before it is validated: the closed store, what to ask of it, and where all is stated."""

    closure: Closure
    shapes: Sequence[Quad]
    checks: Sequence[Query]
    questions: Sequence[tuple[str, Query]]
    """Each with the name of its file."""
    things: Sequence[NamedThing]
    """What texts name."""
    origins: Origins


def _conclude(inputs: Inputs, report: Report, progress: Progress, learned: Learned) -> _Concluded:
    """Run the stages before the validation; *report* and *learned* are filled in."""
    with _stage("sources", report, progress):
        sources = read_sources([inputs.data], inputs.additions)
        ontology = read_ontology(inputs.ontology, sources.origins)
        rules = learned.rules(inputs.ontology / "rules")
        terms = [*ontology.terms, *ontology.alignments]
        texts = read_texts(inputs.ontology, inputs.queries)
        misread, things = text_faults(texts, terms, rules), named_things(texts)
        del texts  # all their tokens
        misread += name_faults(sources, ontology)
        misread += shape_faults(ontology, sources.origins, {fault.subject for fault in misread})
        report.counts["passages"] = sources.passages
        report.counts["asserted"] = len(sources.knowledge)
        _stop_at([*faults(sources), *ontology.violations, *misread], sources.origins)
        queries = read_queries(inputs.queries)
        questions = named_questions(queries, inputs.queries)
        described, altered = describe_questions(questions, sources.origins)
        _stop_at(altered, sources.origins)

    with _stage("closure", report, progress):
        axioms = learned.axioms(inputs.ontology, ontology.terms)
        beside = [*ontology.shapes, *ontology.alignments, *ontology.retired, *described]
        closure = close(sources, ontology.terms, beside, axioms)
        report.counts["axioms"] = len(axioms.all)
        report.counts["derived"] = closure.derived
        _stop_at(list(inconsistencies(closure, axioms, sources.origins)), sources.origins)

    with _stage("findings", report, progress):
        report.counts["rules"] = len(rules)
        report.counts["concluded"] = conclude(closure, rules)
        report.counts["derived"] = closure.derived
        note_rules(closure.store, rules, inputs.ontology / "rules", sources.origins)
        _stop_at(list(inconsistencies(closure, axioms, sources.origins)), sources.origins)
    return _Concluded(closure, ontology.shapes, queries.checks(), questions, things, sources.origins)


def _validate(concluded: _Concluded, report: Report, progress: Progress, *, judged: bool = False) -> None:
    """Run the shapes and checks; *report* has what they warn of, and BuildStopped what is worse."""
    origins, store = concluded.origins, concluded.closure.store
    with _stage("validation", report, progress):
        found = validate(concluded.closure, concluded.shapes, concluded.checks, origins, judged=judged)
        found += thing_faults(concluded.things, store)
        found += example_faults(concluded.questions, store)
        report.warnings = [
            origins.with_lines(violation) for violation in found if violation.severity != "violation"
        ]
        _stop_at(found, origins)


def _stop_at(found: list[Violation], origins: Origins) -> None:
    """Raise BuildStopped, with lines, if there is a fault that is more than a warning."""
    if any(violation.severity == "violation" for violation in found):
        raise BuildStopped(origins.with_lines(violation) for violation in found)


@contextmanager
def _stage(name: str, report: Report, progress: Progress) -> Iterator[None]:
    """Announce a stage and take its time."""
    progress(name)
    start = time.perf_counter()
    try:
        yield
    finally:
        report.seconds[name] = time.perf_counter() - start
