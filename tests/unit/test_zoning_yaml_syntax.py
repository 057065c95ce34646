"""Text that is no YAML: the line and the sentence for what its author did."""

import pytest
import yaml

from zoning.texts import Text
from zoning.yaml_syntax import explain_syntax

PARSERS = [getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader]


def explained(text: str, parser: type = yaml.SafeLoader) -> tuple[int, Text]:
    """Return line and sentence for a text that the parser refuses."""
    with pytest.raises(yaml.YAMLError) as caught:
        list(yaml.parse(text, Loader=parser))
    return explain_syntax(text, caught.value)


CLOSE_BRACE = ("“{”没有对应的“}”；请在这一项的末尾补上", "'{' has no '}': add it at the end of this entry")
CLOSE_BRACKET = ("“[”没有对应的“]”；请在这一项的末尾补上", "'[' has no ']': add it at the end of this entry")
COMPARE = (
    "值里不写“>”；比较写在键上：{at_least: 20}、{above: 20}、{at_most: 20}、{below: 20}",
    "no '>' in a value; the key says how to compare: {at_least: 20}, {above: 20}, {at_most: 20}, {below: 20}",
)
TWO_COLONS = (
    "句子里有英文冒号；请给整句加上英文双引号，或改用中文冒号",
    "the sentence holds a colon: put the whole sentence between double quotes",
)
AFTER_QUOTE = (
    "引号之后还有文字；请把整句放进一对英文双引号，句中的引号用“ ”",
    (
        "text follows the closing quotation mark: put the whole sentence between one pair of double quotes, "
        "and write “ ” inside it"
    ),
)
OPEN_QUOTE = (
    "从这一行开始的英文引号没有成对；请在句末补上",
    "the quotation mark on this line is not closed: add it at the end",
)
DASH = ("列表的“- ”要另起一行，多缩进两个空格", "the '- ' of a list begins a new line, two spaces further in")
INDENT = (
    "缩进与上文不一致：同一层的键要对齐，下一层多缩进两个空格",
    (
        "the indentation does not fit the lines above: keys of one level stand in one column, those of the next level "
        "two spaces further in"
    ),
)
OTHER = (
    "这里不合 YAML 的写法；请对照 rules/README.md 的例子检查冒号、括号、引号和缩进",
    "this is not written as YAML: compare colons, brackets, quotes and indentation with the example in rules/README.md",
)


def wide_colon(key: str) -> tuple[str, str]:
    return (
        f"键后应为半角冒号加空格：写成“{key}: …”",
        f"a key is followed by a plain colon and a space: write '{key}: ...'",
    )


def no_space(key: str) -> tuple[str, str]:
    return f"冒号后须有空格：写成“{key}: …”", f"a space belongs after the colon: write '{key}: ...'"


def first_sign(sign: str) -> tuple[str, str]:
    return (
        f"文字不能以“{sign}”开头；请给整句加上英文双引号",
        f"a text cannot begin with '{sign}': put it between double quotes",
    )


def wide_bracket(wide: str, plain: str) -> tuple[str, str]:
    return f"用了全角括号“{wide}”；请改为半角“{plain}”", f"a full-width bracket '{wide}': write '{plain}'"


def divided_by_a_comma(brackets: str) -> tuple[str, str]:
    return (
        f"{brackets} 里各项之间用半角逗号加空格，不用“，”",
        f"inside {brackets} the entries are divided by a plain comma and a space, not by '，'",
    )


def sentence_with_colon(brackets: str) -> tuple[str, str]:
    return (
        f"{brackets} 里的句子含有英文冒号；请给整句加上英文双引号",
        f"a sentence inside {brackets} holds a colon: put the whole sentence between double quotes",
    )


def comma_missing(brackets: str) -> tuple[str, str]:
    return (
        f"{brackets} 里各项之间缺少半角逗号；请补上",
        f"a comma is missing between the entries inside {brackets}: add it",
    )


CASES: dict[str, tuple[str, int, tuple[str, str]]] = {
    "a tab before a key": (
        "a:\n\tb: 1\n",
        2,
        ("第 2 行用了制表符，请改为空格", "line 2 holds a tab: write spaces instead"),
    ),
    "a tab after spaces": (
        "a:\n  b: 1\n  \tc: 2\n",
        3,
        ("第 3 行用了制表符，请改为空格", "line 3 holds a tab: write spaces instead"),
    ),
    "a wide colon on the last line": ("a: 1\neffect：x\n", 2, wide_colon("effect")),
    "a wide colon on the line above": ("title：某\nb: 1\n", 1, wide_colon("title")),
    "a wide colon of a list item": ("a: 1\n- - b.c-d：x\n", 2, wide_colon("b.c-d")),
    "a wide colon of a quoted key": ('a: 1\n"b"：x\n', 2, wide_colon("b")),
    "no space behind a colon": ("a: 1\neffect:x\n", 2, no_space("effect")),
    "no space above": ("effect:x\nb: 1\n", 1, no_space("effect")),
    "wide braces": ("a: 1\ntitle: ｛zh: 某, en: x｝\n", 2, wide_bracket("｛", "{")),
    "wide brackets": ("a: 1\nlist: ［a: 1, b］\n", 2, wide_bracket("［", "[")),
    "Chinese brackets": ("a: 1\nlist: 【a: 1, b】\n", 2, wide_bracket("【", "[")),
    "a quotation mark without its end": ('a: "x\nb: 1\nc: 2\n', 1, OPEN_QUOTE),
    "a plain quotation mark without its end": ("b: 1\na: 'x\nc: 2\n", 2, OPEN_QUOTE),
    "text behind a quotation": ('b: 1\na: "新建" 和改建\n', 2, AFTER_QUOTE),
    "text behind a plain quotation": ("a: 'new' only\n", 1, AFTER_QUOTE),
    "a comparison": ("a: 1\narea: >20\n", 2, COMPARE),
    "a comparison with a blank": ("a: 1\narea: >= 20\n", 2, COMPARE),
    "a comparison in a table": ("a: 1\nb: {area: >20}\n", 2, COMPARE),
    "an at sign": ("b: 1\na: @x\n", 2, first_sign("@")),
    "a backtick": ("a: `x\n", 1, first_sign("`")),
    "a per cent": ("a: %x\n", 1, first_sign("%")),
    "an exclamation mark": ("b: 1\na: !禁止\n", 2, first_sign("!")),
    "a bar": ("a: |x\n", 1, first_sign("|")),
    "an asterisk": ("b: 2\na: *\n", 2, first_sign("*")),
    "an ampersand": ("b: 2\na: &\n", 2, first_sign("&")),
    "one brace too many": ("a: {b: 1}}\n", 1, ("多了一个“}”；请删去", "one '}' too many: delete it")),
    "one bracket too many": ("b: 1\na: [b]]\n", 2, ("多了一个“]”；请删去", "one ']' too many: delete it")),
    "a brace without its end": ("b: 1\na: {x: 1\nc: 2\n", 2, CLOSE_BRACE),
    "a bracket without its end": ("a: [x, y\nc: 2\n", 1, CLOSE_BRACKET),
    "a bracket without its end at the end": ("b: 1\na: [x, [y]\n", 2, CLOSE_BRACKET),
    "a brace closed only inside a quotation": ('a: {x: "}"\nc: 2\n', 1, CLOSE_BRACE),
    "a wide comma in a table": ("b: 1\na: {x: 1，y: 2}\n", 2, divided_by_a_comma("{ }")),
    "a wide comma in a table over two lines": ("a: {x: 1，\n  y: 2}\n", 2, divided_by_a_comma("{ }")),
    "a colon in a sentence of a table": ("b: 1\na: {zh: 某: 某}\n", 2, sentence_with_colon("{ }")),
    "no comma in a list": ('a: ["x" "y"]\n', 1, comma_missing("[ ]")),
    "no comma in a table": ('b: 1\na: {x: "1" y: "2"}\n', 2, comma_missing("{ }")),
    "a brace without its end above deeper lines": ("a: {x: 1\n  y: 2\nc: 3\n", 1, CLOSE_BRACE),
    "a brace of a list item without its end": ("- a: {x: 1\n  c: 2\n", 1, CLOSE_BRACE),
    "two colons": ("b: 1\na: see: there\n", 2, TWO_COLONS),
    "a list on the line of its key": ("b: 1\na: - x\n", 2, DASH),
    "a key too far in": ("a: 1\n  b: 2\n", 2, INDENT),
    "a key between two levels": ("a:\n    b: 1\n  c: 2\n", 3, INDENT),
    "a key between two levels after a blank line": ("a:\n    b: 1\n\n  c: 2\n", 4, INDENT),
}


@pytest.mark.parametrize("parser", PARSERS, ids=["fast", "plain"])
@pytest.mark.parametrize("case", CASES)
def test_what_was_done_is_said_with_its_line(case: str, parser: type) -> None:
    text, line, sentence = CASES[case]
    assert explained(text, parser) == (line, Text(*sentence))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(end: str) -> None:
    text = end.join(["# 规则", "a: 1", "", "effect：x", ""])
    assert explained(text) == (4, Text(*wide_colon("effect")))


@pytest.mark.parametrize(("before", "line"), [("", 1), ("a: 1\n", 2), ("a: 1\n# x\n\n", 4)])
def test_a_control_character_is_said_with_its_line(before: str, line: int) -> None:
    text = f"{before}b: x\x07y\nc: 1\n"
    assert explained(text) == (
        line,
        Text(
            "有看不见的控制字符；请删去这一行，重新输入",
            "an invisible control character: delete the line and type it again",
        ),
    )


def test_an_error_without_any_mark_is_of_the_first_line() -> None:
    assert explain_syntax("a: 1\nb: 2\n", yaml.YAMLError("lost"))[0] == 1


@pytest.mark.parametrize("parser", PARSERS, ids=["fast", "plain"])
def test_what_nobody_foresaw_is_sent_to_the_examples(parser: type) -> None:
    assert explained("a: 1\nb\nc: 2\n", parser) == (3, Text(*OTHER))


@pytest.mark.parametrize("parser", PARSERS, ids=["fast", "plain"])
def test_a_line_behind_the_end_is_the_last_line(parser: type) -> None:
    """The parser gives up behind the last line end; the file has no line of that number with anything on it."""
    text = "a: 1\nb"
    line, sentence = explained(text, parser)
    assert (line, sentence) == (2, Text(*OTHER))


def test_a_wide_colon_inside_a_sentence_is_no_mistake_of_its_line() -> None:
    assert explained("says: 某：某\n  b: 2\n") == (2, Text(*INDENT))
