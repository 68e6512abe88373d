import { BAD_FILE } from './exit-code'
import { BAD_WRITE, reason } from './file-error'
import { run } from './run'

// the reader of a pipe may leave early, as `head` does: that is no error of ours
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  process.stderr.write(`error: ${BAD_WRITE} to stdout: ${reason(error.code)}\n`)
  process.exit(BAD_FILE)
})

process.exitCode = await run(process.argv.slice(2), process)
