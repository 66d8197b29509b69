"""M11: whatever a page says in whichever field, the mail holds text: no tag, no attribute, no link, no list cell acts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from alerts.digest import Copy, Digest, Discrepancy, FirstReport, FoundLate, Reason, RenderedMail, Segment
from alerts.render import render
from alerts.render.cut import one_line

_TAGS = [
    "<script>alert(1)</script>",
    "<script src=https://spy.example/x.js></script>",
    "<SCRIPT\n>alert(1)</SCRIPT\n>",
    "<script/xss>alert(1)</script>",
    "<<script>script>alert(1)<</script>/script>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "<noscript><p title='</noscript><script>alert(1)</script>'>",
    "<img src=https://spy.example/pixel.gif onerror=alert(1)>",
    "<img src=x:x onerror=alert(1)//",
    "<img srcset='https://spy.example/a.png 2x'>",
    "<image src=https://spy.example/p.png>",
    "<picture><source srcset=https://spy.example/p.png></picture>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href='javascript:alert(1)'>x</math>",
    "<iframe src=https://spy.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<frameset><frame src=https://spy.example></frameset>",
    "<object data=https://spy.example/x.swf></object>",
    "<embed src=https://spy.example/x>",
    "<applet code=Spy.class></applet>",
    "<video src=https://spy.example/v.mp4 autoplay></video>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<track src=https://spy.example/t.vtt>",
    "<form action=https://spy.example><input name=password></form>",
    "<form><button formaction=javascript:alert(1)>go</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "<keygen autofocus onfocus=alert(1)>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<dialog open>pay here</dialog>",
    "<meter onmouseover=alert(1)>0</meter>",
    "<link rel=stylesheet href=https://spy.example/x.css>",
    "<link rel=prefetch href=https://spy.example/x>",
    "<base href=https://spy.example/>",
    "<meta http-equiv=refresh content='0;url=https://spy.example'>",
    "<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<style>@import 'https://spy.example/x.css';</style>",
    "<style>body{background:url(https://spy.example/x)}</style>",
    "<style><!--</style><script>alert(1)//--></script>",
    "<xml id=x><a><b>&lt;script>alert(1)&lt;/script></b></a></xml>",
    "<template><script>alert(1)</script></template>",
    "<slot onclick=alert(1)>",
    "<custom-tag onclick=alert(1)>x",
    "<portal src=https://spy.example>",
    "<area href=javascript:alert(1)>",
    "<map name=m><area href=https://spy.example></map>",
    "<table background=https://spy.example/x><tr><td>",
    "<td background=https://spy.example/x>",
    "<body onload=alert(1) background=https://spy.example/x>",
    "<html manifest=https://spy.example/x>",
    "<plaintext>",
    "<xmp><script>alert(1)</script></xmp>",
    "<listing>&lt;script></listing>",
    "<bgsound src=https://spy.example/x>",
    "<layer src=https://spy.example/x></layer>",
]
_BREAKOUTS = [
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    '" style="background:url(https://spy.example/x)',
    '"><svg onload=alert(1)>',
    "`onmouseover=alert(1)`",
    '" autofocus onfocus=alert(1) x="',
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</td></tr></table><form action=https://spy.example>",
    "</bdi></mark></a></h2></body></html><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    "<?php system('id') ?><?xml-stylesheet href='https://spy.example'?>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3c;img src=x onerror=alert(1)&#x3e;",
    "&amp;lt;script&amp;gt;",
    "\\x3cscript\\x3ealert(1)\\x3c/script\\x3e",
    "\\u003cscript\\u003ealert(1)",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "＜script＞alert(1)＜/script＞",
    "\u2028<script>alert(1)</script>\u2029",
    "<a href=javascript:alert(1)>read</a>",
    "<a href='java\tscript:alert(1)'>read</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>read</a>",
    "<a href=//spy.example>read</a>",
    "[read](javascript:alert(1))",
    "javascript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "style=position:fixed;top:0;left:0;width:100%;height:100%",
    "expression(alert(1))",
    "-moz-binding:url(https://spy.example/x.xml#x)",
]
_TEMPLATES = [
    "{{ 7 * 7 }}",
    "{{7*'7'}}",
    "{% include '/etc/passwd' %}",
    "{{ config.__class__.__init__.__globals__ }}",
    "{{ d.why_you }}{# x #}",
    "{% for x in range(9) %}x{% endfor %}",
    "${7*7} #{7*7} <%= 7*7 %> {{=7*7}}",
    "{title} {n} {0.__class__} {names!r}",
    "%s %d %(title)s",
]
_SIGNS = [
    "\u202e<txet desrever\u202c",
    "\u2066\u2067\u2068\u2069\u202a\u202b\u202d",
    "\u200e\u200f\u061c<b>",
    "\ufeff<script>",
    "\ud800\udfff<script>",
    "\0\x01\x07\x08\x1b[31mred\x1b[0m\x1b]8;;https://spy.example\x07link",
    "\r\nBcc: everybody@example.org\r\n\r\n<html>",
    "=?utf-8?q?=0d=0aBcc:_x=40example.org?=",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d" * 30,
    "\U000e0001\U000e0041\U000e007f",
    "a\u00ad\u200b\u200c\u200d\u2060b",
    "𝒔𝒄𝒓𝒊𝒑𝒕 ﷽ ﷽ ﷽",
]
#: what pages could say in the hope that somebody renders it
HOSTILE = [*_TAGS, *_BREAKOUTS, *_TEMPLATES, *_SIGNS]
HOSTILE_LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "blob:https://example.org/x",
    "//spy.example/x",
    "/relative",
    "?query",
    "#fragment",
    "ftp://files.example/x",
    "https://un.org@spy.example/",
    "https://un.org:pass@spy.example/",
    "https://",
    "https:///x",
    "https://[::1",
    "https://exa mple.org/",
    "https://example.org:99999/",
    "https://example.org/\u2028x",
    "https://\ud800.example/",
    "https://example.org/" + "x" * 3000,
    "file:///etc/passwd",
    "mailto:a@example.org",
]

#: all that a mail may consist of: nothing else may come out, whatever goes in
TAGS = {"html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td"}
TAGS |= {"h1", "h2", "h3", "p", "span", "a", "mark", "br", "bdi"}
ATTRIBUTES = {
    "charset",
    "name",
    "content",
    "class",
    "style",
    "lang",
    "dir",
    "role",
    "aria-hidden",
    "href",
    "rel",
}
ATTRIBUTES |= {"align", "valign", "width", "height", "border", "cellpadding", "cellspacing", "bgcolor"}
STYLES_NEVER = ("url(", "expression", "@import", "javascript", "behavior", "-moz-binding", "position")


def hostile_digest(digest: Digest, text: str, url: str = "https://example.org/a") -> Digest:
    """The digest with that text in every field that a page, a feed or a name in the configuration can fill."""
    marked = (Segment(text), Segment(text, marked=True))
    entry = replace(
        digest.entries[0],
        headline=marked,
        url=url,
        outlet=text,
        country=text,
        language=text,
        lead=marked,
        why=(Reason(text, marked),),
        topics=(text,),
        credits=(text,),
        copies=(Copy(text, url, text, text, text, "report", None),),
        precision=text,
        first=FirstReport(text, url, 4000.0),
        discrepancies=(Discrepancy(text, ((text, (text,)), (text, (text, text)))),),
    )
    change, update = digest.found_late[0], digest.updates[0]
    return replace(
        digest,
        id=text,
        subscription_id=text,
        title=text,
        entries=(entry,),
        updates=(replace(update, earlier_headline=text, entry=entry),),
        found_late=(FoundLate(change.rules_changed_at, (entry,)),),
        silent_sources=(text,),
        unlisted=(entry,),
    )


def assert_harmless(html: str) -> None:
    page = lxml_html.document_fromstring(html)
    for element in page.iter():
        assert element.tag in TAGS, f"{element.tag} in a mail"
        assert set(element.attrib) <= ATTRIBUTES, f"{element.attrib} in a mail"
        assert element.get("href", "https://").startswith(("https://", "http://"))
        assert not any(word in element.get("style", "").lower() for word in STYLES_NEVER)
        if element.tag == "a":
            assert element.get("rel") == "noopener noreferrer"
    for meta in page.iter("meta"):
        assert meta.get("charset") == "utf-8" or meta.get("name") in {
            "viewport",
            "color-scheme",
            "supported-color-schemes",
            "format-detection",
        }
    styles = "".join(style.text or "" for style in page.iter("style"))
    assert not any(word in styles.lower() for word in STYLES_NEVER)
    assert len(list(page.iter("style"))) == 1


def assert_plain(text: str) -> None:
    """No sign in it drives a terminal, ends a line where we do not, or turns the reading direction."""
    turning = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
    assert not turning & set(text)
    assert not [c for c in text if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} and c != "\n"]


def skeleton(mail: RenderedMail) -> list[str]:
    """The mail's tags; a break more or less follows from how long a text is."""
    tags = (element.tag for element in lxml_html.document_fromstring(mail.html).iter())
    return [tag for tag in tags if tag != "br"]


def test_the_corpus_is_large_enough() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 100


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_m11_hostile_text_stays_text_in_every_field(full_day: Digest, text: str) -> None:
    mail = render(hostile_digest(full_day, text))
    assert_harmless(mail.html)
    assert_plain(mail.text)
    assert_plain(lxml_html.document_fromstring(mail.html).text_content())
    assert_plain(mail.subject)
    assert "\n" not in mail.subject
    assert "49" not in mail.subject
    assert len(mail.attachments) == 1
    harmless = re.sub(r"\S", "x", one_line(text, 10_000))
    assert skeleton(mail) == skeleton(render(hostile_digest(full_day, harmless))), "text alone differs"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "&lt;b&gt;", "a\"b'c"])
def test_m11_what_a_headline_says_is_shown_as_it_says_it(full_day: Digest, text: str) -> None:
    mail = render(hostile_digest(full_day, text))
    page = lxml_html.document_fromstring(mail.html)
    assert page.find(".//h2").text_content() == text + text
    assert page.find(".//title").text_content() == text
    assert f"1. {text}*{text}*" in mail.text


@pytest.mark.parametrize("url", HOSTILE_LINKS)
def test_m11_an_address_that_is_no_web_page_is_never_linked(full_day: Digest, url: str) -> None:
    mail = render(hostile_digest(full_day, "title", url))
    assert_harmless(mail.html)
    assert "href" not in mail.html
    assert "://" not in mail.text
    assert b"://" not in mail.attachments[0].content


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=()), max_size=80), url=st.text(max_size=80))
@example(text="<mark>", url="https://bücher.example/ä?q=ü#é")
def test_m11_any_text_and_any_address_give_a_harmless_mail(full_day: Digest, text: str, url: str) -> None:
    mail = render(hostile_digest(full_day, text, url))
    assert_harmless(mail.html)
    assert_plain(mail.text)


@pytest.mark.parametrize(
    "kind", ["full_day", "quiet_day", "flood_day", "updates_day", "arabic_day", "long_day"]
)
@pytest.mark.parametrize("language", ["en", "ru", "az"])
def test_nothing_is_loaded_from_anywhere(request: pytest.FixtureRequest, kind: str, language: str) -> None:
    html = render(request.getfixturevalue(kind), language=language).html
    assert_harmless(html)
    assert "<img" not in html
