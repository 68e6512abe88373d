// Times the built lab in a real Chromium: from opening to the first result, and from a slider's step to the chart's answer.
import { spawn } from 'node:child_process'
import { chromium } from 'playwright'
import { findOrGetChromium } from '../scripts/chromium.js'

const OPENINGS = 9
// back and forth around the default, wider and wider
const STEPS = 24
// long enough for an answer and short enough that the hand has not rested (180 ms)
const BETWEEN = 120
const FLAGS = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run']
if (process.getuid?.() === 0) FLAGS.push('--no-sandbox')

const server = spawn(process.execPath, ['dist/cli.js', 'lab', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
const url = await new Promise((resolve) => server.stdout.once('data', (text) => resolve(String(text).trim())))
const browser = await chromium.launch({ executablePath: findOrGetChromium(), args: FLAGS })
try {
  console.log(
    `Chromium ${browser.version()}, default experiment: depth 50, width 256, three initializers, both directions`,
  )
  console.log(line('opening to the first result', await openings()))
  for (const activation of ['relu', 'tanh', 'gelu'])
    for (const slider of ['sigmaW', 'depth', 'width'])
      console.log(line(`a step of ${slider}, ${activation}`, await drags(activation, slider)))
} finally {
  await browser.close()
  server.kill('SIGINT')
}

/** Milliseconds from navigation to a chart, in fresh profiles. */
async function openings() {
  const times = []
  for (let i = 0; i < OPENINGS; i++) {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
    await page.goto(url)
    times.push(
      await page.evaluate(
        () =>
          new Promise((resolve) => {
            const look = () =>
              document.querySelector('#signal svg') ? resolve(performance.now()) : setTimeout(look, 1)
            look()
          }),
      ),
    )
    await page.context().close()
  }
  return times
}

/** Milliseconds from a slider's input event to the chart that answers it, with all three lines and the reader's own. */
async function drags(activation, slider) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  await page.goto(`${url}#act=${activation}`)
  await page.waitForSelector('#signal[data-stage="full"] svg')
  const times = await page.evaluate(
    async ([id, steps, between]) => {
      const range = document.getElementById(`${id}-range`)
      const signal = document.getElementById('signal')
      const [min, max] = [Number(range.min), Number(range.max)]
      const unit = Number(range.step) || (max - min) / 100
      const start = Number(range.value)
      const times = []
      for (let i = 0; i < steps; i++) {
        const answered = new Promise((resolve) => {
          const observer = new MutationObserver(() => {
            if (!signal.querySelector('svg')) return
            observer.disconnect()
            resolve()
          })
          observer.observe(signal, { childList: true })
        })
        const from = performance.now()
        range.value = String(start + ((i % 2) * 2 - 1) * (1 + (i >> 1)) * unit)
        range.dispatchEvent(new Event('input', { bubbles: true }))
        await answered
        times.push(performance.now() - from)
        await new Promise((resolve) => setTimeout(resolve, between))
      }
      return times
    },
    [slider, STEPS, BETWEEN],
  )
  await page.context().close()
  return times
}

function line(name, times) {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (p) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))].toFixed(0).padStart(5)
  return `${name.padEnd(32)} median ${at(0.5)} ms   90 % ${at(0.9)} ms   most ${at(1)} ms`
}
