// The report's style sheet.
export const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --paper: #fff; --line: #d1d9e0; --card: #f6f8fa; --good: #1a7f37; --bad: #d1242f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --paper: #0d1117; --line: #3d444d; --card: #151b23; --good: #3fb950; --bad: #f85149; }
}
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 852px; margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin-top: 2.8rem; } h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .8rem; margin: 1.2rem 0; }
.figures div { border: 1px solid var(--line); border-radius: 8px; padding: .6rem .8rem; }
.figures b { display: block; font-size: 1.4rem; }
.figures span, .note { color: var(--soft); font-size: .9rem; }
.text { border: 1px solid var(--line); border-radius: 8px; padding: .55rem .8rem; margin: .55rem 0; background: var(--card); font-size: .95rem; }
.text b { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: .85rem; }
.text b span { font-weight: normal; color: var(--soft); }
summary { display: flex; align-items: baseline; gap: .5rem; cursor: pointer; }
summary::before { content: "▸"; color: var(--soft); } details[open] > summary::before { content: "▾"; }
.text i { font-style: normal; color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; font-size: .9rem; margin: 1rem 0; }
dt { font-weight: 600; } dt code { font-weight: normal; color: var(--soft); font-size: .8rem; } dd { margin: 0; }
figure { margin: 0; }
.chart { margin: 1.3rem 0; }
figcaption { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .9rem; margin-bottom: .3rem; }
figcaption b { flex-basis: 100%; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .9rem; }
i.line, i.dashed, i.dot, i.square { display: inline-block; vertical-align: middle; margin-right: .4rem; }
i.line { width: 22px; border-top: 3px solid var(--colour); }
i.dashed { width: 22px; border-top: 2px dashed var(--colour); }
i.dot { width: 9px; height: 9px; border-radius: 50%; background: var(--colour); }
i.square { width: 12px; height: 12px; background: var(--colour); }
.steps span { border-bottom: 2px solid var(--line); margin-right: 2px; }
table { border-collapse: collapse; font-size: .9rem; }
tbody th { white-space: nowrap; }
th, td { text-align: left; vertical-align: bottom; padding: .35rem 1rem .35rem 0; border-bottom: 1px solid var(--line); }
mark { background: #ffd33d; color: #1f2328; }
.same { color: var(--good); } .other { color: var(--bad); }
svg { display: block; max-width: 100%; height: auto; }
.narrow { display: none; }
@media (max-width: 640px) {
  .figures { grid-template-columns: 1fr 1fr; }
  dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; }
  .wide { display: none; } .narrow { display: block; }
}
`;
