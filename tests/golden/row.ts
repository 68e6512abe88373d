/** A promise: these bits, on every engine, for as long as the algorithm's version tag stands. */
export interface GoldenRow {
  name: string
  values(): ArrayBufferView
  /** fingerprint() of the values. */
  hash: string
}
