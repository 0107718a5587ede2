// How the page looks: light and dark, from a phone's width to a desk's. Inline, as the page loads nothing.
#pragma once

namespace cannedd {

inline constexpr char page_style[] = R"css(
:root {
  color-scheme: light dark;
  --paper: #f4f5f7; --card: #ffffff; --ink: #14181f; --soft: #59636f; --line: #e2e5ea; --well: #eef0f3;
  --blue: #2f5fd0; --blue-soft: #c9d7f6; --good: #14804a; --warn: #9a6200; --bad: #c4302b;
  --good-soft: #e2f3e9; --warn-soft: #fbefd6; --bad-soft: #fbe4e2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0e1116; --card: #161b22; --ink: #e8ebf0; --soft: #98a2b0; --line: #262d37; --well: #1f2630;
    --blue: #7ea6ff; --blue-soft: #2a3c63; --good: #4cc38a; --warn: #e5b14a; --bad: #ff8078;
    --good-soft: #133024; --warn-soft: #352a12; --bad-soft: #3d1c1c;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 68rem; padding: 0 1.25rem 3rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
}
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .2em; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; border-radius: 4px; }
p, h1, h2, h3, dl, dd, ol, ul, table { margin: 0; padding: 0; }
ul { list-style: none; }
code, kbd, .id { font: .86em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }

.bar { display: flex; justify-content: space-between; align-items: center; gap: 1rem; padding: 1.1rem 0; }
.mark { display: flex; align-items: center; gap: .55rem; font-weight: 650; letter-spacing: -.01em; }
.mark svg { width: 22px; height: 22px; color: var(--blue); }
.bar p { color: var(--soft); font-size: .84rem; text-align: right; }

.diagnosis { padding: 1.2rem 0 1.6rem; }
.diagnosis h1 { font-size: clamp(1.65rem, 1.2rem + 2.2vw, 2.5rem); line-height: 1.15; letter-spacing: -.025em; font-weight: 680; }
.diagnosis h1::before {
  content: ""; display: inline-block; width: .42em; height: .42em; margin-right: .38em; border-radius: 50%;
  vertical-align: .12em; background: var(--tone);
}
.diagnosis p { margin-top: .45rem; color: var(--soft); max-width: 44rem; }
.none { --tone: var(--good); --tone-soft: var(--good-soft); }
.attention { --tone: var(--warn); --tone-soft: var(--warn-soft); }
.trouble { --tone: var(--bad); --tone-soft: var(--bad-soft); }

.notices { display: grid; gap: .6rem; margin-bottom: 1.6rem; }
.notices li { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 8px; padding: .8rem 1rem; }
.notices h3 { font-size: 1rem; font-weight: 620; }
.notices p { color: var(--soft); overflow-wrap: anywhere; }
.sql { display: inline-block; max-width: 100%; margin-top: .5rem; padding: .3rem .55rem; border-radius: 5px; background: var(--well); color: var(--ink); overflow-wrap: anywhere; user-select: all; }

.figures { display: grid; grid-template-columns: repeat(5, 1fr); background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
.figures div { padding: .95rem 1.1rem; border-left: 1px solid var(--line); }
.figures div:first-child { border-left: 0; }
.figures dt { color: var(--soft); font-size: .82rem; }
.figures dd { font-size: 1.7rem; line-height: 1.25; font-weight: 620; letter-spacing: -.02em; }
.figures small { display: block; color: var(--soft); font-size: .78rem; font-weight: 400; letter-spacing: 0; }
.figures .attention dd, .figures .trouble dd { color: var(--tone); }

section { margin-top: 2.2rem; }
.title { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; flex-wrap: wrap; margin-bottom: .7rem; }
h2 { font-size: 1.08rem; font-weight: 640; letter-spacing: -.01em; }
.title p { color: var(--soft); font-size: .84rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.1rem 1.2rem; }
.empty { color: var(--soft); text-align: center; padding: 1.6rem 1rem; }

.plot + .plot { margin-top: 1.3rem; }
.plot h3 { font-size: .84rem; font-weight: 500; color: var(--soft); display: flex; gap: .4rem 1rem; flex-wrap: wrap; margin-bottom: .5rem; }
.plot h3 b { color: var(--ink); font-weight: 620; }
.key::before { content: ""; display: inline-block; width: .75em; height: .75em; border-radius: 2px; margin-right: .4em; background: var(--blue-soft); vertical-align: -.02em; }
.key.half::before { height: 3px; background: var(--blue); vertical-align: .22em; }
.field { position: relative; padding-left: 3.4rem; }
.field svg { display: block; width: 100%; height: 120px; overflow: visible; }
.field .tick { position: absolute; left: 0; width: 2.9rem; text-align: right; transform: translateY(-50%); color: var(--soft); font-size: .74rem; white-space: nowrap; }
.field line { stroke: var(--line); vector-effect: non-scaling-stroke; }
.field .sent { fill: var(--blue); }
.field .now { opacity: .45; }
.field .range { fill: var(--blue-soft); }
.field .median { fill: var(--blue); }
.field .hit { fill: transparent; }
.field g:hover .hit { fill: var(--ink); fill-opacity: .06; }
.axis { display: flex; justify-content: space-between; padding-left: 3.4rem; margin-top: .35rem; color: var(--soft); font-size: .74rem; }
.axis span { width: 0; display: flex; justify-content: center; white-space: nowrap; }
.axis span:first-child { justify-content: flex-start; }
.axis span:last-child { justify-content: flex-end; }
details { margin-top: .9rem; color: var(--soft); font-size: .84rem; }
summary { cursor: pointer; width: max-content; }
details table { width: auto; margin-top: .5rem; }

table { width: 100%; border-collapse: collapse; }
th { color: var(--soft); font-size: .78rem; font-weight: 500; text-align: left; }
th, td { padding: .6rem .9rem .6rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
tr:last-child td { border-bottom: 0; }
tr:first-child th { padding-top: 0; }
.n { text-align: right; white-space: nowrap; }
.zero { color: var(--soft); opacity: .55; }
.name { font-weight: 600; overflow-wrap: anywhere; }
.why { display: block; color: var(--soft); font-size: .84rem; font-weight: 400; overflow-wrap: anywhere; }
.pill { display: inline-block; padding: .05rem .5rem; border-radius: 99px; font-size: .78rem; font-weight: 560; white-space: nowrap; background: var(--tone-soft); color: var(--tone); }
.meter { display: block; height: 6px; width: 100%; min-width: 8rem; margin-top: .35rem; border-radius: 3px; background: var(--well); overflow: hidden; }
.meter i { display: block; height: 100%; border-radius: 3px; background: var(--blue); }
.meter + .why { margin-top: .3rem; }

.strip { display: grid; grid-template-columns: repeat(var(--cells), 1fr); gap: 3px; }
.strip + .strip { margin-top: 1.1rem; }
.strip div { padding: .6rem .7rem; border-radius: 6px; background: var(--well); position: relative; overflow: hidden; }
.strip div::before { content: ""; position: absolute; inset: 0; background: var(--shade, var(--blue)); opacity: var(--weight, 0); }
.strip dt, .strip dd { position: relative; }
.strip dt { color: var(--soft); font-size: .78rem; white-space: nowrap; }
.strip dd { font-size: 1.05rem; font-weight: 600; }
.caption { color: var(--soft); font-size: .84rem; margin-bottom: .45rem; }
.strip + .caption { margin-top: 1.1rem; }

.problems > li { padding: .9rem 0; border-bottom: 1px solid var(--line); }
.problems > li:first-child { padding-top: 0; }
.problems > li:last-child { padding-bottom: 0; border-bottom: 0; }
.problems h3 { display: flex; align-items: baseline; gap: .3rem .6rem; flex-wrap: wrap; font-size: .95rem; font-weight: 600; }
.problems h3 span:last-child { margin-left: auto; color: var(--soft); font-size: .84rem; font-weight: 400; }
.problems p { margin-top: .25rem; overflow-wrap: anywhere; }
.problems .where { color: var(--soft); font-size: .84rem; }
.problems q { color: var(--soft); }

footer { margin-top: 2.4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .84rem; display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; }
footer span:last-child { margin-left: auto; }

@media (max-width: 44rem) {
  body { padding: 0 1rem 2rem; }
  .figures { grid-template-columns: 1fr 1fr; }
  .figures div { border-left: 0; border-top: 1px solid var(--line); padding: .75rem 1rem; }
  .figures div:first-child { grid-column: 1 / -1; border-top: 0; }
  .figures div:nth-child(odd) { border-left: 1px solid var(--line); }
  .figures div:first-child { border-left: 0; }
  .strip { grid-template-columns: 1fr 1fr; }
  .strip div { display: flex; justify-content: space-between; align-items: baseline; padding: .4rem .6rem; }
  .card { padding: .95rem 1rem; }
  .accounts thead { display: none; }
  .accounts tr { display: grid; grid-template-columns: repeat(3, 1fr); gap: .5rem .8rem; padding: .9rem 0; border-bottom: 1px solid var(--line); }
  .accounts tr:first-child { padding-top: 0; }
  .accounts tr:last-child { border-bottom: 0; padding-bottom: 0; }
  .accounts td { padding: 0; border: 0; text-align: left; }
  .accounts td:nth-child(-n+2) { grid-column: 1 / -1; }
  .accounts .n::before { content: attr(data-label); display: block; color: var(--soft); font-size: .78rem; }
}
@media print { body { max-width: none; } details { display: none; } }
)css";

} // namespace cannedd
