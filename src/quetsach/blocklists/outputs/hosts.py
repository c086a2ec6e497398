"""Lines for the hosts file of a machine, with scripts that remove exactly these."""

from collections.abc import Iterator, Sequence

from quetsach.blocklists.contract import (
    BlockEntry,
    Files,
    Mode,
    Output,
    Policy,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import header, parts_of, text_of
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule

NOWHERE = ("0.0.0.0", "::")  # noqa: S104 - the address of nobody, nothing is bound to it


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    targets = about.sensor if about.policy is Policy.REDIRECT else NOWHERE
    listed = [name for block in parts_of(entries).names for name in _names(block.indicator)]
    body = [f"{target} {name}" for name in dict.fromkeys(listed) for target in targets]
    begin, end = _marks(about)
    loaded = [f"{about.test_address} {about.loaded_name}"]
    return {f"{about.name}-hosts.txt": text_of([begin], header(about, "#"), loaded, body, [end])}


def _names(indicator: Indicator) -> Iterator[str]:
    yield indicator.key
    # Nothing can cover what lies below; the one name below that nearly every site has is written.
    www = f"www.{indicator.key}"
    if (
        indicator.rule is MatchRule.BELOW
        and not indicator.key.startswith("www.")
        and len(www) < 254
    ):
        yield www


def _marks(about: ReleaseSummary) -> tuple[str, str]:
    return f"# BEGIN {about.mark}", f"# END {about.mark}"


def _undo(_entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    begin, end = _marks(about)
    shell = [
        "#!/bin/sh",
        f"# Takes the lines of {about.mark} out of the hosts file, and nothing else.",
        "set -eu",
        'file="${1:-/etc/hosts}"',
        f'grep -qx "{end}" "$file" || {{ echo "nothing to undo in $file"; exit 0; }}',
        'cp -p "$file" "$file.before-undo"',
        f'sed "/^{begin}$/,/^{end}$/d" "$file.before-undo" > "$file"',
    ]
    windows = [
        f"# Takes the lines of {about.mark} out of the hosts file, and nothing else.",
        '$file = "$env:SystemRoot\\System32\\drivers\\etc\\hosts"',
        'Copy-Item $file "$file.before-undo"',
        "$skip = $false",
        "$kept = foreach ($line in Get-Content $file) {",
        f"  if ($line.Trim() -eq '{begin}') {{ $skip = $true }}",
        "  if (-not $skip) { $line }",
        f"  if ($line.Trim() -eq '{end}') {{ $skip = $false }}",
        "}",
        "Set-Content -Path $file -Value $kept -Encoding ascii",
    ]
    return {"undo-hosts.sh": text_of(shell), "undo-hosts.ps1": text_of(windows)}


OUTPUT = Output(
    name="hosts",
    title=N_("Hosts file"),
    covers=(IndicatorKind.NAME,),
    render=_render,
    undo=_undo,
    use=N_(
        "Append it, as administrator, to /etc/hosts or "
        "C:\\Windows\\System32\\drivers\\etc\\hosts. Undo the last release first."
    ),
    undo_by=N_("Run undo-hosts.sh (Linux, macOS) or undo-hosts.ps1 (Windows) as administrator."),
    limits=N_(
        "Covers each name itself, never its subdomains; thousands of lines slow down the DNS "
        "client of Windows, and Defender may warn of a changed hosts file."
    ),
    modes=(Mode.BLOCK,),
    instead=("rpz", "unbound"),
    policies=(Policy.NXDOMAIN, Policy.REDIRECT),
    proof=ProofMethod.HOSTS,
    below=False,
)
