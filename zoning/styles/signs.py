"""The sign of a decision as a drawn shape: × and ✓ are missing in some Chinese fonts."""

from html import escape

from zoning.rules.verdict import Decision
from zoning.styles.stylebook import Outcomes
from zoning.texts import Language


def sign_svg(outcomes: Outcomes, decision: Decision, *, size: int, language: Language) -> str:
    """Return the badge of `decision` as inline SVG, `size` pixels wide, with its word for screen readers."""
    style = outcomes.decisions[decision]
    word = escape(style.word.get(language), quote=True)
    pen = 'fill="none" stroke="#FFFFFF" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"'
    return (
        f'<svg class="sign" viewBox="0 0 24 24" width="{size}" height="{size}" role="img" aria-label="{word}">'
        f'<path d="{style.badge}" fill="{style.colour}"/><path d="{style.sign}" {pen}/></svg>'
    )
