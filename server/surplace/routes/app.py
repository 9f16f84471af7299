"""The Flask application, and the dispatcher behind it: one set of routes, whoever brings the requests."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from flask import Flask, request
from markupsafe import Markup
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from surplace.catalogue import Catalogue
from surplace.catalogue.groups import heading
from surplace.engine.blocking import Blocking
from surplace.engine.clients import CLIENT
from surplace.engine.knowledge import Knowledge
from surplace.engine.limits import Limits
from surplace.engine.local import LocalEngine
from surplace.engine.protocol import Engine
from surplace.engine.query_errors import UnavailableError
from surplace.engine.release import Release
from surplace.engine.verifying import verified
from surplace.http.cache import Cache
from surplace.http.dispatch import Dispatcher
from surplace.http.former import WORKERS, FormerReleases
from surplace.http.message import HttpRequest, PublicAddress, at
from surplace.http.metrics import Metrics
from surplace.http.service import EXTENSION, Service
from surplace.http.threads import PageThreads
from surplace.namespaces import BASE, compact
from surplace.routes.table import ROUTES
from surplace.texts import Texts
from surplace.web.cells import breaking, local_path
from surplace.web.compiled import CompiledTemplates
from surplace.web.instances import instances
from surplace.words.columns import titles_in
from surplace.words.cutting import as_title, cut_after
from surplace.words.days import day_in_words, days_in_words, in_words
from surplace.words.english import plural, the
from surplace.words.standings import apart_in_words


class Application(Flask):
    """A WSGI application whose every request takes the one path that the service itself takes."""

    dispatcher: Dispatcher

    def dispatch_request(self) -> Response:
        """Answer the current request, in the loop of the engine."""
        asked = HttpRequest(
            request.method,
            request.path,
            request.query_string.decode("latin-1"),
            {name.lower(): value for name, value in request.headers.items()},
            request.get_data(),
            request.remote_addr or "",
            PublicAddress(request.scheme, request.host, request.script_root),
        )
        token = CLIENT.set(asked.client)
        try:
            found = self.dispatcher.service.blocking.run(self.dispatcher.respond(asked))
        finally:
            CLIENT.reset(token)
        response = Response(found.pieces(), found.status, found.headers)
        for line in found.block.splitlines():
            response.headers.add(*line.split(": ", 1))
        response.call_on_close(found.close)
        if found.status not in (204, 304):
            response.headers["Content-Type"] = found.content_type
            response.content_length = found.size
        if found.etag:
            response.set_etag(found.etag)
        return response


def create_app(engine: Blocking, catalogue: Catalogue, limits: Limits | None = None) -> Application:
    """Make an application for any WSGI server. The caller closes *engine* when it is no longer needed."""
    limits = limits or Limits()
    cache, threads = Cache(limits), PageThreads(limits.page_threads)
    dispatcher = create_dispatcher(engine.engine, engine.loop, catalogue, limits, Metrics(), cache, threads)
    app = dispatcher.views.app
    assert isinstance(app, Application)  # noqa: S101 (it was made so)
    return app


def create_dispatcher(
    engine: Engine,
    loop: asyncio.AbstractEventLoop,
    catalogue: Catalogue,
    limits: Limits,
    metrics: Metrics,
    cache: Cache,
    threads: PageThreads,
    texts: Texts | None = None,
    *,
    former: bool = False,
) -> Dispatcher:
    """Put an engine that lives in *loop*, a catalogue, the routes and texts at hand together.

    With *former*, it is for a release that is not the current one, and knows of no others.
    """
    knowledge = Knowledge(Blocking(engine, loop), limits.page_bytes)
    service = Service(
        engine, catalogue, limits, knowledge, metrics, ROUTES, texts or Texts(), is_current=not former
    )
    app = Application("surplace.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = limits.body_length
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "auto_reload": False,
        "bytecode_cache": CompiledTemplates(),
    }
    app.url_map.strict_slashes = False
    for name, route in ROUTES.items():
        app.url_map.add(Rule(route.address, endpoint=name, methods=route.methods))
    app.extensions[EXTENSION] = service
    app.jinja_env.filters.update(
        compact=compact,
        local_path=local_path,
        in_words=in_words,
        days_in_words=days_in_words,
        day_in_words=day_in_words,
    )
    app.jinja_env.filters["group_heading"] = heading
    app.jinja_env.filters["breaking"] = breaking
    app.jinja_env.filters["apart_in_words"] = apart_in_words
    app.jinja_env.filters["plural"] = plural
    app.jinja_env.filters["the"] = the
    app.jinja_env.filters["titles_in"] = titles_in
    app.jinja_env.filters["cut_after"] = cut_after
    app.jinja_env.filters["as_title"] = lambda text: Markup(as_title(str(text)))
    app.jinja_env.filters["instances"] = partial(instances, engine)
    app.jinja_env.globals["at"] = at  # macros that are imported have no context
    held = f"release={service.release_name}" if former else ""  # what addresses of this release need
    app.context_processor(lambda: {"release": service.release, "base": BASE, "held": held})
    app.dispatcher = Dispatcher(app, service, cache, threads)

    async def opened(release: Release) -> Dispatcher:
        """Open another release with few processes, which share what is known of clients."""
        if await verified(release) is False:
            raise UnavailableError(f"The release {release.name} is damaged, and nothing is answered from it.")
        few = replace(limits, workers=WORKERS)
        beside = await LocalEngine.open(release, few, engine if isinstance(engine, LocalEngine) else None)
        beside.observe = metrics.query
        return create_dispatcher(beside, loop, catalogue, few, metrics, cache, threads, texts, former=True)

    if not former:
        app.dispatcher.former = FormerReleases(engine, opened)
    return app.dispatcher
