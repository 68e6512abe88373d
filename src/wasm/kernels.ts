/** The exports of assembly/index.ts as JavaScript sees them: byte addresses and lengths are numbers, 64-bit words are bigints. */
export interface Kernels {
  memory: WebAssembly.Memory

  mark(): number
  release(to: number): void
  allocate(bytes: number): number

  log(x: number): number
  exp(x: number): number
  normalTail(x: number): number
  normalTailInverse(q: number): number

  splitmix64(outPtr: number, count: number, seed: bigint): void
  streamKey(namePtr: number, nameLen: number, seed: bigint): bigint
  blockSeed(key: bigint, block: bigint): bigint
  seedLanes(statePtr: number, seed: bigint): void
  xoshiro128plusplus(outPtr: number, steps: number, statePtr: number): void
  draw(
    outPtr: number,
    start: bigint,
    len: number,
    key: bigint,
    distribution: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void

  /** Length of one accumulation block along k. */
  K_BLOCK: WebAssembly.Global<'i32'>
  transpose(outPtr: number, outStride: number, aPtr: number, aStride: number, rows: number, cols: number): void
  packPanels(panelsPtr: number, bPtr: number, k: number, n: number, bStride: number): void
  packPanelsTransposed(panelsPtr: number, bPtr: number, k: number, n: number, bStride: number): void
  transposePanels(outPtr: number, panelsPtr: number, k: number, n: number): void
  unpackPanels(outPtr: number, panelsPtr: number, k: number, n: number, outStride: number): void
  gatherRows(outPtr: number, inPtr: number, tablePtr: number, count: number): void
  scatterRows(outPtr: number, inPtr: number, tablePtr: number, count: number): void
  multiplyVector(outPtr: number, aPtr: number, aStride: number, xPtr: number, m: number, k: number): void
  useUnrolledTiles(on: number): void
  useWideTiles(on: number): void
  multiplyPanels(
    outPtr: number,
    outRowStride: number,
    outPanelStride: number,
    aPtr: number,
    aStride: number,
    bPtr: number,
    bStride: number,
    m: number,
    k: number,
    n: number,
    accumulate: number,
  ): void
  matmul(
    outPtr: number,
    aPtr: number,
    bPtr: number,
    workPtr: number,
    m: number,
    k: number,
    n: number,
    transposeA: number,
    transposeB: number,
  ): void
  matmulWorkBytes(m: number, k: number, n: number, transposeA: number): number
  scale(xPtr: number, len: number, by: number): void
  /** Householder reflectors of one block. */
  REFLECTOR_BLOCK: WebAssembly.Global<'i32'>
  reflectors(qPtr: number, vtPtr: number, vPtr: number, tPtr: number, n: number, first: number, count: number): void
  reflect(
    qPtr: number,
    panels: number,
    vtPtr: number,
    vPtr: number,
    tPtr: number,
    wPtr: number,
    n: number,
    first: number,
    count: number,
  ): void
  addScaled(yPtr: number, xPtr: number, len: number, by: number): void
  addBias(zPtr: number, biasPtr: number, units: number, panels: number): void

  relu(xPtr: number, len: number): void
  reluBackward(gradPtr: number, hPtr: number, len: number): void
  leakyRelu(xPtr: number, len: number, slope: number): void
  leakyReluBackward(gradPtr: number, hPtr: number, len: number, slope: number): void
  activate(kind: number, xPtr: number, len: number, parameter: number): void
  activateBackward(kind: number, gradPtr: number, zPtr: number, len: number, parameter: number): void

  moments(resultPtr: number, xPtr: number, len: number): void
  columnMoments(resultPtr: number, hPtr: number, units: number, panels: number): void
  weightedColumnNorm(hPtr: number, units: number, panels: number, weightsPtr: number): number
  deadUnits(hPtr: number, units: number, panels: number): number
  exponentCounts(countsPtr: number, hPtr: number, units: number, batch: number): void
  dot(xPtr: number, yPtr: number, len: number): number
  gram(gramPtr: number, xPtr: number, units: number, panels: number): void
  gramInner(aPtr: number, bPtr: number, panels: number): number

  columnStride(n: number): number
  columnsFromPanels(aPtr: number, hPtr: number, n: number, panels: number): void
  orthonormalise(rPtr: number, aPtr: number, n: number, c: number, workPtr: number): void
  lawFactor(factorPtr: number, hPtr: number, n: number, batch: number): void
  lawFactorBytes(n: number, batch: number): number
  lawForward(zPtr: number, gPtr: number, factorPtr: number, m: number, batch: number, key: bigint, stddev: number): void
  lawBackward(
    gradPtr: number,
    squaresPtr: number,
    dPtr: number,
    gPtr: number,
    factorPtr: number,
    m: number,
    n: number,
    batch: number,
    freshKey: bigint,
    stddev: number,
    workPtr: number,
  ): void
  lawWorkBytes(m: number, n: number, batch: number): number

  sgdStep(wPtr: number, vPtr: number, gradPtr: number, len: number, rate: number, momentum: number): void
  adamStep(
    wPtr: number,
    mPtr: number,
    vPtr: number,
    gradPtr: number,
    len: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    bias1: number,
    bias2: number,
  ): void
  biasGradient(gradPtr: number, deltaPtr: number, units: number, panels: number): void
  softmaxCrossEntropy(deltaPtr: number, zPtr: number, labelsPtr: number, units: number, batch: number): number
  meanSquare(deltaPtr: number, zPtr: number, targetsPtr: number, units: number, batch: number): number
  hits(zPtr: number, labelsPtr: number, units: number, batch: number): number
}
