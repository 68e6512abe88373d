import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Who is measured, and how a process of theirs is started. */
export interface Participant {
  name: string
  command: readonly string[]
  env?: Record<string, string>
  /** How many processes are started for each group of tasks. */
  processes: number
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

const BUILD = 'build/bench'
const ROUNDS = 3
const NATIVE_ROUNDS = 2

/** The library itself: `evenkeel`, and `evenkeel start` in processes that do nothing else. */
export function ourselves(node: string): Participant[] {
  const script = (file: string) => [node, join(BUILD, `${file}.js`)]
  const own = { name: OURS, processes: ROUNDS, version: '' }
  return [
    { ...own, command: script('evenkeel'), does: (kind) => kind !== 'start' },
    { ...own, command: script('start'), does: (kind) => kind === 'start' },
  ]
}

/** Every peer there is a way to run here, and those that are missing. */
export function peers(node: string): { found: Participant[]; missing: Missing[] } {
  const found: Participant[] = []
  const missing: Missing[] = []
  for (const peer of [...packages(node), ...natives(), ...pythons()])
    if ('reason' in peer) missing.push(peer)
    else found.push(peer)
  return { found, missing }
}

const small = (kind: string, n: readonly number[]) => kind === 'product' && n[0] * n[1] * n[2] <= 512 ** 3
const fills = (kind: string, n: readonly number[]) => (kind === 'normal' || kind === 'uniform') && n[0] > 65536

function packages(node: string): (Participant | Missing)[] {
  const js = (
    name: string,
    file: string,
    packageName: string,
    args: readonly string[],
    does: Participant['does'],
  ): Participant | Missing => {
    const description = join('bench/node_modules', packageName, 'package.json')
    if (!existsSync(description)) return { name, reason: `bench/node_modules has no ${packageName}` }
    const { version } = JSON.parse(readFileSync(description, 'utf8'))
    return { name, command: [node, join(BUILD, file), ...args], processes: ROUNDS, does, version }
  }
  const tfjs = '@tensorflow/tfjs-backend'
  return [
    js('tfjs-wasm', 'tfjs.js', `${tfjs}-wasm`, ['wasm'], (kind, n) =>
      kind === 'matmul' ? n[0] <= 512 : ['product', 'headline', 'start'].includes(kind) || fills(kind, n),
    ),
    js('onnxruntime-web', 'onnxruntime-web.js', 'onnxruntime-web', [], (kind) => kind === 'product'),
    js('tfjs-cpu', 'tfjs.js', `${tfjs}-cpu`, ['cpu'], small),
    js('stdlib', 'stdlib.js', '@stdlib/random-base-randn', [], (kind) => kind === 'normal'),
    {
      name: 'plain JS',
      command: [node, '--random-seed=1', join(BUILD, 'plain.js')],
      processes: NATIVE_ROUNDS,
      does: (kind, n) => small(kind, n) || fills(kind, n),
      version: 'loops and Math.random',
    },
  ]
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
    processes: NATIVE_ROUNDS,
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
  return [python('NumPy', 'numpy'), python('PyTorch', 'torch')]
}

/** Under the first python3 of PATH that has the module. */
function python(name: string, module: string): Participant | Missing {
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const python of folders.map((folder) => join(folder, 'python3')).filter(existsSync)) {
    const command = [python, join('bench/peers', `${module}_peer.py`)]
    const version = asked([...command, '--version'])
    if (version === undefined) continue
    const does: Participant['does'] = (kind, n) => ['product', 'headline', 'start'].includes(kind) || fills(kind, n)
    return { name, command, processes: NATIVE_ROUNDS, does, version }
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
