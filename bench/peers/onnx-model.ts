// A model in the ONNX format (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) in as few fields as it takes.

type Bytes = Uint8Array<ArrayBuffer>

/** x: m x k, y = x b ... b, `times` products with the constant b: k x n (n = k when times > 1). */
export function productModel(m: number, k: number, n: number, b: Float32Array<ArrayBuffer>, times: number): Bytes {
  const nodes = Array.from({ length: times }, (_, i) =>
    field(
      1,
      text(1, i === 0 ? 'x' : `h${i}`),
      text(1, 'b'),
      text(2, i === times - 1 ? 'y' : `h${i + 1}`),
      text(4, 'MatMul'),
    ),
  )
  const weights = field(5, number(1, k), number(1, n), number(2, FLOAT), text(8, 'b'), field(9, bytesOf(b)))
  const graph = field(7, ...nodes, text(2, 'product'), weights, value(11, 'x', m, k), value(12, 'y', m, n))
  return joined([number(1, IR_VERSION), graph, field(8, text(1, ''), number(2, OPSET))])
}

/** y: rows x cols normals of this standard deviation. */
export function normalModel(rows: number, cols: number, stddev: number): Bytes {
  const shape = field(5, text(1, 'shape'), number(8, rows), number(8, cols), number(20, INTS))
  const scale = field(5, text(1, 'scale'), float(2, stddev), number(20, FLOAT))
  const seed = field(5, text(1, 'seed'), float(2, 1), number(20, FLOAT))
  const node = field(1, text(2, 'y'), text(4, 'RandomNormal'), shape, scale, seed)
  const graph = field(7, node, text(2, 'normal'), value(12, 'y', rows, cols))
  return joined([number(1, IR_VERSION), graph, field(8, text(1, ''), number(2, OPSET))])
}

const FLOAT = 1
const INTS = 7
const IR_VERSION = 8
const OPSET = 17

/** A tensor of rows x cols f32 that goes in or out. */
function value(tag: number, name: string, rows: number, cols: number): Bytes {
  const shape = field(2, field(1, number(1, rows)), field(1, number(1, cols)))
  return field(tag, text(1, name), field(2, field(1, number(1, FLOAT), shape)))
}

function field(tag: number, ...parts: Bytes[]): Bytes {
  const body = joined(parts)
  return joined([varint(tag * 8 + 2), varint(body.length), body])
}

function text(tag: number, value: string): Bytes {
  return field(tag, new TextEncoder().encode(value))
}

function number(tag: number, value: number): Bytes {
  return joined([varint(tag * 8), varint(value)])
}

function float(tag: number, value: number): Bytes {
  return joined([varint(tag * 8 + 5), bytesOf(Float32Array.of(value))])
}

function varint(value: number): Bytes {
  const bytes: number[] = []
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128)
  return Uint8Array.from([...bytes, value])
}

function bytesOf(data: Float32Array<ArrayBuffer>): Bytes {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

function joined(parts: readonly Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
