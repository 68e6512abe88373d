/**
 * A finished seed as a line of JSON: its key, its configuration, what was measured, and the CRC-32 of all before it in the line.
 * Numbers come back bit for bit; NaN, infinities and -0, which JSON lacks, stand as strings.
 */

import { createHash } from 'node:crypto'
import type { NetworkOptions } from '../index'
import { crc32 } from '../io/crc32'
import type { SeedRun } from '../network/measure'
import { type Batch, networkSpec } from '../network/spec'
import type { NetworkMeasurement } from '../networks/run'
import type { NetworkSpec } from '../networks/spec'
import { VERSION } from './version'

/** How every line begins. */
export const OPENING = '{"schemaVersion":1,"key":"'
const KEY_LENGTH = 32
const SPECIAL = ['NaN', 'Infinity', '-Infinity', '-0']
const EXPONENTS = 256
const CLOSING = /^,"checksum":"([0-9a-f]{8})"\}$/
const CLOSING_BYTES = ',"checksum":"01234567"}'.length

/** The lines of one experiment's seeds. */
export interface Recorder<Run> {
  /** Hash of all that a seed's numbers depend on: this version, the configuration without what only reads them, the seed. */
  key(index: number): string
  line(index: number, run: Run): string
  /** The run that a line holds. */
  run(line: Buffer): Run
}

/** Of a dense network. @throws TypeError or RangeError naming the option */
export function recorder(options: NetworkOptions): Recorder<SeedRun> {
  // the number of seeds, a learning rate and an input's name change no seed's run
  const { seeds, learningRate: _, input, ...rest } = networkSpec('propagate', options)
  const config = { ...rest, activation: options.activation, input: input && batchOf(input) }
  return recorderOf(
    config,
    seeds,
    ({ run, ...jacobian }) => ({ ...run, ...jacobian }),
    ({ seed, input, forward, backward, probes, spectrum }) => ({
      run: { seed: BigInt(seed), input, forward, backward },
      ...{ probes, spectrum },
    }),
  )
}

/** Of a document. */
export function documentRecorder(spec: NetworkSpec): Recorder<NetworkMeasurement> {
  const { document, init, given, batch, backward, rescale, seeds, jacobian } = spec
  const { $schema: _, ...network } = document
  const config = {
    ...{ network, init, batch, backward, rescale, input: given && batchOf(given) },
    ...(jacobian === 0 ? {} : { jacobian }),
  }
  return recorderOf(
    config,
    seeds,
    (run) => run,
    ({ seed, input, layers, jacobian }) => ({ seed: BigInt(seed), input, layers, ...(jacobian ? { jacobian } : {}) }),
  )
}

// biome-ignore lint/suspicious/noExplicitAny: what a line holds is what was written, by its checksum and its key
type Written = any

function recorderOf<Run>(
  config: object,
  seeds: readonly bigint[],
  fields: (run: Run) => object,
  run: (record: Written) => Run,
): Recorder<Run> {
  const key = (index: number) =>
    sha256(JSON.stringify({ version: VERSION, ...config, seed: String(seeds[index]) })).slice(0, KEY_LENGTH)
  return {
    key,
    line(index, run) {
      const record = { schemaVersion: 1, key: key(index), version: VERSION, config, ...fields(run) }
      const body = JSON.stringify(record, encoded).slice(0, -1)
      return `${body},"checksum":"${checksum(Buffer.from(body))}"}\n`
    },
    run: (line) => run(JSON.parse(line.toString(), decoded)),
  }
}

function batchOf({ rows, columns, data }: Batch): object {
  return { rows, columns, sha256: sha256(float32Bytes(data)) }
}

/** The key of a line without its newline, or undefined if it is not what `line` wrote. */
export function keyOf(line: Buffer): string | undefined {
  const closing = CLOSING.exec(line.toString('latin1', line.length - CLOSING_BYTES))
  if (closing === null || checksum(line.subarray(0, -CLOSING_BYTES)) !== closing[1]) return undefined
  return line.toString('latin1', OPENING.length, OPENING.length + KEY_LENGTH)
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function float32Bytes(data: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(Float32Array.from(data).buffer)
}

function checksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0')
}

function encoded(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Int32Array) return trimmed(value)
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return value === 0 ? '-0' : String(value)
  return value
}

function decoded(name: string, value: unknown): unknown {
  if (name === 'exponentCounts') {
    const { from, counts } = value as ReturnType<typeof trimmed>
    const all = new Int32Array(EXPONENTS)
    all.set(counts, from)
    return all
  }
  return typeof value === 'string' && SPECIAL.includes(value) ? Number(value) : value
}

/** Without the zeros at both ends. */
function trimmed(counts: Int32Array): { from: number; counts: number[] } {
  const from = counts.findIndex((count) => count !== 0)
  return from < 0
    ? { from: 0, counts: [] }
    : { from, counts: [...counts.subarray(from, counts.findLastIndex((count) => count !== 0) + 1)] }
}
