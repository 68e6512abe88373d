import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'

// The numbers of the contract may pass through nothing whose last bit an engine is free to choose, and nothing that is not an argument.

/** The host's functions that IEEE 754 or the language fixes to the bit. */
const EXACT = ['abs', 'ceil', 'floor', 'trunc', 'round', 'sign', 'sqrt', 'fround', 'imul', 'clz32', 'min', 'max']
const CONSTANTS = ['E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'PI', 'SQRT2', 'SQRT1_2']
const FORBIDDEN = ['JSMath', 'Date', 'crypto', 'performance', 'Intl']

const COVERED = [
  'src/random',
  'src/stats',
  'src/initializers',
  'src/network',
  'src/networks',
  'src/training',
  'src/wasm',
  'assembly',
]

const files = COVERED.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
)
// of a model that is inspected only what is measured is covered: its likelihoods and p-values are not
files.push('src/inspect/statistics.ts', 'src/inspect/measure-chain.ts')

/** What a file does that the contract forbids, as `file:line text`. */
function offences(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const found: string[] = []
  // inside the module Math is AssemblyScript's own, compiled into it; JSMath would be the host's
  const compiled = path.startsWith('assembly/')
  const mayCall = (name: string) => (compiled ? name !== 'random' : [...EXACT, ...CONSTANTS].includes(name))
  const say = (node: ts.Node) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart())
    found.push(`${path}:${line + 1} ${node.getText()}`)
  }
  const walk = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === 'Math') {
      const parent = node.parent
      if (!ts.isPropertyAccessExpression(parent) || !mayCall(parent.name.text)) say(parent)
    }
    if (ts.isIdentifier(node) && FORBIDDEN.includes(node.text) && !isName(node)) say(node.parent)
    // a power of two to a whole number is exact everywhere, of bigints any is; every other power is pow()
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken && !exact(node))
      say(node)
    ts.forEachChild(node, walk)
  }
  walk(source)
  return found
}

function isName(node: ts.Identifier): boolean {
  const { parent } = node
  const host = ts.isPropertyAccessExpression(parent) && /^(globalThis|self|window)$/.test(parent.expression.getText())
  return (ts.isPropertyAccessExpression(parent) && parent.name === node && !host) || ts.isPropertyAssignment(parent)
}

function exact({ left, right }: ts.BinaryExpression): boolean {
  if (ts.isBigIntLiteral(left)) return true
  const whole = ts.isPrefixUnaryExpression(right) ? right.operand : right
  return left.getText() === '2' && ts.isNumericLiteral(whole) && /^\d+$/.test(whole.text)
}

/** What is laid beside an experiment for theory, and is not measured. */
const THEORY = /^src\/network\/measure\.ts:\d+ law\.stddev\(fanIn, fanOut\) \*\* 2$/

test(`no file of ${COVERED.join(', ')} asks the host for a random number, the time, or mathematics that differs between engines`, () => {
  expect(files.length).toBeGreaterThan(50)
  const found = files.flatMap((path) => offences(path, readFileSync(path, 'utf8')))
  expect(found.filter((line) => !THEORY.test(line))).toEqual([])
})

test.each([
  'Math.random()',
  'Math.log(2)',
  'Math.pow(x, 2)',
  'Math.tanh(x)',
  'const { exp } = Math',
  "Math['cos'](x)",
  'x ** 2',
  '2 ** x',
  'Date.now()',
  'new Date()',
  'crypto.getRandomValues(x)',
  'globalThis.crypto',
  'performance.now()',
])('the check sees through %s', (text) => {
  expect(offences('src/random/x.ts', text).length).toBe(1)
})

test('the check lets exact arithmetic pass', () => {
  expect(offences('src/random/x.ts', 'Math.sqrt(2 ** -24) + Math.max(1, Math.fround(x)) + Number(2n ** 64n)')).toEqual(
    [],
  )
})
