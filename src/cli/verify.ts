/** `evenkeel verify`: every published number that the theory reaches, computed again on this machine. */

import type { Command } from 'commander'
import { type VerificationReport, verify } from '../index'
import { OK, UNSTABLE } from './exit-code'
import type { Session } from './session'
import { type GlobalFlags, type Terminal, terminal } from './terminal'

const EXAMPLES = `Examples:
  evenkeel verify
  evenkeel verify --all
  evenkeel verify --json > verification.json

Exits with 1 if a number does not come out as published.
`

interface VerifyFlags extends GlobalFlags {
  all?: boolean
}

export function addVerify(program: Command, session: Session): void {
  program
    .command('verify')
    .summary('recomputes every published number that the theory reaches')
    .addHelpText('before', EXAMPLES)
    .option('--all', 'print every number, not only those that differ')
    .action((_, command: Command) => {
      const flags = command.optsWithGlobals<VerifyFlags>()
      const io = terminal(session.host, flags)
      const report = verify()
      io.print(flags.json ? JSON.stringify({ schemaVersion: 1, ...report }) : reportText(report, flags, io))
      session.exitCode = report.reproduced === report.total ? OK : UNSTABLE
    })
}

function reportText(
  { total, reproduced, worstRelativeError, rows }: VerificationReport,
  flags: VerifyFlags,
  io: Terminal,
): string {
  const shown = flags.all ? rows : rows.filter((row) => !row.ok)
  const lines = shown.map(
    ({ ok, name, published, computed, relativeError, source }) =>
      `${ok ? 'ok   ' : 'WRONG'}  ${name}: published ${published}, computed ${computed}, relative error ${relativeError.toExponential(1)}  ${io.style('dim', source)}`,
  )
  const worst = `worst relative error ${worstRelativeError.toExponential(1)} among those printed in full`
  return [...lines, io.style('bold', `${reproduced} of ${total} numbers reproduced, ${worst}`)].join('\n')
}
