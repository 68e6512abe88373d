/** The state as a program and as a command: both give the numbers of the page. */

import { allInits, type LabState } from './state'

/** Lines of JavaScript that run the same experiments. */
export function code(state: LabState): string {
  const { activation, depth, width, batch, seed, seeds, sigmaB } = state
  const inits = allInits(state).map((init) => `'${init}'`)
  const bias = sigmaB > 0 ? `, bias: ${sigmaB}` : ''
  return `import { propagate } from 'evenkeel'

for (const init of [${inits.join(', ')}]) {
  const { layers, verdict } = propagate({
    init, activation: '${activation}', depth: ${depth}, width: ${width}${bias},
    batch: ${batch}, seed: ${seed}, seeds: ${seeds}, backward: true,
  })
  console.log(init, layers.map(({ forward }) => forward.secondMoment), verdict.text)
}
`
}

/** The command line that prints the same numbers. */
export function command(state: LabState): string {
  const { activation, depth, width, batch, seed, seeds, sigmaB } = state
  return [
    'evenkeel compare',
    `--init ${allInits(state).join(',')}`,
    `--activation ${activation}`,
    `--depth ${depth} --width ${width} --batch ${batch}`,
    ...(sigmaB > 0 ? [`--bias ${sigmaB}`] : []),
    `--seed ${seed} --seeds ${seeds} --backward`,
  ].join(' ')
}
