/** One HTML file that opens from disk with the network off: no script, no font, nothing fetched; light and dark, phone and desk. */
import { escapeHtml } from './markdown.ts';
import { typeset } from './typeset.ts';

/** Also that of the explorer. */
export const STYLE: string = `
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #59636e; --ground: #ffffff; --card: #f6f8fa; --line: #d0d7de; --link: #0550ae; --good: #116329; --bad: #a40e26; --on: #0969da; --off: #6e7781 }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f6fc; --quiet: #9da7b1; --ground: #0d1117; --card: #151b23; --line: #3d444d; --link: #6cb6ff; --good: #5ad17a; --bad: #ff8f88; --on: #6cb6ff; --off: #9da7b1 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere }
main, header, footer { max-width: 62rem; margin: 0 auto; padding: 0 1rem }
header { padding-top: 1.5rem } footer { padding-bottom: 3rem; color: var(--quiet) }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0 } h2 { font-size: 1.3rem; margin: 2.2rem 0 0.6rem } h3 { font-size: 1.08rem; margin: 1.6rem 0 0.4rem } h4 { font-size: 1rem; margin: 1.2rem 0 0.3rem }
p, ul, ol { margin: 0.5rem 0 } sub, sup { font-size: 0.72em; line-height: 0 } li { margin: 0.2rem 0 } a { color: var(--link) }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em } pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.7rem; overflow-x: auto }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100% } td, th { overflow-wrap: normal } th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line) } th { color: var(--quiet); font-weight: 600 }
figure { margin: 1rem 0; padding: 0.6rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px } figure .drawn { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.4rem } figure svg { max-width: 100%; height: auto } figcaption { color: var(--quiet); font-size: 0.92rem; margin-top: 0.4rem }
.verdict { border-left: 4px solid var(--quiet); padding: 0.3rem 0.8rem; background: var(--card); font-size: 1.05rem } .refuted { border-color: var(--bad) } .holds { border-color: var(--good) }
.word-refuted { color: var(--bad); font-weight: 600 } .word-holds { color: var(--good); font-weight: 600 }
ol.steps { padding-left: 1.4rem } ol.steps ol.steps { padding-left: 1.1rem } .lines { list-style: none; padding-left: 0.2rem; margin: 0.2rem 0 0.5rem } .lines li { margin: 0.15rem 0 } .lines .deep { padding-left: 1.2rem } .lines .deeper { padding-left: 2.4rem; color: var(--quiet) }
.symbols { display: grid; grid-template-columns: minmax(4.5rem, max-content) 1fr; gap: 0.15rem 0.9rem; margin: 0.5rem 0 } .symbols dt { font-weight: 600 } .symbols dd { margin: 0 }
.quiet { color: var(--quiet) } svg .ink { fill: var(--ink) } svg .quiet { fill: var(--quiet) } svg .axis { stroke: var(--quiet); stroke-width: 1.2; stroke-dasharray: 5 4; fill: none } svg .plane { fill: var(--on); fill-opacity: 0.14 }
svg .on { stroke: var(--on); fill: var(--on) } svg .off { stroke: var(--off); fill: var(--off) } svg .bad { stroke: var(--bad); fill: var(--bad) } svg .row { stroke: var(--good); fill: var(--good) } svg .cell { stroke: var(--line) } svg .empty { fill: none } svg text { stroke: none; font: 13px system-ui, sans-serif }
.thumb { width: 190px } .thumb svg { width: 100%; height: auto } .thumb svg text { font-size: 17px } details { margin: 0.6rem 0 } summary { cursor: pointer } .word-outside { color: var(--quiet); font-weight: 600 } section { border-top: 1px solid var(--line) } td p { margin: 0.2rem 0 }
.skip { position: absolute; left: -999px } .skip:focus { left: 1rem }
@media (max-width: 40rem) { .cards thead { display: none } .cards tr, .cards td { display: block; border: 0; width: 100% } .cards tr { border-bottom: 1px solid var(--line); padding: 0.5rem 0 } }
@media (max-width: 30rem) { ol.steps, ol.steps ol.steps { padding-left: 0; list-style-position: inside } ol.steps ol.steps { padding-left: 0.6rem } .lines .deep { padding-left: 0.6rem } .lines .deeper { padding-left: 1.2rem } figure { padding: 0.4rem } body { font-size: 15px } h1 { font-size: 1.35rem } th, td { padding: 0.3rem 0.4rem } }
@media print { a { color: inherit } figure, pre { break-inside: avoid } }
`;

/** `header`, `main` and `footer` are HTML. */
export function page(of: { title: string; header: string; main: string; footer: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(of.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>${typeset(of.header)}</header>
<main id="main">
${typeset(of.main)}
</main>
<footer>${of.footer}</footer>
</body>
</html>
`;
}
