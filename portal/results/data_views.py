"""How a release was made, and its files."""

from __future__ import annotations

from flask import Response, abort, render_template, send_file

from portal.access import public
from portal.language import language

from .delivery import deliver
from .figures import ReleaseView
from .markdown import render
from .pages import DataPage, ReleasePage
from .views import FOR_TEMPLATES, asked_for, made_from, results, view_of, write


@results.get("/results/<release>/method")
@public
def method(release: str) -> Response:
    """Anybody; reads how the figures were made."""
    chosen, versions = asked_for(release)
    page = ReleasePage(chosen, versions, view_of(chosen))

    def make() -> str:
        return render_template("results/method.html", page=page, statement=_statement(page.view), **FOR_TEMPLATES)

    return deliver("html", made_from(versions), make)


@results.get("/results/<release>/data")
@results.get("/results/<release>/data.<any(json,csv):form>")
@public
def data(release: str, form: str = "html") -> Response:
    """Anybody; takes files away and learns how to check them."""
    chosen, versions = asked_for(release)
    page = DataPage(ReleasePage(chosen, versions, view_of(chosen)))
    return deliver(form, made_from(versions), lambda: write(page, form, "results/data.html"))


@results.get("/results/<release>/data.zip")
@public
def archive(release: str) -> Response:
    """Anybody; gets the whole release as one folder that can be checked as it is."""
    chosen, _ = asked_for(release)
    page = ReleasePage(chosen, (chosen,), view_of(chosen))
    packed = page.view.folder.zipped(page.folder_name)
    name = f"{page.folder_name}.zip"
    etag = f"{chosen.manifest_id}-zip"
    return send_file(packed, "application/zip", as_attachment=True, download_name=name, etag=etag, max_age=300)


@results.get("/results/<release>/data/<path:path>")
@public
def download(release: str, path: str) -> Response:
    """Anybody; gets one file that the manifest names, or the manifest with its signature, under its own name."""
    chosen, _ = asked_for(release)
    folder = view_of(chosen).folder
    found = folder.path_of(path)
    if found is None:
        abort(404)
    entry = folder.entries.get(path)
    etag = entry.sha256 if entry else f"{chosen.manifest_id}-{path}"
    return send_file(found, as_attachment=True, download_name=found.name, etag=etag, max_age=300)


def _statement(view: ReleaseView) -> object:
    """The methodology statement in the page's language, else in any that the release has."""
    names = [name for name in view.folder.entries if name.startswith("methodology.") and name.endswith(".md")]
    names.sort(key=lambda name: name != f"methodology.{language()}.md")
    return render(view.folder.read(names[0]).decode("utf-8")) if names else None
