# For tests that look at a page in a real browser, where there is one.
#
#   browser                     prints the browser's command; fails without one
#   see PAGE  WIDTH SCHEME      what it shows at that width: "console N overflow N contrast N.N requests N"; SCHEME dark or light
#
# The page is in a frame of exactly that width, as a window can't be narrower than 500; the frame's own script measures it.

browser() {
	command -v chromium || command -v chromium-browser || command -v google-chrome
}

see() {
	local page wrapper scheme=1 dir
	page=$(realpath "$1")
	dir=$(mktemp -d "${TMPDIR:-/tmp}/see.XXXXXX")
	[ "$3" = dark ] && scheme=0
	wrapper=$dir/look.html
	cat >"$wrapper" <<HTML
<!DOCTYPE html><meta charset="utf-8"><body><iframe id="f" style="width:$2px;height:900px;border:0" src="file://$page"></iframe>
<pre id="out">not loaded</pre><script>
function rgb(s) { const m = s.match(/[\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m; }
function lum(c) { const f = c.slice(0, 3).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
	return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; }
document.getElementById('f').onload = function () {
	const w = this.contentWindow, d = w.document;
	let overflow = d.documentElement.scrollWidth > w.innerWidth ? 1 : 0, contrast = 99, worst = '';
	for (const e of d.body.querySelectorAll('*')) {
		const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
		if (!own || !e.getClientRects().length) continue;
		let at = e, back = null;
		while (at && !(back = rgb(w.getComputedStyle(at).backgroundColor))) at = at.parentElement;
		const a = lum(rgb(w.getComputedStyle(e).color)), b = lum(back || [255, 255, 255]);
		const c = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		if (c < contrast) { contrast = c; worst = e.tagName + '.' + e.className; }
		if (!e.closest('pre') && e.getBoundingClientRect().right > w.innerWidth + 1) overflow++;
	}
	const requests = w.performance.getEntriesByType('resource').length;
	document.getElementById('out').textContent = 'overflow ' + overflow + ' contrast ' + contrast.toFixed(1) +
		' requests ' + requests + ' scripts ' + d.scripts.length + ' worst ' + worst;
};
</script>
HTML
	timeout 300 "$(browser)" --headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
		--allow-file-access-from-files --enable-logging=stderr --user-data-dir="$dir/profile" \
		--blink-settings=preferredColorScheme=$scheme --window-size=1600,1000 --virtual-time-budget=3000 \
		--dump-dom "file://$wrapper" >"$dir/dom" 2>"$dir/log"
	printf 'console %s ' "$(grep -c 'CONSOLE' "$dir/log")"
	sed -n 's/.*<pre id="out">\([^<]*\)<.*/\1/p' "$dir/dom"
	rm -rf "$dir"
}
