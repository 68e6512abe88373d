/** A bar on stderr with the time left, for work that takes longer than a second. */

import cliProgress from 'cli-progress'
import type { Terminal } from './terminal'

const PATIENCE_MS = 1000
/** Between two lines where there is no terminal. */
const LINE_MS = 5000

/**
 * Does the work, which reports the share that is done, in (0, 1]: a bar when a person watches, a line every five seconds when
 * stderr is a file or a pipe, nothing when quiet.
 */
export function withProgress<T>(terminal: Terminal, what: string, work: (report: (share: number) => void) => T): T {
  const progress = progressBar(terminal, what)
  try {
    return work(progress.report)
  } finally {
    progress.stop()
  }
}

interface Progress {
  report(this: void, share: number, note?: string): void
  stop(): void
}

/** The same for work that goes on elsewhere: `stop` ends it, and a note may say what is at work now. */
export function progressBar({ host, quiet, columns }: Terminal, what: string): Progress {
  if (quiet) return { report() {}, stop() {} }
  if (!host.stderr.isTTY) return progressLines(host.stderr, what)
  const started = performance.now()
  let bar: cliProgress.SingleBar | undefined
  return {
    report(share, note = '') {
      const elapsed = performance.now() - started
      if (bar === undefined && (elapsed < PATIENCE_MS || share >= 1)) return
      const left = duration((elapsed / share) * (1 - share))
      const shown = { left, note: note && `, ${note}` }
      bar ??= newBar(host.stderr, columns, what, share, shown)
      bar.update(share, shown)
    },
    stop: () => bar?.stop(),
  }
}

function progressLines(stream: NodeJS.WriteStream, what: string): Progress {
  const started = performance.now()
  let next = started + LINE_MS
  return {
    report(share) {
      const now = performance.now()
      if (now < next || share >= 1) return
      next = now + LINE_MS
      const left = duration(((now - started) / share) * (1 - share))
      stream.write(`${what}: ${Math.floor(100 * share)} %, ${left} left\n`)
    },
    stop() {},
  }
}

function newBar(
  stream: NodeJS.WriteStream,
  columns: number,
  what: string,
  share: number,
  payload: object,
): cliProgress.SingleBar {
  const format = `${what} {bar} {percentage} %, {left} left{note}`
  // a note of 36 characters must fit beside it
  const barsize = Math.min(30, Math.max(10, columns - 65))
  // nothing to undo when the work is killed: cursor and line wrapping stay as they are, and no signal is caught,
  // since a handler would not run before the work is done
  const untouched = { hideCursor: false, linewrap: true, gracefulExit: false }
  const bar = new cliProgress.SingleBar(
    { format, stream, clearOnComplete: true, barsize, ...untouched },
    cliProgress.Presets.shades_classic,
  )
  bar.start(1, share, payload)
  return bar
}

/** '45 s', '3 min', '2.1 h'. */
export function duration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
