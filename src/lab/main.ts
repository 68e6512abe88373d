/** The page: one state, one runner, and the views that show what it finds. */

import { batchView } from './batch-view'
import { command } from './code'
import { controls } from './controls'
import { byId } from './dom'
import { engine } from './engine'
import { type Outcome, runner } from './experiment'
import { fanView } from './fan-view'
import { insideView } from './inside-view'
import { fragment, parseFragment } from './link'
import { phaseView } from './phase-view'
import { presetsView } from './presets-view'
import { quiz } from './quiz'
import { raceView } from './race-view'
import { signalView } from './signal-view'
import { allInits, INITIAL, type LabState } from './state'
import { takeAway } from './take-away'
import { workedCases } from './worked-cases'

const workers = engine()
const start = parseFragment(location.hash)
let state: LabState = start?.state ?? INITIAL
let last: Outcome | null = null
let writing: ReturnType<typeof setTimeout> | undefined

const views = [signalView(), insideView(workers), fanView(workers), batchView(workers)]
const notes = byId('notes')
const ask = byId('ask')
const code = byId('command')
// what scrolls must be reached by keyboard
code.tabIndex = 0

const work = runner(workers, {
  onOutcome(outcome) {
    last = outcome
    for (const view of views) view.show(outcome)
  },
  onTooMuch(seconds) {
    byId('ask-text').textContent =
      `Measuring this takes about ${seconds < 90 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`}. Theory is on the chart already.`
    ask.hidden = false
  },
  onRefusal(message) {
    notes.textContent = message
  },
})

const panel = controls(() => state, change)
const choosers = [panel, presetsView(() => state, change), phaseView(workers, change), workedCases()]

function change(part: Partial<LabState>): void {
  const next = { ...state, ...part }
  // an empty chart answers nothing
  if (allInits(next).length === 0) next.inits = ['he-normal']
  notes.textContent = ''
  show(next)
  clearTimeout(writing)
  writing = setTimeout(() => history.replaceState(null, '', fragment(state)), 300)
}

function show(next: LabState): void {
  state = next
  ask.hidden = true
  for (const chooser of choosers) chooser.show(state)
  code.textContent = command(state)
  work.change(state)
}

byId('ask-run').addEventListener('click', () => {
  ask.hidden = true
  work.run(state)
})
byId('reset').addEventListener('click', () => change(INITIAL))
byId('controls').addEventListener('submit', (event) => event.preventDefault())
addEventListener('hashchange', () => {
  const link = parseFragment(location.hash)
  if (link === null) return
  show(link.state)
  notes.textContent = link.notes.join(' ')
})
quiz(workers, change)
raceView(workers)
takeAway(
  () => state,
  () => last,
)

show(state)
notes.textContent = start?.notes.join(' ') ?? ''
workers.do('runnable', null, { group: 'page' }).then(panel.offer, () => {})
