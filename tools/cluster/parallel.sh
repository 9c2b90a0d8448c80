#!/usr/bin/env bash
# Workers on machines that ssh reaches, by GNU parallel: THRESH_STORE=URL THRESH_KEY=KEY parallel.sh HOST...
# On each host as many as WORKERS says (4), for TIME (8h); thresh is in its PATH and the password in its ~/.pgpass. A host may be
# N/HOST: no more than N at once there.
set -eu
[ $# -gt 0 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
: "${THRESH_STORE:?the URL of the store}" "${THRESH_KEY:?the key that thresh run says}"
command -v parallel >/dev/null || { echo 'parallel.sh: GNU parallel is not installed' >&2; exit 3; }
workers=${WORKERS:-4}
hosts=()
for host; do
	case $host in */*) ;; *) host=$workers/$host ;; esac
	hosts+=(--sshlogin "$host")
done
# (the number that parallel puts behind the words is --campaign's 0: the last one)
printf '0\n%.0s' $(seq $((workers * $#))) |
	parallel --line-buffer --tagstring '{%}' "${hosts[@]}" thresh worker --store "$THRESH_STORE" --key "$THRESH_KEY" \
		--max-time "${TIME:-8h}" --campaign
