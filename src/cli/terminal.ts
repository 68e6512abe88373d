/** Where a command's words go: data to stdout, talk to stderr. */

import { styleText } from 'node:util'

/** The parts of `process` that a command uses. */
export interface Host {
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  env: NodeJS.ProcessEnv
}

export type Style = Parameters<typeof styleText>[0]

export interface Terminal {
  /** Data. */
  print(text: string): void
  /** Talk; nothing under --quiet. */
  say(text: string): void
  /** The text in a style, or as it is without colour. */
  style(style: Style, text: string): string
  /** Width of a line. */
  columns: number
  quiet: boolean
  host: Host
}

export interface GlobalFlags {
  json?: boolean
  quiet?: boolean
  /** False under --no-color. */
  color: boolean
}

const NARROWEST = 60
const WIDEST = 120

export function terminal(host: Host, { quiet = false, color }: GlobalFlags): Terminal {
  const { stdout, stderr, env } = host
  const colored = color && stdout.isTTY && !env.NO_COLOR && env.TERM !== 'dumb'
  return {
    print: (text) => void stdout.write(`${text}\n`),
    say: (text) => {
      if (!quiet) stderr.write(`${text}\n`)
    },
    style: (style, text) => (colored ? styleText(style, text, { validateStream: false }) : text),
    columns: Math.min(WIDEST, Math.max(NARROWEST, stdout.columns ?? 80)),
    quiet,
    host,
  }
}
