export type Unit = 'GFLOP/s' | 'ns per value' | 'GB/s' | 's' | 'ms' | 'MiB' | 'KB'

/** One row of the bench: a case of work, and what its samples are turned into. */
export interface Work {
  name: string
  /** The case, in words. */
  label: string
  /** The case as processes take it: `kind,n,n,...`. */
  task: string
  unit: Unit
  /** What one sample did, in the unit's own terms: value = amount / seconds, or seconds * amount where less is better. */
  amount: number
  /** The task whose speed bounds this one. */
  ceiling?: string
  /** What peers are given instead of `task`. */
  peersTask?: string
}

/** Register-only multiply-add loop, 96 operations a step. */
export const CEILING: Work = work(
  'ceiling',
  '128-bit mul + add in registers',
  'multiplyAdd,100000',
  'GFLOP/s',
  96e5 / 1e9,
)

const L2 = 65536
const DRAM = 16 * 2 ** 20

/** Every row, in the order they are printed. */
export const WORKS: readonly Work[] = [
  ...[64, 128, 256, 512, 1024, 2048].map((n) => product(n, n, n)),
  ...[1, 8, 16, 64, 256].map((batch) => product(batch, 1024, 1024)),
  ...[256, 512, 1024].flatMap((n) => [matmul(n, 0, 0), matmul(n, 1, 0), matmul(n, 0, 1)]),
  work('normal', '16M', `normal,${DRAM}`, 'ns per value', 1e9 / DRAM),
  {
    ...work('normal', '16M, by the public function', `normalCall,${DRAM}`, 'ns per value', 1e9 / DRAM),
    peersTask: `normal,${DRAM}`,
  },
  work('uniform', '16M', `uniform,${DRAM}`, 'ns per value', 1e9 / DRAM, `store,${DRAM}`),
  work('uniform', '64K, in L2', `uniform,${L2}`, 'ns per value', 1e9 / L2, `store,${L2}`),
  ...[L2, DRAM].map((len) => inMemory('relu', len, 8, 'readWrite')),
  ...[L2, DRAM].map((len) => inMemory('moments', len, 4, 'read')),
  ...[1, 16, 64, 256].map((batch) =>
    work('headline', `100 x 1024, batch ${batch}`, `headline,100,1024,${batch}`, 's', 1),
  ),
  ...['weights drawn', 'weights integrated out'].map((label, law) => ({
    ...work('experiment', `100 x 1024, batch 16, there and back, ${label}`, `experiment,100,1024,16,${law}`, 's', 1),
    peersTask: 'experiment,100,1024,16,0',
  })),
  ...['forward', 'there and back'].map((label, back) =>
    work('experiment', `1,000 seeds of 50 x 512, batch 4, ${label}`, `seeds,50,512,4,1000,${back}`, 's', 1),
  ),
  ...[256, 1024].map((n) => work('orthogonal', `${n} x ${n}`, `orthogonal,${n}`, 'ms', 1e3)),
  work('training', 'an epoch of 640 samples, 30 x 128, batch 64', 'training,30,128,64,10', 's', 1),
  work('memory', 'headline, batch 64', 'memory,100,1024,64', 'MiB', 2 ** -20),
  work('start', 'import to a 64 x 128 He matrix', 'start', 'ms', 1e3),
  work('size', 'a bundle that draws normals, gzipped', 'size', 'KB', 1e-3),
]

/** The value of one sample in the work's unit. */
export function inUnit({ unit, amount }: Work, sample: number): number {
  return moreIsBetter(unit) ? amount / sample : amount * sample
}

export function moreIsBetter(unit: Unit): boolean {
  return unit === 'GFLOP/s' || unit === 'GB/s'
}

function product(m: number, k: number, n: number): Work {
  return work('sgemm', `${m} x ${k} x ${n}`, `product,${m},${k},${n}`, 'GFLOP/s', (2 * m * k * n) / 1e9, CEILING.task)
}

/** Square, its packing included; 1 = transposed. */
function matmul(n: number, a: number, b: number): Work {
  const label = `A${a ? "'" : ''} B${b ? "'" : ''}, n = ${n}`
  return work('transposed', label, `matmul,${n},${n},${n},${a},${b}`, 'GFLOP/s', (2 * n * n * n) / 1e9, CEILING.task)
}

function inMemory(name: string, len: number, bytes: number, loop: string): Work {
  const label = len === L2 ? '64K, in L2' : '16M'
  return work(name, label, `${name},${len}`, 'GB/s', (len * bytes) / 1e9, `${loop},${len}`)
}

function work(name: string, label: string, task: string, unit: Unit, amount: number, ceiling?: string): Work {
  return { name, label, task, unit, amount, ceiling }
}
