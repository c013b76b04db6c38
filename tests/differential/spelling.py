"""How people write one directive: in any case, with blanks, tabs, quotes, and lines that go on."""

import random


class Speller:
    """Writes directives as they may be written; for one file at a time, which has its own line
    ends.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.odd = rng, rng.random() < 0.4
        self.end = '\r\n' if rng.random() < 0.1 else '\n'

    def some(self, chance: float) -> bool:
        """Return whether to do something odd; in most files nothing odd is done."""
        return self.odd and self.rng.random() < chance

    def name(self, name: str) -> str:
        """Return the name of a directive, sometimes in another case."""
        return (
            self.rng.choice([name.lower(), name.upper(), name.swapcase()])
            if self.some(0.15)
            else name
        )

    def word(self, word: str) -> str:
        """A word, in quotes where it has to be and sometimes where it need not."""
        if not word or ' ' in word or self.some(0.2):
            quote = self.rng.choice('"\'')
            return quote + word.replace('\\', '\\\\') + quote
        return word

    def blank(self) -> str:
        """Return what stands between two words: blanks, or the end of a line that goes on."""
        if self.some(0.05):
            return ' \\' + self.end + self.rng.choice(['', ' ', '\t'])
        return self.rng.choice(['  ', '\t', ' \t ']) if self.some(0.2) else ' '

    def indent(self, depth: int) -> str:
        """Return what stands before a directive that is so deep in sections."""
        return self.rng.choice(['', '\t' * depth, ' ']) if self.some(0.3) else '    ' * depth

    def line(self, depth: int, name: str, *words: str) -> str:
        """A directive."""
        text = (
            self.indent(depth)
            + self.name(name)
            + ''.join(self.blank() + self.word(word) for word in words)
        )
        return text + (self.rng.choice([' ', '\t', '  ']) if self.some(0.1) else '') + self.end

    def section(self, depth: int, name: str, argument: str, body: str, odd: bool = True) -> str:
        """A section; `argument` is written as it is."""
        more = (
            self.rng.choice([' ', '\t', ' # why'] + ([' >'] if name != 'IfVersion' else []))
            if odd and self.some(0.06)
            else ''
        )
        before, after = (more, '') if more.strip() == '' else ('', more)
        return (
            f'{self.indent(depth)}<{self.name(name)}{self.blank()}{argument}{before}>'
            f'{after}{self.end}{body}'
            f'{self.indent(depth)}</{self.name(name)}>{self.end}'
        )

    def condition(self, name: str) -> str:
        """A name as it may stand in a condition, negated or not."""
        name = self.rng.choice(['"%s"', "'%s'"]) % name if self.some(0.1) else name
        if self.rng.random() < 0.35:
            return ('! ' if self.some(0.1) else '!') + name
        return '"!%s"' % name if self.some(0.03) and name[0] not in '"\'' else name

    def comment(self, text: str, hidden: str) -> str:
        """A comment, which may go on in the next line and so hide that, too."""
        start = self.rng.choice(['# ', '#', '  #', '## ']) + text
        if self.some(0.2):
            return start + self.rng.choice([' \\', '\\', ' \\\\']) + self.end + hidden
        return start + self.rng.choice(['', '', ' ', ' \\ ']) + self.end
