import { isMainThread } from 'node:worker_threads'
import { trainForParent } from './race-workers'
import { run } from './run'

// the reader of a pipe may leave early, as `head` does: that is no error of ours
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

if (isMainThread) process.exitCode = await run(process.argv.slice(2), process)
else trainForParent()
