from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from timeline.rules import ERROR, RULES, justified


class Command(BaseCommand):
    help = (
        "Run every data rule on every row, print a line for each row that breaks one, and exit "
        "with 1 when one of them is an error. Warnings are questions to the editor; those that "
        "the material justifies stand in fixtures/README.md with their reason."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--rule",
            action="append",
            choices=[rule.name for rule in RULES],
            metavar="NAME",
            help="run this rule only; may be given again",
        )
        parser.add_argument(
            "--strict",
            action="store_true",
            help="a warning that the material does not justify is an error",
        )

    def handle(self, *args, rule, strict, **options):
        found, table = Counter(), justified.read()
        for chosen in RULES:
            if rule and chosen.name not in rule:
                continue
            for finding in chosen.findings():
                kind = finding.severity
                if kind != ERROR and justified.is_justified(finding, table):
                    kind = "justified"
                found[kind] += 1
                self.stdout.write(line(finding, kind))
        self.conclude(found, strict)

    def conclude(self, found, strict):
        if not found:
            self.stdout.write("Every row keeps every rule.")
            return
        sentence = (
            f"Errors: {found['error']}, warnings: {found['warning']}, "
            f"justified warnings: {found['justified']}."
        )
        if found["error"] or (strict and found["warning"]):
            raise CommandError(sentence, returncode=1)
        self.stdout.write(sentence)


def line(finding, kind):
    """An error as `model slug: message`; a warning says so first, and its rule last."""
    return str(finding) if kind == ERROR else f"{kind}: {finding} ({finding.rule})"
