#!/usr/bin/env bash
# Draws the page idle, busy and in trouble in headless Chromium, at a phone's and a desk's width: it never
# scrolls sideways, no cell hides a part of its words, the browser has nothing to complain about.
# page_in_a_browser.sh WRITE_PAGE_SAMPLES [DIRECTORY: also leaves pictures there, light and dark]
set -euo pipefail

if ! command -v chromium >/dev/null; then
    echo "skipped: chromium is not installed"
    exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$1" "$dir"

browse() { # ARGUMENT... URL
    HOME=$dir timeout 120 chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars \
        --user-data-dir="$dir/profile" --allow-file-access-from-files "$@" </dev/null 2>>"$dir/errors"
}

# A frame is as narrow as we like; a window is not.
frame() { # NAME WIDTH HEIGHT
    cat >"$dir/frame.html" <<PAGE
<!doctype html><body style="margin:0"><iframe id="frame" src="$1.html" style="border:0;width:$2px;height:$3px"></iframe>
<script>
frame.onload = () => {
    const page = frame.contentDocument;
    const cut = [...page.querySelectorAll("dt, dd, td, th, h1, h3, p, .tick, .strip div, .figures div")].filter(
        it => it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0);
    const wide = page.documentElement.scrollWidth > $2;
    document.title = "judged";
    document.body.append("JUDGED wide=" + wide + " cut=" + cut.map(it => it.textContent).join("|") + " END");
};
</script>
PAGE
}

failed=0
for name in idle busy troubled; do
    for width in 360 1280; do
        frame "$name" "$width" 3600
        verdict=$(browse --window-size=1300,3600 --virtual-time-budget=5000 --dump-dom "file://$dir/frame.html" |
            grep -o 'JUDGED .* END' | tail -n 1)
        if [[ $verdict != "JUDGED wide=false cut= END" ]]; then
            echo "$name at $width pixels: ${verdict:-was not drawn}"
            failed=1
        fi
        if [[ -n ${2:-} ]]; then
            for theme in 0:dark 1:light; do
                browse --window-size="$((width < 500 ? 500 : width)),3600" --blink-settings=preferredColorScheme="${theme%:*}" \
                    --screenshot="$2/$name-$width-${theme#*:}.png" "file://$dir/frame.html" >/dev/null
            done
        fi
    done
done
[[ $failed == 0 ]] && echo "drawn three times at two widths: nothing is cut off, nothing scrolls sideways"
exit "$failed"
