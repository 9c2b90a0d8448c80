#!/bin/bash
# What libFuzzer would do: an input for the corpus and one that fails at each start, until there are no more; then nothing,
# until its time is up. Where it stands is in the folder of its work, so that a campaign that goes on goes on here, too.
for arg; do
	case $arg in
	-artifact_prefix=*) found=${arg#*=} ;;
	-max_total_time=*) seconds=${arg#*=} ;;
	-*) ;;
	*) corpus=$arg ;;
	esac
done
failing=('H-an overflow of the heap, with bytes that do not matter' 'N-a null pointer' 'H-the same overflow' 'A-an abort, in a longer input than needed')
read -r step 2>/dev/null <"${found%/artifacts/}/step" || step=0
# by dd, as the recorder doesn't see what libc's streams write
write() { dd of="$1" status=none; }
echo $((step + 1)) | write "${found%/artifacts/}/step"
put() { # FOLDER/PREFIX BYTES
	sum=$(printf '%s' "$2" | sha1sum)
	name=$1${sum:0:40}
	printf '%s' "$2" | write "$name"
}
printf '#1\tINITED cov: 5 ft: 5 corp: 2/9b exec/s: 0 rss: 30Mb\n'
printf 'stat::number_of_executed_units: 1000\n'
if [ "$step" -lt ${#failing[@]} ]; then
	put "$corpus/" "of the corpus, $step"
	put "${found}crash-" "${failing[step]}"
	printf "==1== ERROR: libFuzzer: deadly signal\nartifact_prefix='%s'; Test unit written to %s\n" "$found" "$name"
	exit 77
fi
trap 'exit 0' TERM
sleep "$seconds" &
wait $!
