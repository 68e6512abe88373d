import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Who is measured, and how a process of theirs is started. */
export interface Participant {
  name: string
  command: readonly string[]
  env?: Record<string, string>
  /** Whether it can do a task `kind,n,n,...` in reasonable time. */
  does(kind: string, numbers: readonly number[]): boolean
  /** Version and what else tells it apart. */
  version: string
}

export interface Missing {
  name: string
  reason: string
}

/** The library's own name among the participants. */
export const OURS = 'evenkeel'

/** V8's 128-to-256-bit revectorizer: experimental, absent in Node 20. */
export const WIDE_FLAG = '--experimental-wasm-revectorize'

const BUILD = 'build/bench'

/** The library itself: `evenkeel`, and `evenkeel start` in processes that do nothing else. */
export function ourselves(node: string, wide: boolean): Participant[] {
  const script = (file: string) => [node, ...(wide ? [WIDE_FLAG] : []), join(BUILD, `${file}.js`)]
  const env: Record<string, string> = wide ? { EVENKEEL_WIDE: '1' } : {}
  const own = { name: OURS, version: '', env }
  return [
    { ...own, command: script('evenkeel'), does: (kind) => kind !== 'start' },
    { ...own, command: script('start'), does: (kind) => kind === 'start' },
  ]
}

/** Every peer there is a way to run here (in wide mode the wasm peers also with the flag), and those that are missing. */
export function peers(node: string, wide: boolean): { found: Participant[]; missing: Missing[] } {
  const found: Participant[] = []
  const missing: Missing[] = []
  for (const peer of [...packages(node, wide), ...natives(), ...pythons()])
    if ('reason' in peer) missing.push(peer)
    else found.push(peer)
  return { found, missing }
}

const small = (kind: string, n: readonly number[]) => kind === 'product' && n[0] * n[1] * n[2] <= 256 ** 3
const fills = (kind: string, n: readonly number[]) => (kind === 'normal' || kind === 'uniform') && n[0] > 65536
const mostWork = (kind: string, n: readonly number[]) =>
  ['product', 'headline', 'start'].includes(kind) || fills(kind, n)

function packages(node: string, wide: boolean): (Participant | Missing)[] {
  const tfjs = '@tensorflow/tfjs-backend'
  const wasm: Package[] = [
    {
      name: 'tfjs-wasm',
      package: `${tfjs}-wasm`,
      script: ['tfjs.js', 'wasm'],
      does: (kind, n) => mostWork(kind, n) || ['training', 'size'].includes(kind) || (kind === 'matmul' && n[0] <= 512),
    },
    {
      name: 'onnxruntime-web',
      package: 'onnxruntime-web',
      script: ['onnxruntime-web.js'],
      does: (kind) => ['product', 'start', 'size'].includes(kind),
    },
  ]
  const scalar: Package[] = [
    { name: 'tfjs-cpu', package: `${tfjs}-cpu`, script: ['tfjs.js', 'cpu'], does: small },
    {
      name: 'stdlib',
      package: '@stdlib/random-base-randn',
      script: ['stdlib.js'],
      does: (kind) => kind === 'normal',
    },
  ]
  const widened = wide ? wasm.map((peer) => ({ ...peer, name: `${peer.name} wide`, flags: [WIDE_FLAG] })) : []
  return [...[...wasm, ...widened, ...scalar].map((peer) => installed(node, peer)), plain(node)]
}

interface Package extends Pick<Participant, 'name' | 'does'> {
  package: string
  flags?: readonly string[]
  script: readonly string[]
}

function installed(node: string, { name, package: id, flags = [], script, does }: Package) {
  const description = join('bench/node_modules', id, 'package.json')
  if (!existsSync(description)) return { name, reason: `bench/node_modules has no ${id}` }
  const { version } = JSON.parse(readFileSync(description, 'utf8'))
  const [file, ...args] = script
  return { name, command: [node, ...flags, join(BUILD, file), ...args], does, version }
}

function plain(node: string): Participant {
  return {
    name: 'plain JS',
    command: [node, '--random-seed=1', join(BUILD, 'plain.js')],
    does: (kind, n) => small(kind, n) || fills(kind, n),
    version: 'loops and Math.random',
  }
}

function natives(): (Participant | Missing)[] {
  const openblas = compiled('openblas', ['gcc', '-O2', 'bench/peers/openblas.c', '-lopenblas'])
  const eigen = compiled('eigen', ['g++', '-O3', '-msse4.2', 'bench/peers/eigen.cpp'])
  return [
    native('OpenBLAS', openblas),
    native('OpenBLAS 128-bit', openblas, { OPENBLAS_CORETYPE: 'Nehalem' }),
    native('Eigen 128-bit', eigen),
  ]
}

function native(name: string, executable: string | undefined, env?: Record<string, string>): Participant | Missing {
  if (!executable) return { name, reason: 'its headers or a C compiler are missing' }
  return {
    name,
    command: [executable],
    env,
    does: (kind) => kind === 'product',
    version: asked([executable, '--version'], env) ?? 'unknown',
  }
}

function compiled(name: string, command: readonly string[]): string | undefined {
  const executable = join(BUILD, name)
  const { status } = spawnSync(command[0], [...command.slice(1), '-o', executable], { stdio: 'ignore' })
  return status === 0 ? executable : undefined
}

function pythons(): (Participant | Missing)[] {
  return [
    python('NumPy', 'numpy', mostWork),
    python(
      'PyTorch',
      'torch',
      (kind, n) => mostWork(kind, n) || ['experiment', 'training', 'orthogonal'].includes(kind),
    ),
  ]
}

/** Under the first python3 of PATH that has the module. */
function python(name: string, module: string, does: Participant['does']): Participant | Missing {
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const python of folders.map((folder) => join(folder, 'python3')).filter(existsSync)) {
    const command = [python, join('bench/peers', `${module}_peer.py`)]
    const version = asked([...command, '--version'])
    if (version === undefined) continue
    return { name, command, does, version }
  }
  return { name, reason: `no python3 on PATH has ${module}` }
}

/** What a command prints, on one line. */
function asked([command, ...args]: readonly string[], env?: Record<string, string>): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', env: environment(env) })
  return status === 0 ? stdout.trim() : undefined
}

/** One thread, and no setting of the machine's that makes a peer slower or faster than it is. */
export function environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE, NODE_OPTIONS, ...env } = process.env
  const threads = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
  return { ...env, ...threads, PYTHONDONTWRITEBYTECODE: '1', ...extra }
}
