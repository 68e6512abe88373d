/** A promise: these bits, on every engine, for as long as the algorithm's version tag stands. */
export interface GoldenRow {
  name: string
  values(): ArrayBufferView
  /** fingerprint() of the values. */
  hash: string
}

/** For JSON.stringify: leaves out the measure that activations without ends lack, as rows recorded before there was one did. */
export function withoutAbsent(name: string, value: unknown): unknown {
  return name === 'saturatedFraction' && value === null ? undefined : value
}
