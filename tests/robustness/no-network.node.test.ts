import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Loaded before the program: every way of Node to the network ends the process. */
const GUARD = `
  import dgram from 'node:dgram'
  import dns from 'node:dns'
  import { syncBuiltinESMExports } from 'node:module'
  import net from 'node:net'
  const refuse = (what) => () => { console.error('NETWORK ' + what); process.exit(99) }
  net.Socket.prototype.connect = refuse('connect')
  dns.lookup = refuse('lookup')
  dgram.createSocket = refuse('dgram')
  globalThis.fetch = refuse('fetch')
  globalThis.WebSocket = refuse('WebSocket')
  syncBuiltinESMExports()`

const run = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(GUARD)}`, ...args], {
    encoding: 'utf8',
  })

test('the guard ends a process that fetches', () => {
  expect(run('--input-type=module', '-e', "await fetch('http://127.0.0.1:9')").status).toBe(99)
  expect(run('--input-type=module', '-e', "(await import('node:net')).connect(9)").status).toBe(99)
})

test.each([
  ['compare', '--init', 'he-normal,xavier-simple', '--depth', '5', '--width', '16', '--json'],
  ['init', '4x3', '--seed', '1', '--json'],
  ['theory', '--activation', 'gelu', '--json'],
])('evenkeel %s %s %s ... answers without the network', (...args) => {
  const { status, stdout, stderr } = run('dist/cli.js', ...args)
  expect(stderr).not.toContain('NETWORK')
  expect([0, 1]).toContain(status)
  expect(() => JSON.parse(stdout)).not.toThrow()
})

test('no library file of dist names a way to the network', () => {
  const library = readdirSync('dist').filter((name) => name.endsWith('.js') && name !== 'cli.js')
  expect(library.length).toBeGreaterThanOrEqual(5)
  const telling = library.filter((name) => {
    // the loader's instantiateStreaming is left out of the bundle, and with it its fetch
    return /\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts)\b/.test(
      readFileSync(`dist/${name}`, 'utf8'),
    )
  })
  expect(telling).toEqual([])
})
