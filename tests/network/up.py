"""tests/network/up.py: starts the demo's network and stays until Ctrl-C."""

import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from network import AUDITOR, ROOT, Failed, Network  # noqa: E402


def instructions(network):
    bin_dir = network.bin.relative_to(ROOT) if network.bin.is_relative_to(ROOT) else network.bin
    print("\nThe network is up. In another terminal, from this folder:\n")
    for party in network.parties:
        print(f"  # {party.name}")
        print(f"  {bin_dir}/saikne --desk {network.desk(party.code)} inbox")
    school = network.desk("school-2")
    print("\n  # Refer a child (every flag is explained by `saikne help refer`):")
    print(f"  {bin_dir}/saikne --desk {school} refer --to social-service --urgency normal \\")
    print("      --purpose return_to_school --concern unexcused_absence --municipality Ventspils \\")
    print("      --age-band 11-14 --ground absence_reporting \\")
    print("      --necessity 'Bez palīdzības viņš neatsāks mācības' \\")
    print("      --child-name 'Izdomāts Bērns' --steps-taken 'Saruna ar vecākiem'")
    print("\n  # Check the whole log:")
    print(f"  {bin_dir}/saikne-audit sync --network {network.network_conf} --keys {network.folder}/{AUDITOR.code}/keys --log {network.folder}/audit.db")
    print(f"  {bin_dir}/saikne-audit verify --network {network.network_conf} --log {network.folder}/audit.db")
    print("\nCtrl-C stops everything and removes the folder.", flush=True)


def main():
    def stop(*_):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, stop)
    try:
        with Network() as network:
            network.start(say=lambda text: print(text, flush=True), supervise=True)
            instructions(network)
            while True:
                signal.pause()
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0
    except Failed as failure:
        print(f"The network did not start: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
