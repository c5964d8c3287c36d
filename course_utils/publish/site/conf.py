"""How Sphinx builds the website. Everything is local: the pages ask nobody for anything."""

import re
from functools import cache
from pathlib import Path

project = "Softmax and its neighbors"
copyright = "CC BY 4.0, code BSD-3-Clause"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx-mathjax-offline",
]
nb_execution_mode = "off"  # stored outputs are what the tests compare
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
# In the lessons' own HTML formulas stand between dollars; MathJax looks only into what says mathjax_process.
mathjax3_config = {
    "tex": {"inlineMath": [["\\(", "\\)"], ["$", "$"]], "processEscapes": True},
    "startup": {"typeset": False},  # dom.js asks for it
}
mathjax_options = {"type": "text/plain"}  # which no browser runs: dom.js starts it, after the first picture
suppress_warnings = ["mystnb.unknown_mime_type", "myst.header", "misc.highlighting_failure"]

html_theme = "furo"
html_title = "Softmax and its neighbors"
html_static_path = ["_static"]
html_favicon = "_static/icon.svg"
html_css_files = ["figure.css", "site.css"]
# From a file browsers load no modules, of which all that moves is made, and say so only to developers.
stands_still = """if (location.protocol === "file:") addEventListener("DOMContentLoaded", () => {
  document.body.prepend(
    "Opened as a file, this page stands still: serve its folder, e.g. python3 -m http.server.");
});"""
html_js_files = [(None, {"body": stands_still}), ("site.js", {"type": "module"})]
html_show_sourcelink = False
html_copy_source = False
templates_path = ["_templates"]
html_theme_options = {"source_edit_link": "", "top_of_page_buttons": []}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def setup(app):
    # Before Sphinx asks itself whether a page needs MathJax: formulas stand in the lessons' own HTML too.
    app.connect("html-page-context", _formulas_in_pieces, priority=400)
    app.connect("html-page-context", _modules_at_once)


def _formulas_in_pieces(app, pagename, templatename, context, doctree):
    if re.search(r"mathjax_process[^$]*\$", context.get("body", "")):
        context["has_maths_elements"] = True


def _modules_at_once(app, pagename, templatename, context, doctree):
    # A browser learns of a module when it has read the one that imports it, and meanwhile sets formulas.
    links = (
        f'<link rel="modulepreload" href="{context["pathto"](f"_static/{name}", resource=True)}">'
        for name in sorted(_imported(Path(app.confdir) / "_static", "site.js"))
        if name != "site.js"
    )
    context["metatags"] = context.get("metatags", "") + "".join(links)


@cache  # one answer serves every page, and a module that several import is read once
def _imported(folder, name):
    """Return a module and all that it imports, and so on."""
    found = re.findall(r'^import .* from "\./([^"]+)";$', (folder / name).read_text(encoding="utf-8"), re.M)
    return {name}.union(*(_imported(folder, one) for one in found))
