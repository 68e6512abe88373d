// npm run correctness: what evenkeel and TensorFlow.js really draw, side by side; with --write the table goes into README.md.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, resolve } from 'node:path'
import { initialize, initStd, moments } from '../dist/index.js'

const FOLDER = resolve('build/tfjs')
const MARKS = ['<!-- npm run correctness -->', '<!-- end -->']

const tf = tensorflow()
const rows = [
  ...[
    ['heNormal', 'he-normal', [400, 300]],
    ['glorotNormal', 'xavier-normal', [400, 300]],
    ['leCunNormal', 'lecun-normal', [400, 300]],
    ['heUniform', 'he-uniform', [400, 300]],
  ].map(([theirs, ours, shape]) => stds(`${theirs} 400 x 300`, theirs, ours, shape, 'IO', ours)),
  stds('heNormal, conv 3 x 3, 32 to 64', 'heNormal', 'he-normal', [3, 3, 32, 64], 'HWIO'),
  stds('heNormal, depthwise 3 x 3, 64 channels', 'heNormal', 'he-normal', [3, 3, 64, 1], 'HWIM', undefined, {}),
  stds('heNormal, transposed 3 x 3, 32 to 128', 'heNormal', 'he-normal', [3, 3, 128, 32], 'HWOI', undefined, {
    transposed: true,
  }),
  ['seed 0 twice gives equal weights', yes(equalTwice(theirSeed0)), yes(equalTwice(ourSeed0))],
  ['stddev 0 gives zeros', yes(theirZeroStd()), yes(ourZeroStd())],
  ['two layers of one seed differ', yes(!same(theirLayer(), theirLayer())), yes(!same(ourLayer('a'), ourLayer('b')))],
]
const table = [
  ['sigma found / wanted', `TensorFlow.js ${tf.version.tfjs ?? tf.version_core ?? '4'}`, 'evenkeel'],
  ['---', '---', '---'],
  ...rows,
]
  .map((cells) => `| ${cells.join(' | ')} |`)
  .join('\n')
console.log(table)
if (process.argv.includes('--write')) write(table)

/** Sigma over the one asked for: sqrt(gain^2 / fan) with the true fan, which evenkeel's initStd knows. */
function stds(label, theirs, ours, shape, layout, name = ours, options = {}) {
  const wanted = initStd(ours, shape, { layout, ...options })
  const found = moments(tf.initializers[theirs]({ seed: 1 }).apply(shape).dataSync()).std
  const own = moments(initialize(name, shape, { seed: 1, layout, ...options })).std
  return [label, (found / wanted).toFixed(3), (own / wanted).toFixed(3)]
}

function theirSeed0() {
  return tf.initializers.randomNormal({ seed: 0 }).apply([50]).dataSync()
}

function ourSeed0() {
  return initialize('normal:1', [50], { seed: 0 })
}

function theirZeroStd() {
  return tf.initializers
    .randomNormal({ stddev: 0 })
    .apply([50])
    .dataSync()
    .every((x) => x === 0)
}

function ourZeroStd() {
  return initialize('normal:0', [50]).every((x) => x === 0)
}

function theirLayer() {
  return tf.initializers.heNormal({ seed: 1 }).apply([20, 20]).dataSync()
}

function ourLayer(stream) {
  return initialize('he-normal', [20, 20], { seed: 1, stream })
}

function equalTwice(draw) {
  return same(draw(), draw())
}

function same(a, b) {
  return a.every((x, i) => x === b[i])
}

function yes(holds) {
  return holds ? 'yes' : '**no**'
}

/** The one that the adapter's tests use. */
function tensorflow() {
  if (!existsSync(`${FOLDER}/node_modules/@tensorflow`)) {
    mkdirSync(FOLDER, { recursive: true })
    cpSync('tests/tfjs/package.json', `${FOLDER}/package.json`)
    const path = process.env.PATH.split(delimiter).filter((entry) => !entry.includes('node_modules'))
    const env = { ...process.env, PATH: path.join(delimiter) }
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER, env })
  }
  const warn = console.warn
  console.warn = () => {}
  const loaded = createRequire(`${FOLDER}/package.json`)('@tensorflow/tfjs')
  console.warn = warn
  return loaded
}

function write(text) {
  const readme = readFileSync('README.md', 'utf8')
  const [start, end] = [readme.indexOf(MARKS[0]), readme.indexOf(MARKS[1])]
  if (start < 0 || end < start) throw new Error(`correctness: README.md expected ${MARKS.join(' and ')}, got neither`)
  writeFileSync('README.md', `${readme.slice(0, start)}${MARKS[0]}\n${text}\n${readme.slice(end)}`)
}
