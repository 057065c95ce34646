"""Full-width signs as Chinese input methods write them, and the plain ones that are meant."""

_WIDE = {0xFF01 + i: 0x21 + i for i in range(94)} | {
    ord("\u3000"): " ", ord("\u00a0"): " ", ord("【"): "[", ord("】"): "]", ord("〔"): "[", ord("〕"): "]",
    # Marks that nobody sees.
    ord("\ufeff"): None, ord("\u200b"): None, ord("\u200c"): None, ord("\u200d"): None, ord("\u2060"): None,
}  # fmt: skip


def narrow(text: str) -> str:
    """Return the text in plain signs, digits and blanks.

    >>> narrow("【地块坐标】"), narrow("Ｊ１，１，３９１９７４６．７８３")
    ('[地块坐标]', 'J1,1,3919746.783')
    """
    return text if text.isascii() else text.translate(_WIDE).strip()
