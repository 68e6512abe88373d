import { initialize, type NamedOptions } from '../../src/initializers/names'
import { cast } from '../../src/initializers/precision'
import type { GoldenRow } from './row'

/** One row per law and per way of reading a shape. */
const draws: [string, number[], NamedOptions, string][] = [
  ['he-normal', [64, 128], {}, 'b1f9afe5448b79d4'],
  ['he-uniform', [64, 128], {}, 'd3b34acfd10bbf44'],
  ['xavier-normal', [63, 65], { layout: 'IO' }, '46631d1f4089a73a'],
  ['xavier-uniform', [16, 4, 3, 3], { layout: 'OIHW', groups: 2, stride: 2, mode: 'fanGeoAvg' }, '1b4b4db7a1f7128c'],
  ['lecun-normal', [3, 3, 16, 2], { layout: 'HWIM', activation: 'gelu' }, 'd5c7c1b1665a7bc1'],
  ['lecun-normal', [30, 40], { activation: 'elu:0.7' }, '6692939055499db6'],
  ['truncated-he-normal', [64, 128], {}, '802c3e41d3caf5bb'],
  [
    'truncated-normal:0.5',
    [999],
    { mean: 1, lower: 1, upper: Number.POSITIVE_INFINITY } as NamedOptions,
    '9e680e6741f86a00',
  ],
  ['tfjs-4', [30, 40], {}, '5c0840158b0a5ff9'],
  ['pytorch-linear', [30, 40], {}, '0255fdbf4ddc8e7e'],
  ['normal:0.02', [4097], { mean: 0.25 } as NamedOptions, '59b6c6cdc3bd568c'],
  ['uniform:0.5', [4097], {}, 'ac76b825a08a7db0'],
  ['sparse:0.3', [70, 90], {}, '3155bed0db1cf8d9'],
  ['sparse:0.3', [70, 90], { axis: 'row', layout: 'IO' } as NamedOptions, '41563b191cdcb72d'],
  ['orthogonal', [1, 1], {}, '6ea1367087695880'],
  ['orthogonal', [64, 64], {}, '75b64939ea7c3847'],
  ['orthogonal', [65, 200], { layout: 'IO' }, 'fc06361886db3ef0'],
  ['orthogonal:1.5', [300, 150], {}, 'e110dff7ca21b2d5'],
  ['orthogonal', [12, 2, 5], { layout: 'OIW', groups: 3 }, '5f93baf8181d8c4d'],
  ['delta-orthogonal', [3, 3, 16, 20], { layout: 'HWIO' }, '8bdee44e8323660a'],
  ['dirac', [6, 2, 3, 4], { layout: 'OIHW', groups: 2, gain: 0.5 }, 'f946736738f055a5'],
]

const SEEDED = { seed: 42, stream: 'golden' }

export const initializerRows: GoldenRow[] = [
  ...draws.map(([name, shape, options, hash]) => ({
    name: `${name} ${JSON.stringify(shape)} ${JSON.stringify(options)}`,
    values: () => initialize(name, shape, { ...SEEDED, ...options }),
    hash,
  })),
  ...(
    [
      ['f16', '088827af9591667b'],
      ['bf16', '969c5250d0f54763'],
    ] as const
  ).map(([precision, hash]) => ({
    name: `he-normal [64,128] in ${precision}`,
    values: () => cast(initialize('he-normal', [64, 128], SEEDED), precision),
    hash,
  })),
]
