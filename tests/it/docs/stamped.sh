# A week of the demo, packed as a folder, and signed and time-stamped as an archive.
set -eu
week="--from 2026-03-16 --to 2026-03-23"
hourmatch keys new hourmatch.key
# shellcheck disable=SC2086 # four words
hourmatch pack $week -o week-12 --sign-with hourmatch.key
hourmatch pack-request week-12 -o root.tsq
sh "$REPO/tests/it/docs/authority.sh" root.tsq root.tsr
# shellcheck disable=SC2086
hourmatch pack $week -o week-12.tar.zst --sign-with hourmatch.key --timestamp root.tsr
