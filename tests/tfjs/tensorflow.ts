import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { npm } from '../npm'

const FOLDER = resolve('build/tfjs')

/** The real TensorFlow.js, fetched from npm into build/tfjs when it is not there yet; undefined, said loudly, when it cannot be had. */
export function tensorflow() {
  if (!existsSync(`${FOLDER}/node_modules/@tensorflow/tfjs/package.json`) && !installed()) return undefined
  return createRequire(`${FOLDER}/package.json`)('@tensorflow/tfjs')
}

function installed(): boolean {
  mkdirSync(FOLDER, { recursive: true })
  copyFileSync('tests/tfjs/package.json', `${FOLDER}/package.json`)
  try {
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    npm(['install', ...flags], { cwd: FOLDER, timeout: 240_000 })
    return true
  } catch (error) {
    console.warn(
      `\n*** evenkeel/tfjs IS NOT TESTED: @tensorflow/tfjs could not be installed (${String(error).split('\n')[0]}) ***\n`,
    )
    return false
  }
}
