"""Compare this collection's reading of configurations with that of httpd itself, on all three MPMs.

A pass is one tree on one MPM where both read the same files in the same order, load the same
modules from the same files, and agree about the MPM in force, about none or several of them, and
about a PHP that the MPM refuses.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from corpus import CORPUS, Corpus
from judge import DIFFERENT, LEFT_OUT, SAME, judge
from numbers_of_mpms import judge_numbers, make_numbers
from servers import Server, has_image
from trees import MPMS, Tree, make_tree

SEED = 2026
BATCH = 250
STATIC = ['/usr/sbin/httpd', '/usr/sbin/httpd.worker', '/usr/sbin/httpd.event']
SHOWN = 8


class Tally:
    """Counts, and shows the first differences in full."""

    def __init__(self, verbose: bool) -> None:
        self.counts: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.shown, self.verbose = 0, verbose

    def add(self, tree: Tree, answer: dict[str, Any]) -> None:
        """Judge one answer about a tree, and count it."""
        verdict, kind, wrong = judge(answer['theirs'], answer['ours'])
        self.counts[verdict] += 1
        if kind:
            (self.left_out if verdict == LEFT_OUT else self.refused)[kind] += 1
        if verdict == DIFFERENT and self.shown < SHOWN or self.verbose:
            self.shown += 1
            self.show(tree, answer, wrong)

    def show(self, tree: Tree, answer: dict[str, Any], wrong: list[str]) -> None:
        """Print what is different, and with `verbose` the whole tree."""
        print(f'DIFFERENT: tree {tree.name}, {answer["program"]}, options {tree.options}')
        print('\n'.join('  ' + text for text in wrong))
        if answer['theirs']['refused']:
            print('  httpd: ' + answer['theirs']['refused'].strip()[:300])
        if self.verbose:
            for path, text in sorted(tree.files.items()):
                print(f'--- {path}\n{text}')

    def add_numbers(self, server: Server, seed: int, count: int, starts: int) -> None:
        """Compare numbers of directives on this server, so many sets for each MPM."""
        sets = list(make_numbers(seed, count, starts))
        answers = server.ask('start_numbers.py', (numbers.job() for numbers in sets))
        if len(answers) != len(sets):
            raise SystemExit(f'{len(answers)} answers for {len(sets)} sets of numbers')
        for numbers, answer in zip(sets, answers):
            wrong = judge_numbers(numbers, answer)
            self.counts[DIFFERENT if wrong else SAME] += 1
            if wrong and self.shown < SHOWN:
                self.shown += 1
                print(f'DIFFERENT: {numbers.mpm} {numbers.settings}')
                print('\n'.join('  ' + text for text in wrong))
        print(f'{len(sets)} sets of numbers, {starts * len(MPMS)} of them on real servers')

    def report(self) -> None:
        """Print what httpd refused, by kind."""
        for title, counted in (
            ('compared', self.refused),
            ('compared in part or not at all', self.left_out),
        ):
            print(f'{sum(counted.values())} refused by httpd, and {title}:')
            print('\n'.join(f'  {number:6d}  {kind}' for kind, number in counted.most_common()))


def batches(server: Server, trees: Iterable[Tree], tally: Tally) -> None:
    """Have the server read the trees, so many at a time, and count its answers."""
    trees = list(trees)
    for first in range(0, len(trees), BATCH):
        some = trees[first : first + BATCH]
        answers = server.read(some)
        if len(answers) != len(some) * len(server.programs):
            raise SystemExit(f'{len(answers)} answers for {len(some)} trees')
        for number, answer in enumerate(answers):
            tally.add(some[number // len(server.programs)], answer)


def run(
    numbers: Sequence[int], seed: int, tally: Tally, corpus_mpms: Sequence[str], sets: int
) -> None:
    """Compare on the servers with the MPM linked in, each tree with all three, then on the one
    that loads it, a tree for each MPM.
    """
    with Server('el6', 'python2.7', STATIC) as static:
        macros = static.take_macro()
        if not macros:
            print('No mod_macro here (image debian12): macros are left out.')
        batches(static, (make_tree(seed, number, macros=macros) for number in numbers), tally)
        run_corpus(static, [None] if corpus_mpms else [], tally)
        if sets:
            tally.add_numbers(static, seed, sets, max(1, sets // 15))
        if not has_image('el9'):
            print('No image el9 here: servers that load their MPM are left out.')
            return
        with Server('el9', 'python3', STATIC[:1]) as shared:
            shared.take_php_from(static)
            macros = macros and shared.take_macro()
            for mpm in MPMS:
                batches(shared, (make_tree(seed, number, mpm, macros) for number in numbers), tally)
            run_corpus(shared, corpus_mpms, tally)


def run_corpus(server: Server, mpms: Sequence[str | None], tally: Tally) -> None:
    """Compare the corpus on a server, with each of these MPMs; None: the ones linked in."""
    if mpms and not CORPUS.is_dir():
        print('corpus not here: left out')
        return
    for mpm in mpms:
        corpus = Corpus(server.modules(), mpm)
        batches(server, corpus.trees(), tally)
        print(
            f'corpus on {server.image}{" with " + mpm if mpm else ""}: {len(corpus.texts)} files; '
            f'{corpus.set_aside} LoadModule lines of modules that it has not were set aside'
        )


def main() -> int:
    """Compare as asked; return 0 if nothing is different."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--short', action='store_true', help='few trees, for `make test`')
    parser.add_argument('--trees', type=int, help='how many trees to make up')
    parser.add_argument('--seed', type=int, default=SEED)
    parser.add_argument('--only', type=int, metavar='NUMBER', help='this tree alone, shown in full')
    args = parser.parse_args()
    count, began = args.trees or (100 if args.short else 3000), time.monotonic()
    tally = Tally(args.only is not None)
    numbers = range(count) if args.only is None else [args.only]
    run(
        numbers,
        args.seed,
        tally,
        () if args.only is not None else MPMS[1:2] if args.short else MPMS,
        0 if args.only is not None else count if args.short else 2 * count // 3,
    )
    tally.report()
    print(
        f'seed {args.seed}, {len(numbers)} trees, {sum(tally.counts.values())} comparisons of '
        f'which {tally.counts[LEFT_OUT]} in part, '
        f'{time.monotonic() - began:.0f} s'
    )
    print(f'{tally.counts[SAME]} passed, {tally.counts[DIFFERENT]} failed')
    return 1 if tally.counts[DIFFERENT] or not tally.counts[SAME] else 0


if __name__ == '__main__':
    sys.exit(main())
