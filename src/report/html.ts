/** A report as one HTML file: figures, verdicts, tables, configuration and the command that made it; it asks nothing of any network. */

import type { Verdict } from '../network/result'
import type { Table } from './table'

/** What a report needs of an experiment; all of it goes into the file's data. */
export interface Reported {
  config: { init: string }
  verdict: Verdict
}

/** SVG text for light pages and for dark ones. */
export interface ReportFigure {
  light: string
  dark: string
  /** Below it, where the figure does not say what it shows. */
  caption?: string
}

export interface Report {
  title: string
  /** As it was typed. */
  command: string
  figures: readonly ReportFigure[]
  tables: readonly Table[]
  experiments: readonly Reported[]
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** The lab's colours (src/lab/style.css). */
const STYLE = `
:root { --page: #f4f6f8; --card: #fff; --ink: #1f2328; --muted: #59636e; --border: #d1d9e0; --good: #00674a; --bad: #a63f00; color-scheme: light dark }
.dark { display: none }
@media (prefers-color-scheme: dark) {
  :root { --page: #06090d; --card: #0d1117; --ink: #f0f6fc; --muted: #9aa3ad; --border: #30363d; --good: #4ac99b; --bad: #f0a35e }
  .dark { display: block }
  .light { display: none }
}
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
main { width: min(100% - 2rem, 62rem); margin: 2rem auto 4rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; text-wrap: balance }
h2 { font-size: 1.05rem; margin: 0 0 .6rem }
section { background: var(--card); border: 1px solid var(--border); border-radius: 8px; padding: 1.1rem 1.4rem; margin: 1rem 0 }
figure { margin: 1rem 0; overflow-x: auto }
figcaption { font-size: .875rem; margin: .3rem 1.4rem }
figure svg { width: 100%; min-width: 40rem; height: auto }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .875rem }
th, td { text-align: right; padding: .22rem .8rem; white-space: nowrap }
th:first-child, td:first-child { text-align: left; padding-left: 0 }
th { color: var(--muted); font-weight: 600; border-bottom: 1px solid var(--border) }
dl { margin: 0 }
dt { font-weight: 650; margin-top: .8rem }
dd { margin: .1rem 0 0 }
.stable { color: var(--good) }
.unstable { color: var(--bad) }
pre { margin: 0; overflow-x: auto; font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
.muted { color: var(--muted) }
`

/** The whole file. */
export function reportHtml({ title, command, figures, tables, experiments }: Report): string {
  const data = JSON.stringify({ schemaVersion: 1, command, runs: experiments }).replaceAll('<', '\\u003c')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<main>
<h1>${escaped(title)}</h1>
${figure(figures[0])}
<section><h2>Verdicts</h2><dl>${experiments.map(verdict).join('')}</dl></section>
${figures.slice(1).map(figure).join('\n')}
${tables.map(section).join('\n')}
<section><h2>Made by</h2><pre>${escaped(command)}</pre></section>
<section><h2>Configuration</h2>${configuration(experiments)}<p class="muted">Every number in full is in this file, as JSON in the element "data".</p></section>
</main>
<script id="data" type="application/json">${data}</script>
</html>
`
}

function figure({ light, dark, caption }: ReportFigure): string {
  const below = caption === undefined ? '' : `<figcaption class="muted">${escaped(caption)}</figcaption>`
  return `<figure tabindex="0"><div class="light">${light}</div><div class="dark">${dark}</div>${below}</figure>`
}

function verdict({ config, verdict: { code, text, fix } }: Reported): string {
  const kind = code === 'stable' ? 'stable' : 'unstable'
  return `<dt>${escaped(config.init)}: <span class="${kind}">${escaped(code)}</span></dt><dd>${escaped(`${text} ${fix}`.trim())}</dd>`
}

function section({ title, head, rows }: Table): string {
  const cells = (tag: string, row: readonly string[]) => row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')
  return `<section><h2>${escaped(title)}</h2><div class="scroll" tabindex="0" role="region" aria-label="${escaped(title)}"><table><thead><tr>${cells('th', head)}</tr></thead><tbody>${body}</tbody></table></div></section>`
}

/** What all runs share, a line each. */
function configuration(experiments: readonly Reported[]): string {
  const { init: _, inputSecondMoment, inputCosine, ...config } = experiments[0].config as Record<string, unknown>
  return `<pre>${Object.entries(config)
    .map(([key, value]) => escaped(`${key}: ${settled(value)}`))
    .join('\n')}</pre>`
}

function settled(value: unknown): string {
  if (Array.isArray(value)) return runLengths(value)
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** '784, 256 x 50, 10'. */
function runLengths(values: readonly number[]): string {
  const runs: { value: number; count: number }[] = []
  for (const value of values) {
    const last = runs[runs.length - 1]
    if (last?.value === value) last.count++
    else runs.push({ value, count: 1 })
  }
  return runs.map(({ value, count }) => (count === 1 ? value : `${value} x ${count}`)).join(', ')
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ESCAPES[c])
}
