/** How long one sample takes at least, in seconds: far above the clock's grain. */
const SAMPLE_SECONDS = 0.002
const LEAST_SAMPLES = 4
const MOST_SAMPLES = 200

export interface Timing {
  /** Seconds of sampling; half as much goes to warming up. */
  budget: number
  /** Run instead of `body` before the first sample, where body itself is long. */
  warm?: () => unknown
}

/** Seconds per call of body, one number a sample. */
export async function sample(body: () => unknown, { budget, warm }: Timing): Promise<number[]> {
  let once = await secondsOf(warm ?? body, 1)
  // engines switch to optimised code between calls, and the last call is the estimate
  for (let spent = once; spent < budget / 2; spent += once) once = await secondsOf(warm ?? body, 1)
  const calls = warm ? 1 : Math.max(1, Math.ceil(SAMPLE_SECONDS / once))
  const samples: number[] = []
  let spent = 0
  while (samples.length < MOST_SAMPLES && (spent < budget || (samples.length < LEAST_SAMPLES && spent < 8 * budget))) {
    samples.push(await secondsOf(body, calls))
    spent += samples[samples.length - 1] * calls
  }
  return samples
}

async function secondsOf(body: () => unknown, calls: number): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < calls; i++) {
    const result = body()
    if (result instanceof Promise) await result
  }
  return (performance.now() - start) / 1000 / calls
}
