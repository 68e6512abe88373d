/** ONNX models written field by field, for tests. */

export type Bytes = number[]

export function varint(value: number | bigint): Bytes {
  const bytes: Bytes = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return [...bytes, Number(rest)]
}

export const whole = (field: number, value: number | bigint): Bytes => [...varint(8 * field), ...varint(value)]

export function message(field: number, content: Bytes | Uint8Array | string): Bytes {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return [...varint(8 * field + 2), ...varint(bytes.length), ...bytes]
}

export const floats = (values: readonly number[]): Bytes => [...new Uint8Array(Float32Array.from(values).buffer)]

export interface TensorParts {
  name?: string
  dims?: readonly (number | bigint)[]
  /** 1 float, 7 int64, 10 float16, 11 double, 16 bfloat16. */
  type?: number
  /** Fields of the values: by default raw_data of 0, 1, 2, ... as floats. */
  values?: Bytes
}

export function tensor({ name = 'w', dims = [2, 3], type = 1, values }: TensorParts = {}): Bytes {
  const count = dims.reduce<number>((product, size) => product * Number(size), 1)
  const raw = () => message(9, floats(Array.from({ length: count }, (_, i) => i)))
  return [...dims.flatMap((size) => whole(1, size)), ...whole(2, type), ...message(8, name), ...(values ?? raw())]
}

/** An attribute: integers; a text; or a number, which is one of f32. */
type Attribute = number[] | string | number

function attribute(value: Attribute): Bytes {
  if (typeof value === 'string') return message(4, value)
  if (typeof value === 'number' && !Number.isInteger(value)) return [...varint(8 * 2 + 5), ...floats([value])]
  if (typeof value === 'number') return [...whole(3, value), ...varint(8 * 2 + 5), ...floats([value])]
  return value.flatMap((n) => whole(8, n))
}

export function node(
  operator: string,
  inputs: string[],
  outputs: string[],
  attributes: Record<string, Attribute> = {},
): Bytes {
  return [
    ...inputs.flatMap((name) => message(1, name)),
    ...outputs.flatMap((name) => message(2, name)),
    ...message(4, operator),
    ...Object.entries(attributes).flatMap(([name, value]) => message(5, [...message(1, name), ...attribute(value)])),
  ]
}

/** Version, producer, the graph, and an operator set after it. */
export function model(tensors: Bytes[], nodes: Bytes[] = [], inputs: string[] = []): Uint8Array<ArrayBuffer> {
  const graph = [
    ...nodes.flatMap((bytes) => message(1, bytes)),
    ...message(2, 'g'),
    ...tensors.flatMap((t) => message(5, t)),
    ...inputs.flatMap((name) => message(11, message(1, name))),
  ]
  return Uint8Array.from([
    ...whole(1, 7),
    ...message(2, 'test'),
    ...message(7, graph),
    ...message(8, [...message(1, ''), ...whole(2, 13)]),
  ])
}
