"""Only checked assets are used, and none of those that this product may not use."""

import pytest

from deploy.setup import assets
from deploy.setup.progress import SetUpFailed

STYLE = (
    ":root{--a:1}/*! Copyright (c) 2011 by Margaret Calvert & Henrik Kubel. */@font-face{font-family:GDS Transport;"
    'font-weight:400;src:url(/assets/fonts/light.woff2) format("woff2"),url(/assets/fonts/light.woff) format("woff")}'
    "body{font-family:GDS Transport,arial,sans-serif}"
    ".logo:before{background-image:url(/assets/images/govuk-crest.svg);width:100%}"
    ".icon{background:url(data:image/svg+xml;base64,AAAA)}\n/*# sourceMappingURL=govuk-frontend.min.css.map */\n"
)


def test_the_style_sheet_loses_typeface_crest_and_source_map_and_nothing_else() -> None:
    assert assets.cleaned_style(STYLE) == (
        ":root{--a:1}body{font-family:arial,sans-serif}.logo:before{background-image:none;width:100%}"
        ".icon{background:url(data:image/svg+xml;base64,AAAA)}\n"
    )


@pytest.mark.parametrize("rest", [".a{background:url(/assets/images/new.svg)}", 'b{font-family:"GDS Transport"}'])
def test_a_style_sheet_that_still_asks_for_a_missing_file_is_refused(rest: str) -> None:
    with pytest.raises(SetUpFailed, match=r"still asks for"):
        assets.cleaned_style(STYLE + rest)
