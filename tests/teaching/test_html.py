"""HTML: the light markup, and elements built from strings."""

from __future__ import annotations

import re
from html import unescape

import pytest
from html_elements import elements
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.teaching.html import bullet_list, details, element, inline_html, scrollable, to_html
from course_utils.teaching.text import to_plain

quick = settings(derandomize=True, deadline=None, max_examples=150)
markup = st.text(alphabet="ab 12^_*`$<>&\"'\n\\", max_size=40)

UNSEEN = '<span style="font-size: 0">'  # what is read aloud and copied only
TAGS = ("p", "code", "strong", "em", "sup", "sub", "span")


def check_html(written: str) -> None:
    """Accept nothing but our own tags, well nested, and escaped text."""
    plain = written.replace(UNSEEN, "<span>")
    for one in elements(plain):
        assert one.tag in TAGS
        assert not one.attributes
    assert "<" not in re.sub(f"</?(?:{'|'.join(TAGS)})>", "", plain)


@quick
@given(markup)
def test_markup_lets_no_raw_html_through(text: str) -> None:
    check_html(to_html(text))
    check_html(inline_html(text))


@quick
@given(st.text(alphabet="a b1<>&\"'", max_size=40).filter(lambda text: text == text.strip()))
def test_text_without_markup_stays_what_it_is(text: str) -> None:
    assert unescape(re.sub("</?sub>", "", inline_html(text))) == text
    assert to_plain(text) == text


@pytest.mark.parametrize(
    "broken", ["<p><script>", "<em>a<strong>b</em></strong>", "<p onclick='x'></p>", "a < b", "<p>"]
)
def test_the_html_check_catches(broken: str) -> None:
    with pytest.raises(AssertionError):
        check_html(broken)


@pytest.mark.parametrize(
    ("text", "html", "plain"),
    [
        ("a\n\nb", "<p>a</p><p>b</p>", "a\n\nb"),
        ("`a*b*c`", "<p><code>a*b*c</code></p>", "a*b*c"),
        ("$x^*y^*$", "<p>$x^*y^*$</p>", "x^*y^*"),
        ("a * b * c", "<p>a * b * c</p>", "a * b * c"),
        ("**all** of *them*", "<p><strong>all</strong> of <em>them</em></p>", "all of them"),
        ("*not **ever** again*", "<p><em>not <strong>ever</strong> again</em></p>", None),
        ("$a<b$ & `c<d`", "<p>$a&lt;b$ &amp; <code>c&lt;d</code></p>", "a<b & c<d"),
        ("top_p, log_softmax, a^ b, a ^b, _x_", "<p>top_p, log_softmax, a^ b, a ^b, _x_</p>", None),
        ("`e^x`, $e^x$ and *n*_i", "<p><code>e^x</code>, $e^x$ and <em>n</em>_i</p>", None),
        ("Type `$x$`, then $y$", "<p>Type <code>$x$</code>, then $y$</p>", "Type $x$, then y"),
        ("*a^(b* c)", "<p><em>a^(b</em> c)</p>", None),
    ],
)
def test_markup(text: str, html: str, plain: str | None) -> None:
    assert to_html(text) == html
    if plain is not None:
        assert to_plain(text) == plain


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("e^x e^−7 10^20", "e<sup>x</sup> e<sup>−7</sup> 10<sup>20</sup>"),
        ("σ_w² (n_out, n_in)", "σ<sub>w</sub>² (n<sub>out</sub>, n<sub>in</sub>)"),
        ("e^(−|x|)/2 < 1", "e<sup>−|x|</sup>/2 &lt; 1"),
        ("Σ_j e^((z_j − m)/T)", "Σ<sub>j</sub> e<sup>(z<sub>j</sub> − m)/T</sup>"),
        ("softmax(z)_i, LSE_λ", "softmax(z)<sub>i</sub>, LSE<sub>λ</sub>"),
        ("0.5 x0 + W1ᵀ, p0/p1", "0.5 x<sub>0</sub> + W<sub>1</sub>ᵀ, p<sub>0</sub>/p<sub>1</sub>"),
        ("1e6 float64 log1p x0.5 A4b", "1e6 float64 log1p x0.5 A4b"),
        ("e^(z0 − z1)", "e<sup>z<sub>0</sub> − z<sub>1</sub></sup>"),
        ("e^(−e^(−x))", "e<sup>−e<sup>−x</sup></sup>"),
    ],
)
def test_powers_are_raised_and_indices_lowered_and_nothing_is_lost_to_the_ear(text: str, html: str) -> None:
    written = inline_html(text)
    assert re.sub(f"{UNSEEN}.*?</span>", "", written) == html
    assert unescape(re.sub("<[^>]*>", "", written)) == text


def test_only_elements_that_may_hold_something_are_closed() -> None:
    for tag in ("img", "br", "input", "hr"):
        assert element(tag, title="a") == f'<{tag} title="a">'
    for tag in ("p", "i", "script", "textarea"):
        assert element(tag, title="a") == f'<{tag} title="a"></{tag}>'


def test_elements_escape_their_attributes() -> None:
    assert element("img", alt='"<&') == '<img alt="&quot;&lt;&amp;">'
    assert re.sub(' style="[^"]*"', "", details("More", "<p>a</p>")) == (
        "<details><summary>More</summary><p>a</p></details>"
    )
    assert scrollable("Wide & long", "<p>a</p>").startswith(
        '<div role="group" aria-label="Wide &amp; long" tabindex="0"'
    )
    assert bullet_list(["a", "b"], "ol") == "<ol><li>a</li><li>b</li></ol>"
