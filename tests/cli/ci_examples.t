#!/usr/bin/env bash
# The CI files ask thresh for nothing that it doesn't have, and are read as what they are.
. "$(dirname "$0")/../lib.sh"

cd "$TOP/tools/ci-examples" || exit 3
said=$(sed -n 's/.*\(thresh [a-z][^|>&"'"'"']*\).*/\1/p' ./*.yml Jenkinsfile | grep -E '^thresh (check|night|report)')
ok 'they use it' test "$(printf '%s\n' "$said" | wc -l)" -ge 8
missing=''
while read -r _ command rest; do
	for word in $rest; do
		[[ $word == --* ]] || continue
		"$THRESH" "$command" --help | grep -q -e "$word\b" || missing+=" $command $word"
	done
done < <(sed -n 's/.*\(thresh \(check\|night\|report\) .*\)/\1/p' ./*.yml Jenkinsfile)
is "$missing" '' 'each option is there'
if python3 -c 'import yaml' 2>/dev/null; then
	ok 'YAML is read, each job runs something' python3 - <<'P'
import glob, yaml
for f in glob.glob("*.yml"):
    y = yaml.safe_load(open(f))
    jobs = y["jobs"].values() if "jobs" in y else [j for n, j in y.items() if isinstance(j, dict) and n[0] != "."]
    for j in jobs:
        assert j.get("steps") or j.get("script"), (f, j)
        for s in j.get("steps", []):
            assert ("run" in s) != ("uses" in s), (f, s)
P
else
	skip 1 'no yaml for python3'
fi
done_testing
