#!/bin/sh
# The alert rules are rules, each alert fires and is silent as rules_test.yml says, and every expression of the
# dashboard is one. Where promtool is not installed it is taken out of Debian's package, whose service nobody wants here.
# 77: it cannot be had. Usage: promtool.sh [promtool]
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unpacked() {
    mkdir "$work/package"
    cd "$work/package"
    apt-get download --quiet=2 prometheus >/dev/null && dpkg-deb --extract prometheus_*.deb . && echo "$PWD/usr/bin/promtool"
}
promtool=$(command -v "${1:-promtool}") || promtool=$(unpacked 2>/dev/null) || {
    echo "promtool.sh: skipped: promtool (package prometheus) is not installed, and apt-get cannot download it" >&2
    exit 77
}
here=$(cd "$(dirname "$0")" && pwd)
etc=$here/../../../etc
cp "$etc/cannedd.rules.yml" "$here/rules_test.yml" "$work"
cd "$work"
"$promtool" check rules cannedd.rules.yml
"$promtool" test rules rules_test.yml
for alert in $(sed -n 's/^ *- alert: //p' cannedd.rules.yml); do
    for how in fires "is silent"; do
        grep -qF "name: $alert $how" rules_test.yml || {
            echo "promtool.sh: rules_test.yml does not say when $alert $how" >&2
            exit 1
        }
    done
done

# Each expression as a rule of its own; Grafana's variables are what they may stand for.
python3 - "$etc/cannedd.dashboard.json" >dashboard.rules.yml <<'PYTHON'
import json
import sys

expressions = [target["expr"] for panel in json.load(open(sys.argv[1]))["panels"] for target in panel.get("targets", [])]
if len(expressions) < 10:
    sys.exit("the dashboard has hardly any expressions")
rules = [{"record": f"dashboard:expression{at}", "expr": words.replace("$__rate_interval", "5m").replace("$account", ".+")}
         for at, words in enumerate(expressions)]
json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, sys.stdout)  # JSON is YAML
PYTHON
"$promtool" check rules dashboard.rules.yml
