/** A bar on stderr with the time left, for work that takes longer than a second. */

import cliProgress from 'cli-progress'
import type { Terminal } from './terminal'

const PATIENCE_MS = 1000

export interface Progress {
  /** Called with the share of the work that is done, in [0, 1]. */
  update(share: number): void
  stop(): void
}

/** A bar when a person watches, nothing when stderr is a file, a pipe or quiet. */
export function progress({ host, quiet }: Terminal, what: string): Progress {
  const started = performance.now()
  let bar: cliProgress.SingleBar | undefined
  return {
    update(share) {
      if (quiet || !host.stderr.isTTY) return
      const elapsed = performance.now() - started
      const left = duration((elapsed / share) * (1 - share))
      if (bar === undefined && (elapsed < PATIENCE_MS || share >= 1)) return
      bar ??= newBar(host.stderr, what, share, left)
      bar.update(share, { left })
    },
    stop() {
      bar?.stop()
    },
  }
}

function newBar(stream: NodeJS.WriteStream, what: string, share: number, left: string): cliProgress.SingleBar {
  const format = `${what} {bar} {percentage} %, {left} left`
  const bar = new cliProgress.SingleBar(
    { format, stream, clearOnComplete: true, hideCursor: true, barsize: 30, noTTYOutput: false, gracefulExit: true },
    cliProgress.Presets.shades_classic,
  )
  bar.start(1, share, { left })
  return bar
}

/** '45 s', '3 min', '2.1 h'. */
export function duration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
